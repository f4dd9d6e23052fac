"""The session of a signed-in person: a click renews it; what a page asks by itself does not, and neither of the two
writes back what it only read.
"""

from __future__ import annotations

from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest, HttpResponseBase

V = TypeVar("V", bound="Any")


class SessionStore(DatabaseStore):
    """Django's own, saved with each answer. Most answers changed nothing in it: written back whole, a page open in one
    window would undo what another window kept meanwhile.
    """

    renews = True

    def save(self, must_create: bool = False) -> None:
        """What changed; else the end alone, put off. Raises UpdateError when the session is gone meanwhile."""
        if must_create or self.modified or self.session_key is None:
            super().save(must_create)
        elif self.renews:
            mine = self.model.objects.filter(pk=self.session_key)
            if not mine.update(expire_date=self.get_expiry_date()):
                raise UpdateError


def asked_by_itself(view: V) -> V:
    """On a view that an open page asks again and again: that is no sign of anybody at the desk."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        cast(SessionStore, request.session).renews = False
        return cast(HttpResponseBase, view(request, *args, **kwargs))

    inner.is_asked_by_itself = True  # type: ignore[attr-defined]  # read by the test that walks the templates
    return cast(V, inner)
