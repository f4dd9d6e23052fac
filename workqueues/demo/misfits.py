"""Files that go wrong the way real ones do: out of balance, cut short, and about a claim nobody has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from cob.accounts.models import Site
from workqueues.demo import answers
from workqueues.demo.payers import PAYERS
from workqueues.demo.people import DemoCoverage, DemoPatient, DemoPerson
from workqueues.demo.practice import Answered, Visit
from workqueues.demo.remits_in import remittance_file
from workqueues.demo.stories import STORIES, Plan


def files(sites: list[Site], today: date) -> Iterator[tuple[str, bytes]]:
    """Name and content of each misfit."""
    stranger = _answered(today, "ZZ900001")
    good = remittance_file([stranger], sites, number=90001)
    yield "remits-unknown-claim.835", good
    other = remittance_file([_answered(today, "ZZ900002")], sites, number=90002)
    yield "remits-out-of-balance.835", _a_cent_off(other)
    yield "remits-cut-short.835", remittance_file([_answered(today, "ZZ900003")], sites, number=90003)[:-120]


def _a_cent_off(content: bytes) -> bytes:
    """The total payment one cent higher than what it explains."""
    head, _, rest = content.partition(b"BPR*I*")
    amount, _, tail = rest.partition(b"*")
    return head + b"BPR*I*" + f"{Decimal(amount.decode()) + Decimal('0.01')}".encode() + b"*" + tail


def _answered(today: date, control_number: str) -> Answered:
    payer = PAYERS["bluestem"]
    person = DemoPerson("Morgan", "Unfiled", "F", date(1979, 5, 4))
    patient = DemoPatient(0, STORIES[0], person, 0, "1 Elm St", ("Springfield", "IL", "627010001"), "2175550199")
    cover = DemoCoverage(Plan("bluestem"), payer, f"BLS{control_number[2:]}", "", person, date(today.year - 2, 1, 1))
    visit = Visit(patient, control_number, date.fromordinal(today.toordinal() - 20), [("99213", 15000)], [0])
    lines = tuple(answers.as_first(payer, visit.charges))
    return Answered(
        date.fromordinal(today.toordinal() - 3),
        visit,
        cover,
        0,
        answers.Answer("1", lines, payer_number=f"9{control_number[2:]}"),
    )
