"""One verdict, said to whoever must hear it: a payer on the telephone, an appeals desk, the patient, a note on a claim.

Every text is made from the same `Why` as the card, as blocks that a page draws and `as_text` writes out.
What the caller reads from the screen stands in square brackets: a text that may be copied holds no patient data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from cob.ui.card import Branch, Remark, Step, Why

MOST_OUTCOMES = 6


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a list under one; `head` names a part of the text."""

    text: str = ""
    items: tuple[str, ...] = ()
    head: str = ""
    is_numbered: bool = False


Saying = tuple[Block, ...]


def as_text(saying: Saying) -> str:
    """The blocks as plain text: an empty line between them, a dash or a number before each item."""
    return "\n\n".join(_written(block) for block in saying)


def _written(block: Block) -> str:
    marks = (f"{at}." if block.is_numbered else "-" for at, _ in enumerate(block.items, start=1))
    lines = [f"{mark} {item}" for mark, item in zip(marks, block.items, strict=False)]
    return "\n".join(part for part in (block.head.upper(), block.text, *lines) if part)


def _blocks(*parts: Block | None) -> Saying:
    """Those with something to say."""
    return tuple(part for part in parts if part is not None and (part.text or part.items))


# the note on a claim


def note(why: Why) -> Saying:
    """The verdict as a note: answer, reasons, what would change it."""
    head = f"Who pays first on {why.day}" if why.day else "Who pays first"
    return _blocks(
        Block(f"{why.answer}. {why.label}.", head=head),
        Block(items=tuple(_reason(step) for step in why.steps), is_numbered=True),
        _decided(why),
        Block(why.doubt, tuple(_remark(one) for one in why.unconfirmed)),
        _open(why),
        Block(items=why.next_steps, head="What to do now", is_numbered=True),
        Block(items=_turned(why), head="What would change this"),
        Block(items=tuple(_day(one) for one in why.watch), head="When it changes by itself"),
        Block(items=tuple(_remark(one) for one in why.conflicts), head="What contradicts"),
        Block(items=tuple(f"{one.about}: {one.text} [{one.mark}]" for one in why.set_aside), head="Not in this order"),
        Block(items=tuple(_remark(one) for one in why.notes), head="Notes for billing"),
    )


def _reason(step: Step) -> str:
    facts = f" Facts: {'; '.join(fact.said(step.payer) for fact in step.facts)}." if step.facts else ""
    return f"{_place(step)}{f': {step.sentence}' if step.sentence else ''}{_cited(step)}{facts}"


def _place(step: Step) -> str:
    shares = f", shares equally with {step.shares_with}" if step.shares_with else ""
    return f"{step.level} {step.payer}{shares}"


def _cited(step: Step) -> str:
    """Where it stands and how sure that is, for whoever reads it later."""
    return (
        f" ({'; '.join(part for part in (step.cite, f'rule {step.rule}', step.sure.label) if part)})"
        if step.rule
        else ""
    )


def _quoted(step: Step) -> str:
    """The same for a payer: the source, and a warning where we did not see it."""
    warning = f", {step.sure.label}" if step.sure.is_unconfirmed else ""
    return f"{step.sentence} (Source: {step.cite}{warning})"


def _remark(one: Remark) -> str:
    return f"{one.text} [{one.mark}]"


def _day(one: Remark) -> str:
    return f"{one.mark}: {one.text}{f'. Then: {one.becomes}' if one.becomes else ''}."


def _decided(why: Why) -> Block | None:
    if why.decision is None:
        return None
    beside = f" The rules say of the same facts: {why.decision.by_rules}." if why.decision.by_rules else ""
    return Block(f"Decided by a person. Reason: {why.decision.reason} Evidence: {why.decision.evidence}.{beside}")


def _open(why: Why) -> Block | None:
    """needs_facts: what is certain, what to ask, and what each answer would mean."""
    if not why.questions:
        return None
    sure = f"Certain, whatever the answer: {', then '.join(why.first)} first. " if why.first else ""
    sure += f"Last in every case: {', then '.join(why.last)}. " if why.last else ""
    return Block(f"{sure}Ask: {why.questions[0].ask} {why.questions[0].why}", _outcomes(why))


def _outcomes(why: Why) -> tuple[str, ...]:
    said = tuple(_outcome(branch) for branch in why.branches[:MOST_OUTCOMES])
    return (*said, "Other answers lead to more orders.") if len(why.branches) > MOST_OUTCOMES else said


def _outcome(branch: Branch) -> str:
    return f"{branch.when}, then {', then '.join(branch.order) or 'nobody on file pays'}."


def _turned(why: Why) -> tuple[str, ...]:
    return tuple(
        f"{turn.label}{f' ({turn.about})' if turn.about else ''}: now “{turn.now}”. "
        + " ".join(f"If {other.value}: {other.becomes}." for other in turn.otherwise)
        for turn in why.turns
    )


# the telephone


