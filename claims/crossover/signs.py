"""The signs of a crossover in a payer's answer: who gets the copy, and which remark says that nobody does.

Pure over plain values. Remarks are those of the 835 (RARC); any one sign is enough, and a name goes before a guess.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from cob.coverage.models import Kind
from cob.patients.models import squash
from cob.x12.parts import Party

TO_MEDICAID: Final = "MA07"
TO_SUPPLEMENT: Final = "MA18"
TO_SEVERAL: Final = "N89"
BY_SETTING: Final = "setting"
# What the payer that was to get the copy says of it: the claim came without what the payer before decided.
CAME_INCOMPLETE: Final = "N8"

# Remark → what it says, and what puts it right. The claim is not handed on.
NOT_FORWARDED: Final[dict[str, tuple[str, str]]] = {
    "MA08": (
        "not forwarded: the other plan is no Medigap plan, or the practice does not participate",
        "Send it to the other payer directly.",
    ),
    "MA19": (
        "not forwarded: the Medigap insurer’s id is missing or wrong",
        "Put the Medigap id right in the crossover settings, then send the claim directly.",
    ),
    "MA68": (
        "not forwarded: what the claim says of the other plan is incomplete",
        "Complete the coverage, then send the claim directly.",
    ),
    "MA99": (
        "the Medigap information on the claim is missing or wrong",
        "Put the Medigap id right in the crossover settings, then send the claim directly.",
    ),
    "N387": ("not forwarded: send it to the other insurer", "Send it to the other payer directly."),
    "N177": (
        "not forwarded: the other insurer told the payer that nothing more is payable",
        "Check whether the other payer owes anything before sending.",
    ),
}
_NO_MEDICAID: Final = (
    f"Passed on to Medicaid ({TO_MEDICAID}), but no Medicaid coverage is on the claim; add it, and ask whoever is "
    "waited for instead whether it has the claim."
)
# Of Medigap alone; the others speak of whoever comes next.
_OF_SUPPLEMENT: Final = frozenset({"MA08", "MA19", "MA68", "MA99"})


@dataclass(frozen=True, slots=True)
class Later:
    """A payer after the one that answers. `ids`: every id it may be named by; `is_off`: our setting says no copy."""

    rank: int
    kind: str
    name: str
    ids: frozenset[str] = frozenset()
    is_off: bool = False
    is_unannounced: bool = False


@dataclass(frozen=True, slots=True)
class Passing:
    """Who gets the copy and why we think so; `doubts` are for a person."""

    to: tuple[Later, ...] = ()
    signs: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def passing(signs: Sequence[str], carrier: Party | None, later: Sequence[Later]) -> Passing:
    """The payers that now wait for a copy. `later` in paying order."""
    if not signs:
        unannounced = tuple(p for p in later if p.is_unannounced)
        return Passing(unannounced, (BY_SETTING,) if unannounced else ())
    who = carrier.name if carrier and carrier.name else "a payer it does not name"
    if not later:
        return Passing(
            (), tuple(signs), (f"Passed on to {who}, but no later payer is on the claim; add that coverage.",)
        )
    named = [p for p in later if carrier and _is(p, carrier)]
    doubts = () if TO_MEDICAID not in signs or any(p.kind == Kind.MEDICAID for p in later) else (_NO_MEDICAID,)
    if TO_SEVERAL in signs:
        return Passing(tuple(later), tuple(signs), doubts)
    found = [*named, *(p for p in _by_remark(signs, later, is_named=bool(named)) if p not in named)]
    if not found:
        found = ([p for p in later if not p.is_off] or list(later))[:1]
    return Passing(tuple(sorted(found, key=lambda p: p.rank)), tuple(signs), doubts)


def _by_remark(signs: Collection[str], later: Sequence[Later], *, is_named: bool) -> list[Later]:
    """MA07 speaks of Medicaid, MA18 of a supplement; a name already says which supplement."""
    found = []
    if TO_MEDICAID in signs:
        found += [p for p in later if p.kind == Kind.MEDICAID][:1]
    if TO_SUPPLEMENT in signs and not is_named:
        found += [p for p in later if p.kind != Kind.MEDICAID and not p.is_off][:1]
    return found


def not_forwarded(remarks: Sequence[str], later: Sequence[Later], gets: Sequence[Later]) -> list[tuple[str, Later]]:
    """Which remark says of which payer that it gets no copy: of one that gets none by another sign, where there is
    one. A payer in both is told two things at once."""
    found = []
    for code in dict.fromkeys(r for r in remarks if r in NOT_FORWARDED):
        about = [p for p in later if code not in _OF_SUPPLEMENT or p.kind != Kind.MEDICAID]
        found += [(code, p) for p in sorted(about, key=lambda p: p in gets)[:1]]
    return found


def _is(payer: Later, carrier: Party) -> bool:
    return carrier.id.upper() in payer.ids or (bool(carrier.name) and squash(carrier.name) == squash(payer.name))
