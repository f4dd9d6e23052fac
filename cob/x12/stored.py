"""A claim of either kind as plain JSON and back, for the column that keeps it: only the raw segments are left out."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from cob.x12.t835 import Claim835
from cob.x12.t837p import Claim837P

_CLAIM_837P: TypeAdapter[Claim837P] = TypeAdapter(Claim837P)
_CLAIM_835: TypeAdapter[Claim835] = TypeAdapter(Claim835)
# The raw segments are in the kept file already; a second copy would only grow the row.
_NOT_KEPT = {"raw"}


def dump(claim: Claim837P) -> dict[str, Any]:
    """An 837P claim as JSON: amounts in cents, dates as text, quantities as text so that no digit is lost."""
    kept: dict[str, Any] = _CLAIM_837P.dump_python(claim, mode="json", exclude=_NOT_KEPT, exclude_defaults=True)
    return kept


def load(content: dict[str, Any]) -> Claim837P:
    """The 837P claim that `dump` kept. Raises pydantic's ValidationError when the content is something else."""
    return _CLAIM_837P.validate_python(content)


def dump_835(claim: Claim835) -> dict[str, Any]:
    """An 835 claim as JSON, by the same rules."""
    kept: dict[str, Any] = _CLAIM_835.dump_python(claim, mode="json", exclude=_NOT_KEPT, exclude_defaults=True)
    return kept


def text_835(claim: Claim835) -> str:
    """The same as text, in a third of the time."""
    return _CLAIM_835.dump_json(claim, exclude=_NOT_KEPT, exclude_defaults=True).decode()


def load_835(content: dict[str, Any]) -> Claim835:
    """The 835 claim that `dump_835` kept."""
    return _CLAIM_835.validate_python(content)
