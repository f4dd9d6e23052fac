"""An answer that nothing placed, placed by a person: the same answer once more, with whose it is and who said so.

What came stays as it came; the placed row stands beside it and is what everybody reads.
"""

from __future__ import annotations

import hashlib

from django.db import IntegrityError, transaction
from django.db.models import Max

from cob.accounts.models import User
from cob.audit.acting import doing
from cob.coverage.models import Coverage, EligibilityAnswer
from cob.patients.models import squash

_COPIED = (
    "payer payer_named payer_id_named person_named born_on member_id trace answered_on service_on source_file position "
    "is_failed is_active inactive_since has_news hints"
).split()


class CannotPlace(ValueError):
    """The answer does not go there; `str()` says why and what to do."""


def place(*, answer: EligibilityAnswer, coverage: Coverage, by: User) -> EligibilityAnswer:
    """Say whose an answer is. Raises CannotPlace; of two people at once one places it."""
    if answer.coverage_id or answer.patient_id:
        raise CannotPlace("This answer is placed already.")
    differs = difference(answer, coverage)
    if len(differs) > 1:
        raise CannotPlace(
            f"{' and '.join(differs)} are another person’s. A payer corrects one of them, not both: ask the payer."
        )
    highest = EligibilityAnswer.objects.filter(source_file=answer.source_file, position=answer.position)
    row = EligibilityAnswer(
        patient=coverage.patient,
        coverage=coverage,
        placed_from=answer,
        placed_by=by,
        part=(highest.aggregate(top=Max("part"))["top"] or 0) + 1,
        fingerprint=hashlib.sha256(f"{answer.fingerprint}|placed".encode()).hexdigest(),
        **{name: getattr(answer, name) for name in _COPIED},
    )
    try:
        with transaction.atomic(), doing("eligibility answered"):
            row.save(force_insert=True)
    except IntegrityError:
        first = EligibilityAnswer.objects.filter(placed_from=answer).select_related("placed_by").first()
        raise CannotPlace(f"{first.placed_by if first else 'Somebody'} placed it a moment ago.") from None
    return row


def difference(answer: EligibilityAnswer, coverage: Coverage) -> list[str]:
    """What the answer names otherwise than the coverage does."""
    found = []
    if answer.member_id and squash(answer.member_id)[:30] != coverage.search_member:
        found.append("The member id")
    if answer.born_on and answer.born_on != coverage.patient.birth_on:
        found.append("The date of birth" if not found else "the date of birth")
    return found
