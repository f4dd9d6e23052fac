"""`@may(Permission.X)` on a view: the first line that says who."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from cob.accounts.models import User
from cob.accounts.roles import Permission


class DeskRequest(HttpRequest):
    """A request after the middleware: somebody is signed in."""

    user: User
    htmx: HtmxDetails


V = TypeVar("V", bound=Callable[..., HttpResponseBase])


def may(*needed: Permission) -> Callable[[V], V]:
    """Refuse with 403 unless the signed-in person holds every permission named."""

    def wrap(view: V) -> V:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            user = request.user
            if not all(isinstance(user, User) and user.has_perm(permission) for permission in needed):
                raise PermissionDenied(", ".join(needed))
            return view(request, *args, **kwargs)

        inner.needs = needed  # type: ignore[attr-defined]  # read by the permission table test
        return cast(V, inner)

    return wrap
