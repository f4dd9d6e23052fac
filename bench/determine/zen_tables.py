"""The tables in zen-engine (GoRules): decision tables run over a list in one call, compiled ahead."""

from __future__ import annotations

import json
from typing import Any

import zen

from bench.determine.tables import FIRSTS, NOT_ZERO, PLACES, REASONS, Row


class ZenTables:
    """An `Engine` of three zen decisions."""

    def __init__(self) -> None:
        engine = zen.ZenEngine()
        self._tables = {
            name: engine.create_decision(json.dumps(_graph(rows)))
            for name, rows in (("places", PLACES), ("firsts", FIRSTS), ("reasons", REASONS))
        }

    def places(self, cards: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """A band and a rule for each card."""
        return self._all("places", cards)

    def firsts(self, pairs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """A sign and a rule for each two plans of one band."""
        return self._all("firsts", pairs)

    def reasons(self, neighbours: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """A rule for each two neighbours of different bands."""
        return self._all("reasons", neighbours)

    def _all(self, name: str, facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return self._tables[name].evaluate({"rows": facts})["result"]["said"]


def _graph(rows: list[Row]) -> dict[str, Any]:
    """A decision of one table between its input and its output."""
    facts = list(dict.fromkeys(name for conditions, _ in rows for name in conditions))
    outcomes = list(rows[0][1])
    table = {
        "hitPolicy": "first",
        "executionMode": "loop",
        "inputField": "rows",
        "outputPath": "said",
        "passThrough": False,
        "inputs": [{"id": f"i{at}", "name": name, "field": name} for at, name in enumerate(facts)],
        "outputs": [{"id": f"o{at}", "name": name, "field": name} for at, name in enumerate(outcomes)],
        "rules": [
            {
                "_id": f"r{number}",
                **{f"i{at}": _condition(conditions.get(name)) for at, name in enumerate(facts)},
                **{f"o{at}": _outcome(then[name]) for at, name in enumerate(outcomes)},
            }
            for number, (conditions, then) in enumerate(rows)
        ],
    }
    return {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in"},
            {"id": "table", "type": "decisionTableNode", "name": "table", "content": table},
            {"id": "out", "type": "outputNode", "name": "out"},
        ],
        "edges": [
            {"id": "e1", "sourceId": "in", "targetId": "table", "type": "edge"},
            {"id": "e2", "sourceId": "table", "targetId": "out", "type": "edge"},
        ],
    }


def _condition(wanted: Any) -> str:
    if wanted is None:
        return ""
    return "!= 0" if wanted == NOT_ZERO else json.dumps(wanted)


def _outcome(value: Any) -> str:
    return value[1:] if isinstance(value, str) and value.startswith("=") else json.dumps(value)
