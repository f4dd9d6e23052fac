"""Rejections that answer nothing on file: which are open, and which sendings one of them may be about."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from claims.models import Acknowledgement, Submission
from claims.models.acknowledgement import UNMATCHED
from claims.models.submission import bare
from claims.queries import MOST_FOUND, files_seen_by, numbered
from cob.accounts.models import User
from cob.x12.acks import Level

_OF_CLAIM = (Level.CLAIM, Level.LINE)
_LOOKED_AT = 500


def rejection_seen_by(user: User, pk: UUID) -> Acknowledgement | None:
    """A rejection as it came that answers nothing on file, placed by now or not, in a file this person may see."""
    rows = Acknowledgement.objects.filter(UNMATCHED, pk=pk, file__in=files_seen_by(user).order_by().values("pk"))
    found: Acknowledgement | None = rows.select_related("file", "reply__by").first()
    return found


def unplaced_in(file_id: UUID) -> QuerySet[Acknowledgement]:
    """What still waits in a file, in its order."""
    rows: QuerySet[Acknowledgement] = Acknowledgement.objects.unplaced().filter(file=file_id)
    return rows.select_related("file").order_by("position", "part")


def answers_whole_file(ack: Acknowledgement) -> bool:
    """Whether it turned away everything that left together, and not one claim."""
    return ack.level not in _OF_CLAIM


def sendings_numbered(user: User, number: str) -> list[Submission]:
    """Sendings of the claims of that number, whole or begun, ours or the payer's; the newest first."""
    return list(_seen_by(user).filter(claim__in=numbered(user, number).order_by().values("pk"))[:MOST_FOUND])


def sendings_named(user: User, ack: Acknowledgement) -> list[Submission]:
    """Sendings with the number it names, which did not tell them apart: one of each file where it is about a file."""
    named = ack.answers_to
    if not answers_whole_file(ack):
        return list(_seen_by(user).filter(claim__control_number=named)[:MOST_FOUND]) if named else []
    numbers = {"TA1": Q(interchange__in={named, named.zfill(9)}), "999": Q(group_control=bare(named))}
    if ack.level == Level.SUBMITTER:
        numbers["277CA"] = Q(batch=named)
    if ack.kind not in numbers or not bare(named):
        return []
    found: dict[object, Submission] = {}
    for sent in _seen_by(user).filter(numbers[ack.kind])[:_LOOKED_AT]:
        found.setdefault((sent.seen_in_id, sent.interchange, sent.set_control), sent)
    return list(found.values())[:MOST_FOUND]


def left_together(sendings: Sequence[Submission]) -> dict[tuple[UUID | None, str], int]:
    """How many claims left in the file of each, by where it was seen and its number: one query."""
    numbers = {sent.interchange for sent in sendings} - {""}
    rows = Submission.objects.filter(interchange__in=numbers).order_by().values("seen_in", "interchange")
    return {(row["seen_in"], row["interchange"]): row["n"] for row in rows.annotate(n=Count("pk"))}


def _seen_by(user: User) -> QuerySet[Submission]:
    rows: QuerySet[Submission] = Submission.objects.visible_to(user).filter(on_paper=False)
    return (
        rows.select_related("claim__patient", "claim_payer__payer").defer("claim__content").order_by("-sent_at", "pk")
    )