def phone(why: Why) -> Saying:
    """What to say to a payer, and what to ask and write down."""
    return _blocks(
        Block(
            "“Hello, this is [your name] at [practice], NPI [number], about other coverage for one of your members. "
            "The member is [patient’s name], date of birth [date of birth], member ID [member ID]. It is about the "
            f"date of service {why.day or '[date of service]'}.”",
            head="Say",
        ),
        _position_said(why),
        Block(items=_asks(why), head="Ask", is_numbered=True),
        Block(
            "Write down the name, the day and time, and the reference number. If your record is wrong, ask what they "
            "need to correct it, and whether claims already filed will be processed again.",
            head="Before hanging up",
        ),
        Block(items=why.next_steps, head="After the call", is_numbered=True),
    )


def _position_said(why: Why) -> Block:
    if why.decision is not None:
        return Block(
            f"“We have this order on file: {why.answer}. It rests on this evidence: {why.decision.evidence}.”",
            head="Our position",
        )
    if why.status == "needs_facts":
        outcomes = _outcomes(why)
        return Block(
            f"“We cannot tell the order yet. We need to know: {why.questions[0].ask}”", outcomes, "Our position"
        )
    if why.status == "data_conflict":
        return Block(
            "“Two coverages on our file cannot both be right.”", tuple(one.text for one in why.conflicts), "Say"
        )
    if why.status == "no_coverage":
        return Block(
            "“We find no coverage in force on that day. Please check whether you show any.”", head="Our position"
        )
    reasons = dict.fromkeys(_quoted(step) for step in why.steps if step.sentence)
    verb = "propose" if why.status == "cycle" else "determined"
    hedge = " This is likely and not certain." if why.status == "likely" else ""
    asks = " Neither comes first, so each pays an equal share." if why.status == "tie" else ""
    circle = " Each plan’s rules put the other first, so we need to know yours." if why.status == "cycle" else ""
    return Block(
        f"“We {verb} this order: {_order(why)}.{hedge}{asks}{circle} The reason:”", tuple(reasons), "Our position"
    )


def _order(why: Why) -> str:
    return why.answer.removeprefix("Proposed: ")


def _asks(why: Why) -> tuple[str, ...]:
    """The same for every payer; where the rules do not settle it, what settles it first."""
    extra = {
        "tie": ("Do you agree to pay an equal share? If not, which rule of your plan puts you second?",),
        "cycle": ("Which rule of your plan about other coverage did you use, and where is it written?",),
        "needs_facts": tuple(question.ask for question in why.questions[1:MOST_OUTCOMES]),
    }.get(why.status, ())
    return (
        *extra,
        "Which order do you show for this member: are you first, second or later, and after whom?",
        "Since when do you show it?",
        "From what source do you have it: the member, another plan, a file match, a letter?",
        "May I have your name and a reference number for this call?",
    )


# the appeal


def appeal(why: Why) -> Saying:
    """A formal paragraph with citations, days and how sure we are; where there is no order, why none can be argued."""
    if not why.steps and why.status != "needs_facts":
        return _blocks(Block(f"{why.doubt} An appeal on the order has no ground yet."), _to_do(why))
    if why.status == "needs_facts":
        return _blocks(Block("An appeal on the order has no ground before this is known."), _open(why))
    when = f"For the date of service {why.day}" if why.day else "For this date of service"
    if why.decision is not None:
        claim = f"{when} we hold that the order of payment is as follows: {why.answer}. {why.decision.reason}"
        return _blocks(
            Block(claim), Block(f"This is shown by the following evidence: {why.decision.evidence}."), _plea(why)
        )
    return _blocks(
        Block(f"{when} {_CLAIMS.get(why.status, _CLAIM)}: {_order(why)}."),
        Block("The order rests on these rules:", _rules_said(why), is_numbered=True),
        Block("It rests on these facts, as they were told to us:", _facts_said(why)),
        Block(_how_sure(why)),
        _plea(why),
    )


_CLAIM: Final = "the payers stand in this order under the rules of coordination of benefits"
_CLAIMS: Final = {
    "cycle": "the plans’ own rules contradict each other, and we propose this order",
    "tie": "no rule of coordination of benefits puts one plan first",
}


def _to_do(why: Why) -> Block:
    return Block("What to do first:", why.next_steps, is_numbered=True)


def _rules_said(why: Why) -> tuple[str, ...]:
    """Each rule once, with the payers it places."""
    placed: dict[str, list[Step]] = {}
    for step in why.steps:
        placed.setdefault(step.rule, []).append(step)
    return tuple(
        f"{steps[0].sentence} It places {' and '.join(step.payer for step in steps)}. "
        f"Source: {steps[0].cite}{_read(steps[0])}."
        for steps in placed.values()
    )


def _facts_said(why: Why) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(fact) for step in why.steps for fact in step.facts))


def _read(step: Step) -> str:
    return f" ({step.sure.label.removeprefix('Source ')})" if step.sure.label else ""


def _how_sure(why: Why) -> str:
    if not why.unconfirmed and not why.is_unconfirmed:
        return "How sure this is: the order follows from these rules, with no fact assumed."
    named = " and ".join(f"rule {one.mark}" for one in why.unconfirmed) or "part of it"
    return f"How sure this is: likely and not certain. UNCONFIRMED: {named} rests on a source that we could not read."


