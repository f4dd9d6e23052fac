"""From terms to the answer: payer after payer, line after line, and both ends where something is unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any

from cob.rules.payment.amounts import money
from cob.rules.payment.commercial import METHODS, commercial
from cob.rules.payment.expected import Bounds, Expected
from cob.rules.payment.federal import NOT_HANDED_ON, champva, medigap, nobody, refused, remaining_share, tricare
from cob.rules.payment.medicaid import medicaid
from cob.rules.payment.medicare import part_a, part_b
from cob.rules.payment.needs import unknown_facts
from cob.rules.payment.standing import QMB_SHARE, Leg, Standing, first_answer
from cob.rules.payment.terms import PLACES, Later, Terms
from cob.rules.payment.totals import Used, as_one_line, less, taken_of_shared, use
from cob.rules.payment.turn import Share, Turn

Fact = tuple[str, str]  # a payer's place and the name of what is not known of it
FORMULAS: dict[str, Callable[[Turn], Share]] = {
    **dict.fromkeys(METHODS, commercial),
    "msp_part_a": part_a,
    "msp_part_b": part_b,
    "medicaid": medicaid,
    "medigap": medigap,
    "tricare": tricare,
    "champva": champva,
    "pays_remaining_pr": remaining_share,
    "none": nobody,
}


WORKERS_COMPENSATION = frozenset({"workers_comp", "workers_compensation", "wc"})


def expected(terms: Terms) -> Expected:
    """The answer for a line, or for a claim as the sum of its lines."""
    if terms.lines:
        whole = as_one_line(terms)
        if whole is not None:
            return expected(whole)
        return _summed(list(_in_lines(terms.lines)))
    return next(_in_lines((terms,)))


def _in_lines(lines: tuple[Terms, ...]) -> Iterator[Expected]:
    """Each line's answer. While something is unknown, all lines are tried at the same ends: what one takes of an amount
    that all share is taken from the next."""
    facts: dict[Fact, int] = {}
    for line in lines:
        for place, name, ends in unknown_facts(line):
            facts[place, name] = max(facts.get((place, name), 0), len(ends))
    trials = [(dict(zip(facts, at, strict=True)), Used()) for at in product(*map(range, facts.values()))]
    for line in lines:
        answers = []
        for at, used in trials:
            answers.append(_tried(at, less(line, used)))
            use(line, answers[-1], used)
        yield _between(line, answers, tuple(facts))


def _tried(at: dict[Fact, int], line: Terms) -> Expected:
    """A line with what it does not know taken at one of its ends."""
    changes: dict[str, dict[str, Any]] = {}
    for place, name, ends in unknown_facts(line):
        changes.setdefault(place, {})[name] = ends[min(at[place, name], len(ends) - 1)]
    payers: dict[str, Later] = {
        place: getattr(line, place).model_copy(update=changed) for place, changed in changes.items()
    }
    return _computed(line.model_copy(update=payers))


def _computed(terms: Terms) -> Expected:
    """One line of which everything that matters is known."""
    standing = first_answer(terms)
    payments: dict[str, int | None] = {"primary": terms.primary.paid}
    legs: list[Leg] = []
    words: list[str] = []
    figures = _first_figures(standing)
    used: dict[tuple[str, str], int] = {}
    for place, payer in zip(PLACES, terms.later, strict=False):
        share = _share(Turn(place, payer, standing, terms.day))
        payments[place] = share.pay
        legs += share.legs
        words.append(share.because)
        figures |= share.figures
        used |= {(place, name): cents for name, cents in _used(share).items()}
        if not share.aside:
            standing = standing.after(share.pay, share.patient, share.fee, payer.payer_type, share.shares)
    patient, write_off = _closed(terms, standing, legs)
    if terms.primary.paid_to_patient or standing.to_patient:
        legs.append(Leg("primary", "sent to the patient", standing.to_patient, "paid_to_patient"))
    prepaid = terms.obligations.patient_prepaid
    if prepaid is not None:
        figures["patient_balance_due"] = max(0, patient - prepaid)
        figures["patient_credit"] = max(0, prepaid - patient)
    said = f"{'; then '.join(words)}; {_ending(write_off, patient)}."
    doubtful = any(leg.is_unconfirmed for leg in legs)
    said = said[0].upper() + said[1:]
    return Expected(terms.billed, payments, write_off, patient, tuple(legs), said, doubtful, figures, used=used)


def _ending(write_off: int, patient: int) -> str:
    return f"{money(write_off)} is written off and the patient owes {money(patient)}"


def _used(share: Share) -> dict[str, int]:
    deductible = share.figures.get("deductible_credit", 0)
    return {"deductible_remaining": deductible, "benefit_max_remaining": share.pay} | share.used


def _first_figures(standing: Standing) -> dict[str, int]:
    figures = {"co_253": standing.sequestered} if standing.medicare is not None else {}
    if standing.limiting_charge is not None:
        figures["limiting_charge"] = standing.limiting_charge
    return figures


def _share(turn: Turn) -> Share:
    formula, refusal = turn.payer.formula, turn.standing.refusal
    if formula != "none" and (refusal == "provider" or (refusal == "withheld" and formula != "medicaid")):
        return refused(turn)
    if refusal == "member" and formula in METHODS:
        return refused(turn)
    return FORMULAS[turn.payer.formula](turn)


def _closed(terms: Terms, standing: Standing, legs: list[Leg]) -> tuple[int, int]:
    """The patient's amount within the guards of law, and what is left to write off."""
    patient = standing.patient
    if _is_qmb(terms) and standing.medicare is not None and standing.medicare.covers and standing.medicare.allowed:
        copay = max((one.copay for one in terms.later if one.formula == "medicaid"), default=0)
        most = standing.to_patient + copay
        if patient > most:
            legs.append(Leg("patient", "qualified Medicare beneficiary", most, "qmb", decides=True))
            patient = most
    if patient and terms.primary.payer_type in WORKERS_COMPENSATION and standing.fees[0].covers:
        legs.append(Leg("patient", "an accepted injury is not the patient's", 0, "workers_compensation", decides=True))
        patient = 0
    patient = min(patient, max(0, terms.billed - standing.received))
    write_off = terms.billed - standing.received - patient
    earlier = terms.billed - standing.reported_paid - standing.reported_share
    if 0 <= write_off < earlier:
        legs.append(Leg("primary", "earlier write-off to take back", earlier - write_off, "taken_back"))
    return patient, write_off


