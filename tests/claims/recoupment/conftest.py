"""Letters as the poster enters them."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest

from claims.models import Adjudication, Claim
from claims.models.recoupment import Ground
from claims.recoupment import letters
from cob.audit.acting import acting

PDF = b"%PDF-1.4 a letter"


@pytest.fixture
def letter(cast):
    """`letter(cents, **changes)` enters a demand for the newest answer of claim PCN1."""

    def _letter(cents=80_00, **changes):
        answers = Adjudication.objects.exclude(status="22").filter(control_number="PCN1", paid_cents__gt=0)
        answer = changes.get("answer") or answers.order_by("answered_on").last()
        said = {
            "claim": Claim.objects.get(control_number="PCN1"),
            "payer": answer.remittance.payer,
            "answer": answer,
            "amount_cents": cents,
            "ground": Ground.ANOTHER_PAYER,
            "reference": "D-1",
            "letter_on": date(2026, 4, 2),
            "received_on": date(2026, 4, 6),
        }
        with acting(cast["pat"]):
            return letters.enter(
                letters.Letter(**said | changes), name="demand.pdf", stream=BytesIO(PDF), by=cast["pat"]
            )

    return _letter
