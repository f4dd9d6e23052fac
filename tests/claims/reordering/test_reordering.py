"""A fact, a coverage or a size changes: every claim that went out in another order is listed, and none is moved."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from claims.models import Claim, Posting
from claims.reordering import out_of_order
from claims.tasks import redetermine_at_employer
from cob.audit.acting import acting
from cob.audit.subscribers import tell_now
from cob.coverage import actions
from cob.coverage.actions import Told
from cob.coverage.models import Coverage, Determination
from cob.jobs.models import Job
from cob.patients.actions import change_patient
from tests.at_once import at_once
from tests.claims import stories
from tests.claims.reordering.orders import DAY, WORKING, about, listed, plan, told, visit
from tests.factories.claims import PostingFactory
from tests.factories.coverage import PayerFactory
from tests.factories.patients import PatientFactory

pytestmark = pytest.mark.django_db


def order(claim):
    return [row.coverage for row in claim.payers.select_related("coverage").order_by("rank")]


def test_a_claim_in_the_order_due_is_not_listed(theo, paid):
    assert listed(theo) == []
    assert not out_of_order(Claim.objects.all()).exists()


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """`with commits():` tells the subscribers what is written inside, and those what the first ones wrote; a test's own
    transaction never commits.
    """

    @contextmanager
    def run():
        with django_capture_on_commit_callbacks(execute=True):
            yield
        for _ in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                tell_now()

    return run


def test_a_birthday_put_right_lists_the_paid_claim_and_moves_nothing(theo, paid, acted, commits):
    with commits():
        actions.change_person(person=theo.mother, by=acted, told_by="mother", birth_on=date(1985, 12, 2))

    ((number, found),) = listed(theo)
    assert (number, found.take_back_cents, found.paid_cents) == ("C-1", 80_00, 85_00)
    assert found.due == (str(theo.his.pk), str(theo.hers.pk))
    assert order(paid) == [theo.hers, theo.his]
    assert list(out_of_order(Claim.objects.all())) == [paid]


def test_the_new_order_is_on_file_beside_the_old_one_by_the_desk_itself(theo, paid, acted, commits):
    before = Determination.objects.get()
    with commits():
        actions.change_person(person=theo.mother, by=acted, told_by="mother", birth_on=date(1985, 12, 2))

    now = Determination.objects.current().get()
    assert (now.supersedes, now.decided_by, now.order) == (before, None, [str(theo.his.pk), str(theo.hers.pk)])


def test_a_claim_nobody_was_sent_follows_by_itself(theo, acted, commits):
    claim = visit(theo, [theo.hers, theo.his])
    claim.payers.update(state="expected")
    actions.determine(patient=theo, service_on=DAY, by=acted)

    with commits():
        actions.change_person(person=theo.mother, by=acted, told_by="mother", birth_on=date(1985, 12, 2))

    assert order(claim) == [theo.his, theo.hers]
    assert listed(theo) == []


@pytest.mark.parametrize(
    ("sent_to", "is_on_file"), [(["hers", "his"], False), (["hers"], True), (["his", "hers"], True)]
)
def test_of_a_claim_nobody_determined_only_an_order_it_was_not_sent_in_is_put_on_file(
    theo, acted, commits, sent_to, is_on_file
):
    visit(theo, [getattr(theo, name) for name in sent_to], paid=(80_00,))

    with commits():
        actions.change_person(person=theo.mother, by=acted, told_by="mother", birth_on=date(1985, 3, 3))

    found = [row.order for row in Determination.objects.current()]
    assert found == ([[str(theo.hers.pk), str(theo.his.pk)]] if is_on_file else [])


def _end(coverage, last_day, by):
    return actions.end_coverage(coverage=coverage, last_day=last_day, by=by, told_by="payer")


@pytest.mark.parametrize(
    ("last_day", "is_listed"), [(DAY, False), (DAY - timedelta(days=1), True)], ids=["on its last day", "the day after"]
)
def test_the_primary_ended_backwards_after_it_paid(theo, paid, acted, last_day, is_listed):
    _end(theo.hers, last_day, acted)

    found = listed(theo)

    assert bool(found) is is_listed
    if is_listed:
        difference = found[0][1]
        assert [step.do for step in difference.steps] == ["void", "correct"]
        assert difference.steps[0].cents == 80_00


def test_the_only_plan_ended_backwards_after_it_paid(theo, acted, commits):
    Coverage.objects.filter(pk=theo.his.pk).update(enrolled=False)
    claim = visit(theo, [theo.hers], paid=(80_00,))

    with commits():
        _end(theo.hers, date(2026, 1, 31), acted)

    ((_, found),) = listed(theo)
    assert [step.do for step in found.steps] == ["void"]
    assert Determination.objects.get().status == "no_coverage"
    assert list(out_of_order(Claim.objects.all())) == [claim]


@pytest.fixture
def lena(main, acted):
    """Lena has a plan from her own job, which has paid."""
    patient = PatientFactory(site=main, last_name="Orr", first_name="Lena", birth_on=date(1980, 6, 1))
    patient.job = plan(patient, "Harbor")
    about(patient.job, acted, **WORKING)
    return patient


@pytest.mark.parametrize(("starts", "is_listed"), [(DAY, True), (DAY + timedelta(days=1), False)])
def test_a_continued_plan_added_backwards_is_a_second_payer_of_the_claims_in_its_span(lena, acted, starts, is_listed):
    visit(lena, [lena.job], paid=(80_00,))
    payer = PayerFactory(name="Lakeside", edi_id="LAKE")
    facts = {"coverage.continuation": "cobra", "coverage.continuation_was": "employee", "coverage.work_status": "none"}

    actions.add_coverage(
        patient=lena, by=acted, told=Told(facts, "patient"), payer=payer, kind="employer", relationship="self",
        effective_on=starts, open_ended=True,
    )  # fmt: skip

    found = listed(lena)
    assert bool(found) is is_listed
    if is_listed:
        assert ([step.do for step in found[0][1].steps], found[0][1].rule) == (["secondary"], "NAIC-6D4")


@pytest.fixture
def amara(main, acted):
    """67, her own job plan and Medicare; the employer's size decides."""
    patient = PatientFactory(site=main, last_name="Boateng", first_name="Amara", birth_on=date(1959, 6, 1))
    employer = actions.employer_named("Foundry", size_band="20-99", told_by="employer")
    patient.job = plan(patient, "Harbor", employer=employer)
    patient.card = plan(patient, "Medicare", kind="medicare", effective_on=None, open_ended=False)
    part = {"from": "2024-06-01", "to": None}
    told(patient, acted, medicare__part_a=part, medicare__part_b=part, medicare__basis={"age": "2024-06"},
         medicare__premium_free_part_a=True)  # fmt: skip
    about(patient.job, acted, **WORKING)
    return patient


