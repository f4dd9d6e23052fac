"""The determination that holds for a claim's date of service, and whether what it rests on has changed since."""

from __future__ import annotations

from typing import Any

from claims.edits.facts import Order
from claims.models import Claim
from cob.coverage.cases import NeedsKind, case_for
from cob.coverage.models import Determination


def order_for(claim: Claim) -> tuple[Determination | None, Order | None]:
    """The current determination for the patient on that day, and the order in it; (None, None) when there is none."""
    found: Determination | None = (
        Determination.objects.current()
        .filter(patient=claim.patient_id, service_on=claim.service_from)
        .order_by("-decided_at")
        .first()
    )
    if found is None:
        return None, None
    changed = _what_changed(claim, found)
    questions = found.verdict.get("questions") or []
    return found, Order(
        status=found.status,
        ids=tuple(found.order),
        is_stale=bool(changed),
        stale_because=changed,
        by_person=found.decided_how == "person",
        question=questions[0].get("ask", "") if questions else "",
        msp_type=found.verdict.get("msp_type") or "",
    )


def _what_changed(claim: Claim, found: Determination) -> str:
    """In words, what today's facts have that the determination's case has not; empty when it still holds."""
    now = case_for(claim.patient, claim.service_from)
    if isinstance(now, NeedsKind):
        return f"nobody has said what kind of plan {now.coverages[0].payer} is"
    if {c["id"] for c in now.case["coverages"]} - {c["id"] for c in found.case.get("coverages", [])}:
        return "a coverage was added since"
    said, meant = claim.related_to, found.case.get("claim", {}).get("related_to")
    if said and said != ["none"] and sorted(said) != sorted(meant or []):
        return f"the claim is related to {', '.join(said)} and the order was determined without that"
    if _facts(now.case) != _facts(found.case):
        return "facts it rests on have changed"
    if now.case.get("options", {}) != found.case.get("options", {}):
        return "a choice of the practice, a payer or a state has changed"
    return ""


def _facts(case: dict[str, Any]) -> dict[str, Any]:
    """What the rules read of a case: not its id, not what the visit was about, not what a payer is called."""
    plain = {name: value for name, value in case.items() if name not in ("id", "claim", "options")}
    plain["coverages"] = sorted(
        ({name: value for name, value in c.items() if name != "payer"} for c in case.get("coverages", [])),
        key=lambda c: str(c["id"]),
    )
    return plain
