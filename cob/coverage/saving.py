"""From a valid form to the actions, and what they refuse back into the form.

A form sent again changes what it made when it was sent first; it never makes a second coverage or person.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction

from cob.accounts.models import User
from cob.coverage import actions
from cob.coverage.actions import BadFact, ChangedMeanwhile, Told
from cob.coverage.deciding import one_at_a_time
from cob.coverage.eligibility.offers import Offer
from cob.coverage.eligibility.replies import AlreadyReplied, put_on_file
from cob.coverage.forms import NEW_PERSON, OWN_NAME_ONLY, CoverageForm, PersonForm
from cob.coverage.models import Coverage, Kind
from cob.coverage.questionnaires import FactsForm, Offered, field_name
from cob.patients.models import Patient, RelatedPerson


def held(patient: Patient, day: date, coverage: Coverage | None = None) -> dict[str, Any]:
    """The facts on file on a day by path, as a form shows them; those of `coverage` under `coverage.`."""
    own = f"coverages.{coverage.pk}." if coverage else "?"
    facts = patient.facts.as_of(day).values()
    return {
        f"coverage.{fact.path.removeprefix(own)}" if fact.path.startswith(own) else fact.path: fact.value
        for fact in facts
    }


def form_for(coverage: Coverage, data: Mapping[str, Any] | None, offered: Offered, day: date) -> CoverageForm:
    """The form of a coverage as it is on file on a day."""
    initial = {
        "payer": coverage.payer_id,
        "plan_name": coverage.plan_name,
        "member_id": coverage.member_id,
        "group_number": coverage.group_number,
        "effective_on": coverage.effective_on,
        "ends": "never" if coverage.open_ended else coverage.ended_on and coverage.ended_on.isoformat(),
        "is_refused": not coverage.enrolled,
        "subscriber": "P" if coverage.relationship == "self" else str(coverage.subscriber_id or ""),
        "relationship": "" if coverage.relationship == "self" else coverage.relationship,
        "employer_name": coverage.employer.name if coverage.employer else "",
        "employer_size": coverage.employer.size_band if coverage.employer else "",
        "seen": actions.fingerprint(coverage),
    }
    facts = held(coverage.patient, day, coverage)
    return CoverageForm(data, kind=coverage.kind, held=facts, offered=offered, coverage=coverage, initial=initial)


def save_coverage(form: CoverageForm, patient: Patient, day: date, by: User) -> Coverage | None:
    """Add or change the coverage of a valid form; None when refused, with the reason in the form. What is said of the
    visit holds for its day.
    """
    said = form.cleaned_data
    try:
        with transaction.atomic():
            one_at_a_time(patient)
            columns = _columns(form, patient, by)
            told = Told(form.told(), said["told_by"], said["told_how"], said["true_from"], day)
            made = form.coverage or patient.coverages.filter(pk=said["once"], kind=form.kind).first()
            if made is not None:
                return actions.change_coverage(coverage=made, by=by, seen=said["seen"], told=told, **columns)
            columns |= {"pk": said["once"] or uuid4(), "source": f"{said['told_by']}, {said['told_how']}"[:80]}
            return actions.add_coverage(patient=patient, by=by, told=told, kind=form.kind, **columns)
    except BadFact as bad:
        _say(form, bad)
    except ChangedMeanwhile as changed:
        form.add_error(None, str(changed))
    return None


def save_offered(form: CoverageForm, patient: Patient, day: date, by: User, offer: Offer | None) -> Coverage | None:
    """The same of a form opened from a payer's offer, which is replied to with it: both, or neither."""
    if offer is None:
        return save_coverage(form, patient, day, by)
    try:
        with transaction.atomic():
            saved = save_coverage(form, patient, day, by)
            if saved is not None:
                put_on_file(offer=offer, by=by, coverage=saved)
    except AlreadyReplied as already:
        form.add_error(None, str(already))
        return None
    return saved


def save_facts(form: FactsForm, patient: Patient, day: date, by: User) -> bool:
    """Tell what was changed in a valid form; what is said of the visit holds for its day."""
    said = form.cleaned_data
    changed = form.told()
    visit = {path: value for path, value in changed.items() if path.startswith("claim.")}
    rest = {path: value for path, value in changed.items() if path not in visit}
    who = {"patient": patient, "told_by": said["told_by"], "told_how": said["told_how"], "by": by}
    try:
        with transaction.atomic():
            if visit:
                actions.tell_facts(facts=visit, true_from=day, **who)
            if rest:
                actions.tell_facts(facts=rest, true_from=said["true_from"], for_day=day, **who)
    except BadFact as bad:
        _say(form, bad)
        return False
    return True


def save_person(form: PersonForm, person: RelatedPerson, by: User) -> RelatedPerson:
    """Add or change the person of a valid form."""
    said = form.cleaned_data
    told = {"told_by": said["told_by"], "told_how": said["told_how"], "by": by}
    if person._state.adding:
        return _person(person.patient, said["once"] or uuid4(), told | form.columns())
    return actions.change_person(person=person, **told, **form.columns())


def _person(patient: Patient, pk: UUID, said: dict[str, Any]) -> RelatedPerson:
    """The person a form made when it was sent first, as it says now; else a new one."""
    with transaction.atomic():
        one_at_a_time(patient)
        made = patient.people.filter(pk=pk).first()
        return (
            actions.change_person(person=made, **said) if made else actions.add_person(patient=patient, pk=pk, **said)
        )


def _columns(form: CoverageForm, patient: Patient, by: User) -> dict[str, Any]:
    said = form.cleaned_data
    columns: dict[str, Any] = {
        "payer": said["payer"] or actions.payer_named(said["payer_name"], said["payer_id"]),
        "member_id": said["member_id"],
        "enrolled": not said.get("is_refused"),
    }
    columns |= {name: said[name] for name in ("plan_name", "group_number", "effective_on") if name in said}
    if "ends" in said:
        ends = said["ends"]
        columns |= {
            "open_ended": ends == "never",
            "ended_on": date.fromisoformat(ends) if ends and ends != "never" else None,
        }
    if "employer_name" in said:
        columns["employer"] = actions.employer_named(
            said["employer_name"], size_band=said["employer_size"], told_by=said["told_by"]
        )
    return columns | _subscriber(form, patient, by)


def _subscriber(form: CoverageForm, patient: Patient, by: User) -> dict[str, Any]:
    said = form.cleaned_data
    if Kind(form.kind) in OWN_NAME_ONLY or said["subscriber"] == "P":
        return {"subscriber": None, "relationship": "self"}
    if said["subscriber"] == NEW_PERSON:
        told = {
            "by": by,
            "told_by": said["told_by"],
            "told_how": said["told_how"],
            "first_name": said["person_first"],
            "last_name": said["person_last"],
            "relation": said["person_relation"],
            "birth_on": said["person_birth_on"],
        }
        person = _person(patient, uuid5(said["once"], "person") if said["once"] else uuid4(), told)
        return {"subscriber": person, "relationship": said["relationship"]}
    chosen = patient.people.get(pk=said["subscriber"]) if said["subscriber"] else None
    return {"subscriber": chosen, "relationship": said["relationship"]}


def _say(form: FactsForm, bad: BadFact) -> None:
    name = field_name(f"coverage.{bad.path.split('.', 2)[2]}" if bad.path.startswith("coverages.") else bad.path)
    form.add_error(name if name in form.fields else None, bad.sentence if name in form.fields else str(bad))
