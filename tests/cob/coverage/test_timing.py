"""Days that cannot be: each is refused on its boundary, and the day beside it is kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from cob.coverage import actions, catalogue
from cob.coverage.catalogue import Way
from cob.coverage.facts import BadFact, check
from cob.coverage.forms import PersonForm
from cob.patients.models import RelatedPerson

PAST = sorted(key for key, entry in catalogue.ENTRIES.items() if entry.is_past)


def _path(key, patient):
    if key.startswith("people."):
        return f"people.P.{key.removeprefix('people.')}"
    shared = ("medicare", "accident", "medicaid", "msp")
    return key if key.startswith(shared) else f"coverages.{patient.job.pk}.{key}"


def _day(days):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


@pytest.mark.parametrize("key", PAST)
def test_what_must_have_happened_may_be_today_and_not_tomorrow(amara, key):
    check(amara, _path(key, amara), _day(0))

    with pytest.raises(BadFact, match="has not come") as refused:
        check(amara, _path(key, amara), _day(1))
    assert str(refused.value).startswith(catalogue.label(_path(key, amara)))


@pytest.mark.parametrize(
    "key", ["medicare.esrd.first_dialysis", "people.birth_date", "accident.date", "decree_notified_on"]
)
def test_the_days_the_desk_hears_of_only_afterwards_are_among_them(key):
    assert key in PAST


@pytest.mark.parametrize("key", ["effective", "last_covered_day", "medicare.part_a.to", "employment.last_day"])
def test_what_can_be_known_ahead_may_lie_ahead(amara, key):
    check(amara, _path(key, amara), _day(30))


def test_only_days_are_past():
    assert {catalogue.ENTRIES[key].way for key in PAST} == {Way.DAY}


@pytest.mark.parametrize(("day", "is_kept"), [("2020-01-01", True), ("2019-12-31", False)])
def test_a_coverage_ends_no_earlier_than_it_begins(amara, day, is_kept):
    path = f"coverages.{amara.job.pk}.last_covered_day"
    if is_kept:
        check(amara, path, day)
        return
    with pytest.raises(BadFact, match="cannot end before it begins on 01/01/2020"):
        check(amara, path, day)


@pytest.mark.parametrize(("day", "is_kept"), [("2026-01-31", True), ("2026-02-01", False)])
def test_a_coverage_begins_no_later_than_it_ends(amara, acted, day, is_kept):
    amara.job.open_ended, amara.job.ended_on = False, date(2026, 1, 31)
    amara.job.save()
    path = f"coverages.{amara.job.pk}.effective"
    if is_kept:
        check(amara, path, day)
        return
    with pytest.raises(BadFact, match="cannot begin after it ends on 01/31/2026"):
        check(amara, path, day)


@pytest.mark.parametrize(("day", "is_kept"), [("2024-06-01", True), ("2024-05-31", False)])
def test_a_medicare_part_ends_no_earlier_than_it_begins(amara, day, is_kept):
    if is_kept:
        check(amara, "medicare.part_a.to", day)
        return
    with pytest.raises(BadFact, match="cannot end before it begins on 06/01/2024"):
        check(amara, "medicare.part_a.to", day)
    with pytest.raises(BadFact, match="cannot end before it begins"):
        check(amara, "medicare.part_b", {"from": "2024-06-01", "to": day})


DIALYSIS = {"medicare.esrd.first_dialysis": "2024-05-02", "medicare.esrd.dialysis_end": "2024-05-01"}
PART_A = {"medicare.part_a.from": "2025-01-02", "medicare.part_a.to": "2025-01-01"}


@pytest.mark.parametrize("told", [DIALYSIS, PART_A], ids=["dialysis", "Part A"])
def test_two_ends_told_together_are_held_against_each_other(amara, acted, told):
    begins, ends = told
    who = {"patient": amara, "told_by": "card", "by": acted}

    with pytest.raises(BadFact, match="cannot begin after it ends") as refused:
        actions.tell_facts(facts=told, **who)
    assert refused.value.path == begins

    actions.tell_facts(facts={begins: told[begins], ends: told[begins]}, **who)
    with pytest.raises(BadFact, match="cannot end before it begins"):
        actions.tell_fact(path=ends, value=told[ends], **who)
    actions.tell_facts(facts={begins: told[ends], ends: told[ends]}, **who)
    with pytest.raises(BadFact, match="cannot begin after it ends"):
        actions.tell_fact(path=begins, value=told[begins], **who)
    actions.tell_facts(facts={begins: told[begins], ends: None}, **who)


def test_nothing_happens_to_a_patient_before_birth(amara):
    check(amara, "accident.date", "1959-06-01")
    check(amara, "medicare.part_a", {"from": "1959-06-01"})

    with pytest.raises(BadFact, match="after the patient’s birth, 06/01/1959"):
        check(amara, "medicare.part_a", {"from": "1959-05-31"})

    with pytest.raises(BadFact, match="after the patient’s birth, 06/01/1959"):
        check(amara, "accident.date", "1959-05-31")


def test_a_relative_is_not_born_tomorrow(amara):
    born = (timezone.localdate() + timedelta(days=1)).strftime("%m/%d/%Y")
    sent = {"last_name": "Boateng", "birth_on": born, "told_by": "Patient", "told_how": "in person"}

    form = PersonForm(sent, instance=RelatedPerson(patient=amara))

    assert form.errors["birth_on"] == [
        f"Expected a day up to today, {timezone.localdate():%m/%d/%Y}; {born} has not come."
    ]
