"""Rows of many patients turned into pictures for the front desk's questions, in a number of queries that never grows.

What the desk must see of one patient and of fifty comes from here, so that a page, a list and a queue cannot differ.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import F, Max, prefetch_related_objects
from django.utils import timezone

from cob.coverage.asked import last_answered, msp_due
from cob.coverage.cases import case_from, payer_names
from cob.coverage.eligibility.offers import Offer
from cob.coverage.eligibility.reading import open_offers
from cob.coverage.eligibility.wording import title
from cob.coverage.models import MEDICARE_KINDS, Coverage, Determination, Fact
from cob.coverage.options import OptionsOnFile
from cob.patients.models import Patient, RelatedPerson
from cob.rules.frontdesk import Asked, Card, Holder, Order, Picture
from cob.x12.hints271 import Hint

ADDRESS = ("address", "city", "state", "zip_code")


def picture_of(patient: Patient, *, today: date | None = None) -> Picture:
    """One patient."""
    return pictures_of([patient], today=today)[patient.pk]


def pictures_of(patients: Iterable[Patient], *, today: date | None = None) -> dict[uuid.UUID, Picture]:
    """Each patient as of the next visit, or of today."""
    today = today or timezone.localdate()
    rows = {patient.pk: patient for patient in patients}
    days = {pk: max(row.next_visit_on or today, today) for pk, row in rows.items()}
    coverages = _coverages(rows)
    people = _by_patient(RelatedPerson.objects.filter(patient__in=list(rows)))
    facts = Fact.objects.all().as_of_each(days)
    options = OptionsOnFile.read()
    if options.has_states:
        prefetch_related_objects(list(rows.values()), "site")
    cases = {
        pk: case_from(row, days[pk], coverages=coverages[pk], people=people[pk], facts=facts[pk], options=options)
        for pk, row in rows.items()
    }
    orders = _orders(days, cases)
    alike = _charts_alike(rows, coverages)
    offers = open_offers(coverages, facts)
    asked = _asked(list(rows), today)
    return {
        pk: Picture(
            today=today,
            born_on=row.birth_on,
            visit_on=row.next_visit_on,
            comes_weekly=row.comes_weekly,
            died_on=row.died_on,
            marital_status=row.marital_status,
            employment_status=row.employment_status,
            unfilled=_unfilled(row),
            case=cases[pk],
            cards=_cards(coverages[pk], cases[pk], facts[pk], offers[pk]),
            order=orders.get(pk),
            asked=asked[pk],
            charts_alike=tuple(sorted(alike[pk])),
        )
        for pk, row in rows.items()
    }


def _asked(patients: list[uuid.UUID], today: date) -> dict[uuid.UUID, Asked]:
    """When each was last asked: the short form at a visit; all questions, which ends with a person's verdict on file;
    Medicare's questionnaire.
    """
    short, msp = last_answered(patients), msp_due(patients, today=today)
    by_people = Determination.objects.filter(patient__in=patients, decided_by__isnull=False).order_by()
    full = dict(by_people.values("patient").annotate(at=Max("decided_at")).values_list("patient", "at"))
    return {
        pk: Asked(
            short_on=short.get(pk),
            full_on=timezone.localdate(full[pk]) if pk in full else None,
            msp_on=msp[pk].last_on if pk in msp else None,
            msp_due_on=msp[pk].due_on if pk in msp else None,
        )
        for pk in patients
    }


def _coverages(rows: Mapping[uuid.UUID, Patient]) -> defaultdict[uuid.UUID, list[Coverage]]:
    found = Coverage.objects.filter(patient__in=list(rows)).select_related("payer", "employer", "subscriber")
    return _by_patient(found)


def _by_patient(found: Iterable[Any]) -> defaultdict[uuid.UUID, list[Any]]:
    sorted_out: defaultdict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in found:
        sorted_out[row.patient_id].append(row)
    return sorted_out


def _unfilled(row: Patient) -> tuple[str, ...]:
    return () if all(getattr(row, name) for name in ADDRESS) else ("address",)


def _cards(
    coverages: list[Coverage], case: Mapping[str, Any], facts: list[Fact], offers: list[Offer]
) -> tuple[Card, ...]:
    names = payer_names(coverages)
    since = {fact.path: fact.true_from for fact in facts}
    said = {entry["id"]: entry for entry in case["coverages"]}
    return tuple(
        _card(row, names[str(row.pk)], said[str(row.pk)], since, [o for o in offers if o.coverage.pk == row.pk])
        for row in coverages
    )


def _card(
    row: Coverage, name: str, said: Mapping[str, Any], since: Mapping[str, date | None], offers: list[Offer]
) -> Card:
    by_machine = "271" if row.verified_how.startswith("271") else ""
    return Card(
        id=str(row.pk),
        payer=name,
        payer_id=row.payer.edi_id,
        said=said,
        member_id=row.member_id,
        group_number=row.group_number,
        employer=row.employer.name if row.employer else "",
        holder=_holder(row.subscriber) if row.subscriber else None,
        verified_on=row.verified_on,
        verified_how=row.verified_how,
        verified_by=str(row.verified_by_id or by_machine),
        continuation_told_from=since.get(f"coverages.{row.pk}.continuation"),
        inactive_since=next((o.answer.inactive_since for o in offers if o.said.hint is Hint.INACTIVE), None),
        payer_tells=tuple(title(o) for o in offers if o.said.hint not in (Hint.INACTIVE, Hint.ACTIVE)),
    )


def _holder(person: RelatedPerson) -> Holder:
    return Holder(
        key=str(person.pk),
        name=str(person),
        has_birth_date=person.birth_on is not None,
        has_birthday=person.birth_on is not None or bool(person.birth_month_day),
        has_sex=bool(person.sex),
        relation=person.relation,
    )


def _orders(days: Mapping[uuid.UUID, date], cases: Mapping[uuid.UUID, dict[str, Any]]) -> dict[uuid.UUID, Order]:
    """The order each patient's day rests on: that of the day itself, else of the day before it that is nearest."""
    found = Determination.objects.current().filter(patient__in=list(days))
    best: dict[uuid.UUID, Determination] = {}
    for row in found.defer("case", "verdict").order_by("service_on", "decided_at"):
        if row.patient_id not in best or row.service_on <= days[row.patient_id]:
            best[row.patient_id] = row
    rested_on = dict(
        Determination.objects.filter(pk__in=[row.pk for row in best.values()]).values_list("patient", "case")
    )
    return {
        patient: Order(
            status=row.status,
            decided_on=timezone.localdate(row.decided_at),
            service_on=row.service_on,
            expires_on=row.expires_on,
            is_stale=_without_day(rested_on[patient]) != _without_day(cases[patient]),
        )
        for patient, row in best.items()
    }


