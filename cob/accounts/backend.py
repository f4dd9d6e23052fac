"""Answers `has_perm` from the role, so decorators, templates and the API ask one question."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend

from cob.accounts.models import User
from cob.accounts.roles import may


class RoleBackend(BaseBackend):
    """Superuser status grants nothing by itself: the role does."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return isinstance(user_obj, User) and user_obj.is_active and may(user_obj.role, perm)

    def get_user(self, user_id: Any) -> User | None:
        """Whoever the session names, while that person may still sign in."""
        return User.objects.filter(pk=user_id, is_active=True).first()
