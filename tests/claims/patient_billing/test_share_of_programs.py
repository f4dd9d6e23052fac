"""Medicaid, TRICARE, CHAMPVA, workers’ compensation: what may be asked of the patient."""

from __future__ import annotations

import pytest

from tests.claims.patient_billing.sharing import PLAN, check, said

TABLE = [
    (
        "a plan and Medicaid: the plan's copay is not the patient's",
        150,
        30,
        [PLAN, "medicaid"],
        [said(1, 90, "CO-45 30", "PR-3 30"), said(2, 0, "OA-23 120", "PR-3 30")],
        {"facts": {"state_copay_cents": 300}},
        3,
        "medicaid",
    ),
    # 42 CFR 447.20(a): at most what the plan's payment leaves of Medicaid's amount, and nothing where it leaves none.
    *(
        (
            f"a plan paid 90 of the {allowed} that Medicaid allows",
            150,
            30,
            [PLAN, "medicaid"],
            [said(1, 90, "CO-45 30", "PR-3 30"), said(2, 0, "OA-23 120", "PR-3 3", allowed=allowed)],
            {"facts": {"state_copay_cents": 300}},
            owes,
            "medicaid",
        )
        for allowed, owes in ((75, 0), (90, 0), (91.50, 1.50), (93, 3), (100, 3))
    ),
    ("Medicaid alone", 150, 100, ["medicaid"], [said(1, 50, "CO-45 100")], {}, 0, "medicaid"),
    (
        "covered by nobody, agreed in writing beforehand",
        150,
        0,
        [PLAN, "medicaid"],
        [said(1, 0, "PR-96 150"), said(2, 0, "PR-96 150")],
        {"facts": {"written_agreement": True}},
        150,
        "medicaid_not_covered",
    ),
    (
        "covered by nobody, nothing agreed",
        150,
        0,
        [PLAN, "medicaid"],
        [said(1, 0, "PR-96 150"), said(2, 0, "PR-96 150")],
        {"facts": {"written_agreement": False}},
        0,
        "medicaid_not_covered",
    ),
    (
        "a plan and TRICARE, participating",
        150,
        30,
        [PLAN, "tricare"],
        [said(1, 90, "CO-45 30", "PR-2 30"), said(2, 15, "PR-2 15", allowed=110)],
        {},
        5,
        "tricare",
    ),
    (
        "a plan and TRICARE, whose answer leaves nothing",
        150,
        30,
        [PLAN, "tricare"],
        [said(1, 90, "CO-45 30", "PR-2 30"), said(2, 30, allowed=130)],
        {},
        0,
        "tricare",
    ),
    (
        "a plan and TRICARE, not participating: within 115 %",
        200,
        0,
        [PLAN, "tricare"],
        [said(1, 60, "PR-45 100", "PR-2 40"), said(2, 30, "PR-45 110", allowed=100)],
        {"is_assigned": False},
        25,
        "tricare_not_participating",
    ),
    (
        "the same, and the plan paid more than 115 %",
        200,
        0,
        [PLAN, "tricare"],
        [said(1, 120, "PR-45 80"), said(2, 0, "PR-45 80", allowed=100)],
        {"is_assigned": False},
        0,
        "tricare_not_participating",
    ),
    *(
        (
            f"TRICARE, not participating, sent its {sent} of a charge of 150 to the patient, who is asked for that too",
            150,
            0,
            ["tricare"],
            [said(1, 75 - sent, "PR-45 50", "PR-2 25", sent=sent)],
            {"is_assigned": False},
            owes,
            "tricare_not_participating",
        )
        for sent, owes in ((0, 40), (75, 115))
    ),
    *(
        (
            f"TRICARE, not participating, and a supplement behind it pays {more}",
            130,
            0,
            ["tricare", "tricare_supplement"],
            [said(1, 75, "PR-45 30", "PR-2 25"), said(2, more, "OA-23 75", "PR-45 30", sent=sent)],
            {"is_assigned": False},
            owes,
            "tricare_not_participating",
        )
        for more, sent, owes in ((0, 0, 40), (25, 0, 15), (0, 25, 40), (40, 0, 0))
    ),
    (
        "a plan and CHAMPVA: never above its amount",
        150,
        30,
        [PLAN, "champva"],
        [said(1, 90, "CO-45 30", "PR-2 30"), said(2, 0, "PR-2 30", allowed=100)],
        {},
        10,
        "champva",
    ),
    (
        "workers' compensation accepted the injury",
        150,
        50,
        ["workers_comp", PLAN],
        [said(1, 100, "CO-P12 50"), said(2, 0, "PR-2 50")],
        {},
        0,
        "workers_comp",
    ),
]


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_the_patient_owes_what_the_last_payers_rule_says(row):
    check(row)
