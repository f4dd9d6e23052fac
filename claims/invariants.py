"""What must hold of every claim's ledger, each rule by its number; a broken one is named, never repaired silently.

1 to 5 are sums of a payer's file (`cob.x12.balance835` holds them before anything is posted); 4 and 13 need bank
deposits and patient payments, 15 and 16 the provider's ledger; none of these are kept here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from claims.ledger import (
    PAYMENT,
    RESPONSIBILITY,
    REVERSAL,
    Balances,
    LineKey,
    Posted,
    all_final,
    balances,
    line_balances,
    standing,
)
from claims.reasons import QMB_REMARKS
from cob.cents import dollars


@dataclass(frozen=True, slots=True)
class Broken:
    """One rule that does not hold, in words with the amounts."""

    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """One claim's ledger as it is stored: charges by line, rows in posting order, payers as (rank, state)."""

    charges: Mapping[LineKey, int]
    rows: Sequence[Posted]
    payers: Sequence[tuple[int, str]]
    stored: Balances

    @property
    def is_final(self) -> bool:
        """Nobody will answer any more."""
        return all_final(self.payers)


Check = Callable[[Ledger], Iterator[Broken]]


def stored_balances_follow_from_postings(ledger: Ledger) -> Iterator[Broken]:
    """6, 7, 8: charge = paid + written off + open + patient, the patient's share from the last payer's answer."""
    computed = balances(ledger.charges, ledger.rows, all_final=ledger.is_final)
    for name, what in (
        ("paid_cents", "paid"),
        ("written_off_cents", "written off"),
        ("insurer_open_cents", "open with insurers"),
        ("patient_cents", "the patient's"),
    ):
        was, is_ = getattr(ledger.stored, name), getattr(computed, name)
        if was != is_:
            yield Broken("6", f"{dollars(was)} is stored as {what}, the postings give {dollars(is_)}.")


def no_provider_reduction_becomes_patient_money(ledger: Ledger) -> Iterator[Broken]:
    """9: what the patient owes never exceeds what payers left to the patient."""
    owed = sum(r.amount_cents for r in standing(ledger.rows) if r.kind == RESPONSIBILITY)
    if ledger.stored.patient_cents > max(0, owed):
        yield Broken("9", f"The patient owes {dollars(ledger.stored.patient_cents)}, payers left {dollars(owed)}.")


def insurers_pay_at_most_the_charge(ledger: Ledger) -> Iterator[Broken]:
    """10: more than the charge is a credit that belongs to somebody."""
    for key, found in line_balances(ledger.charges, ledger.rows, all_final=False).items():
        if key in ledger.charges and found.paid_cents > ledger.charges[key]:
            over = found.paid_cents - ledger.charges[key]
            yield Broken("10", f"Payers paid {dollars(over)} more than the charge of a line: a credit to be refunded.")


def a_qmb_owes_nothing(ledger: Ledger) -> Iterator[Broken]:
    """11: remarks N781 to N783 forbid billing covered cost sharing."""
    is_protected = any(QMB_REMARKS.intersection(row.rarc) for row in standing(ledger.rows))
    free = sum(
        r.amount_cents
        for r in standing(ledger.rows)
        if r.kind == RESPONSIBILITY and not QMB_REMARKS.intersection(r.rarc)
    )
    if is_protected and ledger.stored.patient_cents > free:
        yield Broken("11", f"A protected patient owes {dollars(ledger.stored.patient_cents)}.")


def a_reversal_and_its_original_are_nothing(ledger: Ledger) -> Iterator[Broken]:
    """14: it names an entry of the same line, group and reason that was not taken back before, and negates it."""
    by_id = {row.id: row for row in ledger.rows}
    times = Counter(row.reverses for row in ledger.rows if row.kind == REVERSAL)
    for row in ledger.rows:
        if row.kind != REVERSAL:
            continue
        original = by_id.get(row.reverses) if row.reverses else None
        if original is None or original.kind == REVERSAL:
            yield Broken("14", f"A reversal of {dollars(row.amount_cents)} names no entry of this claim.")
        elif (original.line, original.group, original.carc) != (row.line, row.group, row.carc):
            yield Broken("14", f"A reversal of {original.group}-{original.carc} stands on another line or reason.")
        elif original.amount_cents + row.amount_cents:
            rest = original.amount_cents + row.amount_cents
            yield Broken("14", f"A reversal leaves {dollars(rest)} of its original.")
        elif times[row.reverses] > 1:
            yield Broken(
                "14", f"An entry of {dollars(original.amount_cents)} was taken back {times[row.reverses]} times."
            )


def cents_only(ledger: Ledger) -> Iterator[Broken]:
    """17: whole cents, no fractions."""
    if any(type(row.amount_cents) is not int for row in ledger.rows):
        yield Broken("17", "An amount is not whole cents.")


def each_answer_posts_once(ledger: Ledger) -> Iterator[Broken]:
    """18: no key twice, and at most one payment for a line out of one answer."""
    keys = Counter(row.key for row in ledger.rows if row.key)
    payments = Counter((row.answer, row.line) for row in ledger.rows if row.kind == PAYMENT and row.answer)
    if any(count > 1 for count in (*keys.values(), *payments.values())):
        yield Broken("18", "One answer was posted twice.")


CHECKS: tuple[Check, ...] = (
    stored_balances_follow_from_postings,
    no_provider_reduction_becomes_patient_money,
    insurers_pay_at_most_the_charge,
    a_qmb_owes_nothing,
    a_reversal_and_its_original_are_nothing,
    cents_only,
    each_answer_posts_once,
)
# A credit is real money to be given back, not a fault of the ledger.
FAULTS = frozenset({"6", "9", "11", "14", "17", "18"})


def check(ledger: Ledger) -> list[Broken]:
    """Every rule that does not hold; an empty list when all do."""
    return [broken for rule in CHECKS for broken in rule(ledger)]
