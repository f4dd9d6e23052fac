"""What each reason and remark means to us, read from `codes/*.yaml` and refused at once when a row is wrong.

A folder of the practice's own may add or replace rows without a new release: the last folder named wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

SHIPPED = Path(__file__).parent / "codes"
Kind = Literal["rejection", "denial", "adjustment", "alert", "pend"]
Appeal = Literal["yes", "no", "correct", "reopen", "if_distinct", "rarely", "next_level", "by_remark"]
QueueId = Literal[
    "WQ01", "WQ02", "WQ03", "WQ04", "WQ05", "WQ06", "WQ07", "WQ08", "WQ09", "WQ10",
    "WQ11", "WQ12", "WQ13", "WQ14", "WQ15", "WQ16", "WQ17", "WQ18", "WQ19", "WQ20",
]  # fmt: skip


# What is recorded as a denial.
REFUSING: frozenset[str] = frozenset(("rejection", "denial", "pend"))


class CodesWrong(ValueError):
    """A table of codes that cannot be used; says which file, row and field, and what was expected."""


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Category(Strict):
    """What a refusal is about, and the family it is counted with."""

    label: str
    family: str


class Row(Strict):
    """One reason (CARC) or remark (RARC)."""

    label: str
    category: str
    type: Kind | None = None
    kind: Literal["alert", "supplement", "override"] | None = None
    pure: bool = False
    playbooks: list[str] = []
    queues: list[QueueId] = []
    evidence: list[str] = []
    deadlines: list[str] = []
    appeal: Appeal = "no"
    flags: list[str] = []
    payers: dict[str, dict[str, Any]] = {}

    def for_payer(self, kind: str) -> Row:
        """The row as it reads for one kind of payer."""
        changes = self.payers.get(kind)
        return Row.model_validate(self.model_dump() | changes | {"payers": {}}) if changes else self

    @property
    def types(self) -> set[str | None]:
        """What it is, by itself and for each kind of payer named."""
        return {self.type, *(self.for_payer(kind).type for kind in self.payers)}


class Both(Strict):
    """A reason of one list together with a remark of the other."""

    reasons: list[str]
    remarks: list[str]


class Step(Strict):
    """One step of the look-alike list."""

    step: int
    title: str
    clp02: list[str] = []
    reasons: list[str] = []
    remarks: list[str] = []
    alone: list[str] = []
    both: Both | None = None
    category: str
    playbook: str
    queue: QueueId


class Limit(Strict):
    """A clock: from which day it runs and how many days it gives each kind of payer; those of which the days are
    certain, because a law or the payer's own remark sets them."""

    label: str
    runs_from: Literal["service", "answer"] = Field(alias="from")
    days: dict[str, int | None]
    certain: list[str] = []

    def for_payer(self, kind: str) -> int | None:
        return self.days[kind] if kind in self.days else self.days["default"]

    def is_certain(self, kind: str) -> bool:
        return kind in self.certain or "default" in self.certain


@dataclass(frozen=True)
class CodeBook:
    """Every table, checked against the others; what follows from them is worked out once."""

    reasons: Mapping[str, Row]
    remarks: Mapping[str, Row]
    categories: Mapping[str, Category]
    steps: tuple[Step, ...]
    limits: Mapping[str, Limit]

    @cached_property
    def pure(self) -> frozenset[str]:
        """Reasons that only move money."""
        return frozenset(reason for reason, row in self.reasons.items() if row.pure)

    @cached_property
    def harmless(self) -> frozenset[str]:
        """Those of them whose own row makes no refusal of it either, whichever kind of payer says it."""
        return frozenset(reason for reason in self.pure if not self.reasons[reason].types & REFUSING)

    @cached_property
    def telling_statuses(self) -> frozenset[str]:
        """Statuses (CLP02) that mean something before any code is read."""
        return frozenset(("4", *(status for step in self.steps for status in step.clp02)))


T = TypeVar("T")


@cache
def code_book(*folders: Path) -> CodeBook:
    """The shipped tables, overlaid by those in `folders`. Raises CodesWrong."""
    places = (SHIPPED, *folders)
    steps = [_checked(list[Step], _yaml(place / "order.yaml"), place / "order.yaml") for place in places]
    book = CodeBook(
        reasons=_table(dict[str, Row], "carc.yaml", places),
        remarks=_table(dict[str, Row], "rarc.yaml", places),
        categories=_table(dict[str, Category], "categories.yaml", places),
        steps=tuple(next(read for read in reversed(steps) if read)),
        limits=_table(dict[str, Limit], "limits.yaml", places),
    )
    _cross_check(book)
    return book


def _table(shape: type[dict[str, T]], name: str, places: tuple[Path, ...]) -> dict[str, T]:
    rows: dict[str, T] = {}
    for place in places:
        rows |= _checked(shape, _yaml(place / name) or {}, place / name)
    return rows


def _yaml(path: Path) -> Any:
    if not path.exists():
        return []
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as wrong:
        raise CodesWrong(f"{path.name} is not readable YAML: {wrong}") from wrong


def _checked(shape: type[T], raw: Any, path: Path) -> T:
    try:
        return TypeAdapter(shape).validate_python(raw)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = " → ".join(str(part) for part in first["loc"])
        raise CodesWrong(f"{path.name}, {where}: {first['msg']}. Put that row right.") from wrong


def _cross_check(book: CodeBook) -> None:
    """Every name a row uses must exist; found when the tables are read, not when a claim is refused."""
    from denials.playbooks import PLAYBOOKS

    for name, row in [*book.reasons.items(), *book.remarks.items()]:
        _known(name, "category", [row.category], book.categories)
        _known(name, "playbooks", row.playbooks, PLAYBOOKS)
        _known(name, "deadlines", row.deadlines, book.limits)
        for payer in row.payers:
            row.for_payer(payer)
    for step in book.steps:
        _known(f"step {step.step}", "category", [step.category], book.categories)
        _known(f"step {step.step}", "playbook", [step.playbook], PLAYBOOKS)


def _known(where: str, field: str, names: list[str], among: Mapping[str, object]) -> None:
    for name in names:
        if name not in among:
            raise CodesWrong(f'{where}: {field} names "{name}", which no table defines. Correct it or add it.')