def test_an_employers_size_put_right_reaches_everybody_who_works_there(amara, main, acted, commits):
    claim = visit(amara, [amara.job, amara.card], paid=(80_00, 0))
    actions.determine(patient=amara, service_on=DAY, by=acted)

    employer = actions.employer_named("Foundry", size_band="<20", told_by="payroll")
    with acting("payer order"):
        done = redetermine_at_employer({"employer": str(employer.pk)}, _Silent())

    assert done == {"patients": 1, "days": 1}
    ((_, found),) = listed(amara)
    assert (found.rule, found.take_back_cents) == ("MSP-WA-LT20", 80_00)
    assert list(out_of_order(Claim.objects.all())) == [claim]


def test_a_size_told_opens_one_job_and_no_patient_is_in_its_message(amara, acted, commits):
    with commits():
        employer = actions.employer_named("Foundry", size_band="<20", told_by="payroll")

    assert [job.args for job in Job.objects.filter(kind="claims.redetermine")] == [{"employer": str(employer.pk)}]


class _Silent:
    def of(self, *_):
        pass

    def step(self, *_):
        pass


def test_a_patients_own_birthday_put_right_counts_as_a_fact(amara, acted, commits):
    claim = visit(amara, [amara.job, amara.card], paid=(80_00, 0))
    actions.determine(patient=amara, service_on=DAY, by=acted)
    told(amara, acted, **{"medicare__basis": {"disability": "2024-06"}})

    with commits():
        change_patient(patient=amara, by=acted, birth_on=date(1969, 6, 1))

    ((_, found),) = listed(amara)
    assert found.rule == "MSP-DIS-LT100"
    assert list(out_of_order(Claim.objects.all())) == [claim]


