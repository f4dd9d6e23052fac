"""The one public page of accounts that is ours: a forgotten password is an administrator's matter, not an e-mail's."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def forgotten(request: HttpRequest) -> HttpResponse:
    """Says whom to ask. No mail server is assumed, and a link in a log would be a way in."""
    return render(request, "people/forgotten.html")
