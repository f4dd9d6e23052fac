"""The codes of a claim: one table, marked where nothing confirms it, and in step with the files and the rules."""

from __future__ import annotations

import pytest

from cob.rules import determine
from cob.rules.codes import codes, filing, filing_code, kind_of_filing, responsibility, why_second
from cob.rules.order.case import Case
from cob.rules.order.verdict import RESPONSIBILITY
from cob.rules.order.verdict import responsibility as of_verdict
from cob.rules.reading import BOOK
from cob.x12.codes import SBR_FILING_CODES
from cob.x12.t837p import MSP_TYPES, RANKS
from tests.cob.rules.order.kinds import aged, plain

KINDS = Case.model_fields["coverages"].annotation.__args__[0].model_fields["kind"].annotation.__args__


@pytest.mark.parametrize(
    ("code", "letter", "begins"),
    [
        ("12", "A", "Working aged"), ("13", "B", "Kidney"), ("14", "D", "No-fault"), ("15", "E", "Workers"),
        ("16", "F", "Public Health"), ("41", "H", "Black lung"), ("42", "I", "Veterans"), ("43", "G", "Disabled"),
        ("47", "L", "Liability"),
    ],
)  # fmt: skip
def test_a_secondary_type_has_its_letter_and_its_meaning(code, letter, begins):
    row = why_second(code)

    assert row is not None
    assert row.letter == letter
    assert row.meaning.startswith(begins)


def test_the_table_has_the_types_a_file_may_carry_and_no_other():
    assert set(codes().medicare_second) == MSP_TYPES
    assert why_second("99") is None


def test_every_rule_named_is_in_the_book():
    named = [rule for row in codes().medicare_second.values() for rule in row.produced_by]
    named += [rule for row in codes().medicare_second.values() for one in row.raises for rule in one.because]

    assert [rule for rule in (*named, *codes().conditional.produced_by) if rule not in BOOK] == []


@pytest.mark.parametrize(
    ("kind", "code", "is_unconfirmed"),
    [
        ("employer", "CI", False), ("medicare", "MB", False), ("medicare_advantage", "16", False),
        ("medicaid", "MC", False), ("chip", "MC", True), ("fehb", "FI", False), ("tricare", "CH", False),
        ("champva", "CH", True), ("va", "VA", False), ("workers_comp", "WC", False), ("black_lung", "WC", True),
        ("no_fault", "AM", False), ("liability", "LM", False), ("title_v", "TV", False), ("ihs", "OF", True),
        ("medigap", "CI", True), ("discount_card", "CI", True),
    ],
)  # fmt: skip
def test_the_filing_indicator_follows_the_kind(kind, code, is_unconfirmed):
    assert (filing(kind).code, filing(kind).is_unconfirmed) == (code, is_unconfirmed)


def test_every_kind_in_the_table_is_one_of_the_contracts_and_every_code_one_of_the_files():
    assert set(codes().filing) <= set(KINDS)
    assert {row.code for row in codes().filing.values()} <= SBR_FILING_CODES


@pytest.mark.parametrize(
    ("own", "kind", "code"),
    [("", "medicare", "MB"), ("BL", "employer", "BL"), ("CI", "medicaid", "CI"), ("", "", "CI")],
    ids=["the kind says it", "the payer's own", "the payer's own, even the general one", "nobody said what it is"],
)
def test_a_payers_own_setting_goes_before_the_kind(own, kind, code):
    assert filing_code(own, kind) == code


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("MB", "medicare"), ("MA", "medicare"), ("16", "medicare_advantage"), ("MC", "medicaid"), ("CH", "tricare"),
        ("WC", "workers_comp"), ("FI", "fehb"), ("CI", ""), ("AM", ""), ("OF", ""), ("ZZ", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_kind_is_read_from_a_file_only_where_the_code_means_one(code, kind):
    assert kind_of_filing(code) == kind


@pytest.mark.parametrize(("place", "letter"), [(1, "P"), (2, "S"), (3, "T"), (4, "A"), (11, "H"), (12, "U")])
def test_the_place_in_the_order_has_its_letter_wherever_it_is_asked(place, letter):
    assert responsibility(place) == of_verdict(place) == letter
    assert codes().places == RANKS == RESPONSIBILITY


@pytest.mark.parametrize(
    ("kind", "related", "code"),
    [
        ("workers_comp", ["work"], "15"),
        ("black_lung", ["black_lung"], "41"),
        ("wtc", ["wtc", "work"], "16"),
        ("no_fault", ["auto"], "14"),
        ("medpay", ["other_accident"], "14"),
        ("liability", ["liability"], "47"),
    ],
)
def test_the_rule_that_puts_an_accident_payer_first_is_one_that_calls_for_its_code(kind, related, code):
    accident = {"workers_comp": {"provider_authorised": True}, "no_fault": {"exhausted_on": "never"}}
    case = aged(plain(kind), accident={"state": "OH", "liability": {"status": "open"}, **accident})
    case["claim"]["related_to"] = related
    verdict = determine(case)

    assert (verdict.order, verdict.msp_type) == (["X", "M"], code)
    assert verdict.pairs[0].rule in codes().medicare_second[code].produced_by