def test_an_order_a_person_decided_stays_until_a_person_looks(theo, paid, acted, sol, commits):
    proof = [actions.Evidence("call", "77", DAY)]
    row = Determination.objects.get()
    actions.override(determination=row, order=row.order, reason="Both plans said so.", evidence=proof, by=sol)

    with commits():
        actions.change_person(person=theo.mother, by=acted, told_by="mother", birth_on=date(1985, 12, 2))

    assert Determination.objects.current().get().decided_how == "person"
    assert len(listed(theo)) == 1  # the rules say otherwise now, and the page says so


def test_an_order_that_is_open_now_is_said_of_claims_it_was_settled_for(theo, paid, acted):
    told(theo, acted, child__parents_living_together=False)

    ((_, found),) = listed(theo)
    assert (found.kinds, found.steps[0].do) == (("open",), "determine")


def test_a_void_claim_and_one_that_was_never_determined_and_is_open_are_left_alone(theo, acted):
    told(theo, acted, child__parents_living_together=False)
    visit(theo, [theo.hers, theo.his], paid=(80_00,))
    void = visit(theo, [theo.his, theo.hers], paid=(80_00,), number="C-2", on=date(2026, 2, 1))
    Claim.objects.filter(pk=void.pk).update(is_void=True)

    assert listed(theo) == []


def test_what_was_taken_back_is_not_counted_as_paid(theo, paid, acted):
    first = Posting.objects.get(claim=paid, rank=1)
    PostingFactory(claim=paid, payer=first.payer, rank=1, kind="reversal", reverses=first, amount_cents=-80_00)
    actions.change_person(person=theo.mother, by=acted, told_by="mother", birth_on=date(1985, 12, 2))

    assert listed(theo)[0][1].take_back_cents == 0


@pytest.mark.django_db(transaction=True)
def test_two_facts_at_once_leave_one_order_on_file(theo, paid, acted):
    from claims.redetermining import redetermine

    actions.change_person(person=theo.mother, by=acted, told_by="mother", birth_on=date(1985, 12, 2))

    def again(patient):
        with acting("payer order"):
            redetermine(patient)

    assert at_once(again, [theo, theo]) == [None, None]
    assert Determination.objects.current().filter(service_on=DAY).count() == 1
    assert Determination.objects.filter(service_on=DAY).count() == 2


# --- rows and facts say the same -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("billed", "due", "status"),
    [
        ("ab", "ab", "determined"), ("ab", "ba", "determined"), ("a", "ab", "determined"), ("ab", "a", "determined"),
        ("a", "ba", "determined"), ("ab", "", "no_coverage"), ("abc", "acb", "determined"), ("abc", "abc", "likely"),
        ("ba", "ab", "tie"), ("ab", "ba", "needs_facts"),
    ],
)  # fmt: skip
def test_the_queue_finds_in_rows_what_the_comparison_says(main, as_task, billed, due, status):
    patient = stories.nora(main)
    covers = {one: plan(patient, f"Plan {one}") for one in "abc"}
    claim = visit(patient, [covers[one] for one in billed], paid=(50_00,))
    ids = [str(covers[one].pk) for one in due]
    positions = [{"coverage": one, "position": n, "rule": "R", "because": ""} for n, one in enumerate(ids, start=1)]
    verdict = {"status": status, "order": ids, "positions": positions, "pairs": [], "set_aside": [], "notes": [],
               "ties": [ids] if status == "tie" else [], "questions": []}  # fmt: skip
    row = Determination.objects.create(
        patient=patient, service_on=DAY, case={}, verdict=verdict, status=status, rules_version="t"
    )
    for position in positions:
        row.ranks.create(coverage_id=position["coverage"], rank=position["position"], rule="R", because="")

    differs = billed != due and status not in ("tie", "needs_facts")

    assert list(out_of_order(Claim.objects.all())) == ([claim] if differs else [])