def _is_qmb(terms: Terms) -> bool:
    """Said of the patient, or by the payer's OA-209."""
    told = terms.obligations.qmb or terms.primary.qmb or any(one.qmb for one in terms.later)
    return told or any(one.carc == QMB_SHARE and one.amount > 0 for one in terms.primary.cas or ())


def _between(terms: Terms, answers: list[Expected], facts: tuple[Fact, ...]) -> Expected:
    """Both ends of every amount, over the ends of what is unknown: of the line itself, or of those before it."""
    own = tuple(f"{place}.{name}" for place, name, _ in unknown_facts(terms))
    names = {f"{place}_payment": place for place in answers[0].payments if place != "primary"}
    between = {
        name: Bounds(*_ends([answer.payments[place] or 0 for answer in answers])) for name, place in names.items()
    }
    between["contractual_write_off"] = Bounds(*_ends([answer.write_off or 0 for answer in answers]))
    between["patient_responsibility"] = Bounds(*_ends([answer.patient or 0 for answer in answers]))
    if all(ends.low == ends.high for ends in between.values()):
        if not own:
            return answers[0]
        if _settles(terms, own, answers):
            return _whatever(answers, own)
    told = own or tuple(f"{place}.{name}" for place, name in facts)
    low, high = between[next(iter(names))]
    verb = "is" if len(told) == 1 else "are"
    said = f"Between {money(low)} and {money(high)}, because {_and(told)} {verb} not known."
    payments: dict[str, int | None] = dict.fromkeys(answers[0].payments, None)
    return Expected(
        terms.billed,
        payments | {"primary": terms.primary.paid},
        None,
        None,
        tuple(leg for answer in (answers[0], answers[-1]) for leg in answer.legs),
        said,
        any(answer.unconfirmed for answer in answers),
        between=between,
        unknown=own,
    )


