"""Coverages end and are verified, they are not deleted; two people saving one form do not both win."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from cob.audit.acting import acting
from cob.audit.models import Event
from cob.coverage import actions
from cob.coverage.actions import BadFact, ChangedMeanwhile, Told
from cob.coverage.models import Coverage
from tests.factories.coverage import PayerFactory

pytestmark = pytest.mark.usefixtures("acted")


def test_adding_a_coverage_keeps_the_facts_told_with_it(amara):
    told = Told({"coverage.work_status": "retired", "medicare.qmb": True}, "patient", "in person")

    row = actions.add_coverage(
        patient=amara, by=None, told=told, payer=PayerFactory(), kind="employer", relationship="self", source="card"
    )

    facts = amara.facts.as_of(timezone.localdate())
    assert facts[f"coverages.{row.pk}.work_status"].value == "retired"
    assert facts["medicare.qmb"].value is True


def test_a_refused_fact_keeps_the_coverage_out(amara):
    before = Coverage.objects.count()

    with pytest.raises(BadFact):
        actions.add_coverage(
            patient=amara, by=None, told=Told({"coverage.work_status": "idle"}, "patient"), payer=PayerFactory(),
            kind="employer", source="card",
        )  # fmt: skip

    assert Coverage.objects.count() == before


def test_a_change_leaves_the_old_value_on_the_trail(amara):
    actions.change_coverage(coverage=amara.job, by=None, member_id="NEW1")

    event = Event.objects.filter(verb="coverage changed", subject_id=str(amara.job.pk)).latest("id")
    assert event.after["member_id"] == "NEW1"
    assert event.before["member_id"].startswith("MBR")


def test_saving_what_is_on_file_is_no_event(amara):
    before = Event.objects.count()

    actions.change_coverage(coverage=amara.job, by=None, member_id=amara.job.member_id)

    assert Event.objects.count() == before


def test_who_saves_second_is_told_who_was_first(amara, sol):
    seen = actions.fingerprint(amara.job)
    with acting(sol):
        actions.change_coverage(coverage=amara.job, by=sol, seen=seen, member_id="SOL1")

    with pytest.raises(ChangedMeanwhile, match="Sol Sato changed this coverage"):
        actions.change_coverage(coverage=amara.job, by=None, seen=seen, member_id="ANA1")

    amara.job.refresh_from_db()
    assert amara.job.member_id == "SOL1"


def test_verifying_does_not_disturb_somebody_who_is_writing(amara, acted):
    seen = actions.fingerprint(amara.job)
    actions.verify_coverage(coverage=amara.job, method="Payer portal", reference="T-1", by=acted)

    actions.change_coverage(coverage=amara.job, by=None, seen=seen, group_number="ANA1")

    amara.job.refresh_from_db()
    assert (amara.job.group_number, amara.job.verified_how) == ("ANA1", "Payer portal, T-1")


def test_a_coverage_ends_on_its_last_day_and_stays_on_file(amara):
    ended = actions.end_coverage(coverage=amara.job, last_day=date(2026, 1, 31), by=None, told_by="patient")

    assert (ended.ended_on, ended.open_ended) == (date(2026, 1, 31), False)


def test_a_coverage_cannot_end_before_it_begins(amara):
    with pytest.raises(BadFact, match="cannot end before it begins"):
        actions.end_coverage(coverage=amara.job, last_day=date(2019, 12, 31), by=None, told_by="patient")


@pytest.mark.parametrize(("method", "reference"), [("", "T-1"), ("Payer portal", " ")])
def test_verifying_needs_a_method_and_a_reference(amara, acted, method, reference):
    with pytest.raises(BadFact):
        actions.verify_coverage(coverage=amara.job, method=method, reference=reference, by=acted)


def test_verifying_says_when_by_whom_and_how(amara, acted):
    row = actions.verify_coverage(coverage=amara.job, method="Call to the payer", reference="88-1402", by=acted)

    assert (row.verified_on, row.verified_by, row.verified_how) == (
        timezone.localdate(), acted, "Call to the payer, 88-1402",
    )  # fmt: skip
    assert Event.objects.latest("id").verb == "verified"


@pytest.mark.parametrize(
    ("column", "value"), [("member_id", "ANOTHER1"), ("payer", "another payer")], ids=["number", "payer"]
)
def test_another_card_has_not_been_verified(amara, acted, column, value):
    actions.verify_coverage(coverage=amara.job, method="call", reference="C-1", by=acted)

    row = actions.change_coverage(
        coverage=amara.job, by=acted, **{column: PayerFactory() if column == "payer" else value}
    )

    assert (row.verified_on, row.verified_by, row.verified_how) == (None, None, "")


def test_a_card_whose_number_is_spaced_otherwise_stays_verified(amara, acted):
    actions.change_coverage(coverage=amara.job, by=acted, member_id="ABC123")
    actions.verify_coverage(coverage=amara.job, method="call", reference="C-1", by=acted)

    row = actions.change_coverage(coverage=amara.job, by=acted, member_id="abc 12-3", group_number="G9")

    assert row.verified_on == timezone.localdate()


def test_one_employer_however_it_is_written(main):
    first = actions.employer_named("Lakeside Foundry", size_band="20-99", told_by="payroll")

    again = actions.employer_named("LAKESIDE FOUNDRY,")

    assert again == first
    assert (again.size_band, again.size_told_by, again.size_as_of) == ("20-99", "payroll", timezone.localdate())


def test_an_employer_without_a_name_is_none(main):
    assert actions.employer_named(" - ") is None
