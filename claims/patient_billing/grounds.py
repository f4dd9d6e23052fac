"""Why a statement of a claim has to wait: every reason there is now, in the order of telling. No database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from claims import ledger
from claims.ledger import DENIED, RESPONSIBILITY
from claims.models import ClaimPayer
from claims.models.claim import PayerState
from claims.patient_billing.asking import place_of, question_words
from claims.patient_billing.models import Ground
from claims.patient_billing.picture import Heard, Picture
from claims.reasons import NOT_OURS
from cob.accounts.roles import Role
from cob.cents import dollars
from cob.reasons import POINTS_ELSEWHERE
from cob.x12.t835 import ESTIMATE, PLACE_SAID


@dataclass(frozen=True, slots=True)
class Why:
    """One reason, in a sentence for staff."""

    ground: Ground
    because: str


@dataclass(frozen=True, slots=True)
class Custom:
    """Who looks after a ground, after how many days somebody has to look, and whether somebody has to at once."""

    owner: Role
    days: int
    is_work: bool = False


CUSTOMS: dict[Ground, Custom] = {
    Ground.PAYER_OUTSTANDING: Custom(Role.BILLER, 60),
    Ground.CROSSOVER_PENDING: Custom(Role.BILLER, 30),
    Ground.REVERSAL_OPEN: Custom(Role.POSTER, 30),
    Ground.NOT_POSTED: Custom(Role.POSTER, 7),
    Ground.ANOTHER_PAYER: Custom(Role.DENIALS, 30),
    Ground.COVERAGE_NOT_BILLED: Custom(Role.BILLER, 14, is_work=True),
    Ground.COB_DENIAL: Custom(Role.DENIALS, 30),
    Ground.CREDIT: Custom(Role.POSTER, 30),
    Ground.FACT_UNKNOWN: Custom(Role.BILLER, 7, is_work=True),
    Ground.UNRECONCILED: Custom(Role.POSTER, 7, is_work=True),
    Ground.DISPUTE: Custom(Role.BILLER, 30),
    Ground.BY_HAND: Custom(Role.BILLER, 30),
}
# Opened and lifted by the machine; the last two come and go by what people do.
AUTOMATIC = tuple(ground for ground in Ground if ground not in (Ground.DISPUTE, Ground.BY_HAND))
_WAITING = {
    PayerState.EXPECTED: "has not been billed",
    PayerState.SUBMITTED: "has not answered",
    PayerState.REJECTED: "rejected the claim",
    PayerState.REOPENED: "has answered on what a payer before it has taken back since",
    PayerState.DENIED: "refused the claim, and nobody has decided on that yet",
}


def reasons(picture: Picture) -> list[Why]:
    """Every reason that holds now, those of people apart. Nothing for a void claim: it has no statement to hold."""
    if picture.claim.is_void:
        return []
    found = [*_payers(picture), *_answers(picture), *_coverages(picture)]
    found += [Why(Ground(ground), because) for ground, because in picture.others]
    found += _money(picture)
    order = list(Ground)
    return sorted(found, key=lambda why: order.index(why.ground))


def _payers(picture: Picture) -> Iterator[Why]:
    """One reason for each kind of waiting; with several payers the first is named."""
    last = max((p.rank for p in picture.payers if p.state == PayerState.ADJUDICATED), default=0)
    seen = set()
    for payer in picture.awaited:
        if payer.state == DENIED and payer.rank < last:
            continue
        why = _waits_for(payer.payer.name, PayerState(payer.state), payer.crossover_until)
        if payer.state == DENIED and _passed_it_on(picture, payer.payer.name):
            why = Why(Ground.PAYER_OUTSTANDING, f"{payer.payer.name} passed the claim on as not its own.")
        if payer.state == PayerState.ADJUDICATED:
            why = _left_out(picture, payer)
        if why and why.ground not in seen:
            seen.add(why.ground)
            yield why


def _waits_for(name: str, state: PayerState, until: object) -> Why | None:
    if state in (PayerState.ADJUDICATED, PayerState.NOT_BILLABLE):
        return None
    if state == PayerState.FORWARDED:
        day = f" until {until:%m/%d/%Y}" if until else ""
        return Why(Ground.CROSSOVER_PENDING, f"{name} has the claim by crossover and has not answered; waiting{day}.")
    if state in _WAITING:
        return Why(Ground.PAYER_OUTSTANDING, f"{name} {_WAITING[state]}.")
    return Why(Ground.REVERSAL_OPEN, f"{name} took its answer back, and the corrected one is not here.")


def _left_out(picture: Picture, payer: ClaimPayer) -> Why | None:
    lines = [str(line.number) for line in picture.left_out_by(payer)]
    if not lines:
        return None
    which = f"lines {', '.join(lines)}" if len(lines) > 1 else f"line {lines[0]}"
    return Why(Ground.PAYER_OUTSTANDING, f"{payer.payer.name} answered the claim, but not {which}.")


def _passed_it_on(picture: Picture, payer: str) -> bool:
    """Whether the last the payer said is that the claim is another's: it refused nothing."""
    said = [one.status for one in picture.answers if one.is_posted and one.payer == payer]
    return said[-1:] == [NOT_OURS]


