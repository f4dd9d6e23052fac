"""Expected payment: what each later payer should pay on a line, what is written off, what the patient may owe."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cob.rules.payment.expected import Expected
from cob.rules.payment.expecting import expected
from cob.rules.payment.intake import not_read, read_terms
from cob.rules.payment.terms import Terms

__all__ = ["Expected", "Terms", "expect", "read_terms"]


def expect(terms: Terms | dict[str, Any]) -> Expected:
    """What should be paid. Terms that cannot be read raise `BadCase`, whose message is one line."""
    read = read_terms(terms)
    named = _name(terms) if isinstance(terms, dict) else None
    return replace(expected(read), id=named, not_read=not_read(read))


def _name(raw: dict[str, Any]) -> str | None:
    name = raw.get("id")
    return name if isinstance(name, str) else None
