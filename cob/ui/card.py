"""What a verdict card holds: plain parts with nothing left to decide, for the page, the telephone and paper alike."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact in words, whose it is, and who told us when."""

    label: str
    value: str
    source: str = ""
    about: str = ""

    def __str__(self) -> str:
        return self.said()

    def said(self, beside: str = "") -> str:
        """In one line; whose it is goes without saying beside that payer."""
        about = f" ({self.about})" if self.about and self.about != beside else ""
        return f"{self.label}{about}: {self.value}{f' [{self.source}]' if self.source else ''}"


@dataclass(frozen=True, slots=True)
class Sure:
    """How sure a rule's source is: the word for it, its tone, and whether to warn."""

    label: str = ""
    tone: str = ""
    is_unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One payer in the order and why it stands there."""

    level: str
    letter: str
    payer: str
    sentence: str
    cite: str
    rule: str
    facts: tuple[FactLine, ...] = ()
    shares_with: str = ""
    sure: Sure = Sure()
    plain: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask the patient, employer or payer."""

    fact: str
    ask: str
    why: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """What the order would be, given these answers; `when` names the question only where several are open."""

    when: str
    assuming: tuple[FactLine, ...]
    order: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence with the mark it carries (a rule id or a day), whom it is about, and what follows."""

    text: str
    mark: str = ""
    about: str = ""
    becomes: str = ""
    plain: str = ""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What a fact would have to be for another order, and that order in one line."""

    value: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A fact that would change the order, as it is now and as it would have to be."""

    label: str
    now: str
    about: str = ""
    otherwise: tuple[Otherwise, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's order: why, on what evidence, and what the rules say of the same facts."""

    reason: str
    evidence: str
    by_rules: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """Everything the card prints, in the order it prints it."""

    status: str
    label: str
    tone: str
    icon: str
    answer: str
    day: str = ""
    ranked: tuple[tuple[str, str], ...] = ()  # the answer as (level, payer) pairs, where it is nothing else
    steps: tuple[Step, ...] = ()
    doubt: str = ""  # what `likely` or a circle means here, in one or two sentences
    unconfirmed: tuple[Remark, ...] = ()
    next_steps: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    branches: tuple[Branch, ...] = ()
    first: tuple[str, ...] = ()  # needs_facts: who is certain to be first, whatever the answer
    last: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()
    more_turns: int = 0
    watch: tuple[Remark, ...] = ()
    conflicts: tuple[Remark, ...] = ()
    set_aside: tuple[Remark, ...] = ()
    notes: tuple[Remark, ...] = ()
    facts: tuple[FactLine, ...] = ()
    silent: tuple[str, ...] = ()
    decision: Decision | None = None
    msp_type: str = ""
    is_conditional: bool = False
    is_unconfirmed: bool = False
    rules_version: str = ""

    @property
    def payers(self) -> tuple[str, ...]:
        """The payers in order."""
        return tuple(step.payer for step in self.steps)
