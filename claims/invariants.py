"""What must hold of one claim's ledger, each rule by its number; a broken one is named, never repaired silently.

All eighteen are in `claims.ledger_rules`; those that are asked of answers and payments in `claims.answer_checks`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from claims.credits import too_much
from claims.ledger import (
    PAYMENT,
    RESPONSIBILITY,
    REVERSAL,
    Balances,
    LineKey,
    Posted,
    all_final,
    balances,
    decided,
    line_balances,
    of_a_qmb,
    standing,
)
from claims.reasons import COPAY, PAID_TO_PATIENT, QMB_REMARKS
from cob.cents import dollars


@dataclass(frozen=True, slots=True)
class Broken:
    """One rule that does not hold, in words with the amounts, and of which claim or payment where it is about one."""

    rule: str
    why: str
    claim: UUID | None = None
    remittance: UUID | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """One claim's ledger as it is stored: charges by line, rows in posting order, payers as (rank, state)."""

    charges: Mapping[LineKey, int]
    rows: Sequence[Posted]
    payers: Sequence[tuple[int, str]]
    stored: Balances
    medicaid_ranks: frozenset[int] = frozenset()

    @property
    def is_final(self) -> bool:
        """Nobody will answer any more."""
        return all_final(self.payers)


Check = Callable[[Ledger], Iterator[Broken]]


def in_words(cents: int) -> str:
    """An amount as stored, which in a damaged row may be no whole number of cents: the look goes on and says so."""
    return dollars(cents) if type(cents) is int else f"{cents} cents (no whole number)"


def stored_balances_follow_from_postings(ledger: Ledger) -> Iterator[Broken]:
    """6: charge = paid + written off + open + patient. 8: the patient's share is what the last payer's answer left."""
    computed = balances(ledger.charges, ledger.rows, all_final=ledger.is_final, decided=decided(ledger.payers))
    for rule, name, what in (
        ("6", "paid_cents", "paid"),
        ("6", "written_off_cents", "written off"),
        ("6", "insurer_open_cents", "open with insurers"),
        ("8", "patient_cents", "the patient's"),
    ):
        was, is_ = getattr(ledger.stored, name), getattr(computed, name)
        if was != is_:
            yield Broken(rule, f"{dollars(was)} is stored as {what}, the postings give {dollars(is_)}.")


def a_settled_claim_is_settled_on_every_line(ledger: Ledger) -> Iterator[Broken]:
    """7: where nothing is open with insurers, no line is open by as much as another is overpaid."""
    if ledger.stored.insurer_open_cents or not ledger.is_final:
        return
    ranks = decided(ledger.payers)
    lines = line_balances(ledger.charges, ledger.rows, all_final=True, decided=ranks).values()
    over = sum(found.insurer_open_cents for found in lines if found.insurer_open_cents > 0)
    if over and sum(found.insurer_open_cents for found in lines) == 0:
        yield Broken("7", f"The claim is settled, but {dollars(over)} is open on one line and too much on another.")


def no_provider_reduction_becomes_patient_money(ledger: Ledger) -> Iterator[Broken]:
    """9: what the patient owes never exceeds what payers left to the patient, and nothing under CO or PI is left."""
    for row in standing(ledger.rows):
        if row.kind == RESPONSIBILITY and row.group in _THE_PROVIDERS:
            yield Broken("9", f"{dollars(row.amount_cents)} under {row.group}-{row.carc} is posted as the patient’s.")
    owed = sum(r.amount_cents for r in standing(ledger.rows) if r.kind == RESPONSIBILITY)
    if ledger.stored.patient_cents > max(0, owed):
        yield Broken("9", f"The patient owes {dollars(ledger.stored.patient_cents)}, payers left {dollars(owed)}.")


def insurers_pay_at_most_the_charge(ledger: Ledger) -> Iterator[Broken]:
    """10: more than the charge is a credit that belongs to somebody."""
    for key, found in line_balances(ledger.charges, ledger.rows, all_final=False).items():
        over = too_much(found.paid_cents, ledger.charges[key]) if key in ledger.charges else 0
        if over:
            yield Broken("10", f"Payers paid {dollars(over)} more than the charge of a line: a credit to be refunded.")


