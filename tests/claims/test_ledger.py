"""The ledger's arithmetic without rows: entries of an answer, shares, balances, and what must always hold."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims import ledger
from claims.claim_level import share_out
from claims.invariants import Ledger, check
from claims.ledger import Account, Answer, Balances, Posted, all_final, balances, entries_of
from claims.reasons import Effect, effect_of, is_refusal
from cob.cents import dollars
from cob.reasons import CONTRACTUAL
from cob.x12.codes import is_published_carc
from tests.claims.edi_samples import cas


@pytest.mark.parametrize(
    ("code", "allowed", "effect"),
    [
        ("CO-45", True, Effect.WRITE_OFF),
        ("CO-45", False, Effect.WRITE_OFF),
        ("CO-253", True, Effect.WRITE_OFF),
        ("CO-97", True, Effect.WRITE_OFF),
        ("CO-97", False, Effect.REFUSED),
        ("PI-50", True, Effect.WRITE_OFF),
        ("PI-50", False, Effect.REFUSED),
        ("OA-18", True, Effect.REFUSED),
        ("OA-94", True, Effect.WRITE_OFF),
        ("OA-23", True, Effect.EARLIER_PAYER),
        ("CO-23", True, Effect.EARLIER_PAYER),
        ("OA-209", True, Effect.MOVES_ON),
        ("PR-1", True, Effect.RESPONSIBILITY),
        ("PR-45", True, Effect.RESPONSIBILITY),
        ("PR-100", True, Effect.SENT_TO_PATIENT),
    ],
)
def test_what_an_adjustment_does_follows_from_group_and_reason(code, allowed, effect):
    (adjustment,) = cas((code, 1))
    assert effect_of(adjustment, something_allowed=allowed) is effect


@pytest.mark.parametrize(
    ("code", "refuses"),
    [("CO-16", True), ("CO-22", True), ("PR-22", True), ("PR-96", True), ("OA-18", True), ("PI-50", True),
     ("CO-45", False), ("PR-1", False), ("PR-3", False), ("PR-275", False), ("OA-23", False), ("OA-209", False),
     ("PR-100", False), ("CO-253", False)],
)  # fmt: skip
def test_a_refusal_says_no_rather_than_how_much(code, refuses):
    (adjustment,) = cas((code, 1))
    assert is_refusal(adjustment) is refuses


def test_every_contractual_reason_is_a_published_one():
    assert [reason for reason in CONTRACTUAL if not is_published_carc(reason)] == []


@pytest.mark.parametrize(
    ("charge", "paid_before", "off_before", "paid", "reductions", "written_off"),
    [
        pytest.param(500_00, 300_00, 125_00, 65_00, (("CO-45", 435_00),), 10_00, id="L12: RFI 1696, no OA-23"),
        pytest.param(500_00, 300_00, 125_00, 65_00, (("OA-23", 425_00), ("CO-45", 10_00)), 10_00, id="L13: good file"),
        pytest.param(300_00, 100_00, 180_00, 20_00, (("CO-45", 200_00), ("OA-23", 80_00)), 0, id="L14: repeated"),
        pytest.param(150_00, 80_00, 50_00, 0, (("OA-23", 130_00), ("CO-29", 20_00)), 0, id="too late: refused"),
        pytest.param(150_00, 80_00, 50_00, 19_99, (("OA-23", 130_00), ("CO-45", 1)), 1, id="a cent is left"),
        pytest.param(150_00, 80_00, 50_00, 20_00, (("OA-23", 130_00),), 0, id="nothing is left"),
    ],
)
def test_a_later_answer_writes_off_the_increment(charge, paid_before, off_before, paid, reductions, written_off):
    found = entries_of(Answer(paid, cas(*reductions)), Account(charge, paid_before, off_before))

    assert sum(e.amount_cents for e in found.rows if e.kind == ledger.WRITE_OFF) == written_off
    assert found.exceptions == []


@pytest.mark.parametrize(
    ("left", "refused", "written_off", "said"),
    [
        pytest.param(500_00, False, 435_00, "", id="all of it left to the patient: what comes now comes later"),
        pytest.param(0, False, 0, "no earlier answer is posted", id="nobody answered before"),
        pytest.param(0, True, 0, "the earlier answer posted here refused it", id="refused before: that stays open"),
    ],
)
def test_an_echo_behind_an_answer_that_paid_and_cut_nothing(left, refused, written_off, said):
    before = Account(500_00, share_cents=left, is_answered=bool(left) or refused)
    found = entries_of(Answer(65_00, cas(("OA-23", 435_00))), before)

    assert sum(e.amount_cents for e in found.rows if e.kind == ledger.WRITE_OFF) == written_off
    assert [said in why for why in found.exceptions] == ([True] if said else [])


@pytest.mark.parametrize(("paid", "over"), [(20_00, False), (20_01, True)])
def test_a_cent_beyond_the_charge_is_an_exception(paid, over):
    found = entries_of(Answer(paid, cas(("OA-23", 150_00 - paid))), Account(150_00, 80_00, 50_00))

    assert bool(found.exceptions) is over


@pytest.mark.parametrize(
    ("paid", "reductions", "is_said"),
    [
        pytest.param(10_00, (("OA-22", 75_00), ("CO-45", 65_00)), True, id="the first payer's payment as OA-22"),
        pytest.param(10_00, (("OA-22", 15_01), ("CO-45", 124_99)), True, id="a cent more than is left"),
        pytest.param(10_00, (("OA-22", 15_00), ("CO-45", 125_00)), False, id="what is left is refused"),
        pytest.param(24_99, (("OA-22", 75_00), ("CO-45", 50_01)), True, id="a cent is left"),
        pytest.param(25_00, (("OA-22", 75_00), ("CO-45", 50_00)), False, id="nothing is left"),
        pytest.param(0, (("OA-22", 75_00), ("CO-45", 75_00)), False, id="it allowed nothing: that is a refusal"),
    ],
)
def test_a_payer_that_pays_and_refuses_more_than_is_left_may_repeat_the_earlier_one(paid, reductions, is_said):
    found = entries_of(Answer(paid, cas(*reductions)), Account(150_00, 75_00, 50_00, share_cents=25_00))

    left = 25_00 - paid
    assert sum(e.amount_cents for e in found.rows if e.kind == ledger.WRITE_OFF) == 0
    refused = dollars(reductions[0][1])
    said = [
        f"The payer allowed something and refuses {refused} where {dollars(left)} is left: it may repeat an earlier "
        f"payer under another reason. {dollars(left)} stays open; find out whether it is refused."
    ]
    assert found.exceptions == (said if is_said else [])


@pytest.mark.parametrize(("moved_on", "written_off"), [(150_00, 150_00), (1, 150_00), (0, 0)])
def test_what_was_left_to_the_next_payer_is_written_off_where_that_takes_none_of_it(moved_on, written_off):
    before = Account(150_00, is_answered=True, moved_on_cents=moved_on)
    found = entries_of(Answer(0, cas(("OA-23", 150_00))), before)

    assert sum(e.amount_cents for e in found.rows if e.kind == ledger.WRITE_OFF) == written_off
    assert bool(found.exceptions) is not bool(moved_on)


def test_an_echo_that_differs_from_what_was_posted_is_noted_on_the_payment():
    found = entries_of(Answer(20_00, cas(("OA-23", 130_00))), Account(150_00, 75_00, 50_00))

    assert found.rows[0].note == "OA-23 says 130.00, earlier answers posted 125.00"


KEYS = [uuid.UUID(int=n) for n in range(1, 6)]
cents = st.integers(min_value=0, max_value=10_000_00)


@given(
    st.lists(st.tuples(cents, cents), min_size=1, max_size=5),
    st.lists(st.tuples(st.sampled_from(["CO-45", "OA-23", "PR-2"]), cents), max_size=4),
    st.lists(cents, max_size=5),
)
def test_sharing_out_keeps_every_cent_and_makes_no_negative_payment_where_there_is_enough(lines, on_claim, before):
    answers = {key: Answer(paid, cas(("CO-45", rest))) for key, (paid, rest) in zip(KEYS, lines, strict=False)}
    charges = {key: paid + rest for key, (paid, rest) in zip(KEYS, lines, strict=False)}
    found = share_out(cas(*on_claim), answers, charges, dict(zip(KEYS, before, strict=False)))
    taken = sum(amount for _, amount in on_claim)

    assert sum(a.paid_cents for a in found.values()) == sum(paid for paid, _ in lines) - taken
    assert sum(x.amount_cents for a in found.values() for x in a.adjustments) == taken + sum(rest for _, rest in lines)
    assert all(a.paid_cents + sum(x.amount_cents for x in a.adjustments) == charges[key] for key, a in found.items())
    if taken <= sum(paid for paid, _ in lines):
        assert all(a.paid_cents >= 0 for a in found.values())


@pytest.mark.parametrize(
    ("on_claim", "paid", "off"),
    [
        pytest.param((("OA-23", 130_00), ("PR-2", 5_00)), [7_50, 7_50], [90_00, 40_00], id="OA-23 as it is posted"),
        pytest.param((("PR-2", 5_00), ("OA-23", 130_00)), [7_50, 7_50], [90_00, 40_00], id="said in another order"),
        pytest.param((("CO-45", 130_00), ("PR-2", 5_00)), [7_50, 7_50], [90_00, 40_00], id="called CO-45: RFI 1696"),
        pytest.param((("OA-23", 120_00), ("CO-45", 16_00)), [7_00, 7_00], [93_00, 43_00], id="more taken than before"),
        pytest.param((("OA-23", 100_00),), [30_77, 19_23], [69_23, 30_77], id="less told than is posted"),
        pytest.param((("OA-23", 150_00),), [0, 0], [100_00, 50_00], id="all of it"),
    ],
)
def test_what_a_later_payer_repeats_lies_where_it_was_posted(on_claim, paid, off):
    lines = {KEYS[0]: Answer(100_00), KEYS[1]: Answer(50_00)}
    charges, settled = {KEYS[0]: 100_00, KEYS[1]: 50_00}, {KEYS[0]: 90_00, KEYS[1]: 40_00}
    found = share_out(cas(*on_claim), lines, charges, settled)

    assert [answer.paid_cents for answer in found.values()] == paid
    assert [sum(a.amount_cents for a in x.adjustments if a.group != "PR") for x in found.values()] == off


def test_a_line_that_repeats_its_own_part_takes_none_of_the_claims():
    lines = {KEYS[0]: Answer(10_00, cas(("OA-23", 90_00))), KEYS[1]: Answer(50_00)}
    charges, settled = {KEYS[0]: 100_00, KEYS[1]: 50_00}, {KEYS[0]: 90_00, KEYS[1]: 40_00}
    found = share_out(cas(("OA-23", 40_00)), lines, charges, settled)

    assert [answer.paid_cents for answer in found.values()] == [10_00, 10_00]


@pytest.mark.parametrize(
    ("own", "before", "echo", "paid"),
    [
        pytest.param((40_00, 15_00), (0, 35_00), 35_00, [60_00, 0], id="the lines' cuts are the later payer's own"),
        pytest.param((40_00, 10_00), (0, 35_00), 25_00, [60_00, 15_00], id="one repeats what was cut before"),
        pytest.param((40_00, 15_00), (0, 35_00), 35_01, [59_99, 0], id="a cent more than was ever posted"),
        pytest.param((40_00, 15_00), (0, 35_00), 34_99, [60_00, 1], id="a cent less"),
        pytest.param((40_00, 15_00), (30_00, 35_00), 65_00, [30_00, 0], id="both were posted before"),
    ],
)
def test_an_echo_on_the_claim_lies_where_it_was_posted_though_the_lines_are_cut_anew(own, before, echo, paid):
    cuts = {key: cas(("CO-45", cents)) for key, cents in zip(KEYS, own, strict=False)}
    charges = {KEYS[0]: 100_00, KEYS[1]: 50_00}
    lines = {key: Answer(charges[key] - cuts[key][0].amount_cents, cuts[key]) for key in charges}
    found = share_out(cas(("OA-23", echo)), lines, charges, dict(zip(charges, before, strict=True)))

    assert [answer.paid_cents for answer in found.values()] == paid


@pytest.mark.parametrize(
    ("payers", "final"),
    [
        ([(1, "adjudicated")], True),
        ([(1, "adjudicated"), (2, "adjudicated")], True),
        ([(1, "adjudicated"), (2, "not_billable")], True),
        ([(1, "denied"), (2, "adjudicated")], True),
        ([(1, "adjudicated"), (2, "denied")], False),
        ([(1, "denied")], False),
        ([(1, "not_billable")], False),
        ([(1, "adjudicated"), (2, "forwarded")], False),
        ([(1, "adjudicated"), (2, "expected")], False),
        ([(1, "reversed"), (2, "adjudicated")], False),
        ([], False),
    ],
)
def test_the_patient_waits_until_every_payer_is_done(payers, final):
    assert all_final(payers) is final


def posted(n, kind, amount, **changes):
    fields = {"rank": 1, "line": KEYS[0], "answer": KEYS[4], "key": str(n)}
    return Posted(id=uuid.UUID(int=100 + n), kind=kind, amount_cents=amount, **fields | changes)


GOOD = (
    posted(1, "payment", 80_00),
    posted(2, "responsibility", 20_00, group="PR", carc="2"),
    posted(3, "write_off", 50_00, group="CO", carc="45"),
)
SETTLED = Balances(80_00, 50_00, 0, 20_00)


def rules(rows, stored=SETTLED, payers=((1, "adjudicated"),), charge=150_00):
    return {b.rule for b in check(Ledger({KEYS[0]: charge}, rows, payers, stored))}


def test_a_settled_ledger_breaks_no_rule():
    assert rules(GOOD) == set()


@pytest.mark.parametrize(
    ("rows", "stored", "broken"),
    [
        pytest.param(GOOD, Balances(80_00, 50_00, 1, 19_99), {"6", "8"}, id="6, 8: stored balances a cent off"),
        pytest.param(GOOD[::2], Balances(80_00, 50_00, 0, 20_00), {"6", "8", "9"}, id="9: left to nobody"),
        pytest.param(
            (*GOOD, posted(4, "payment", 70_01)), Balances(150_01, 50_00, -50_01, 0), {"10", "18"}, id="10: overpaid"
        ),
        pytest.param(
            (GOOD[0], posted(2, "responsibility", 20_00, group="PR", carc="2", rarc=("N782",)), GOOD[2]),
            SETTLED, {"6", "8", "11"}, id="11: a protected patient is billed",
        ),
        pytest.param(
            (posted(1, "payment", 80_00, rarc=("N782",)), *GOOD[1:]),
            SETTLED, {"6", "8", "11"}, id="11: the remark stands on another entry of the answer",
        ),
        pytest.param(
            (*GOOD, posted(4, "reversal", -79_99, reverses=GOOD[0].id)),
            Balances(0, 50_00, 80_00, 20_00), {"14"}, id="14: a reversal a cent short",
        ),
        pytest.param(
            (*GOOD, *(posted(n, "reversal", -80_00, reverses=GOOD[0].id) for n in (4, 5))),
            Balances(0, 50_00, 80_00, 20_00), {"14"}, id="14: taken back twice",
        ),
        pytest.param(
            (*GOOD, posted(4, "reversal", -50_00, reverses=GOOD[2].id, group="CO", carc="97")),
            Balances(80_00, 0, 50_00, 20_00), {"14"}, id="14: another reason",
        ),
        pytest.param(
            (*GOOD, posted(4, "reversal", -1, reverses=uuid.UUID(int=999))), SETTLED, {"14"}, id="14: names nothing",
        ),
        pytest.param(
            (posted(1, "payment", 8000.0), *GOOD[1:]), SETTLED, {"17"}, id="17: not whole cents",
        ),
        pytest.param(
            (*GOOD, posted(1, "write_off", 1, carc="45")), Balances(80_00, 50_01, 0, 19_99), {"18"}, id="18: key twice",
        ),
    ],
)  # fmt: skip
def test_each_rule_is_broken_by_what_it_forbids(rows, stored, broken):
    assert rules(rows, stored) == broken


@pytest.mark.parametrize(
    ("answer", "remarks", "reason", "owed"),
    [
        pytest.param(KEYS[4], ("N782",), "2", 0, id="the same answer, another line"),
        pytest.param(KEYS[4], ("N782",), "3", 0, id="the same answer, its copay"),
        pytest.param(KEYS[4], ("N780",), "2", 20_00, id="the same answer, a remark beside those three"),
        pytest.param(KEYS[3], ("N782",), "2", 0, id="another answer: it says what the patient is all the same"),
        pytest.param(KEYS[3], ("N782",), "3", 20_00, id="another answer: a copay, as the state may charge it"),
    ],
)
def test_one_line_that_says_qmb_protects_the_patient(answer, remarks, reason, owed):
    share = posted(2, "responsibility", 20_00, group="PR", carc=reason)
    beside = posted(4, "payment", 30_00, line=KEYS[1], rarc=remarks, answer=answer)
    charges = {KEYS[0]: 150_00, KEYS[1]: 30_00}

    found = ledger.line_balances(charges, (GOOD[0], share, GOOD[2], beside), all_final=True)

    assert (found[KEYS[0]].patient_cents, found[KEYS[0]].insurer_open_cents) == (owed, 20_00 - owed)


@pytest.mark.parametrize(
    ("second", "decided", "owed"),
    [
        pytest.param((), {1}, 20_00, id="only the first has answered at all"),
        pytest.param((KEYS[1],), {1, 2}, 0, id="the second answered the other line only"),
        pytest.param((KEYS[1],), {1}, 20_00, id="and nobody waits for it"),
        pytest.param((KEYS[1], KEYS[0]), {1, 2}, 5_00, id="both lines: its own word counts"),
        pytest.param((KEYS[1], None), {1, 2}, 20_00, id="and the claim as a whole"),
    ],
)
def test_what_the_last_payer_left_out_of_its_answer_is_not_the_patients_yet(second, decided, owed):
    beside = [posted(10, "payment", 0, line=KEYS[1])]
    said = [posted(20 + n, "payment", 0, line=line, rank=2, answer=KEYS[3]) for n, line in enumerate(second)]
    left = [posted(30, "responsibility", 5_00, group="PR", carc="2", rank=2, answer=KEYS[3])] * (KEYS[0] in second)
    charges = {KEYS[0]: 150_00, KEYS[1]: 30_00}

    found = ledger.line_balances(charges, (*GOOD, *beside, *said, *left), all_final=True, decided=decided)

    assert (found[KEYS[0]].patient_cents, found[KEYS[0]].insurer_open_cents) == (owed, 20_00 - owed)


def test_an_answer_taken_back_protects_nobody():
    said = posted(4, "payment", 0, line=KEYS[1], rarc=("N782",), answer=KEYS[4])
    back = posted(5, "reversal", 0, line=KEYS[1], rarc=("N782",), answer=KEYS[3], reverses=said.id)

    assert ledger.balances({KEYS[0]: 150_00, KEYS[1]: 0}, (*GOOD, said, back), all_final=True).patient_cents == 20_00


def test_a_line_open_at_anothers_cost_is_not_settled():
    rows = (
        posted(1, "payment", 80_00), posted(2, "payment", 70_00, line=KEYS[1]),
    )  # fmt: skip
    ledger_of = Ledger({KEYS[0]: 75_00, KEYS[1]: 75_00}, rows, ((1, "adjudicated"),), Balances(150_00))

    assert [b.rule for b in check(ledger_of)] == ["10", "7"]


@pytest.mark.parametrize(("reason", "broken"), [("3", set()), ("2", {"11"}), ("1", {"11"})])
def test_after_medicaid_the_patient_owes_its_copay_and_nothing_else(reason, broken):
    rows = (GOOD[0], posted(2, "responsibility", 20_00, group="PR", carc=reason), GOOD[2])
    found = check(Ledger({KEYS[0]: 150_00}, rows, ((1, "adjudicated"),), SETTLED, frozenset({1})))

    assert {b.rule for b in found} == broken


@given(st.data())
def test_whatever_payers_answer_the_parts_are_the_charge(data):
    charge = data.draw(st.integers(0, 1_000_00))
    made, posted_rows = Account(charge), []
    for rank in range(1, data.draw(st.integers(1, 4)) + 1):
        left, reductions = charge, []
        for code in data.draw(
            st.lists(st.sampled_from(["CO-45", "PR-1", "PR-100", "OA-23", "CO-16", "OA-209", "PI-50"]))
        ):
            part = data.draw(st.integers(0, left))
            left -= part
            reductions.append((code, part))
        answer = KEYS[rank - 1]
        found = entries_of(Answer(left, cas(*reductions)), made)
        for entry in found.rows:
            n = len(posted_rows)
            posted_rows.append(
                posted(n, entry.kind, entry.amount_cents, group=entry.group, carc=entry.carc, rank=rank, answer=answer)
            )
        made = ledger.account(charge, posted_rows)
    for final in (True, False):
        b = balances({KEYS[0]: charge}, posted_rows, all_final=final)
        assert b.paid_cents + b.written_off_cents + b.insurer_open_cents + b.patient_cents == charge
        assert b.patient_cents >= 0
        assert final or b.patient_cents == 0
        assert b.written_off_cents >= 0
