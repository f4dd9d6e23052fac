"""Sites and machines' keys: list, add, change, revoke."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cob.accounts.access import DeskRequest, may
from cob.accounts.models import ApiKey, Site
from cob.accounts.roles import Permission
from cob.people import actions
from cob.people.forms import KeyForm, SiteForm
from cob.people.views import REFUSED, require_form


@require_safe
@may(Permission.MANAGE_USERS)
def site_list(request: DeskRequest) -> HttpResponse:
    """Every practice location."""
    return render(request, "people/sites.html", {"sites": Site.objects.all()})


@require_form
@may(Permission.MANAGE_USERS)
def site_add(request: DeskRequest) -> HttpResponse:
    """A new location."""
    return _site(request, Site())


@require_form
@may(Permission.MANAGE_USERS)
def site_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Change a location."""
    return _site(request, get_object_or_404(Site, pk=pk))


def _site(request: DeskRequest, site: Site) -> HttpResponse:
    form = SiteForm(request.POST or None, instance=site)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_site(site=form.save(commit=False))
        except ValidationError as taken:
            form.add_error(None, taken)
        else:
            messages.success(request, f"{saved} is saved.")
            return redirect("people:site-list")
    status = REFUSED if form.is_bound else 200
    return render(request, "people/site.html", {"form": form, "is_new": site._state.adding}, status=status)


@require_form
@may(Permission.MANAGE_USERS)
def key_list(request: DeskRequest) -> HttpResponse:
    """The keys there are, and a form for a new one, whose secret is on the answer itself and nowhere else."""
    form, secret = KeyForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        _, secret = actions.issue_key(**form.cleaned_data)
        form = KeyForm()
    keys = ApiKey.objects.select_related("user")
    context = {"form": form, "keys": keys, "secret": secret, "now": timezone.now()}
    return render(request, "people/keys.html", context, status=REFUSED if form.is_bound else 200)


@require_POST
@may(Permission.MANAGE_USERS)
def key_revoke(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The key opens nothing any more."""
    key = get_object_or_404(ApiKey.objects.select_related("user"), pk=pk)
    if actions.revoke_key(key=key):
        messages.success(request, f"The key “{key}” is revoked.")
    else:
        messages.info(request, f"The key “{key}” was revoked before.")
    return redirect("people:key-list")
