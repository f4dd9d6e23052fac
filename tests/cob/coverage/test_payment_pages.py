"""Settings of payment: terms, contracts and fees are kept from a day on, and the pages say what holds and what held."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from cob.audit.models import Event
from cob.coverage.models import Contract, Fee, PlanTerms
from cob.coverage.payment_actions import FeeLine, set_contract, set_fees, set_terms
from cob.coverage.payment_terms import OnFile
from tests.factories.coverage import PayerFactory

pytestmark = pytest.mark.django_db
TERMS = {"method": "carve_out", "plan_percent": "80", "effective_on": "01/01/2026", "source": "Booklet p. 12"}


@pytest.fixture
def payer(as_task):
    return PayerFactory(name="Second Plan", edi_id="SECND")


@pytest.fixture
def desk(sign_in, sol):
    return sign_in(sol)


def page_of(payer, name="payment-payer"):
    return reverse(f"settings:{name}", args=[payer.pk])


def test_terms_are_kept_with_their_source_and_the_next_form_starts_from_them(desk, payer, sol):
    assert "Terms not known" in desk.get(page_of(payer)).content.decode()

    answer = desk.post(page_of(payer), {**TERMS, "copay_cents": "1,020.5", "tolerance_cents": "2"}, follow=True)

    row = PlanTerms.objects.get()
    kept = OnFile.model_validate(row.terms)
    assert (kept.method, kept.plan_percent, kept.copay_cents, kept.tolerance_cents) == ("carve_out", 80, 1_020_50, 2_00)
    assert (row.set_by, row.source, row.effective_on) == (sol, "Booklet p. 12", date(2026, 1, 1))
    assert "Carve-out, non-duplication" in answer.content.decode()
    assert answer.context["terms_form"].initial["copay_cents"] == "1,020.50"
    assert Event.objects.filter(verb="payment terms set", subject_id=str(row.pk)).count() == 1
    assert "Carve-out" in desk.get(reverse("settings:payment-list")).content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"source": ""}, "source"), ({"effective_on": "13/45/2026"}, "effective_on"), ({"method": "hmm"}, "method"),
        ({"plan_percent": "120"}, "plan_percent"), ({"copay_cents": "1.005"}, "copay_cents"),
        ({"tolerance_cents": "-1"}, "tolerance_cents"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_said_at_its_field_and_nothing_is_kept(desk, payer, changes, field):
    answer = desk.post(page_of(payer), TERMS | changes)

    assert answer.status_code == 422
    assert field in answer.context["terms_form"].errors
    assert not PlanTerms.objects.exists()


@pytest.mark.parametrize(
    ("kind", "asked"),
    [("medigap", "medigap_letter"), ("medicaid", "medicaid_policy"), ("tricare", "tricare_participating"),
     ("medicare", "otaf_when_zero_paid"), ("fehb", "fehb_waiver"), ("employer", "method")],
)  # fmt: skip
def test_a_payer_is_asked_what_its_kind_has(desk, as_task, kind, asked):
    form = desk.get(page_of(PayerFactory(edi_id="KIND1", kind=kind))).context["terms_form"]

    assert asked in form.fields
    assert ("medigap_letter" in form.fields) == (kind == "medigap")


def test_the_same_again_is_told_and_not_kept_twice(desk, payer):
    desk.post(page_of(payer), TERMS)
    answer = desk.post(page_of(payer), TERMS)

    assert answer.status_code == 422
    assert "already holds, since 01/01/2026" in answer.content.decode()
    assert PlanTerms.objects.count() == 1


def test_a_later_row_replaces_an_earlier_one_and_both_stay(desk, payer):
    for day, method in (("01/01/2024", "mob"), ("01/01/2025", "standard"), ("01/01/2199", "basic")):
        desk.post(page_of(payer), TERMS | {"effective_on": day, "method": method})

    told = [(row.effective_on.year, row.stands) for row in desk.get(page_of(payer)).context["terms"]]

    assert told == [(2199, "to come"), (2025, "in force"), (2024, "replaced")]


def test_a_contract_and_fees_from_a_form_and_from_a_file(desk, payer):
    given = {"effective_on": "01/01/2026", "source": "Agreement"}
    desk.post(page_of(payer, "payment-contract"), {**given, "is_in_network": "yes"})
    desk.post(page_of(payer, "payment-fees"), {**given, "procedure": "99213", "fee": "1,080.00"})
    file = SimpleUploadedFile("fees.csv", b"procedure,fee\n99214,120\n99215,bad\n")
    wrong = desk.post(page_of(payer, "payment-fees"), {**given, "file": file})
    neither = desk.post(page_of(payer, "payment-fees"), given)

    assert Contract.objects.get().is_in_network
    assert Fee.objects.values_list("procedure", "amount_cents").get() == ("99213", 1_080_00)
    assert wrong.status_code == neither.status_code == 422
    assert "Line 3: " in wrong.content.decode()
    assert "Give a procedure with its fee, or a file." in neither.content.decode()


def test_rows_are_never_changed(payer, as_task):
    given = {"payer": payer, "effective_on": date(2026, 1, 1), "source": "x", "by": None}
    rows = [
        set_terms(plan_name="", terms=OnFile(), **given),
        set_contract(site=None, is_in_network=True, **given),
    ]
    set_fees(site=None, fees=[FeeLine("99213", "", 1_00, None)], **given)
    rows.append(payer.fees.get())
    for row in rows:
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(source="y")


def test_the_list_costs_the_same_for_one_payer_and_for_many(desk, as_task, queries_of):
    def fill(count, start):
        for number in range(start, start + count):
            PayerFactory(name=f"Payer {number}", edi_id=f"P{number}")

    fill(1, 0)
    few = queries_of(lambda: desk.get(reverse("settings:payment-list")))
    fill(20, 1)

    assert queries_of(lambda: desk.get(reverse("settings:payment-list"))) == few
