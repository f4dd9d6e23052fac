"""What a patient did not know when Medicare’s questionnaire was asked: somebody else has to be asked, whatever the
order on file says meanwhile. With Medicare alone no order waits for it, and a plan nobody told of would stay unknown.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from cob.coverage import catalogue
from cob.coverage.knowing import who_could_know
from cob.coverage.models import Coverage, Fact, Kind, NotKnown
from cob.rules.frontdesk.leads import lead
from workqueues.models import Item

CODE = "msp_not_known"
# Of the questionnaire alone; what else nobody knew holds the order itself open.
ASKED = Q(path__startswith="msp.") | Q(path__in=("va.authorised", "medicare.basis"))
ANSWERED = "What was not known in Medicare’s questionnaire was answered, or is to be asked anew."


def _open(today: date) -> QuerySet[NotKnown]:
    """Asked no longer ago than a questionnaire is good, with no answer and no coverage added since, of patients with
    Medicare itself.
    """
    rows = NotKnown.objects.filter(ASKED, asked_at__date__gt=today - timedelta(days=lead("msp_days")))
    later = Fact.objects.filter(
        patient=OuterRef("patient"), path=OuterRef("path"), told_at__gt=OuterRef("asked_at"), value__isnull=False
    )
    held = Coverage.objects.filter(patient=OuterRef("patient")).order_by()
    medicare = held.filter(kind=Kind.MEDICARE).in_force(today)
    is_new = Q(Exists(held.filter(created_at__gt=OuterRef("asked_at"))), path__startswith="msp.")
    is_past = Q(path="msp.research_program", service_on__lt=today)
    found: QuerySet[NotKnown] = rows.filter(~Exists(later.order_by()), Exists(medicare)).exclude(is_past)
    return found.exclude(is_new).order_by()


def has_any(today: date) -> Exists:
    """The outer patient has such a question."""
    return Exists(_open(today).filter(patient=OuterRef("pk")))


def first_steps(patients: Iterable[uuid.UUID], today: date) -> dict[uuid.UUID, str]:
    """By patient, whom to ask what; of several questions the one asked first. No query for no patients."""
    rows = _open(today).filter(patient__in=list(patients)).order_by("-asked_at", "-path")
    return {
        patient: f"Ask {who_could_know(path)}: {catalogue.label(path)}."
        for patient, path in rows.values_list("patient", "path")
    }


def alone_in(subject_type: str, ids: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """The open items about these subjects that had no other reason."""
    items = Item.objects.open().filter(subject_type=subject_type, subject_id__in=list(ids))
    return [subject for subject, codes in items.values_list("subject_id", "reason_codes") if codes == [CODE]]