def _plea(why: Why) -> Block:
    plea = {
        "tie": "We ask each plan to pay its equal share of the allowed amount.",
        "cycle": "We ask both plans to agree on the order, or to pay in equal shares and settle between them.",
    }.get(why.status, "We ask you to correct your record of this order and to process the claim accordingly.")
    return Block(f"{plea} Claim number: [claim number]. Our contact: [your name], [telephone].")


# the patient


def patient(why: Why, contact: str = "our office") -> Saying:
    """What it means for the patient, in short words: who is billed, why, what we need, whom to call."""
    return _blocks(
        *_PATIENT.get(why.status, _told_order)(why),
        _needed(why),
        Block(f"Please call {contact}. We are glad to help.", head="Do you have a question?"),
        Block("This is not a bill. It is not legal advice."),
    )


def _visit(why: Why) -> str:
    return f"for the visit on {why.day}" if why.day else "for this visit"


def _told_order(why: Why) -> Iterator[Block]:
    first, *then = why.payers
    yield Block(f"We will bill {first} first {_visit(why)}.", head="Who pays first")
    if then:
        later = tuple(f"{'Then we' if at == 0 else 'After that, we'} bill {payer}." for at, payer in enumerate(then))
        yield Block("Each plan pays its part in turn.", later, "Who pays next")
    yield _reasons(why)
    yield Block(
        "When all plans have paid their part, we will tell you if there is a part left for you to pay.",
        head="What this means for you",
    )
    if why.status == "likely":
        yield Block("We are not yet sure of this order. We will check it with your plans.")


def _reasons(why: Why) -> Block:
    said = tuple(dict.fromkeys(step.plain for step in why.steps if step.plain))
    if why.decision is not None:
        return Block("Our staff looked at your plans and set this order.", head="Why")
    return Block(items=said, head="Why")


def _told_open(why: Why) -> Iterator[Block]:
    yield Block(f"We do not know yet which plan pays first {_visit(why)}.", head="Who pays first")
    if why.first:
        yield Block(f"We do know that {' and then '.join(why.first)} will come first.")
    if why.last:
        yield Block(f"We do know that {' and then '.join(why.last)} will come last.")
    yield Block("Your plans take turns. One thing we do not know yet decides which one goes first.", head="Why")


def _told_shared(why: Why) -> Iterator[Block]:
    yield Block(f"Your plans share the cost {_visit(why)}.", tuple(why.payers), "Who pays")
    yield _reasons(why)
    yield Block("We will bill these plans and ask each one to pay its share.", head="What this means for you")


def _told_circle(why: Why) -> Iterator[Block]:
    yield Block(f"Your plans do not agree on who pays first {_visit(why)}.", head="Who pays first")
    yield Block("The rules of each plan say that the other plan should go first.", head="Why")
    yield Block(
        f"We will call your plans. Until we know more, we bill {why.payers[0] if why.payers else 'no one'} first.",
        head="What this means for you",
    )


def _told_conflict(why: Why) -> Iterator[Block]:
    yield Block(f"We cannot bill your plans yet {_visit(why)}.", head="Who pays first")
    said = tuple(dict.fromkeys(one.plain for one in why.conflicts if one.plain))
    yield Block("Some of the facts we have do not fit together.", said, "Why")


def _told_none(why: Why) -> Iterator[Block]:
    yield Block(f"We did not find a plan that pays {_visit(why)}.", head="Who pays first")
    yield Block("None of the plans we know of pays for care on that day.", head="Why")


_PATIENT: Final[dict[str, Callable[[Why], Iterator[Block]]]] = {
    "needs_facts": _told_open,
    "tie": _told_shared,
    "cycle": _told_circle,
    "data_conflict": _told_conflict,
    "no_coverage": _told_none,
}


def _needed(why: Why) -> Block:
    head = "What we need from you"
    if why.status == "needs_facts":
        return Block("Please help us find out:", tuple(one.ask for one in why.questions[:2]), head)
    if why.status == "data_conflict":
        return Block("Please bring all your cards and letters from your plans, so we can put this right.", head=head)
    if why.status == "no_coverage":
        return Block("If you have a plan we do not know of, please tell us soon.", head=head)
    soon = tuple(f"Tell us how things stand after {one.mark}. This order may change then." for one in why.watch[:1])
    return Block("", ("Tell us soon if your job, your family or one of your plans changes.", *soon), head)


STYLES: Final[dict[str, Callable[[Why], Saying]]] = {
    "answer": note,
    "phone": phone,
    "appeal": appeal,
    "patient": patient,
}


def say(why: Why, style: str, contact: str = "") -> Saying:
    """A verdict in one style; `contact` is whom the patient calls."""
    return patient(why, contact) if style == "patient" and contact else STYLES[style](why)


def texts(why: Why, contact: str = "") -> dict[str, str]:
    """Every style as plain text, for machines and the command line."""
    return {style: as_text(say(why, style, contact)) for style in STYLES}
