"""Edits that staff write: what each field and comparison sees, how conditions join, and what is refused as typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.edits import Severity, WrittenEdit, objections
from claims.edits.written import (
    COMPARISONS,
    FIELDS,
    BadCondition,
    Is,
    Seen,
    SeenLine,
    as_stored,
    checked,
    from_stored,
    holds,
    in_words,
    seen_in,
)
from claims.edits.written.conditions import looks
from claims.edits.written.fields import ALLOWED
from cob.x12.parts import Reference
from tests.claims.edits.test_edits import sending
from tests.x12 import claims as x12

THERAPY = SeenLine("90837", (), "10", Decimal(1), 150_00, ("F320",))
VISIT = SeenLine("99214", ("25", "95"), "02", Decimal(2), 90_00, ("I10",))
SEEN = Seen(
    lines=(THERAPY, VISIT), service_on=date(2026, 1, 12), charge_cents=240_00, rank=2, kind="medicaid",
    filing_code="MC", member_id="ABC123456", authorization="", diagnoses=("F320", "I10"), age=17, state="IL",
)  # fmt: skip


def one(field, compare, *values):
    return ((checked(1, field, compare, values),),)


HOLD = {
    "a procedure on any line": (one("procedure", "is", "90834", "90837"), True),
    "none of them": (one("procedure", "is", "90834"), False),
    "in small letters": (one("state", "is", "il"), True),
    "a modifier no line has": (one("modifier", "is", "GT"), False),
    "some line is without that modifier": (one("modifier", "is_not", "95"), True),
    "some line has no modifier": (one("modifier", "missing"), True),
    "a code begins so": (one("diagnosis", "begins", "F32"), True),
    "no code begins so": (one("diagnosis", "begins", "F33"), False),
    "no authorization": (one("authorization", "missing"), True),
    "an authorization": (one("authorization", "given"), False),
    "the member id has the card's shape": (one("member_id", "looks", "AAA999999"), True),
    "and not another's": (one("member_id", "not_looks", "AAA9999999"), True),
    "a missing text looks like nothing": (one("authorization", "not_looks", "A9"), False),
    "the charge to the cent": (one("charge", "at_least", "240.00"), True),
    "a cent more": (one("charge", "at_least", "240.01"), False),
    "at most, to the cent": (one("charge", "at_most", "$240"), True),
    "younger than 18": (one("age", "at_most", "17"), True),
    "16 or younger": (one("age", "at_most", "16"), False),
    "two units on some line": (one("units", "is", "2"), True),
    "the kind by its words": (one("payer_kind", "is", "Medicaid"), True),
    "the place by its word": (one("payer_place", "is", "secondary"), True),
    "not the first": (one("payer_place", "is_not", "primary"), True),
}


@pytest.mark.parametrize(("when", "expected"), HOLD.values(), ids=HOLD.keys())
def test_a_condition_holds_or_not(when, expected):
    assert holds(when, SEEN) is expected


def group(*conditions):
    return tuple(checked(at, field, compare, values) for at, (field, compare, *values) in enumerate(conditions, 1))


def test_conditions_about_a_service_hold_of_one_and_the_same_line():
    therapy_without, therapy_with = ("procedure", "is", "90837"), ("modifier", "is", "95")

    assert holds((group(therapy_without, ("modifier", "missing")),), SEEN)
    assert not holds((group(therapy_without, therapy_with),), SEEN)


def test_and_needs_both_and_or_needs_one():
    yes, no = ("state", "is", "IL"), ("state", "is", "MN")

    assert not holds((group(yes, no),), SEEN)
    assert holds((group(yes), group(no)), SEEN)
    assert not holds((), SEEN)


REFUSED = {
    "no field": (("", "is", ("1",)), "field", "Condition 3: choose what is compared."),
    "a field that is none": (("__class__", "is", ("1",)), "field", "choose what is compared"),
    "no comparison": (("procedure", "", ("1",)), "is", "Procedure can be compared by: is, is not, begins with"),
    "a comparison of another kind": (("charge", "begins", ("1",)), "is", "Charge of the claim can be compared by: is"),
    "no value": (("procedure", "is", (" ",)), "values", "say what procedure is compared with, such as 90837, 90834."),
    "a value too many": (("modifier", "missing", ("95",)), "values", "takes no value"),
    "two bounds": (("age", "at_least", ("17", "18")), "values", "takes one value, not 2"),
    "a number in words": (("age", "is", ("ten",)), "values", "expected a whole number, got “ten”"),
    "an amount that is none": (("charge", "is", ("1.234",)), "values", "Condition 3: "),
    "a kind that is none": (("payer_kind", "is", ("gold",)), "values", "Kind of coverage is one of: Employer plan"),
    "a value too long": (("plan_name", "is", ("x" * 41,)), "values", "at most 40 characters"),
    "too many values": (("procedure", "is", ("1",) * 51), "values", "at most 50 values"),
}


@pytest.mark.parametrize(("typed", "part", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_typed_wrongly_is_named(typed, part, says):
    field, compare, values = typed

    with pytest.raises(BadCondition) as bad:
        checked(3, field, compare, values)
    assert (bad.value.at, bad.value.part) == (3, part)
    assert says in str(bad.value)


def test_they_are_read_as_a_sentence():
    when = (
        group(("procedure", "is", "90837", "90834"), ("modifier", "missing")),
        group(("charge", "at_least", "1000")),
    )

    assert in_words(when) == (
        "Procedure is 90837 or 90834, and modifier is missing; or charge of the claim is at least 1,000.00"
    )
    assert in_words((group(("rendering_npi", "missing")),)) == "Rendering provider's NPI is missing"


def _every_condition():
    texts = {"text": "AB9", "number": "17", "money": "12.50"}
    for field, known in FIELDS.items():
        for compare in ALLOWED[known.kind]:
            value = next(iter(known.choices), "") or texts[known.kind]
            yield checked(1, field, compare, () if compare in (Is.GIVEN, Is.MISSING) else (value,))


CONDITIONS = st.sampled_from(list(_every_condition()))
GROUPS = st.lists(st.lists(CONDITIONS, min_size=1, max_size=4).map(tuple), min_size=1, max_size=3).map(tuple)


@given(GROUPS)
def test_what_is_stored_comes_back_and_says_and_finds_the_same(when):
    back = from_stored(as_stored(when))

    assert back == when
    assert (in_words(back), holds(back, SEEN)) == (in_words(when), holds(when, SEEN))


@given(CONDITIONS)
def test_is_and_is_not_never_agree(condition):
    other = {Is.IS: Is.IS_NOT, Is.GIVEN: Is.MISSING}.get(condition.compare)
    if other is None or FIELDS[condition.field].of_line or other not in ALLOWED[FIELDS[condition.field].kind]:
        return
    assert holds(((condition,),), SEEN) != holds(((replace(condition, compare=other),),), SEEN)


@pytest.mark.parametrize(
    ("text", "mask", "fits"),
    [("A1", "A9", True), ("AA", "A9", False), ("A1", "A99", False), ("X-1", "?-9", True), ("X1", "?-9", False)],
)
def test_a_mask(text, mask, fits):
    assert looks(text, mask) is fits


def test_every_comparison_has_words_and_every_field_is_seen_somewhere():
    assert set(COMPARISONS) == set(Is)
    assert all((known.of_claim is None) != (known.of_line is None) for known in FIELDS.values())


def test_the_kinds_are_those_of_coverages():
    from cob.coverage.models import Kind

    assert dict(FIELDS["payer_kind"].choices) == {kind.value: str(kind.label) for kind in Kind}


def test_a_claim_is_seen_as_it_is_addressed():
    claim = replace(x12.secondary(), references=(Reference("G1", "pa-1"), Reference("9F", "R2")))
    seen = seen_in(claim, rank=2, kind="employer", service_on=x12.DAY)

    assert [(line.procedure, line.modifiers, line.place, line.units) for line in seen.lines] == [
        ("99214", ("25",), "11", 1), ("36415", (), "11", 1),
    ]  # fmt: skip
    assert (seen.authorization, seen.referral, seen.member_id, seen.age) == ("PA-1", "R2", "NP300200", 44)
    assert (seen.state, seen.filing_code, seen.rendering_npi) == ("MN", "CI", "1245319599")


def test_what_staff_wrote_speaks_among_the_built_in_and_not_of_a_void():
    own = WrittenEdit("written:1", "No 25", one("modifier", "is", "25"), "25 is not paid.", "Drop it.", Severity.STOP)

    [found] = objections(sending(written=(own,)))
    assert (found.edit, found.message, found.fix, found.stops) == ("written:1", "25 is not paid.", "Drop it.", True)
    assert objections(sending(written=(replace(own, when=one("modifier", "is", "26")),))) == []
    void = sending(written=(own,), frequency="8", claim=replace(x12.replacement(), frequency="8"))
    assert objections(void) == []