def _without_day(case: Mapping[str, Any]) -> dict[str, Any]:
    """What an order rests on whichever day it is for; Medicare's facts only beside a Medicare card."""
    has_card = any(entry.get("kind") in MEDICARE_KINDS for entry in case.get("coverages", ()))
    left_out = {"id", "claim"} if has_card else {"id", "claim", "medicare"}
    return {name: value for name, value in case.items() if name not in left_out}


def _charts_alike(
    rows: Mapping[uuid.UUID, Patient], coverages: Mapping[uuid.UUID, list[Coverage]]
) -> defaultdict[uuid.UUID, set[str]]:
    """Other charts of the same site with a patient's own member number and birth date. Subscribers only: twins on a
    parent's plan share both.
    """
    numbers = {row.search_member for held in coverages.values() for row in held if _is_own(row)}
    others = Coverage.objects.filter(
        search_member__in=numbers, relationship="self", patient__birth_on__in={row.birth_on for row in rows.values()}
    ).values_list("search_member", "patient__birth_on", "patient__site", "patient", F("patient__chart_number"))
    by_person: defaultdict[tuple[str, date, uuid.UUID], set[tuple[uuid.UUID, str]]] = defaultdict(set)
    for number, born_on, site, patient, chart in others.order_by():
        by_person[number, born_on, site].add((patient, chart))
    alike: defaultdict[uuid.UUID, set[str]] = defaultdict(set)
    for pk, row in rows.items():
        for held in coverages.get(pk, ()):
            if _is_own(held):
                same = by_person[held.search_member, row.birth_on, row.site_id]
                alike[pk] |= {chart for patient, chart in same if patient != pk}
    return alike


def _is_own(row: Coverage) -> bool:
    return row.relationship == "self" and len(row.search_member) > 4