def a_qmb_owes_nothing(ledger: Ledger) -> Iterator[Broken]:
    """11: remarks N781 to N783 forbid billing covered cost sharing, whoever left it; a state's copay is none of it."""
    alive = standing(ledger.rows)
    protecting = of_a_qmb(alive)
    is_protected = any(QMB_REMARKS.intersection(row.rarc) for row in alive)
    free = sum(
        r.amount_cents
        for r in alive
        if r.kind == RESPONSIBILITY and r.carc in (COPAY, PAID_TO_PATIENT) and r.answer not in protecting
    )
    if is_protected and ledger.stored.patient_cents > free:
        yield Broken("11", f"A protected patient owes {dollars(ledger.stored.patient_cents)}.")


def a_medicaid_patient_owes_at_most_its_copay(ledger: Ledger) -> Iterator[Broken]:
    """11: once Medicaid has answered, its copay (PR-3) is all; 42 CFR 447.15, 447.20. Another payer's share is not."""
    answered = [row for row in standing(ledger.rows) if row.rank in ledger.medicaid_ranks]
    copay = sum(row.amount_cents for row in answered if row.kind == RESPONSIBILITY and row.carc == COPAY)
    if answered and ledger.stored.patient_cents > max(0, copay):
        owed = dollars(ledger.stored.patient_cents)
        yield Broken("11", f"The patient owes {owed} after Medicaid, which left a copay of {dollars(max(0, copay))}.")


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
            yield Broken("14", f"A reversal of {dollars(row.amount_cents)} stands on another line or reason.")
        elif original.amount_cents + row.amount_cents:
            rest = original.amount_cents + row.amount_cents
            yield Broken("14", f"A reversal leaves {dollars(rest)} of its original.")
        elif times[row.reverses] > 1:
            yield Broken(
                "14", f"An entry of {dollars(original.amount_cents)} was taken back {times[row.reverses]} times."
            )


def cents_only(ledger: Ledger) -> Iterator[Broken]:
    """17: whole cents, no fractions: charges, entries, balances."""
    amounts = (*ledger.charges.values(), *(row.amount_cents for row in ledger.rows), *ledger.stored.each)
    if odd := [cents for cents in amounts if type(cents) is not int]:
        yield Broken("17", f"An amount is {in_words(odd[0])}.")


def each_answer_posts_once(ledger: Ledger) -> Iterator[Broken]:
    """18: no key twice, and at most one payment for a line out of one answer."""
    keys = Counter(row.key for row in ledger.rows if row.key)
    alive = standing(ledger.rows)  # what a letter left of an answer stands in place of what it took back
    payments = Counter((row.answer, row.line) for row in alive if row.kind == PAYMENT and row.answer)
    if any(count > 1 for count in (*keys.values(), *payments.values())):
        yield Broken("18", "One answer was posted twice.")


_THE_PROVIDERS = frozenset({"CO", "PI"})
CHECKS: tuple[Check, ...] = (
    stored_balances_follow_from_postings,
    no_provider_reduction_becomes_patient_money,
    insurers_pay_at_most_the_charge,
    a_qmb_owes_nothing,
    a_medicaid_patient_owes_at_most_its_copay,
    a_settled_claim_is_settled_on_every_line,
    a_reversal_and_its_original_are_nothing,
    each_answer_posts_once,
)
# A credit is real money to be given back, not a fault of the ledger.
CREDITS = frozenset({"10", "13"})
CHECKED_BY_CLAIM = frozenset({"6", "7", "8", "9", "10", "11", "14", "17", "18"})


def check(ledger: Ledger) -> list[Broken]:
    """Every rule that does not hold; an empty list when all do. Of a fraction of a cent no sum is made."""
    return list(cents_only(ledger)) or [broken for rule in CHECKS for broken in rule(ledger)]
