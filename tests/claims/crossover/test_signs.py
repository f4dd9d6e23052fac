"""Which payer gets the copy, by every sign of a remittance, and how long it is waited for."""

from __future__ import annotations

from datetime import date

import pytest

from claims.crossover.signs import Later, not_forwarded, passing
from claims.crossover.timing import timer
from cob.coverage.crossover.on_file import Wait
from cob.x12.parts import Party

SUPPLEMENT = Later(2, "medigap", "Northern Supplement", frozenset({"77005", "60099"}))
MEDICAID = Later(3, "medicaid", "Medicaid Minnesota", frozenset({"MNDHS"}))
BOTH = (SUPPLEMENT, MEDICAID)


def carrier(name="", number=""):
    return Party("TT", name, id_qualifier="PI", id=number)


@pytest.mark.parametrize(
    ("signs", "named", "later", "ranks"),
    [
        pytest.param((), None, BOTH, [], id="no sign, nobody"),
        pytest.param(("CLP02 19",), None, BOTH, [2], id="primary and forwarded: the next payer"),
        pytest.param(("CLP02 20",), None, (MEDICAID,), [3], id="secondary and forwarded"),
        pytest.param(("CLP02 23",), None, BOTH, [2], id="not its claim, forwarded"),
        pytest.param(("NM1*TT",), carrier("MEDICAID MINNESOTA"), BOTH, [3], id="a carrier by its name"),
        pytest.param(("NM1*TT",), carrier("ANY", "mndhs"), BOTH, [3], id="a carrier by its id"),
        pytest.param(("NM1*TT",), carrier("ANY", "60099"), BOTH, [2], id="a carrier by its COBA id"),
        pytest.param(("NM1*TT",), carrier("SOMEBODY ELSE", "1"), BOTH, [2], id="a carrier nobody knows: the next"),
        pytest.param(("MA18",), None, BOTH, [2], id="to a supplement"),
        pytest.param(("MA07",), None, BOTH, [3], id="to Medicaid, past the supplement"),
        pytest.param(("MA07",), None, (SUPPLEMENT,), [2], id="to Medicaid, none on the claim: the next"),
        pytest.param(("MA18", "MA07"), None, BOTH, [2, 3], id="to both"),
        pytest.param(("NM1*TT", "MA07"), carrier("NORTHERN SUPPLEMENT"), BOTH, [2, 3], id="one by name, one by remark"),
        pytest.param(("NM1*TT", "N89"), carrier("NORTHERN SUPPLEMENT"), BOTH, [2, 3], id="to several, one named"),
    ],
)
def test_who_gets_the_copy(signs, named, later, ranks):
    assert [p.rank for p in passing(signs, named, later).to] == ranks


def test_a_payer_that_gets_none_by_our_settings_is_passed_over_unless_it_is_named():
    off = Later(2, "medigap", "Northern Supplement", is_off=True)

    assert [p.rank for p in passing(("CLP02 19",), None, (off, MEDICAID)).to] == [3]
    assert [p.rank for p in passing(("NM1*TT",), carrier("NORTHERN SUPPLEMENT"), (off, MEDICAID)).to] == [2]


def test_without_a_sign_only_who_gets_copies_unannounced_waits():
    silent = Later(3, "medicaid", "Medicaid Minnesota", is_unannounced=True)
    passed = passing((), None, (SUPPLEMENT, silent))

    assert ([p.rank for p in passed.to], passed.signs) == ([3], ("setting",))


def test_a_copy_for_a_payer_that_is_not_on_the_claim_is_said():
    passed = passing(("CLP02 19",), carrier("ANCHOR"), ())

    assert passed.to == ()
    assert passed.doubts == ("Passed on to ANCHOR, but no later payer is on the claim; add that coverage.",)


@pytest.mark.parametrize(("later", "count"), [((SUPPLEMENT,), 1), (BOTH, 0)])
@pytest.mark.parametrize("signs", [("MA07",), ("CLP02 19", "MA07"), ("N89", "MA07")])
def test_passed_on_to_a_medicaid_that_nobody_has_on_file_is_said(signs, later, count):
    said = passing(signs, None, later).doubts

    assert len(said) == count
    assert all("no Medicaid coverage is on the claim" in one for one in said)


@pytest.mark.parametrize("code", ["MA08", "MA19", "MA68", "MA99", "N387", "N177"])
def test_each_remark_that_nothing_was_handed_on_speaks_of_the_next_payer(code):
    assert not_forwarded((code, "MA01"), (SUPPLEMENT,), ()) == [(code, SUPPLEMENT)]


def test_a_medigap_remark_never_speaks_of_medicaid():
    assert not_forwarded(("MA19",), (MEDICAID,), ()) == []
    assert not_forwarded(("N387",), (MEDICAID,), ()) == [("N387", MEDICAID)]


def test_a_remark_speaks_of_the_payer_that_gets_no_copy_first():
    assert not_forwarded(("N387",), BOTH, (SUPPLEMENT,)) == [("N387", MEDICAID)]


@pytest.mark.parametrize(
    ("wait", "check_on", "until"),
    [
        pytest.param(Wait(), date(2026, 5, 26), date(2026, 6, 3), id="15 business days, Memorial Day skipped; 30 days"),
        pytest.param(Wait(wait_days=0), date(2026, 5, 26), date(2026, 5, 26), id="never shorter than the check"),
        pytest.param(Wait(wait_days=45), date(2026, 5, 26), date(2026, 6, 18), id="longer by the payer's own rule"),
    ],
)
def test_the_timer(wait, check_on, until):
    found = timer(date(2026, 5, 4), wait)

    assert (found.check_on, found.until) == (check_on, until)
