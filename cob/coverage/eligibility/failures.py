"""What to do about a question that was not answered (AAA03, EB01 V). It never means that there is no other coverage."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from cob.x12.hints271 import REJECTIONS, Hint
from cob.x12.t271 import CANNOT_SAY

AGAIN: Final = "Nothing of ours is wrong: ask again later."
_NUMBER: Final = "Compare the member id with the card, put it right on the coverage, and ask again."
_BIRTH: Final = "Compare the date of birth with the card and the chart, put it right, and ask again."
_NAME: Final = "Write the name as the card prints it, and ask again."
_PROVIDER: Final = "Have the site’s NPI enrolled with this payer, or put it right on the site’s page."
_DATE: Final = "Ask about a day the payer answers for: usually today."
_RIGHT: Final = "The clearinghouse or the payer must let the practice ask: enroll for eligibility."
_MORE: Final = "Enter what is missing on the coverage or the chart, and ask again; else call the payer."
ADVICE: Final = {
    **dict.fromkeys(("42", "80", "04"), AGAIN),
    **dict.fromkeys(("64", "67", "72", "75", "76"), _NUMBER),
    **dict.fromkeys(("58", "71"), _BIRTH),
    **dict.fromkeys(("65", "73"), _NAME),
    **dict.fromkeys(("43", "50", "51"), _PROVIDER),
    **dict.fromkeys(("52", "56", "57", "62"), _DATE),
    "41": _RIGHT,
    "79": "Put the payer’s id right; the clearinghouse’s payer list has it.",
    **dict.fromkeys(("15", "33"), _MORE),
}
_LATER: Final = frozenset(code for code, advice in ADVICE.items() if advice is AGAIN)


def codes(hints: Iterable[dict[str, Any]]) -> list[str]:
    """The codes of an answer, in the order they came."""
    return [said["code"] for said in hints if said["hint"] == Hint.NO_ANSWER]


def is_for_later(hints: Iterable[dict[str, Any]]) -> bool:
    """Whether the same question may be put again as it is."""
    found = codes(hints)
    return bool(found) and all(code in _LATER for code in found)


def _where(code: str) -> str:
    return "EB" if code == CANNOT_SAY else "AAA"


def in_words(hints: Iterable[dict[str, Any]]) -> tuple[str, str]:
    """Why it was not answered, and what to put right."""
    found = list(dict.fromkeys(codes(hints)))
    why = "; ".join(f"{REJECTIONS.get(code, 'see the payer’s list')} ({_where(code)} {code})" for code in found)
    advice = " ".join(dict.fromkeys(ADVICE.get(code, _MORE) for code in found))
    return f"{why[:1].upper()}{why[1:]}." if why else "The payer gave no reason.", advice or _MORE
