"""The session of a signed-in person: a click renews it; what a page asks by itself does not, and neither of the two
writes back what it only read.
"""

from __future__ import annotations

from copy import deepcopy
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

V = TypeVar("V", bound="Any")


class SessionStore(DatabaseStore):
    """Django's own, saved with each answer. Written back whole, a page open in one window would undo what another
    window kept meanwhile; so of each answer only what it changed is written.
    """

    renews = True
    _on_file: dict[str, Any] | None = None  # as read or written last

    def load(self) -> dict[str, Any]:
        self._on_file = super().load()
        return deepcopy(self._on_file)

    def save(self, must_create: bool = False) -> None:
        """What changed; else the end alone, put off, where somebody looked at the session, for that finds out whether
        it is over. Raises UpdateError when the session is gone meanwhile.
        """
        if must_create or self.session_key is None or self.modified:
            with transaction.atomic():
                if self._on_file is not None and self.session_key is not None and not must_create:
                    self._session_cache = self._beside_what_others_kept(self._on_file)
                super().save(must_create)
            self._on_file = deepcopy(self._session_cache)
        elif self.renews and self.accessed:
            mine = self.model.objects.filter(pk=self.session_key)
            if not mine.update(expire_date=self.get_expiry_date()):
                raise UpdateError

    def _beside_what_others_kept(self, before: dict[str, Any]) -> dict[str, Any]:
        row = self.model.objects.select_for_update().filter(pk=self.session_key).first()
        if row is None:
            raise UpdateError
        mine = self._session_cache
        theirs = {name: value for name, value in row.get_decoded().items() if name in mine or name not in before}
        return theirs | {name: value for name, value in mine.items() if name not in before or before[name] != value}


def asked_by_itself(view: V) -> V:
    """On a view that an open page asks again and again: that is no sign of anybody at the desk."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        cast(SessionStore, request.session).renews = False
        return cast(HttpResponseBase, view(request, *args, **kwargs))

    marked: Any = inner
    marked.is_asked_by_itself = True  # read by the test that walks the templates
    return cast(V, marked)
