"""What a signed-in browser may keep of a page: nothing. What a person must do first: set up the second factor."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers


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
            ("/accounts/", "/static/", "/healthz", "/readyz", "/api/")
        ):
            return False
        from allauth.mfa.utils import is_mfa_enabled

        return not is_mfa_enabled(request.user)
