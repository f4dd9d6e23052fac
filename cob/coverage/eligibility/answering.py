"""Answers put on file as they came. Nothing in them changes a coverage or a fact: that is for a person to say."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

from cob.audit.models import record
from cob.coverage.eligibility.placing import Place, Places
from cob.coverage.models import EligibilityAnswer
from cob.x12.hints271 import Hint, Said, hints
from cob.x12.t271 import Answer271

# What the front desk has something to do about; the rest is only to be known.
NEWS: Final = frozenset(
    {
        Hint.INACTIVE,
        Hint.OTHER_PAYER,
        Hint.MEDICARE_SECONDARY,
        Hint.MANAGED_CARE,
        Hint.CARVE_OUT,
        Hint.COBRA,
        Hint.QMB,
    }
)


@dataclass(slots=True)
class Kept:
    """What one chunk of answers came to."""

    counts: Counter[str] = field(default_factory=Counter)
    sites: set[UUID] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


def keep_answers(source_file: UUID, answers: Sequence[Answer271], parts: Counter[int]) -> Kept:
    """Store a chunk of one file's answers, inside the caller's transaction. `parts` counts persons by transaction.

    An answer whose very words are on file already is counted and not stored again.
    """
    places, kept, rows = Places(answers), Kept(), []
    for answer in answers:
        place, part = places.of(answer), parts[answer.segment_no]
        parts[answer.segment_no] += 1
        row = _row(source_file, answer, place, part)
        row.payer = places.payer(answer)
        rows.append(row)
    known = set(
        EligibilityAnswer.objects.filter(fingerprint__in=[row.fingerprint for row in rows]).values_list(
            "fingerprint", flat=True
        )
    )
    fresh = []
    for row in rows:
        if row.fingerprint in known:
            kept.counts["already_known"] += 1
            continue
        known.add(row.fingerprint)
        fresh.append(row)
        kept.counts.update(_counted(row))
        if row.unmatched_because:
            kept.notes.append(f"{row.payer_named}, transaction at segment {row.position}: {row.unmatched_because}")
    EligibilityAnswer.objects.bulk_create(fresh, batch_size=200)
    placed = [row for row in fresh if row.patient]
    kept.sites = {row.patient.site_id for row in placed if row.patient}
    if placed:
        site = next(iter(kept.sites)) if len(kept.sites) == 1 else None
        record(
            "eligibility answered",
            "coverage.eligibilityanswer",
            patients={row.patient_id for row in placed},
            site_id=site,
            after={"answers": [str(row.pk) for row in placed]},
        )
    return kept


def _counted(row: EligibilityAnswer) -> list[str]:
    """As the import's result counts it."""
    if row.patient_id is None:
        return ["unmatched"]
    if row.is_failed:
        return ["failed"]
    return ["answered", *(["to_look_at"] if row.has_news else [])]


def _row(source_file: UUID, answer: Answer271, place: Place, part: int) -> EligibilityAnswer:
    coverage, inquiry, person = place.coverage, place.inquiry, answer.person
    service_on = inquiry.service_on if inquiry else answer.made_on
    said = hints(answer)
    is_failed = answer.is_failed
    is_active = None if is_failed else _is_active(said, service_on)
    return EligibilityAnswer(
        patient=coverage.patient if coverage else None,
        coverage=coverage,
        inquiry=inquiry,
        payer_named=answer.payer.name[:80],
        payer_id_named=answer.payer.id[:30],
        person_named=_name(answer)[:120],
        born_on=person.born_on if person else None,
        member_id=answer.subscriber.party.id[:80] if answer.subscriber else "",
        trace=(inquiry.trace if inquiry else next(iter(answer.traces), ""))[:50],
        answered_on=answer.made_on,
        service_on=service_on,
        source_file=source_file,
        position=answer.segment_no,
        part=part,
        fingerprint=_fingerprint(answer),
        is_failed=is_failed,
        is_active=is_active,
        inactive_since=_inactive_since(said, service_on) if is_active is False else None,
        has_news=not is_failed and (is_active is False or any(one.hint in NEWS for one in said)),
        hints=as_json(said),
        unmatched_because=place.why,
    )


def as_json(said: Sequence[Said]) -> list[dict[str, Any]]:
    """Hints as the row keeps them."""
    plain: list[dict[str, Any]] = json.loads(json.dumps([asdict(one) for one in said], cls=DjangoJSONEncoder))
    return plain


def from_json(kept: Sequence[dict[str, Any]]) -> list[Said]:
    """The same, read back."""
    days = ("starts_on", "ends_on")
    return [
        Said(
            **{
                **one,
                "hint": Hint(one["hint"]),
                "messages": tuple(one["messages"]),
                **{name: date.fromisoformat(one[name]) if one[name] else None for name in days},
            }
        )
        for one in kept
    ]


def _is_active(said: Sequence[Said], on: date) -> bool | None:
    """In force where some medical benefit is in force on the day; not where the payer says so of all it names."""
    active = [one for one in said if one.hint is Hint.ACTIVE]
    if any(one.covers(on) is not False for one in active):
        return True
    return False if active or any(one.hint is Hint.INACTIVE for one in said) else None


def _inactive_since(said: Sequence[Said], on: date) -> date:
    """The day after the last covered day where it is told and past; else the day asked about."""
    ends = [one.ends_on for one in said if one.hint in (Hint.INACTIVE, Hint.ACTIVE) and one.ends_on]
    past = [day for day in ends if day < on]
    return max(past) + timedelta(days=1) if past else on


def _name(answer: Answer271) -> str:
    person = answer.person
    return ", ".join(filter(None, (person.party.name, person.party.first))) if person else ""


def _fingerprint(answer: Answer271) -> str:
    """The payer's very words about this person, wherever in a file they stand."""
    said = [asdict(one) | {"segment_no": 0} for one in hints(answer)]
    benefits = [(b.code, b.level, b.service_types, b.insurance_type, b.amount_cents, b.share) for b in answer.benefits]
    who = answer.person and (answer.person.party, answer.person.born_on)
    subscriber = answer.subscriber and answer.subscriber.party.id
    text = repr((answer.payer.id, answer.payer.name, answer.traces, answer.made_on, who, subscriber, said, benefits))
    return hashlib.sha256(text.encode()).hexdigest()
