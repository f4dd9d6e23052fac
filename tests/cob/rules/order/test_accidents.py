"""Accident payers: what each pays for, when its benefits are used up, and from which day it is no longer prompt."""

from __future__ import annotations

import pytest

from cob.rules import determine

OPEN = {"from": "2023-05-01", "to": None}
CAUSES = {"workers_comp": "work", "no_fault": "auto", "medpay": "other_accident", "liability": "liability"}


def hurt(*kinds, related=None, dos="2025-03-01", as_of=None, medicare=True, **accident):
    """A retired patient of 67 with the accident payers of these kinds, and Medicare or an own retiree plan."""
    facts = {
        "workers_comp": {"provider_authorised": True},
        "no_fault": {"exhausted_on": "never", "election": "no_fault_first"},
        "liability": {"status": "open"},
    }
    for name, more in accident.items():
        facts[name] = facts[name] | more
    cards = [{"id": kind, "kind": kind, "effective": "2020-01-01", "last_covered_day": None} for kind in kinds]
    case = {
        "id": "a",
        "claim": {"dos": dos, "related_to": related or [CAUSES[kind] for kind in kinds]},
        "patient": "P",
        "people": {"P": {"birth_date": "1957-05-20"}},
        "accident": {"state": "NY", **facts},
        "coverages": cards,
    }
    if as_of:
        case["claim"]["as_of"] = as_of
    if medicare:
        case["medicare"] = {
            "part_a": OPEN,
            "part_b": OPEN,
            "premium_free_part_a": True,
            "basis": {"age": "2022-05"},
        }
        cards.append({"id": "M", "kind": "medicare"})
    else:
        job = {"subscriber": "P", "continuation": "none", "work_status": "retired", "funding": "insured"}
        cards.append({"id": "R", "kind": "employer", "effective": "2010-01-01", "last_covered_day": None, **job})
    return determine(case)


@pytest.mark.parametrize(
    ("kind", "facts", "last"),
    [
        # Liability: 120 days from the earlier of service (March 1) and claim.
        ("liability", {"liability": {"claim_filed_on": "2025-06-01"}}, "2025-06-29"),
        ("liability", {"liability": {"claim_filed_on": "2025-02-01"}}, "2025-06-01"),
        ("liability", {}, "2025-06-29"),
        # Compensation and auto benefits: from the receipt of the claim.
        ("workers_comp", {"workers_comp": {"claim_filed_on": "2025-03-11"}}, "2025-07-09"),
        ("workers_comp", {"workers_comp": {"claim_filed_on": "2025-03-11", "status": "pending"}}, "2025-07-09"),
        ("no_fault", {"no_fault": {"claim_filed_on": "2025-03-11"}}, "2025-07-09"),
        ("medpay", {"no_fault": {"claim_filed_on": "2025-03-11"}}, "2025-07-09"),
    ],
    ids=str,
)
def test_the_120th_day_is_still_prompt(kind, facts, last):
    year, month, day = map(int, last.split("-"))
    following = f"{year}-{month:02}-{day + 1:02}" if day < 29 or month != 6 else "2025-06-30"

    on_last, on_following = hurt(kind, as_of=last, **facts), hurt(kind, as_of=following, **facts)

    assert (on_last.order, on_last.conditional) == ([kind, "M"], False)
    assert (on_following.order, on_following.conditional) == ([kind, "M"], True)
    assert [entry.on for entry in on_last.watch if "prompt" in entry.because] == [following]
    assert [entry.on for entry in on_following.watch if "prompt" in entry.because] == []


@pytest.mark.parametrize(
    ("kind", "facts", "conditional"),
    [
        ("workers_comp", {"workers_comp": {"status": "denied"}}, True),
        ("workers_comp", {"workers_comp": {"status": "settled", "claim_filed_on": "2020-01-01"}}, False),
        ("workers_comp", {"workers_comp": {"status": "accepted", "claim_filed_on": "2020-01-01"}}, True),
        ("workers_comp", {}, False),
        ("no_fault", {}, False),
        ("liability", {"liability": {"status": "settled"}}, False),
        ("liability", {"liability": {"status": "open"}}, True),
    ],
    ids=str,
)
def test_long_after(kind, facts, conditional):
    assert hurt(kind, as_of="2026-03-01", **facts).conditional is conditional


@pytest.mark.parametrize(("paid_out", "order"), [("2025-02-28", ["M"]), ("2025-03-01", ["no_fault", "M"])])
def test_benefits_that_ran_out_before_the_visit_pay_nothing(paid_out, order):
    assert hurt("no_fault", no_fault={"exhausted_on": paid_out}).order == order


@pytest.mark.parametrize(
    ("kind", "causes"),
    [
        ("workers_comp", {"work"}),
        ("no_fault", {"auto", "other_accident"}),
        ("medpay", {"auto", "other_accident"}),
        ("liability", {"auto", "other_accident", "liability"}),
        ("black_lung", {"black_lung"}),
        ("wtc", {"wtc"}),
    ],
)
def test_an_accident_payer_pays_for_its_own_causes_only(kind, causes):
    every = ("none", "work", "auto", "other_accident", "black_lung", "wtc", "liability", "crime")

    paid = {cause for cause in every if kind in hurt(kind, related=[cause]).order}

    assert paid == causes


def test_compensation_that_will_not_pay_this_provider_is_out():
    assert hurt("workers_comp", workers_comp={"provider_authorised": False}).order == ["M"]


def test_compensation_then_auto_benefits_then_liability():
    verdict = hurt("liability", "no_fault", "workers_comp", related=["work", "auto"])

    assert verdict.order == ["workers_comp", "no_fault", "liability", "M"]
    assert "ACC-MULTI" in {note.rule for note in verdict.notes}
    assert verdict.status == "likely"


def test_of_several_payers_ahead_medicare_waits_for_the_last_to_be_late():
    filed = {"workers_comp": {"claim_filed_on": "2025-03-11"}, "liability": {"claim_filed_on": "2025-03-05"}}

    verdict = hurt("workers_comp", "liability", related=["work", "liability"], as_of="2025-03-12", **filed)

    assert [entry.on for entry in verdict.watch if "prompt" in entry.because] == ["2025-07-10"]


@pytest.mark.parametrize(("status", "rule"), [("open", "ACC-LIAB-OTHER"), ("none", "ACC-LIAB-OTHER")])
def test_without_medicare_liability_is_no_payer(status, rule):
    verdict = hurt("liability", medicare=False, liability={"status": status})

    assert verdict.order == ["R"]
    assert [(aside.coverage, aside.rule) for aside in verdict.set_aside] == [("liability", rule)]
    assert verdict.status == ("likely" if status == "open" else "determined")
