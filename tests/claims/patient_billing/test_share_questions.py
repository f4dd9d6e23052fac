"""What nobody has told of a share is asked for, only where it matters, with both outcomes."""

from __future__ import annotations

import pytest

from tests.claims.patient_billing.sharing import CARE, NOT_QMB, PLAN, owed, said

# fact asked for, charge, written off, payers, answers, more, (answer -> owed)
ASKED = [
    ("qmb", 200, 100, [CARE], [said(1, 80, "CO-45 100", "PR-2 20")], {}, {True: 0, False: 20}),
    (
        "contracted:2",
        150,
        0,
        [PLAN, PLAN],
        [said(1, 80, "PR-45 30", "PR-2 40"), said(2, 25, "PR-2 15", allowed=120)],
        {},
        {True: 15, False: 45},
    ),
    ("abn_signed", 200, 0, [CARE], [said(1, 0, "PR-50 200")], {}, {True: 200, False: 0}),
    ("written_agreement", 150, 0, ["medicaid"], [said(1, 0, "PR-96 150")], {}, {True: 150, False: 0}),
    (
        "state_copay_cents",
        150,
        30,
        [PLAN, "medicaid"],
        [said(1, 90, "CO-45 30", "PR-2 30"), said(2, 0, "PR-3 4")],
        {},
        {0: 0, 400: 4},
    ),
    *(
        (
            "full_medicaid",
            150,
            50,
            [CARE, "medicaid"],
            [said(1, 80, "CO-45 50", "PR-2 20"), said(2, 0, "OA-23 130", f"{refusal} 20")],
            {"facts": NOT_QMB},
            {True: 0, False: 20},
        )
        for refusal in ("PR-31", "PR-96", "PR-204")
    ),
    (
        "full_medicaid",
        150,
        50,
        [PLAN, "medicaid"],
        [said(1, 80, "CO-45 50", "PR-2 20"), said(2, 0, "OA-23 130", "PR-31 20")],
        {},
        {True: 0, False: 20},
    ),
    (
        "assigned",
        200,
        0,
        [CARE],
        [said(1, 80, "PR-45 100", "PR-2 20")],
        {"is_assigned": None, "facts": NOT_QMB},
        {True: 20, False: 35},
    ),
    (
        "medicare_share_is_gross",
        200,
        50,
        [PLAN, CARE],
        [said(1, 10, "CO-45 50", "PR-1 140"), said(2, 96, "OA-23 10", "CO-45 70", "PR-2 24")],
        {"facts": NOT_QMB},
        {True: 14, False: 24},
    ),
]


@pytest.mark.parametrize("row", ASKED, ids=[row[0] for row in ASKED])
def test_a_fact_nobody_told_is_asked_for_and_both_outcomes_are_shown(row):
    fact, charge, off, kinds, answers, more, outcomes = row

    share = owed(charge, kinds, *answers, written_off=off, **more)

    assert share.owes_cents is None
    assert share.not_billable_cents == 0
    assert share.question.fact == fact
    assert {dict(o.given)[fact]: o.owes_cents for o in share.outcomes} == {k: v * 100 for k, v in outcomes.items()}


@pytest.mark.parametrize(
    ("charge", "off", "kinds", "answers"),
    [
        pytest.param(
            200,
            100,
            [CARE, "medigap"],
            [said(1, 80, "CO-45 100", "PR-2 20"), said(2, 20)],
            id="nothing left, QMB or not",
        ),
        pytest.param(
            150,
            50,
            [CARE, "medicaid"],
            [said(1, 80, "CO-45 50", "PR-2 20"), said(2, 0, "OA-23 130", "CO-45 20")],
            id="Medicaid took off what Medicare left: it refused nobody",
        ),
        pytest.param(
            150,
            70,
            [CARE, "medicaid"],
            [said(1, 80, "CO-45 50", "PR-2 20"), said(2, 0, "OA-23 130", "PR-31 20")],
            id="Medicaid refused the person, and nothing is left",
        ),
        pytest.param(
            150, 30, [PLAN, PLAN], [said(1, 90, "CO-45 30", "PR-2 30"), said(2, 30)], id="paid in full, contract or not"
        ),
    ],
)
def test_a_fact_that_changes_nothing_is_not_asked_for(charge, off, kinds, answers):
    share = owed(charge, kinds, *answers, written_off=off)

    assert share.question is None
    assert share.owes_cents == 0


def test_a_line_nobody_has_answered_has_no_share():
    with pytest.raises(ValueError, match="no payer"):
        owed(150, [PLAN])


@pytest.mark.parametrize(
    ("paid", "left", "is_asked"),
    [(0, "PR-204 20", True), (0.01, "PR-204 19.99", False), (0, "PR-3 20", False)],
)
def test_medicaid_that_covers_anything_has_the_patient_in_full(paid, left, is_asked):
    answers = said(1, 80, "CO-45 50", "PR-2 20"), said(2, paid, "OA-23 130", left)

    share = owed(150, [CARE, "medicaid"], *answers, written_off=50, facts=NOT_QMB | {"state_copay_cents": 0})

    assert (share.question is not None) == is_asked
