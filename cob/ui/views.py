"""The style page, and the two small posts behind the frame of every page: preferences, and "I am still here"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from cob.ui import samples
from cob.ui.context import KEYS_COOKIE, THEME_COOKIE, THEMES

if TYPE_CHECKING:
    from django.http import HttpRequest

YEAR_SECONDS = 365 * 24 * 60 * 60


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with made-up people, for whoever builds or reviews a screen."""
    if not (settings.DEBUG or request.user.has_perm("audit.view")):
        raise Http404
    return render(request, "components/gallery.html", samples.context())


@login_not_required  # the sign-in page has a theme too
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep how this browser likes to see the desk: light, dark or as the machine; single-key shortcuts on or off."""
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if is_ours else "/")
    for cookie, field, allowed in ((THEME_COOKIE, "theme", THEMES), (KEYS_COOKIE, "keys", ("off",))):
        if field not in request.POST:
            continue
        if (wish := request.POST[field]) in allowed:
            response.set_cookie(
                cookie, wish, max_age=YEAR_SECONDS, secure=request.is_secure(), httponly=True, samesite="Lax"
            )
        else:
            response.delete_cookie(cookie, samesite="Lax")
    return response


@require_POST
def here(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  the request itself renews the session
    """Someone is still at the desk: the answer is empty, the session is renewed by being asked."""
    return HttpResponse(status=204)
