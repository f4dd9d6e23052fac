"""Which patients a search finds, and whom a person had on the screen today."""

from __future__ import annotations

from django.utils import timezone

from cob.accounts.models import User
from cob.audit.models import EventPatient
from cob.patients.models import Patient

SHOWN = 50
RECENT = 10


def found(user: User, words: str) -> list[Patient]:
    """Patients at the person's sites that match every word, one more than are shown."""
    rows = Patient.objects.visible_to(user).matching(words).select_related("site")
    return list(rows[: SHOWN + 1])


def seen_today(user: User) -> list[Patient]:
    """The patients whose page this person opened today, latest first."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    looks = EventPatient.objects.filter(
        event__actor_id=user.pk, event__at__gte=midnight, event__verb="saw", event__subject_type="patient page"
    ).order_by("-event_id")
    ids = list(dict.fromkeys(looks.values_list("patient_id", flat=True)[:200]))[:RECENT]
    rows = {row.pk: row for row in Patient.objects.visible_to(user).filter(pk__in=ids).select_related("site")}
    return [rows[pk] for pk in ids if pk in rows]
