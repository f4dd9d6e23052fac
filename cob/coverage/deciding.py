"""From facts to a verdict on file: asked of the rules, or decided by a person with a reason and evidence.

A determination never changes. A new one supersedes the one before it for the same patient and day; asking again with
nothing changed gives back the one on file.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils import timezone

from cob.accounts.models import User
from cob.audit.acting import doing
from cob.coverage.cases import CaseOnFile, NeedsKind, case_for
from cob.coverage.federal import Broken, broken_by
from cob.coverage.models import MEDICARE_KINDS, Determination, OverrideEvidence, Proof, Rank
from cob.coverage.rulebook import verdict_on
from cob.patients.models import Patient
from cob.rules.codes import responsibility
from cob.rules.parameters import is_trying

BY_A_PERSON = "PERSON"
AGAINST = "This order goes against the rule"


class KindUnknown(ValueError):
    """Nothing can be determined before somebody says what a coverage is."""

    def __init__(self, needs: NeedsKind) -> None:
        super().__init__(needs.ask)
        self.needs = needs
        self.field = needs.path


class BadOverride(ValueError):
    """An override that lacks something; `field` names it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class BreaksLaw(BadOverride):
    """An override against federal law that nobody has confirmed by the rule's name; `broken` says what it does."""

    def __init__(self, broken: Sequence[Broken]) -> None:
        rules = ", ".join(dict.fromkeys(one.rule for one in broken))
        super().__init__(
            "confirmed", f"This order goes against federal law ({rules}). Confirm each rule, or change it."
        )
        self.broken = tuple(broken)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing another person can check: what it is, how it is found, of which day."""

    kind: str
    reference: str
    dated_on: date

    def row(self, determination: Determination) -> OverrideEvidence:
        """As it is kept."""
        return OverrideEvidence(
            determination=determination, kind=self.kind, reference=self.reference.strip(), dated_on=self.dated_on
        )


@dataclass(frozen=True, slots=True)
class Preview:
    """What the rules would say now; nothing is stored."""

    on_file: CaseOnFile
    verdict: dict[str, Any]


def preview(patient: Patient, service_on: date, *, claim: Mapping[str, Any] | None = None) -> Preview:
    """The verdict as of what is on file. Raises KindUnknown; Malformed if what is on file contradicts the contract."""
    found = case_for(patient, service_on, claim=claim)
    if isinstance(found, NeedsKind):
        raise KindUnknown(found)
    return Preview(found, verdict_on(found.case))


def current(patient: Patient, service_on: date) -> Determination | None:
    """The determination that counts for this day."""
    found: Determination | None = (
        Determination.objects.current().filter(patient=patient, service_on=service_on).order_by("-decided_at").first()
    )
    return found


def determine(
    *, patient: Patient, service_on: date, by: User | None, claim: Mapping[str, Any] | None = None
) -> Determination:
    """Put the verdict for one day on file. Raises KindUnknown, Malformed.

    With the same case and verdict as the one on file that one is returned. A person's decision stands as long as the
    case it was made on does.
    """
    with transaction.atomic():
        one_at_a_time(patient)
        now = preview(patient, service_on, claim=claim)
        before = current(patient, service_on)
        if before is not None and _says_the_same(before, now):
            return before
        return _store(
            Determination(
                patient=patient,
                service_on=service_on,
                case=now.on_file.case,
                verdict=now.verdict,
                status=now.verdict["status"],
                rules_version=now.verdict["rules_version"],
                expires_on=expiry(now.verdict),
                decided_by=by,
                supersedes=before,
            ),
            verb="determined",
        )


def override(
    *,
    determination: Determination,
    order: Sequence[str],
    reason: str,
    evidence: Sequence[Evidence],
    confirmed: Collection[str] = (),
    by: User,
) -> Determination:
    """A person's order in place of a verdict, as a new determination. Raises BadOverride, BreaksLaw, Superseded.

    What federal law orders is broken only with the rule's id in `confirmed`, and the verdict says so.
    """
    reason = reason.strip()
    _refuse_incomplete(determination, order, reason, evidence)
    ruled = _as_ruled(determination)
    broken = broken_by(ruled.case, ruled.verdict, order)
    if {one.rule for one in broken} - set(confirmed):
        raise BreaksLaw(broken)
    proof = "; ".join(str(one.row(determination)) for one in evidence)
    with transaction.atomic():
        one_at_a_time(determination.patient)
        later = Determination.objects.filter(supersedes=determination).select_related("decided_by").first()
        if later is not None:
            raise Superseded(later)
        _refuse_outdated(determination)
        verdict = _as_ordered(ruled, list(order), reason, proof)
        verdict["notes"] += [_confirmed(one, by) for one in {one.rule: one for one in broken}.values()]
        new = _store(
            Determination(
                patient=determination.patient,
                service_on=determination.service_on,
                case=determination.case,
                verdict=verdict,
                status="determined",
                rules_version=determination.rules_version,
                # A person decided these days, not those from which something on file is another.
                expires_on=determination.expires_on,
                decided_by=by,
                decided_how="person",
                reason=reason[:300],
                evidence=proof[:300],
                supersedes=determination,
            ),
            verb="overrode order",
        )
        OverrideEvidence.objects.bulk_create([one.row(new) for one in evidence])
    return new


def _as_ruled(determination: Determination) -> Determination:
    """What the rules said before persons decided otherwise: what is set aside, noted and why Medicare waits is theirs,
    and a second decision is held against the law, not against the first.
    """
    while determination.decided_how == "person" and determination.supersedes:
        determination = determination.supersedes
    return determination


def _refuse_incomplete(
    determination: Determination, order: Sequence[str], reason: str, evidence: Sequence[Evidence]
) -> None:
    if not reason:
        raise BadOverride("reason", "Say why this order is right.")
    if not any(one.reference.strip() for one in evidence):
        raise BadOverride("evidence", "Name at least one piece of evidence: what it is, its reference, its day.")
    for one in evidence:
        if one.kind not in Proof or not one.reference.strip():
            raise BadOverride("evidence", "Each piece of evidence needs its kind and a reference somebody can look up.")
        if one.dated_on > timezone.localdate():
            raise BadOverride("evidence", "Evidence cannot be of a day that has not come.")
    listed = {entry["id"] for entry in determination.case["coverages"]}
    if not order or len(set(order)) != len(order) or not set(order) <= listed:
        raise BadOverride("order", "Give every payer its own place; at least one must be first.")


def _refuse_outdated(determination: Determination) -> None:
    """A person's order stands as long as its case does: made on facts that are no longer on file it would be gone with
    the next question.
    """
    if is_outdated(determination):
        raise BadOverride(
            "order", "What is on file has changed since this verdict. Put the verdict of now on file, then decide."
        )


def is_outdated(determination: Determination) -> bool:
    """Whether what is on file is no longer what a verdict was made on."""
    found = case_for(determination.patient, determination.service_on)
    if isinstance(found, NeedsKind):
        return True
    was, now = without_dispute(determination.case), without_dispute(found.case)
    # A claim may say more of the visit than is on file of the patient; what is on file it has to say.
    return now | {"claim": was["claim"]} != was or not now["claim"].items() <= was["claim"].items()


def _confirmed(broken: Broken, by: User) -> dict[str, str]:
    """The note that the verdict carries for each rule it goes against."""
    return {"rule": broken.rule, "text": f"{AGAINST}, as {by} confirmed: {broken.sentence}"}


class Superseded(ValueError):
    """Somebody was quicker: this determination is no longer the one that counts."""

    def __init__(self, later: Determination) -> None:
        who = later.decided_by or "the system"
        super().__init__(f"{who} put a newer verdict on file a moment ago. Look at that one first.")
        self.later = later


def expiry(verdict: Mapping[str, Any]) -> date | None:
    """The first day a verdict says it becomes another; None when no date on file changes it."""
    days = [date.fromisoformat(entry["on"]) for entry in verdict.get("watch", ())]
    return min(days, default=None)


def one_at_a_time(patient: Patient) -> None:
    """Two people asking at once: the second waits and finds what the first stored. SQLite's writers queue anyway."""
    Patient.objects.select_for_update().filter(pk=patient.pk).values_list("pk").first()


