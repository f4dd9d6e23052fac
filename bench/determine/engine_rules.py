"""The tables in rule-engine (zeroSteiner): one compiled expression a row, the first that matches wins."""

from __future__ import annotations

import json
from typing import Any

import rule_engine

from bench.determine.tables import FIRSTS, NOT_ZERO, PLACES, REASONS, Row

Table = list[tuple[rule_engine.Rule, dict[str, Any]]]


class EngineRules:
    """An `Engine` of three lists of compiled rules."""

    def __init__(self) -> None:
        self._places, self._firsts, self._reasons = _compiled(PLACES), _compiled(FIRSTS), _compiled(REASONS)

    def places(self, cards: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """A band and a rule for each card."""
        return [_first(self._places, facts) for facts in cards]

    def firsts(self, pairs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """A sign and a rule for each two plans of one band."""
        return [_first(self._firsts, facts) for facts in pairs]

    def reasons(self, neighbours: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """A rule for each two neighbours of different bands."""
        return [_first(self._reasons, facts) for facts in neighbours]


def _compiled(rows: list[Row]) -> Table:
    context = rule_engine.Context(default_value=None)
    return [(rule_engine.Rule(_expression(conditions), context=context), then) for conditions, then in rows]


def _expression(conditions: dict[str, Any]) -> str:
    parts = [f"{name} {_wanted(value)}" for name, value in conditions.items()]
    return " and ".join(parts) or "true"


def _wanted(value: Any) -> str:
    return "!= 0" if value == NOT_ZERO else f"== {json.dumps(value)}"


def _first(table: Table, facts: dict[str, Any]) -> dict[str, Any]:
    for rule, then in table:
        if rule.matches(facts):
            return {
                name: facts[value[1:]] if isinstance(value, str) and value.startswith("=") else value
                for name, value in then.items()
            }
    raise ValueError("the last row of every table holds for everything")
