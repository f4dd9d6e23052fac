"""Names the signed-in person as the author of whatever a request writes."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from cob.accounts.models import User
from cob.audit.acting import acting


class ActingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def who() -> User | None:
            return request.user if isinstance(request.user, User) else _api_user(request)

        request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
        with acting(who, request_id=request_id):
            return self.get_response(request)


def _api_user(request: HttpRequest) -> User | None:
    """DRF signs a key's person in after the middleware; it leaves them on the request."""
    user = getattr(request, "api_user", None)
    return user if isinstance(user, User) else None
