"""Small line-ups and the order they come in: injuries, supplements, Medigap, programmes of last resort, active duty."""

from __future__ import annotations

import pytest

from cob.rules import determine
from tests.cob.rules.naming import written
from tests.cob.rules.order.kinds import PARENTS, adult, aged, child, hurt, job, plain

RETIREE = job("R", work_status="retired", employment={"status": "retired", "last_day": "2020-01-01"})


def other(kind):
    """A card of another kind, called by it."""
    return {**plain(kind), "id": kind}


def injured(*related):
    """Every accident payer beside an own job plan and Medicare."""
    kinds = ("liability", "medpay", "no_fault", "wtc", "black_lung", "workers_comp")
    case = aged(job(), *map(other, kinds))
    case["claim"]["related_to"], case["accident"] = list(related), hurt()["accident"]
    return case


@pytest.mark.parametrize(
    ("related", "order", "aside"),
    [
        (("work", "black_lung", "wtc", "auto", "liability"),
         ["workers_comp", "black_lung", "wtc", "no_fault", "medpay", "liability", "own", "M"], []),
        # The World Trade Center programme pays behind everybody where it has nothing to do with work.
        (("black_lung", "wtc", "auto", "liability"),
         ["black_lung", "no_fault", "medpay", "liability", "own", "M", "wtc"], ["workers_comp"]),
        (("work",), ["workers_comp", "own", "M"], ["liability", "medpay", "no_fault", "wtc", "black_lung"]),
    ],
    ids=written,
)  # fmt: skip
def test_payers_of_an_injury_stand_in_their_order(related, order, aside):
    verdict = determine(injured(*related))

    assert (verdict.order, verdict.ties) == (order, [])
    assert {entry.coverage for entry in verdict.set_aside} == set(aside)


@pytest.mark.parametrize(
    ("kinds", "status"),
    [
        (("no_fault",), "determined"),
        (("medpay",), "determined"),
        (("no_fault", "medpay"), "likely"),
        (("no_fault", "liability"), "likely"),
    ],
)
def test_several_payers_of_one_accident_are_a_guess(kinds, status):
    case = aged(job(), *map(other, kinds))
    case["claim"]["related_to"], case["accident"] = ["auto"], hurt()["accident"]

    assert determine(case).status == status


@pytest.mark.parametrize(
    ("option", "order", "rules"),
    [
        ("MEDIGAP_FIRST", ["M", "medigap", "R"], ["MSP-MEDIGAP", "MSP-MEDIGAP"]),
        ("RETIREE_FIRST", ["M", "R", "medigap"], ["MSP-RETIREE", "MSP-MEDIGAP"]),
        ("EITHER", ["M", "medigap", "R"], ["MSP-MEDIGAP", "MSP-MEDIGAP"]),
    ],
)
def test_medigap_and_a_retiree_plan_stand_behind_medicare_as_was_chosen(option, order, rules):
    verdict = determine(aged(RETIREE, other("medigap"), options={"medigap_vs_retiree": option}))

    assert (verdict.order, [pair.rule for pair in verdict.pairs], verdict.status) == (order, rules, "likely")
    assert any("either way" in note.text for note in verdict.notes) is (option == "EITHER")


@pytest.mark.parametrize(
    ("born", "questions"),
    [
        ("2009-03-11", []),
        ("2009-03-10", ["military.beneficiary"]),
        (None, ["people.P.birth_date", "military.beneficiary"]),
    ],
)
def test_nobody_under_seventeen_is_on_active_duty(born, questions):
    people = {"P": {"birth_date": born} if born else {}, **PARENTS}
    verdict = determine(child(job("m", "mother"), other("tricare"), people=people))

    assert [question.fact for question in verdict.questions] == questions
    assert verdict.order == ([] if questions else ["m", "tricare"])
    assert verdict.certain_suffix == (["tricare"] if questions else [])


@pytest.mark.parametrize(
    ("cards", "order", "ties"),
    [
        ([job("c", supplements="b"), job("b", supplements="a"), job("a")], ["a", "b", "c"], []),
        ([job("a"), job("b", supplements="a"), job("c", supplements="b"), job("s", "S")], ["a", "b", "c", "s"], []),
        ([job("z", supplements="a"), job("b", supplements="a"), job("a"), job("s", "S")],
         ["a", "z", "b", "s"], [["z", "b"]]),
        ([job("a"), job("b", carve_out_of="a"), job("s", "S")], ["a", "s"], []),
    ],
    ids=["of a supplement", "before the spouse's", "two of one plan", "a part of a plan"],
)  # fmt: skip
def test_a_supplement_stands_right_behind_its_plan(cards, order, ties):
    verdict = determine(adult(*cards))

    assert (verdict.order, verdict.ties) == (order, ties)


@pytest.mark.parametrize(
    ("kinds", "order", "status"),
    [
        (("ihs", "ryan_white"), ["own", "ryan_white", "ihs"], "determined"),
        (("ihs", "medicaid"), ["own", "medicaid", "ihs"], "determined"),
        (("ihs", "champva"), ["own", "champva", "ihs"], "likely"),
        (("wic", "school_program"), ["own", "school_program", "wic"], "likely"),
        (("chip", "medicaid"), [], "data_conflict"),
    ],
)
def test_programmes_of_last_resort(kinds, order, status):
    verdict = determine(adult(job(), *map(other, kinds)))

    assert (verdict.order, verdict.status) == (order, status)


@pytest.mark.parametrize(
    ("agreed", "order", "questions"),
    [
        (True, ["own", "ihs"], []),
        (False, ["ihs"], []),
        (None, [], ["coverages.own.tribal.ihs_may_bill"]),
    ],
)
def test_a_tribes_plan_is_billed_by_the_indian_health_service_only_where_the_tribe_agreed(agreed, order, questions):
    tribe = job(kind="tribal_self_funded", tribal={"last_resort": False, "ihs_may_bill": agreed})
    verdict = determine(adult(tribe, other("ihs")))

    assert (verdict.order, [question.fact for question in verdict.questions]) == (order, questions)


@pytest.mark.parametrize(
    ("cards", "first", "last"),
    [
        ([job("x"), job("d", "S", patient_covered_since=None), job("e", "S")], ["x"], []),
        ([job("x", patient_covered_since=None), job("y"), job("e", "S")], [], ["e"]),
        # Who share equally are in no order, whatever stands behind or before them.
        ([job("x"), job("y"), job("d", "S", patient_covered_since=None), job("e", "S")], [], []),
        ([job("x", patient_covered_since=None), job("y"), job("d", "S"), job("e", "S")], [], []),
    ],
    ids=["the first", "the last", "a tie first", "a tie last"],
)
def test_what_is_certain_whatever_comes_out(cards, first, last):
    verdict = determine(adult(*cards))

    assert (verdict.status, verdict.order, verdict.certain_suffix) == ("needs_facts", first, last)


@pytest.mark.parametrize(
    ("of_a", "of_b", "order"), [("s", "t", ["a", "s", "b", "t"]), ("t", "s", ["a", "t", "b", "s"])], ids=written
)
def test_each_supplement_stands_behind_its_own_base(of_a, of_b, order):
    bases = [job("a", patient_covered_since="2010-01-01"), job("b", patient_covered_since="2015-01-01")]
    found = determine(adult(*bases, job(of_a, supplements="a"), job(of_b, supplements="b")))

    assert found.order == order
    assert [pair.rule for pair in found.pairs] == ["NAIC-6B2", "NAIC-6D5", "NAIC-6B2"]
