"""Orders that count and how the payers in them stand, for many patients at once: the queue's question about payers."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from cob.coverage.agreement import Stand, Standing, standing_of
from cob.coverage.models import Determination, Verification


@dataclass(frozen=True, slots=True)
class Asked:
    """One order somebody asked payers about."""

    patient: uuid.UUID
    service_on: date
    standing: Standing

    @property
    def shares_from(self) -> date | None:
        """The day from which plans that disagree owe equal shares; none while the days do not run."""
        return self.standing.shares_from(self.service_on)

    @property
    def codes(self) -> tuple[str, ...]:
        """Why it is work; empty when every payer asked agrees."""
        stands = set(self.standing.stands.values())
        found = [("payer_disagrees", self.standing.is_conflict), ("payer_unaware", Stand.NOT_KNOWN in stands)]
        # In a dispute every plan has to be heard; otherwise one plan's answer may be enough.
        found.append(("payer_not_asked", self.standing.is_conflict and Stand.NOT_ASKED in stands))
        return tuple(code for code, is_so in found if is_so)


def asked_about(patients: Collection[uuid.UUID], still_counts: Q) -> Iterator[Asked]:
    """Of each patient the latest order, and those `still_counts` picks, as far as a payer spoke of their day. Two
    queries.
    """
    about = Verification.objects.filter(patient=OuterRef("patient"), first_day__lte=OuterRef("service_on"))
    about = about.filter(Q(last_day=None) | Q(last_day__gte=OuterRef("service_on")))
    every = Determination.objects.current().filter(patient__in=patients)
    newer = Determination.objects.current().filter(patient=OuterRef("patient"), decided_at__gt=OuterRef("decided_at"))
    rows = every.filter(Exists(about)).filter(~Exists(newer) | still_counts).defer("case").order_by()
    words: defaultdict[uuid.UUID, list[Verification]] = defaultdict(list)
    for word in Verification.objects.filter(patient__in=patients).order_by("recorded_at", "pk"):
        words[word.patient_id].append(word)
    for row in rows:
        day = row.service_on
        said = {str(w.coverage_id): w for w in words[row.patient_id] if _is_about(w, day)}
        yield Asked(row.patient_id, day, standing_of(said, row.verdict))


def _is_about(word: Verification, day: date) -> bool:
    return word.first_day <= day and (word.last_day is None or word.last_day >= day)