def _says_the_same(before: Determination, now: Preview) -> bool:
    if before.decided_how == "person":
        return rests_on(before, now.on_file.case)
    return bool(before.case == now.on_file.case and before.verdict == now.verdict)


def rests_on(determination: Determination, case: Mapping[str, Any]) -> bool:
    """Whether a verdict on file still rests on this case. That plans disagree moves no payer, so a person's decision
    stands while they do."""
    if determination.decided_how != "person":
        return bool(determination.case == case)
    return without_dispute(determination.case) == without_dispute(case)


def without_dispute(case: Mapping[str, Any]) -> dict[str, Any]:
    """A case as it is but for the plans' disagreement, which no order rests on."""
    said = {name: value for name, value in case["claim"].items() if name not in ("plans_disagree_since", "as_of")}
    return dict(case) | {"claim": said}


def _store(determination: Determination, *, verb: str) -> Determination:
    """The ranks go first into the transaction's view of subscribers, who are told after it commits."""
    if is_trying():
        raise RuntimeError("A verdict under numbers that are only tried is never put on file.")
    with doing(verb, reason=determination.reason):
        determination.save()
    Rank.objects.bulk_create(
        [
            Rank(
                determination=determination,
                coverage_id=position["coverage"],
                rank=position["position"],
                rule=position["rule"][:40],
                because=position["because"][:300],
            )
            for position in determination.verdict["positions"]
        ]
    )
    return determination


def _as_ordered(ruled: Determination, order: list[str], reason: str, evidence: str) -> dict[str, Any]:
    """The verdict in the contract's shape with a person's order; what is now in it is no longer set aside."""
    verdict = ruled.verdict
    behind = {entry["kind"] for entry in ruled.case["coverages"] if entry["id"] in order[1:]}
    still_behind = order[:1] == verdict["order"][:1] and not behind.isdisjoint(MEDICARE_KINDS)
    positions = [
        {
            "coverage": one,
            "position": place,
            "responsibility": responsibility(place),
            "rule": BY_A_PERSON,
            "because": reason,
            "cite": evidence,
        }
        for place, one in enumerate(order, start=1)
    ]
    settled = {entry["rule"] for entry in (*verdict["positions"], *verdict["pairs"])}
    return dict(verdict) | {
        "notes": [note for note in verdict["notes"] if note["rule"] not in settled],
        "status": "determined",
        "order": order,
        "ties": [],
        "positions": positions,
        "pairs": [{"first": one, "second": other, "rule": BY_A_PERSON} for one, other in pairwise(order)],
        "set_aside": [entry for entry in verdict["set_aside"] if entry["coverage"] not in order],
        "branches": [],
        "questions": [],
        "certain_suffix": [],
        # Why Medicare waits is the first payer's doing, so it holds while the same one is ahead of it.
        "msp_type": verdict["msp_type"] if still_behind else None,
        "conditional": still_behind and verdict["conditional"],
        "watch": [],
        "unconfirmed": False,
    }
