"""Reads that the screens and the actions of denials share."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.models import AdjudicatedLine, Adjudication, ReportedAdjustment
from cob.x12.t835 import ESTIMATE
from denials.codebook import CodeBook, code_book
from denials.models import Denial

# Taken back (22) is work of other queues; a price named beforehand (25) is nobody's: no claim was decided.
NO_REFUSAL = ("22", ESTIMATE)


def desk_code_book() -> CodeBook:
    """The shipped tables with the practice's own rows from `codes/` in the data folder, if there are any."""
    own = settings.DATA_DIR / "codes"
    return code_book(own) if own.is_dir() else code_book()


def unrecorded() -> QuerySet[Adjudication]:
    """Answers to claims on file that may refuse something and have no denial yet.

    Money that merely moved is left out by its reasons, so a night's sweep reads the few that remain and not the ledger.
    """
    refusing = ReportedAdjustment.objects.filter(adjudication=OuterRef("pk")).exclude(reason__in=desk_code_book().pure)
    denied = Denial.objects.filter(adjudication=OuterRef("pk"))
    answers = Adjudication.objects.filter(claim__isnull=False).exclude(status__in=NO_REFUSAL)
    return answers.filter(Q(status__in=("4", "23")) | Exists(refusing)).filter(~Exists(denied))


def to_triage() -> QuerySet[Adjudication]:
    """Answers to claims on file of which the triage could make anything: the rest is told apart without reading it.

    An ordinary answer that carries no remark, and no reason but those that move money, refuses nothing.
    """
    book = desk_code_book()
    of_answer = ReportedAdjustment.objects.filter(adjudication=OuterRef("pk")).order_by()
    remarked = AdjudicatedLine.objects.filter(adjudication=OuterRef("pk")).exclude(remarks=[]).order_by()
    answers = Adjudication.objects.exclude(status=ESTIMATE)
    return answers.filter(
        Q(status__in=book.telling_statuses)
        | ~Q(remarks=[])
        | Exists(of_answer.exclude(reason__in=book.harmless))
        | Exists(remarked),
        claim__isnull=False,
    )