def _settles(terms: Terms, own: tuple[str, ...], answers: list[Expected]) -> bool:
    """Whether the same amounts at all ends are the amounts between them too, and take the same of what lines share.
    Not so for an allowed amount that is asked at all: at nothing the payer is out of it, and the patient's part may
    fall and rise again."""
    open_ = {path.partition(".")[0] for path in own if path.endswith(".allowed")}
    if any(leg.payer in open_ and leg.formula not in NOT_HANDED_ON for answer in answers for leg in answer.legs):
        return False
    taken = [taken_of_shared(terms, answer) for answer in answers]
    return all(one == taken[0] for one in taken)


def _whatever(answers: list[Expected], unknown: tuple[str, ...]) -> Expected:
    """The one answer, of which only those parts and figures are told that hold whatever is not known."""
    first = answers[0]
    pays = [
        f"the {place} payer pays {money(cents or 0)}" for place, cents in first.payments.items() if place != "primary"
    ]
    said = f"{_and(tuple(pays))}; {_ending(first.write_off or 0, first.patient or 0)}, whatever {_and(unknown)} may be."
    said = said[0].upper() + said[1:]
    return replace(
        first,
        legs=tuple(leg for leg in first.legs if all(leg in answer.legs for answer in answers)),
        because=said,
        unconfirmed=any(answer.unconfirmed for answer in answers),
        figures={n: cents for n, cents in first.figures.items() if all(a.figures.get(n) == cents for a in answers)},
    )


def _ends(values: list[int]) -> tuple[int, int]:
    return min(values), max(values)


def _and(names: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _summed(lines: list[Expected]) -> Expected:
    """A claim is the sum of its lines."""
    places = list(dict.fromkeys(place for line in lines for place in line.payments))
    known = not any(line.between for line in lines)
    between: dict[str, Bounds] = {}
    if not known:
        for name in (*(f"{place}_payment" for place in places if place != "primary"), *_SHARES):
            ends = [_bounds(line, name) for line in lines]
            between[name] = Bounds(sum(one.low for one in ends), sum(one.high for one in ends))
    figures: dict[str, int] = {}
    for line in lines if known else ():  # a figure of some of the lines is none of the claim
        for name, cents in line.figures.items():
            figures[name] = cents if name == "reserve_balance_after" else figures.get(name, 0) + cents
    numbered = [
        replace(leg, payer=f"line {number} {leg.payer}") for number, line in enumerate(lines, 1) for leg in line.legs
    ]
    return Expected(
        sum(line.billed for line in lines),
        {place: _total([line.payments.get(place, 0) for line in lines]) for place in places},
        _total([line.write_off for line in lines]),
        _total([line.patient for line in lines]),
        tuple(numbered),
        " ".join(f"Line {number}: {line.because}" for number, line in enumerate(lines, 1)),
        any(line.unconfirmed for line in lines),
        figures,
        between,
        tuple(f"lines.{at}.{path}" for at, line in enumerate(lines) for path in line.unknown),
        lines=tuple(lines),
    )


_SHARES = ("contractual_write_off", "patient_responsibility")


def _bounds(line: Expected, name: str) -> Bounds:
    if name in line.between:
        return line.between[name]
    known = {"contractual_write_off": line.write_off, "patient_responsibility": line.patient}
    cents = known[name] if name in known else line.payments.get(name.removesuffix("_payment"), 0)
    return Bounds(cents or 0, cents or 0)


def _total(values: list[int | None]) -> int | None:
    return None if any(value is None for value in values) else sum(value or 0 for value in values)
