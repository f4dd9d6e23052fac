"""Reads that the screens and the actions of denials share."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.models import Adjudication, ReportedAdjustment
from denials.codebook import CodeBook, code_book
from denials.models import Denial

# Taken back or passed on: work of other queues, never a denial of their own.
NO_REFUSAL = ("22",)


def desk_code_book() -> CodeBook:
    """The shipped tables with the practice's own rows from `codes/` in the data folder, if there are any."""
    own = settings.DATA_DIR / "codes"
    return code_book(own) if own.is_dir() else code_book()


def unrecorded() -> QuerySet[Adjudication]:
    """Answers to claims on file that may refuse something and have no denial yet.

    Money that merely moved is left out by its reasons, so a night's sweep reads the few that remain and not the ledger.
    """
    pure = [reason for reason, row in desk_code_book().reasons.items() if row.pure]
    refusing = ReportedAdjustment.objects.filter(adjudication=OuterRef("pk")).exclude(reason__in=pure)
    denied = Denial.objects.filter(adjudication=OuterRef("pk"))
    answers = Adjudication.objects.filter(claim__isnull=False).exclude(status__in=NO_REFUSAL)
    return answers.filter(Q(status__in=("4", "23")) | Exists(refusing)).filter(~Exists(denied))
