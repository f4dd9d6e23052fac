"""What a payer split or bundled, as the next payer is told of it."""

from __future__ import annotations

import pytest
import time_machine

from tests.claims import stories
from tests.claims.stories import DRAW, LAKESIDE, NORTHERN, TODAY, VISIT
from tests.claims.test_projection import written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(f"{TODAY}T15:00:00+00:00", tick=False):
        yield


def test_a_claim_the_payer_split_is_told_as_one(main):
    patient = stories.nora(main)
    covers = [stories.coverage(patient, LAKESIDE, "LH5550101"), stories.coverage(patient, NORTHERN, "NP300200")]
    claim = stories.claim_of(patient, covers)
    given = stories.remittance(covers[0].payer, paid=112_50)
    lines = list(claim.lines.all())
    one = stories.answer(claim, 1, remittance=given, charge=150_00, paid=90_00, number="SPLIT-A")
    two = stories.answer(claim, 1, remittance=given, position=2, charge=30_00, paid=22_50, number="SPLIT-B")
    stories.add_line(one, 1, lines[0], *VISIT)
    stories.add_line(two, 1, lines[1], *DRAW)
    stories.determined(claim, covers)

    sent = written(claim)

    assert sent.other_coverages[0].paid_cents == 112_50
    assert sent.other_coverages[0].payer.control_number == "SPLIT-A"
    assert [len(line.adjudications) for line in sent.lines] == [1, 1]


def test_a_line_the_payer_split_has_one_decision_for_each_part(main):
    claim = stories.secondary(main)
    decided = claim.adjudications.get()
    visit = decided.lines.get(position=1)
    decided.lines.filter(pk=visit.pk).update(paid_cents=50_00)
    stories.add_line(decided, 3, visit.line, 40_00, (), procedure="99213")

    sent = written(claim)

    assert [d.paid_cents for d in sent.lines[0].adjudications] == [50_00, 40_00]
    assert sent.lines[0].adjudications[1].procedure.code == "99213"


def test_a_bundled_line_names_the_line_it_went_into(main):
    """36415 came back under 99214, paid with the visit (CO-97)."""
    patient = stories.nora(main)
    covers = [stories.coverage(patient, LAKESIDE, "LH5550101"), stories.coverage(patient, NORTHERN, "NP300200")]
    claim = stories.claim_of(patient, covers)
    decided = stories.answer(claim, 1, VISIT, paid=90_00)
    bundled = claim.lines.get(number=2)
    stories.add_line(decided, 2, bundled, 0, (("CO", "97", 30_00),), procedure="99214", submitted_procedure="36415")
    stories.determined(claim, covers)

    sent = written(claim)

    assert sent.lines[1].adjudications[0].bundled_into == 1
    assert sent.lines[0].adjudications[0].bundled_into is None
