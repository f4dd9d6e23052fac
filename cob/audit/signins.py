"""Sign-ins, sign-outs and refused sign-ins go on the trail; Django's own signals see all three."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from cob.accounts.models import User
from cob.audit.acting import acting
from cob.audit.models import record


def connect() -> None:
    user_logged_in.connect(_signed_in, dispatch_uid="trail-in")
    user_logged_out.connect(_signed_out, dispatch_uid="trail-out")
    user_login_failed.connect(_refused, dispatch_uid="trail-failed")


def _signed_in(user: User, **_: object) -> None:
    _write("signed in", user)


def _signed_out(user: User | None, **_: object) -> None:
    if user is not None:
        _write("signed out", user)


def _refused(credentials: dict[str, Any], **_: object) -> None:
    # What was typed is kept only as far as it names a person; somebody may have typed a password there.
    known = User.objects.filter(username=str(credentials.get("username", ""))[:150]).first()
    _write("sign-in refused", known or "unknown person")


def _write(verb: str, who: User | str) -> None:
    with acting(who):
        record(verb, "accounts.user", subject_id=who.pk if isinstance(who, User) else "")
