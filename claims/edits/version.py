"""Which claim a waiver was given for: a fingerprint of everything about it that could make the reason untrue.

Not in it: the day, who sent it when, and how far the claim is with a payer; those move without the claim changing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields
from typing import Any

from claims.edits.facts import Place, Sending
from cob.x12 import stored

_MOVES = frozenset({"state", "submitted_on", "answered_on", "sent_by", "sent_as", "crossover_until"})
_OF_PLACE = tuple(f.name for f in fields(Place) if f.name not in _MOVES)


def version_of(sending: Sending) -> str:
    """64 hexadecimal digits; another value once the claim, its payers' answers, coverages or order are others."""
    said: dict[str, Any] = {
        "claim": stored.dump(sending.claim),
        "to": sending.to.coverage,
        "payers": [_place(place) for place in sending.payers],
        "order": asdict(sending.order) if sending.order else None,
        "service": [sending.service_from, sending.service_to],
        "limit": [sending.clock.limit, sending.clock.on] if sending.clock else None,
    }
    text = json.dumps(said, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _place(place: Place) -> dict[str, Any]:
    found = {name: getattr(place, name) for name in _OF_PLACE}
    return found | {"decided": asdict(place.decided) if place.decided else None}
