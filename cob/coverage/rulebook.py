"""Where the desk meets the rules: a case in the contract's JSON goes in, a verdict in its JSON comes out."""

from __future__ import annotations

from typing import Any

from cob.rules import BadCase, determine
from cob.rules import silent_rules as rules_without_a_word


class Malformed(ValueError):
    """A case that cannot be read; `field` names what is wrong with it, the text says what was expected."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.field = message.partition(":")[0]


def verdict_on(case: Any) -> dict[str, Any]:
    """The verdict. Raises Malformed when the case has not the contract's shape."""
    try:
        return determine(case).as_json()
    except BadCase as refused:
        raise Malformed(str(refused)) from None


def silent_rules(case: Any) -> list[str]:
    """The ids of the rules that were read for a case and had nothing to say. Raises Malformed."""
    try:
        return rules_without_a_word(case)
    except BadCase as refused:
        raise Malformed(str(refused)) from None
