"""What each PLB does to the provider's ledger, without a database; and the law of every roll."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.recoupment.plb import ACCOUNT_WORDS, Account, reason_of
from claims.recoupment.roll import Debt, Key, Known, Plb, SentRefund, loosely, roll, words_of
from cob.x12.plb import REASONS

NPI = "1234567893"
CLAIM, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)


def plb(reason, cents, reference="R1", npi=NPI):
    return Plb(uuid.uuid4(), npi, reason, reference, cents)


def owed(reference, cents, claim=None, reason="WO", npi=NPI):
    return {Key(npi, Account.OWED, reference): Debt(cents, claim, reason)}


def said(done):
    return [(row.key.account.value, row.key.reference, row.move.value, row.amount_cents) for row in done.rows]


@pytest.mark.parametrize(
    ("reason", "cents", "account", "moved"),
    [
        pytest.param("WO", -80_00, "owed", 80_00, id="WO below zero opens what is owed"),
        pytest.param("WO", 80_00, "owed", -80_00, id="WO above zero that nothing explains stays below zero"),
        pytest.param("FB", -200_00, "owed", 200_00, id="FB carries a debt forward"),
        pytest.param("L6", -5_00, "interest", 5_00, id="interest is income"),
        pytest.param("L6", 5_00, "interest", -5_00, id="interest taken back"),
        pytest.param("CS", 7_00, "unexplained", -7_00, id="CS waits for a person"),
        pytest.param("LE", 9_00, "levy", -9_00, id="IRS levy"),
        pytest.param("IR", 9_00, "withholding", -9_00, id="tax withheld"),
        pytest.param("WU", 9_00, "medicare_penalty", -9_00, id="Medicare penalty"),
        pytest.param("J1", 9_00, "not_payable", -9_00, id="shown on a claim, not payable"),
        pytest.param("50", 3_00, "penalty", -3_00, id="late filing"),
        pytest.param("51", 3_00, "penalty", -3_00, id="interest penalty"),
        pytest.param("AP", -900_00, "advance", 900_00, id="accelerated payment"),
        pytest.param("ZZ", 3_00, "unexplained", -3_00, id="a reason nobody knows waits for a person"),
    ],
)
def test_each_reason_has_its_account(reason, cents, account, moved):
    (row,) = roll([plb(reason, cents)], Known()).rows

    assert (row.key.account.value, row.amount_cents) == (account, moved)


def test_every_reason_says_what_the_desk_does_and_where_that_stands():
    assert all(reason_of(code).name and reason_of(code).does for code in REASONS)
    assert {reason_of(code).account for code in [*REASONS, "ZZ"]} == set(ACCOUNT_WORDS) == set(Account)


def test_recovery_taken_clears_the_debt_under_its_reference():
    done = roll([plb("WO", 80_00, "ICN1")], Known(owed("ICN1", 80_00)))

    assert said(done) == [("owed", "ICN1", "applied", -80_00)]


@pytest.mark.parametrize("reference", ["PCN1", "ICN1 PCN1", "ICN1:PCN1"], ids=["ours", "both", "joined"])
def test_recovery_taken_finds_its_claim_by_the_number_in_the_reference(reference):
    known = Known(owed("LETTER 7", 80_00, CLAIM), {reference: CLAIM})

    assert said(roll([plb("WO", 80_00, reference)], known)) == [("owed", "LETTER 7", "applied", -80_00)]


def test_more_than_is_owed_stays_below_zero_under_its_own_reference():
    done = roll([plb("WO", 80_00, "PCN1")], Known(owed("LETTER 7", 50_00, CLAIM), {"PCN1": CLAIM}))

    assert said(done) == [("owed", "LETTER 7", "applied", -50_00), ("owed", "PCN1", "applied", -30_00)]


def test_another_claims_debt_is_not_cleared():
    done = roll([plb("WO", 80_00, "PCN2")], Known(owed("LETTER 7", 80_00, CLAIM), {"PCN2": OTHER}))

    assert said(done) == [("owed", "PCN2", "applied", -80_00)]


def test_a_forward_balance_without_its_reference_is_known_by_its_amount_if_only_one_has_it():
    one = owed("FB1", 200_00, reason="FB")
    assert said(roll([plb("FB", 200_00, "?")], Known(one)))[0][:2] == ("owed", "FB1")

    two = one | owed("FB2", 200_00, reason="FB")
    assert said(roll([plb("FB", 200_00, "?")], Known(two)))[0][:2] == ("owed", "?")


def test_the_refund_that_is_acknowledged_comes_to_nothing_and_is_closed():
    key = Key(NPI, Account.OWED, "LETTER 7")
    refund = SentRefund(uuid.uuid4(), "4711", 80_00, key, CLAIM)
    known = Known({key: Debt(0, CLAIM)}, {"PCN1": CLAIM}, [refund])

    done = roll([plb("72", -80_00, "4711"), plb("WO", 80_00, "PCN1")], known)

    assert sum(row.amount_cents for row in done.rows) == 0
    assert {row.key for row in done.rows} == {key}
    assert (done.acknowledged, done.returned) == ([refund.id], [])


def test_a_check_credited_with_nothing_taken_came_back():
    key = Key(NPI, Account.OWED, "PCN1")
    refund = SentRefund(uuid.uuid4(), "4711", 80_00, key, CLAIM)

    done = roll([plb("B2", -80_00, "4711")], Known({key: Debt(0, CLAIM)}, {}, [refund]))

    assert said(done) == [("owed", "PCN1", "credited", 80_00)]
    assert (done.acknowledged, done.returned) == ([], [refund.id])


def test_two_checks_nobody_recorded_clear_a_forward_balance():
    """RFI 1374, week 4: FB 1,100.00, 72 −100.00 and −1,000.00; nothing is paid and nothing is left."""
    debt = owed("FB1", 1_100_00, reason="FB")
    done = roll([plb("FB", 1_100_00, "FB1"), plb("72", -100_00, "C1"), plb("72", -1_000_00, "C2")], Known(debt))

    left = 1_100_00 + sum(row.amount_cents for row in done.rows if row.key.reference == "FB1")
    assert left == 0
    assert sum(row.amount_cents for row in done.rows if row.key.reference != "FB1") == 0
    assert sum(row.is_inferred for row in done.rows) == 2


def test_a_reference_is_read_whole_and_in_parts():
    assert words_of("ICN1 PCN-2:9") == ("ICN1 PCN-2:9", "ICN1", "PCN-2", "9")
    assert words_of("") == ()


# --- whose debt it is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("taken", "left"),
    [(79_99, [("applied", -79_99)]), (80_00, [("applied", -80_00)]), (80_01, [("applied", -80_00), ("applied", -1)])],
    ids=["a cent less", "its own", "a cent more stays below zero"],
)
def test_without_a_claim_only_the_same_providers_debt_is_cleared(taken, left):
    known = Known(owed("BALFWD", 80_00, reason="FB") | owed("BALFWD", 80_00, reason="FB", npi="1245319599"))

    done = roll([plb("FB", taken, "BALFWD", "1245319599")], known)

    assert [(row.move.value, row.amount_cents) for row in done.rows] == left
    assert {row.key.npi for row in done.rows} == {"1245319599"}


def test_with_a_claim_it_is_cleared_whatever_provider_number_stands_beside_it():
    known = Known(owed("LETTER 7", 80_00, CLAIM), {"PCN1": CLAIM})

    assert said(roll([plb("WO", 80_00, "PCN1", "1245319599")], known)) == [("owed", "LETTER 7", "applied", -80_00)]


@pytest.mark.parametrize(
    ("reference", "is_found"),
    [
        pytest.param("fwd-77", True, id="other letter case"),
        pytest.param("00FWD-77", True, id="leading zeros"),
        pytest.param("FWD-77#ACME", True, id="a part"),
        pytest.param("FWD-771", False, id="another number"),
    ],
)
def test_a_reference_written_otherwise_finds_the_one_account_it_can_mean(reference, is_found):
    one = owed("FWD-77" if "#" not in reference else "ACME", 80_00)
    found = next(iter(one)).reference
    assert said(roll([plb("WO", 80_00, reference)], Known(one)))[0][1] == (found if is_found else reference)

    two = one | owed(f"0{found}", 80_00)
    assert said(roll([plb("WO", 80_00, reference)], Known(two)))[0][1] == reference


@pytest.mark.parametrize(
    ("reference", "others", "is_found"),
    [
        pytest.param("0004711", (), True, id="leading zeros"),
        pytest.param("CK-4711", (), True, id="a part"),
        pytest.param("ck_4711", ("4712",), True, id="another check is no other candidate"),
        pytest.param("0004711", ("04711",), False, id="two it can mean"),
        pytest.param("4711", ("04711",), True, id="as it is written goes before"),
        pytest.param("47110", (), False, id="another number"),
    ],
)
def test_a_check_is_found_by_its_number_however_it_is_written(reference, others, is_found):
    key = Key(NPI, Account.OWED, "LETTER 7")
    checks = [SentRefund(uuid.uuid4(), number, 80_00, key, CLAIM) for number in ("4711", *others)]

    done = roll([plb("72", -70_00, reference), plb("WO", 70_00, "X")], Known({key: Debt(0, CLAIM)}, {}, checks))

    assert done.acknowledged == ([checks[0].id] if is_found else [])


def test_a_reference_is_read_loosely_in_tiers():
    assert loosely("00icn-1 pcn-2345") == ({"ICN-1 PCN-2345", "ICN-1", "PCN-2345"}, {"2345"})
    assert loosely("000") == loosely("") == (set(), set())


# --- what the payer took before ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opened", "rows"),
    [
        (79_99, [("PCN1", 79_99)]),
        (80_00, [("PCN1", 80_00)]),
        (80_01, [("PCN1", 80_00), ("ICN1", 1)]),
    ],
)
def test_what_opens_a_debt_first_meets_what_was_taken_for_its_claim(opened, rows):
    known = Known(owed("PCN1", -80_00, CLAIM), {"ICN1": CLAIM})
    done = roll([plb("WO", -opened, "ICN1")], known)

    assert [(row.key.reference, row.amount_cents) for row in done.rows] == rows
    assert {row.move.value for row in done.rows} == {"new"}


def test_what_was_taken_for_another_claim_stays_open():
    known = Known(owed("PCN2", -80_00, OTHER), {"ICN1": CLAIM})

    assert said(roll([plb("WO", -80_00, "ICN1")], known)) == [("owed", "ICN1", "new", 80_00)]


@pytest.mark.parametrize(
    ("taken", "covered", "is_acknowledged"),
    [(80_00, 0, True), (79_99, 0, False), (79_99, 1, True), (0, 80_00, True), (0, 79_99, False)],
)
def test_a_check_credited_evens_out_what_was_taken_besides(taken, covered, is_acknowledged):
    key = Key(NPI, Account.OWED, "LETTER 7")
    refund = SentRefund(uuid.uuid4(), "4711", 80_00, key, CLAIM)
    debts = {key: Debt(0, CLAIM)} | (owed("ICN1", -taken, CLAIM) if taken else {})
    plbs = [plb("B2", -80_00, "4711"), *([plb("WO", covered, "ICN1")] if covered else [])]

    done = roll(plbs, Known(debts, {"ICN1": CLAIM}, [refund]))

    assert (done.acknowledged, done.returned) == (([refund.id], []) if is_acknowledged else ([], [refund.id]))
    after = _after(Known(debts), done).debts
    assert sum(debt.balance_cents for debt in after.values()) == 80_00 - taken - covered
    assert all(debt.balance_cents >= 0 for debt in after.values())


# --- the law ----------------------------------------------------------------------------------------------------------

_PAIRS = st.lists(
    st.tuples(
        st.sampled_from(["WO", "FB", "72", "B2", "L6", "CS", "LE", "J1", "ZZ"]),
        st.sampled_from(["", "A", "B", "A B", "C"]),
        st.integers(-500_00, 500_00),
    ),
    max_size=6,
)


def _after(known, done):
    """The accounts once the rows are written."""
    debts = {key: debt.balance_cents for key, debt in known.debts.items()}
    claims = {key: debt.claim for key, debt in known.debts.items()}
    for row in done.rows:
        debts[row.key] = debts.get(row.key, 0) + row.amount_cents
        claims.setdefault(row.key, row.claim)
    return Known({k: Debt(v, claims[k], "FB") for k, v in debts.items()}, known.claims, known.refunds)


# A machine that is busy draws slowly; that says nothing of the law.
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(st.lists(_PAIRS, max_size=5))
def test_whatever_comes_the_accounts_are_the_direct_sum(remittances):
    known = Known(claims={"A": CLAIM, "A B": CLAIM, "B": OTHER})
    total = inferred = 0
    for pairs in remittances:
        plbs = [plb(reason, cents, reference) for reason, reference, cents in pairs]
        done = roll(plbs, known)
        total -= sum(p.amount_cents for p in plbs)
        inferred += sum(row.amount_cents for row in done.rows if row.is_inferred)
        for each in plbs:
            own = [row.amount_cents for row in done.rows if row.plb is each and not row.is_inferred]
            assert sum(own) == -each.amount_cents
        known = _after(known, done)

    assert sum(debt.balance_cents for debt in known.debts.values()) == total + inferred


@given(st.lists(st.integers(-300_00, 300_00), min_size=1, max_size=12))
def test_a_forward_balance_rolled_through_any_weeks_is_what_was_taken_back_and_not_yet_recovered(weeks):
    """The payer's own arithmetic: what a week's claims come to, less the balance before; below zero goes forward."""
    known, carried, paid = Known(), 0, 0
    for number, claims in enumerate(weeks):
        plbs = [plb("FB", carried, f"FB{number - 1}")] if carried else []
        left = claims - carried
        if left < 0:
            plbs.append(plb("FB", left, f"FB{number}"))
        carried, paid = max(0, -left), paid + max(0, left)
        known = _after(known, roll(plbs, known))

        closing = sum(debt.balance_cents for debt in known.debts.values())
        assert closing == carried == paid - sum(weeks[: number + 1])
        assert all(debt.balance_cents >= 0 for debt in known.debts.values())


@given(_PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_the_segments_means_nothing_for_the_sum_of_each_account_kind(pairs, random):
    plbs = [plb(reason, cents, reference) for reason, reference, cents in pairs]
    mixed = list(plbs)
    random.shuffle(mixed)

    def sums(rows):
        found = {}
        for row in rows:
            found[row.key.account] = found.get(row.key.account, 0) + row.amount_cents
        return {account: cents for account, cents in found.items() if cents}

    assert sums(roll(plbs, Known()).rows) == sums(roll(mixed, Known()).rows)
