"""How a machine proves who it is, what it may then do, and how it is told what was wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.parsers import JSONParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from cob.accounts.models import ApiKey, User, hash_key
from cob.rules import BadCase
from cob.rules.door import read_json

if TYPE_CHECKING:
    from rest_framework.views import APIView

# What the rules' door calls the whole of what it was sent.
WHOLE = "the case"


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Key <secret>`; the key acts as one person with that person's role and sites."""

    keyword = b"key"

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != self.keyword:
            return None
        if len(parts) != 2:
            raise exceptions.AuthenticationFailed("Send 'Authorization: Key <secret>' with one secret.")
        now = timezone.now()
        key = (
            ApiKey.objects.select_related("user")
            .filter(
                digest=hash_key(parts[1].decode("latin-1")), revoked_at=None, expires_at__gt=now, user__is_active=True
            )
            .first()
        )
        if key is None:
            raise exceptions.AuthenticationFailed(
                "This key is unknown, expired or revoked. Ask an administrator for a new one."
            )
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
        request._request.api_user = key.user  # type: ignore[attr-defined]  # the author of what this request writes
        return key.user, key

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002  DRF's signature
        return "Key"


class Unreadable(exceptions.ParseError):
    """A body that cannot be read, with what is wrong and where. It is answered as what a view refuses is: of a person
    signed in the body is read before any view, for the form token that might stand in it.
    """

    status_code = 422

    def __init__(self, error: str, field: str = "") -> None:
        super().__init__({"error": error, "field": field})


class TooLarge(Unreadable):
    """More than is taken at once."""

    status_code = 413


class PlainJSON(JSONParser):
    """JSON as the rules read it: of a key that stands twice nobody guesses which was meant."""

    def parse(self, stream: Any, *_: Any, **__: Any) -> Any:
        try:
            return read_json(stream.read())
        except BadCase as refused:
            said = str(refused)
            field = said.partition(":")[0]
            wrong = Unreadable(f"The body{said.removeprefix(WHOLE)}") if field == WHOLE else Unreadable(said, field)
            raise wrong from None


class MayUse(BasePermission):
    """Default deny: a view names the permission it `needs`; one that names none refuses everybody."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        needed = getattr(view, "needs", None)
        user = request.user
        return needed is not None and isinstance(user, User) and all(user.has_perm(permission) for permission in needed)


def plain_errors(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's own answers, 404 without naming what was not found, and a body that is too large in our words."""
    from rest_framework.views import exception_handler  # that module reads the settings, which name this one

    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    if isinstance(exc, RequestDataTooBig):
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        exc = TooLarge(f"The body is larger than {most} bytes. Send one case at a time.")
    return exception_handler(exc, context)
