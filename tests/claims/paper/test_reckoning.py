"""What a typed EOB comes to: columns become adjustments by the group chosen, and nothing is posted on a guess."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.paper import typed
from claims.paper.reckoning import read_day, reckon
from tests.claims.paper.typing_eobs import as_form, claim, columns, eob, line, paid_line

TODAY = date(2026, 4, 1)
SOMEBODY = "00000000-0000-0000-0000-000000000001"


def reckoned(made):
    made.payer = made.payer or SOMEBODY
    return reckon(made, TODAY)


def cas(found):
    return [(f"{a.group}-{a.reason}", a.amount_cents) for a in found.claims[0].lines[0].adjustments]


@pytest.mark.parametrize(
    ("typed_line", "adjusted"),
    [
        (paid_line(), [("CO-45", 50_00), ("PR-2", 20_00)]),
        (line(allowed="100", deductible="100", paid="0"), [("CO-45", 50_00), ("PR-1", 100_00)]),
        (line(allowed="150.00", copay="25", paid="125"), [("PR-3", 25_00)]),
        (line(not_covered="150", paid=""), [("PR-96", 150_00)]),
        # Allowed and not covered beside each other: what is left of the charge is above allowed.
        (line(allowed="100", not_covered="30", paid="100"), [("CO-45", 20_00), ("PR-96", 30_00)]),
        (
            line(allowed="", paid="90", other=[typed.Other("OA", "23", "60")]),
            [("OA-23", 60_00)],
        ),
        # A taking back: every amount below zero.
        (
            line(billed="-150", allowed="-100", coinsurance="-20", paid="-80"),
            [("CO-45", -50_00), ("PR-2", -20_00)],
        ),
    ],
    ids=["coinsurance", "deductible", "copay", "not covered", "both", "other reason", "taken back"],
)
def test_columns_become_adjustments(typed_line, adjusted):
    found = reckoned(eob(claim(typed_line), amount=typed_line.paid or "0"))

    assert cas(found) == adjusted
    assert found.claims[0].lines[0].difference_cents == 0


@pytest.mark.parametrize(("group", "posts"), [("CO", "CO-45"), ("PI", "PI-45"), ("OA", "OA-45"), ("PR", "PR-45")])
def test_the_group_is_the_one_chosen(group, posts):
    found = reckoned(eob(claim(paid_line()), columns=columns(above_group=group)))

    assert (posts, 50_00) in cas(found)
    assert found.may_post


@pytest.mark.parametrize("name", ["above_group", "above_reason", "coinsurance_group"])
def test_a_column_with_amounts_and_no_group_is_an_objection_and_never_a_guess(name):
    found = reckoned(eob(claim(paid_line()), columns=columns(**{name: ""})))

    assert f"columns-{name}" in found.errors
    assert not found.may_post


def test_a_column_without_amounts_needs_no_group():
    assert reckoned(eob(claim(paid_line()), columns=columns(deductible_group="", not_covered_group=""))).may_post


@pytest.mark.parametrize(("amount", "difference"), [("80.00", 0), ("80.01", 1), ("79.99", -1), ("0", -80_00)])
def test_the_check_comes_to_zero_or_is_not_posted(amount, difference):
    found = reckoned(eob(claim(paid_line()), amount=amount))

    assert (found.difference_cents, found.may_post) == (difference, difference == 0)


def test_a_cent_off_on_two_lines_that_cancel_is_off_all_the_same():
    off = claim(paid_line(paid="80.01"), paid_line(number="L2", paid="79.99"))

    found = reckoned(eob(off, amount="160.00"))

    assert (found.difference_cents, found.lines_off, found.may_post) == (0, 2, False)


def test_provider_adjustments_lower_the_check():
    found = reckoned(eob(claim(paid_line()), amount="70", provider=[typed.Provider("WO", "ICN9", "10")]))

    assert found.may_post
    assert found.provider == [("WO", "ICN9", 10_00)]


def test_what_is_taken_off_the_claim_as_a_whole():
    made = eob(claim(paid_line(), other=[typed.Other("CO", "253", "1.60")]), amount="78.40")

    found = reckoned(made)

    assert (found.claims[0].paid_cents, found.may_post) == (78_40, True)


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"number": ""}, "number", "check or transfer number"),
        ({"number": "1*2~"}, "number", "letters and digits"),
        ({"amount": "eighty"}, "amount", "is not an amount"),
        ({"amount": "80.001"}, "amount", "two decimals"),
        ({"amount": "-80"}, "amount", "not below zero"),
        ({"paid_on": "2026-04-02"}, "paid_on", "not come yet"),
        ({"paid_on": "13/45/2026"}, "paid_on", "month/day/year"),
        ({"paid_on": "2016-01-01", }, "paid_on", ""),
        ({"claims": []}, "add-claim", "first claim"),
        ({"method": "XXX"}, "method", "how it was paid"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_field(change, field, words):
    made = eob(claim(paid_line()))
    for name, value in change.items():
        setattr(made, name, value)

    found = reckoned(made)

    if words:
        assert words in found.errors[field]
    else:
        assert field not in found.errors


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        (line(code="9", paid="150"), "procedure"),
        (line(modifiers="25 X", paid="150"), "modifiers"),
        (line(remarks="X1", paid="150"), "remarks"),
        (line(paid="15O"), "paid"),
        (line(billed="", paid=""), "billed"),
        (line(on="", paid="150"), "service_on"),
        (line(allowed="140", not_covered="20", paid="120"), "allowed"),
    ],
)
def test_what_is_wrong_on_a_line_is_named_by_its_cell(changed, field):
    assert f"c0-l0-{field}" in reckoned(eob(claim(changed), amount=changed.paid)).errors


@pytest.mark.parametrize("text", ["2026-03-20", "3/20/2026", "03/20/26", "03202026", "3-20-2026"])
def test_dates_are_read_as_people_type_them(text):
    assert read_day(text) == date(2026, 3, 20)


@pytest.mark.parametrize("text", ["", "20", "2026-13-01", "2/30/2026", "soon"])
def test_what_is_no_date(text):
    assert read_day(text) is None


def test_a_form_to_json_and_back_loses_nothing():
    made = eob(
        claim(
            paid_line(other=[typed.Other("CO", "97", "1")], remarks="N130"), line(), other=[typed.Other("PR", "1", "x")]
        ),
        claim(number="UNKNOWN", last="ROE", first=""),
        provider=[typed.Provider("WO", "a", "1")],
        payer=SOMEBODY,
    )  # fmt: skip

    assert typed.from_form(as_form(made)) == made
    assert typed.load(typed.dump(made)) == made


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
TYPED = st.one_of(st.sampled_from(["", "0", "12.50", "-3", "PR", "CO", "45", "99213", "2026-03-02"]), TEXT)


@given(st.data())
def test_whatever_is_typed_is_reckoned_without_an_error_of_ours(data):
    """Nothing a person can type ends in a stack trace, and out of balance is never postable."""
    cells = {name: data.draw(TYPED) for name in typed.Line.__dataclass_fields__ if name != "other"}
    row = typed.Line(**cells, other=[typed.Other(data.draw(TYPED), data.draw(TYPED), data.draw(TYPED))])
    made = eob(claim(row), amount=data.draw(TYPED), columns=columns(above_group=data.draw(TYPED)))

    found = reckoned(made)

    if found.difference_cents or any(one.difference_cents for one in found.claims[0].lines):
        assert not found.may_post


@pytest.mark.parametrize(
    ("on_claim", "on_totals", "is_said"), [("N1 N2 N3", "N3 N4 N5", False), ("N1 N2 N3", "N4 N5 N6", True)]
)
def test_a_claim_has_room_for_five_remarks_those_of_its_totals_among_them(on_claim, on_totals, is_said):
    totals = typed.Line(billed="80", allowed="80", paid="80", remarks=on_totals)

    found = reckoned(eob(claim(totals=totals, remarks=on_claim), amount="80"))

    assert ("c0-remarks" in found.errors) is is_said
