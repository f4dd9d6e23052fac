"""How far back a payer may reach for its money: a table of states, each row unconfirmed, and Medicare's own years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from claims.recoupment.clocks import GOVERNMENT
from cob.dates import add_months

_TABLE = Path(__file__).with_suffix(".yaml")


class _State(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    months: int
    cob_months: int | None = None
    cite: str


@dataclass(frozen=True, slots=True)
class LookBack:
    """Whether a demand came in time, in a sentence; nothing is decided by it, a person is told."""

    last_on: date | None
    says: str
    is_confirmed: bool = False


@cache
def _states() -> dict[str, _State]:
    raw = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    return {state: _State.model_validate(row) for state, row in raw.items()}


def look_back(*, payer_kind: str, state: str, paid_on: date, letter_on: date, is_cob: bool) -> LookBack:
    """`is_cob`: the ground is that another plan comes first."""
    if payer_kind in GOVERNMENT:
        return LookBack(None, "A government payer: its own rules say how far back it may reach.")
    row = _states().get(state)
    if row is None:
        said = f"No limit for {state or 'this state'} is on file here; look into the contract and the state's law."
        return LookBack(None, said)
    months = row.cob_months if is_cob and row.cob_months else row.months
    last = add_months(paid_on, months)
    late = letter_on > last
    what = "The letter is later than that: dispute it." if late else "The letter came in time."
    return LookBack(last, f"{months} months after its payment, until {last:%m/%d/%Y} ({row.cite}). {what}")
