"""Expected payment of one claim for `show_claim`, the API and the claim's page: one reading, one shape."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from claims.expecting.compare import Compared, compared
from claims.expecting.sheets import open_sheets
from claims.models import Claim, ClaimPayer


def compared_of(claim: Claim) -> list[Compared]:
    """Every payer of a claim with what was expected of it, worked out now."""
    payers = ClaimPayer.objects.select_related("payer", "coverage").order_by("rank")
    prefetch_related_objects([claim], "site", "lines", Prefetch("payers", queryset=payers))
    return list(compared(open_sheets([claim])[0]))


def worth_showing(found: list[Compared]) -> bool:
    """Whether anything can be said of any payer; a page says nothing rather than that nothing is known."""
    return any(one.low_cents is not None for one in found)


def expected_part(claim: Claim) -> dict[str, Any]:
    """The part "expected" of a claim as the files contract prints it. Money is whole cents."""
    return {"payers": [_payer(found) for found in compared_of(claim)]}


def _payer(found: Compared) -> dict[str, Any]:
    answer = found.expected
    return {
        "payer": found.row.payer.edi_id,
        "rank": found.row.rank,
        "stand": found.stand.value,
        "paid_cents": found.paid_cents,
        "expected_cents": None if found.is_range else found.low_cents,
        "range_cents": [found.low_cents, found.high_cents] if found.is_range else None,
        "difference_cents": found.difference_cents,
        "because": found.because,
        "missing": list(found.missing),
        "source": found.source,
        "unconfirmed": bool(answer and answer.unconfirmed),
        "legs": answer.as_json()["legs"] if answer else [],
    }