def _answers(picture: Picture) -> Iterator[Why]:
    for answer in picture.answers:
        if not answer.is_posted and answer.status != ESTIMATE:
            yield Why(Ground.NOT_POSTED, f"An answer of {answer.payer} is on file and not posted.")
            break
    names = {payer.rank: payer.payer.name for payer in picture.payers}
    last = max((row.rank for row in picture.alive), default=0)
    for row in picture.alive:
        # What an earlier payer said of another one is settled once a later one has paid its part.
        if row.kind == RESPONSIBILITY and row.carc in POINTS_ELSEWHERE and row.rank == last:
            yield Why(Ground.ANOTHER_PAYER, f"{names.get(row.rank, 'A payer')} says that another payer comes first.")
            return
    if (swapped := _swapped(picture)) is not None:
        ahead, behind = (names.get(rank, "a payer") for rank in swapped)
        yield Why(
            Ground.ANOTHER_PAYER,
            f"{behind} answered ahead of {ahead}, whose answer counts on it; on the claim it comes behind. Settle the "
            "order first.",
        )


def _swapped(picture: Picture) -> tuple[int, int] | None:
    """Two places of the claim whose payers answered the other way round, by what stands of each (CLP02): what the last
    of them left to the patient is then not what the last place says."""
    statuses = {answer.pk: answer.status for answer in picture.answers}
    said: dict[int, int] = {}
    for row in picture.alive:
        # A refusal does not replace the answer that moved money.
        if row.amount_cents and row.answer in statuses and (place := PLACE_SAID.get(statuses[row.answer])):
            said[row.rank] = place
    pairs = ((one, other) for one in sorted(said) for other in sorted(said) if one < other and said[one] > said[other])
    return next(pairs, None)


def _coverages(picture: Picture) -> Iterator[Why]:
    names, said = picture.not_billed, []
    if names:
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        said.append(f"{names[0]}{more} was in force on that day and is not on the claim.")
    if (passed := _handed_on(picture)) is not None:
        to = passed.passed_on_to or "another payer"
        said.append(f"{passed.payer} says that it passed the claim on to {to}, and no later payer is on the claim.")
    if said:
        yield Why(Ground.COVERAGE_NOT_BILLED, " ".join(said))


def _handed_on(picture: Picture) -> Heard | None:
    """A standing answer that hands the claim on, with no payer behind its own that could answer the copy."""
    last = max((payer.rank for payer in picture.payers), default=0)
    ranks = {row.answer: row.rank for row in picture.alive}
    return next((one for one in picture.answers if one.is_passed_on and ranks.get(one.pk, 0) >= max(last, 1)), None)


def _money(picture: Picture) -> Iterator[Why]:
    if picture.claim.insurer_open_cents < 0 or any(left < 0 for left in picture.left.values()):
        over = max(-picture.claim.insurer_open_cents, sum(max(0, -left) for left in picture.left.values()))
        yield Why(
            Ground.CREDIT, f"The payers account for ${dollars(over)} more than the charge; that is cleared first."
        )
    if not picture.is_final:
        return
    if (fact := open_question(picture)) is not None:
        yield Why(Ground.FACT_UNKNOWN, question_words(fact, payer_of(picture, fact)))
        return
    if any(row.line is None for row in picture.alive):
        yield Why(Ground.UNRECONCILED, "Money was posted to the claim and to none of its lines.")
    elif len(picture.shares) < len(picture.lines):
        yield Why(Ground.UNRECONCILED, "Not every line was answered, though every payer is done.")
    elif forbidden := sum(picture.to_write_off.values()):
        yield Why(Ground.UNRECONCILED, f"${dollars(forbidden)} may not be asked of the patient and is not written off.")
    elif picture.not_billable_cents:
        cents = dollars(picture.not_billable_cents)
        yield Why(
            Ground.UNRECONCILED, f"${cents} was refused at the provider’s cost; appeal it or have it written off."
        )
    elif refused := _undecided(picture):
        payer, open_cents = refused
        words = f"${dollars(open_cents)} was refused by {payer}, and nobody has decided on that yet."
        yield Why(Ground.UNRECONCILED, words)


def _undecided(picture: Picture) -> tuple[str, int] | None:
    """What stays open though every payer is done, and the payer whose refusal leaves it so: it is worked, and not the
    patient's before. A line the last payer left out waits for that payer."""
    if picture.claim.insurer_open_cents <= 0:
        return None
    charges: dict[ledger.LineKey, int] = {line.pk: line.charge_cents for line in picture.lines}
    found = ledger.line_balances(charges, picture.rows, all_final=True)
    last = max((p.rank for p in picture.payers if p.state == PayerState.ADJUDICATED), default=0)
    names = {p.rank: p.payer.name for p in picture.payers}
    payer, cents = "", 0
    for key in charges:
        rank = max((row.rank for row in picture.alive if row.line == key), default=0)
        if found[key].insurer_open_cents > 0 and rank >= last:
            payer, cents = names.get(rank, "a payer"), cents + found[key].insurer_open_cents
    return (payer, cents) if cents else None


def open_question(picture: Picture) -> str | None:
    """The first fact the lines ask for."""
    return next((share.question.fact for share in picture.shares.values() if share.question), None)


def payer_of(picture: Picture, fact: str) -> str:
    """The name of the payer a fact is about; Medicaid's where it is about the state's copay."""
    rank = place_of(fact)
    if fact == "state_copay_cents":
        return next((p.payer.name for p in picture.payers if (p.coverage.kind or p.payer.kind) == "medicaid"), "")
    return next((p.payer.name for p in picture.payers if p.rank == rank), "")
