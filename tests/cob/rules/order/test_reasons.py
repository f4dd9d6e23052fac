"""Which rule stands between two neighbours: a line-up a row."""

from __future__ import annotations

import pytest

from cob.rules import determine
from tests.cob.rules.naming import written
from tests.cob.rules.order.kinds import adult, aged, hurt, job, plain

RETIREE = job("R", work_status="retired", employment={"status": "retired", "last_day": "2020-01-01"})
FAMILY = {"military": {"beneficiary": "retiree_family"}}


def other(kind):
    """A card of another kind, called by it."""
    return {**plain(kind), "id": kind}


def rules(case):
    return [pair.rule for pair in determine(case).pairs]


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (("tricare", "medicaid"), ["TRI-LAST", "TRI-EXC"]),
        (("tricare", "tricare_supplement"), ["TRI-LAST", "TRI-EXC"]),
        (("tricare", "ihs"), ["TRI-LAST", "TRI-EXC"]),
        (("tricare", "crime_victim"), ["TRI-LAST", "TRI-EXC"]),
        (("tricare", "school_program"), ["TRI-LAST", "MCD-AHEAD"]),
        (("tricare", "wic"), ["TRI-LAST", "MCD-AHEAD"]),
        (("tricare", "ryan_white"), ["TRI-LAST", "RW-BEFORE-IHS"]),
        (("tricare", "medicaid", "ihs"), ["TRI-LAST", "TRI-EXC", "IHS-LAST"]),
        (("champva", "champva_supplement"), ["CVA-LAST", "CVA-LAST"]),
        (("champva", "medicaid"), ["CVA-LAST", "CVA-LAST"]),
        (("champva", "ihs"), ["CVA-LAST", "IHS-LAST"]),
        (("medicaid", "title_v"), ["MCD-LAST", "MCD-AHEAD"]),
        (("medicaid", "school_program"), ["MCD-LAST", "MCD-AHEAD"]),
        (("medicaid", "ryan_white"), ["MCD-LAST", "RW-BEFORE-IHS"]),
        (("medicaid", "crime_victim"), ["MCD-LAST", "CRIME-LAST"]),
        (("medicaid", "ihs"), ["MCD-LAST", "IHS-LAST"]),
        (("ryan_white", "ihs"), ["RW-BEFORE-IHS", "RW-BEFORE-IHS"]),
        (("crime_victim", "ihs"), ["CRIME-LAST", "IHS-LAST"]),
        (("chip", "ihs"), ["CHIP-NOOTHER", "IHS-LAST"]),
        (("medicaid", "wtc"), ["MCD-LAST", "ACC-WTC"]),
    ],
    ids=written,
)  # fmt: skip
def test_behind_a_job_plan(kinds, said):
    case = adult(job(), *map(other, kinds), **FAMILY)
    case["claim"]["related_to"] = ["wtc"] if "wtc" in kinds else ["crime"] if "crime_victim" in kinds else ["none"]

    assert rules(case) == said


@pytest.mark.parametrize(
    ("category", "programme", "said"),
    [
        ("early_intervention", "school_program", "TRI-IDEA-C"),
        ("school_iep", "school_program", "MCD-AHEAD"),
        (None, "school_program", "MCD-AHEAD"),
        ("early_intervention", "wic", "MCD-AHEAD"),
        ("early_intervention", "medicaid", "TRI-EXC"),
    ],
)
def test_tricare_pays_early_intervention_before_the_programmes_own_money(category, programme, said):
    case = adult(other("tricare"), other(programme), **FAMILY)
    case["claim"]["category"] = category

    assert (determine(case).order, rules(case)) == (["tricare", programme], [said])


@pytest.mark.parametrize(
    ("cards", "said"),
    [
        ([job(), other("tricare")], ["MSP-WA-20", "TRI-MCR"]),
        ([job(), other("champva")], ["MSP-WA-20", "CVA-MCR"]),
        ([RETIREE, other("tricare")], ["MSP-RETIREE", "TRI-MEDIGAP"]),
        ([RETIREE, other("champva")], ["MSP-RETIREE", "CVA-LAST"]),
        ([job(employer={"size": "<20"}), other("tricare")], ["MSP-WA-LT20", "TRI-LAST"]),
        ([other("medigap"), other("tricare")], ["MSP-MEDIGAP", "TRI-MEDIGAP"]),
        ([other("medigap"), other("champva")], ["MSP-MEDIGAP", "CVA-LAST"]),
        ([other("individual"), other("tricare")], ["MSP-INDIV", "TRI-LAST"]),
        ([job(), other("medicaid")], ["MSP-WA-20", "MCD-LAST"]),
        ([job(), other("ihs")], ["MSP-WA-20", "IHS-LAST"]),
    ],
    ids=written,
)
def test_with_medicare(cards, said):
    assert rules(aged(*cards, **FAMILY)) == said


def injured(base, related, *kinds):
    case = base(job(), *map(other, kinds))
    case["claim"]["related_to"], case["accident"] = list(related), hurt()["accident"]
    return case


@pytest.mark.parametrize(
    ("related", "kinds", "said"),
    [
        (("auto",), ("no_fault", "medpay"), ["ACC-NF", "ACC-NF"]),
        (("auto",), ("medpay",), ["ACC-NF"]),
        (("work", "auto"), ("workers_comp", "no_fault"), ["ACC-MULTI", "ACC-NF"]),
        (("work", "auto"), ("workers_comp", "medpay"), ["ACC-MULTI", "ACC-NF"]),
        (("auto", "liability"), ("no_fault", "liability"), ["ACC-MULTI", "ACC-LIAB-MCR"]),
        (("auto", "liability"), ("medpay", "liability"), ["ACC-MULTI", "ACC-LIAB-MCR"]),
        (("work", "wtc"), ("workers_comp", "wtc"), ["ACC-WTC", "ACC-WTC"]),
        (("work", "wtc", "black_lung"), ("black_lung", "wtc"), ["ACC-MULTI", "ACC-WTC"]),
        (("black_lung",), ("black_lung",), ["ACC-BL"]),
        (("liability",), ("liability",), ["ACC-LIAB-MCR"]),
    ],
    ids=written,
)
def test_payers_of_an_injury_with_medicare(related, kinds, said):
    assert rules(injured(aged, related, *kinds)) == [*said, "MSP-WA-20"]


def test_another_persons_liability_is_no_payer_without_medicare_and_the_file_says_why():
    verdict = determine(injured(adult, ["liability"], "liability"))

    assert (verdict.order, [(entry.coverage, entry.rule) for entry in verdict.set_aside]) == (
        ["own"], [("liability", "ACC-LIAB-OTHER")],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("elected", "order", "said"),
    [
        ("health_first", ["own", "X"], ["ACC-NF-STATE"]),
        ("no_fault_first", ["X", "own"], ["ACC-NF"]),
    ],
)
def test_new_jersey_lets_the_driver_choose(elected, order, said):
    case = hurt("no_fault", "NJ", no_fault={"election": elected})
    del case["medicare"]
    case["coverages"] = [card for card in case["coverages"] if card["kind"] != "medicare"]

    assert (determine(case).order, rules(case)) == (order, said)


def test_what_is_said_of_liability_without_medicare_holds_where_it_is_billed_first_too():
    case = adult(job(), plain("liability"), options={"liability_nonmedicare": "RANK_FIRST"})
    case["claim"]["related_to"] = ["liability"]
    case["accident"] = {"liability": {"status": "open"}}
    first = determine(case).positions[0]

    assert (first.coverage, first.rule) == ("X", "ACC-LIAB-OTHER")
    assert "unless liability is set to be billed first" in first.because
