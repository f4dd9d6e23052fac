"""By which day a refusal must be answered: the payers' own filing limits, and the nearest that the answer left open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from claims.filing import Basis, Limit, Unit
from claims.filing.keeping import set_limit
from denials import actions
from denials.models import Denial
from denials.presenters import DenialPage
from tests.factories.denials import ClaimFactory, answer_of, payer_of, remittance_of
from tests.factories.patients import PatientFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]
SPRING = date(2026, 3, 10)
UNPROCESSABLE = ("16", ["MA04", "MA130"])


@dataclass(frozen=True)
class Case:
    """`kinds` in paying order; the last but `behind` refused on `answered`, those ahead of it answered on `before`."""

    kinds: tuple[str, ...]
    codes: tuple[str, list[str]]
    answered: date
    service: date = SPRING
    before: date | None = None
    behind: int = 0


def _limit(main, case, keep=None):
    claim = ClaimFactory(patient=PatientFactory(site=main), service_from=case.service)
    at = len(case.kinds) - case.behind
    rows = [
        payer_of(claim, rank, f"Payer {rank}", kind=kind, answered_on=case.before if rank < at else None)
        for rank, kind in enumerate(case.kinds, start=1)
    ]
    refused = rows[at - 1]
    if keep:
        keep(refused.payer)
    reason, remarks = case.codes
    told = remittance_of(refused.payer, site=main, on=case.answered)
    actions.record_denials(answer_of(refused, ("CO", reason, 10000), remarks=remarks, remittance=told).remittance)
    denial = Denial.objects.get()
    return denial.limit_on, denial.limit_name


OPEN = ", unconfirmed"


@pytest.mark.parametrize(
    ("case", "on", "name"),
    [
        pytest.param(
            Case(("medicare",), UNPROCESSABLE, date(2027, 4, 1), service=date(2027, 3, 10)),
            date(2028, 3, 10), "Filing limit", id="Medicare: a calendar year, over a leap day",
        ),
        pytest.param(
            Case(("medicare",), UNPROCESSABLE, date(2024, 4, 1), service=date(2024, 2, 29)),
            date(2025, 2, 28), "Filing limit", id="Medicare: from a leap day",
        ),
        pytest.param(
            Case(("employer", "medicare"), UNPROCESSABLE, date(2026, 12, 1), before=date(2026, 11, 1)),
            date(2027, 3, 10), "Filing limit", id="Medicare second: the answer before does not extend it",
        ),
        pytest.param(
            Case(("employer", "employer"), UNPROCESSABLE, date(2026, 9, 10), before=date(2026, 8, 20)),
            date(2026, 11, 18), f"Filing limit{OPEN}", id="a second plan: from the answer before",
        ),
        pytest.param(
            Case(("employer", "employer"), UNPROCESSABLE, date(2027, 2, 10), before=date(2027, 1, 20)),
            date(2027, 3, 10), f"Filing limit{OPEN}", id="a second plan: never beyond a year from the service",
        ),
        pytest.param(
            Case(("medicaid",), UNPROCESSABLE, date(2026, 4, 1)),
            date(2026, 9, 6), f"Filing limit{OPEN}", id="Illinois Medicaid: 180 days, not a year",
        ),
        pytest.param(
            Case(("employer", "medicare"), ("35", []), date(2027, 2, 1), behind=1),
            date(2027, 3, 10), "Next payer's filing limit", id="used up, Medicare behind: its year, not 90 days more",
        ),
        pytest.param(
            Case(("employer", "employer"), ("35", []), date(2026, 8, 20), behind=1),
            date(2026, 11, 18), f"Next payer's filing limit{OPEN}", id="used up, a plan behind: from this answer",
        ),
        pytest.param(
            Case(("employer",), ("35", []), date(2026, 4, 1)),
            date(2026, 6, 30), f"Next payer's filing limit{OPEN}", id="used up, and nobody behind is known",
        ),
        pytest.param(
            Case(("employer",), ("4", []), date(2026, 4, 1)),
            date(2026, 6, 30), f"Corrected claim{OPEN}", id="a correction: from the payer's own answer",
        ),
        pytest.param(
            Case(("medicare",), ("97", []), date(2026, 4, 1)),
            date(2026, 7, 30), "Appeal", id="Medicare: an appeal ends before a reopening",
        ),
        pytest.param(
            Case(("employer",), ("20", []), date(2026, 6, 8)),
            date(2026, 6, 8), f"Filing limit{OPEN}", id="answered on the last day to file",
        ),
        pytest.param(
            Case(("employer",), ("20", []), date(2026, 6, 9)),
            date(2026, 12, 6), "Appeal", id="answered the day after: the appeal is left",
        ),
    ],
)  # fmt: skip
def test_the_limit_of_a_refusal(main, case, on, name):
    assert _limit(main, case) == (on, name)


def test_a_limit_kept_for_the_payer_holds_before_the_built_in_one(main):
    def keep(payer):
        limit = Limit(Basis.SERVICE, 6, Unit.MONTHS)
        set_limit(payer=payer, position="primary", limit=limit, effective_on=SPRING, source="Contract p. 9", by=None)

    case = Case(("employer",), UNPROCESSABLE, date(2026, 4, 1))

    assert _limit(main, case, keep) == (date(2026, 9, 10), "Filing limit")


def test_a_limit_kept_after_the_refusal_holds_from_the_next_night_on(main):
    _limit(main, Case(("employer",), UNPROCESSABLE, date(2026, 4, 1)))
    assert actions.refresh_limits() == 0
    kept = Limit(Basis.SERVICE, 60)
    payer = Denial.objects.get().payer
    set_limit(payer=payer, position="primary", limit=kept, effective_on=SPRING, source="Contract p. 9", by=None)

    assert [actions.refresh_limits() for _ in range(2)] == [1, 0]
    denial = Denial.objects.get()
    assert (denial.limit_on, denial.limit_name) == (date(2026, 5, 9), "Filing limit")


@pytest.mark.parametrize(
    ("kind", "codes", "said"),
    [
        pytest.param("medicare", ("50", []), "07/30/2026 (appeal)", id="Medicare's redetermination is law"),
        pytest.param("employer", ("50", []), "09/28/2026 (appeal, unconfirmed)", id="a plan's appeal is assumed"),
        pytest.param(
            "employer", ("227", []), "05/01/2026 (answer to the payer's request, unconfirmed)", id="a request"
        ),
        pytest.param("medicare", UNPROCESSABLE, "03/10/2027 (filing limit)", id="Medicare's year is law"),
        pytest.param("employer", UNPROCESSABLE, "06/08/2026 (filing limit, unconfirmed)", id="a plan's is assumed"),
    ],
)
def test_the_page_says_which_limits_nobody_has_confirmed(main, kind, codes, said):
    _limit(main, Case((kind,), codes, date(2026, 4, 1)))

    assert dict(DenialPage(Denial.objects.get()).facts)["Limit"] == said
