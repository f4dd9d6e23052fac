"""Up to which sum a second person may approve a write-off: colleague, lead, supervisor, practice administrator."""

from __future__ import annotations

from cob.accounts.models import User
from cob.accounts.roles import Permission
from workqueues.models import Item, State
from workqueues.terms.held import Held


def approval_limit(user: User, queue: str, terms: Held) -> int | None:
    """Up to how many cents a person approves what a colleague asked for; None: any sum, 0: none."""
    administrator = terms.of("level_3_person")
    if str(user.pk) == administrator:
        return None
    if user.has_perm(Permission.APPROVE_WRITE_OFF):
        # Until somebody is named for the sums above, nothing may be stuck.
        return None if administrator is None else int(terms.of("write_off_manager"))
    if str(user.pk) == terms.of("lead", queue=queue):
        return int(terms.of("write_off_lead"))
    return int(terms.of("write_off_worker")) if user.has_perm(Permission.WORK_ITEMS) else 0


def is_within(limit: int | None, cents: int) -> bool:
    return limit is None or 0 <= cents <= limit != 0


def may_approve(user: User, item: Item, terms: Held) -> bool:
    """Another person than who asked for it, within the limit."""
    if item.state != State.RESOLVED or user.pk in (item.resolved_by_id, item.owner_id):
        return False
    return is_within(approval_limit(user, item.queue, terms), item.amount_cents)
