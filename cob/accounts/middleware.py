"""What comes before a page: signing in, the second factor; and what a browser may keep of it afterwards: nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.utils.cache import add_never_cache_headers


class SignInFirstMiddleware(LoginRequiredMiddleware):
    """Django's own, and one thing more: a form sent after the session ended leads back to the page it stood on.

    The address a form is sent to often takes nothing else; opening it after signing in would be an error page. That
    nothing was kept is said before somebody relies on it.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        came_from = urlsplit(request.headers.get("referer", ""))
        messages.warning(request, "You were signed out: nothing of what you sent was saved. Sign in and send it again.")
        is_ours = came_from.netloc == request.get_host()
        return redirect_to_login(came_from.path if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL))


class PrivateResponseMiddleware:
    """`no-store` on every answer to a signed-in person; in production a second factor before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.PRODUCTION and self._must_enrol(request):
            return redirect("mfa_activate_totp")
        response = self.get_response(request)
        if getattr(request.user, "is_authenticated", False) or "/accounts/" in request.path:
            add_never_cache_headers(response)
            response.headers["Cache-Control"] = "no-store, private"
        return response

    @staticmethod
    def _must_enrol(request: HttpRequest) -> bool:
        if not request.user.is_authenticated or request.path.startswith(
            ("/accounts/", "/static/", "/healthz", "/readyz")
        ):
            return False
        from allauth.mfa.utils import is_mfa_enabled

        return not is_mfa_enabled(request.user)
