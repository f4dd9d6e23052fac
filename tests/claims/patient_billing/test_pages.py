"""The pages of a patient's money: what they say, who may press what, and that fifty rows cost what one costs."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from claims.models import Claim
from claims.patient_billing import holding
from claims.patient_billing.models import Dispute, PatientPayment, PatientRefund, Statement, StatementHold
from cob.audit.acting import acting
from cob.audit.models import Event
from tests.claims.edi_samples import answer, claim, file_835, file_837p, insured, svc

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 15)
PAID = (("CO-45", 50_00), ("PR-2", 20_00))


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(f"{TODAY}T15:00:00+00:00", tick=False):
        yield


@pytest.fixture
def row(bring):
    bring(file_837p(claim()))
    bring(file_835(answer("PCN1", svc(*PAID))))
    return Claim.objects.select_related("patient").get()


def url(name, *args):
    return reverse(f"billing:{name}", args=args)


def text(response):
    return " ".join(response.content.decode().split())


def test_a_payment_is_taken_laid_on_the_oldest_and_its_statement_stays_as_it_was(row, ben, sign_in):
    client = sign_in(ben)
    assert "The patient owes $20.00 now." in text(client.get(url("account", row.patient_id)))
    step = text(client.get(reverse("claims:claim-page", args=[row.pk])))
    assert ("Nothing to send" in step, "Nothing to do" in step) == (True, False)
    assert "You owe $20.00 for 1 visit." in text(client.get(url("statement-new", row.patient_id)))
    sent = client.post(url("statement-new", row.patient_id), follow=True)
    assert "Statement S000001" in text(sent)
    statement = Statement.objects.get()
    paper = client.get(url("statement-pdf", statement.pk))
    assert (paper["content-type"], b"".join(paper.streaming_content)[:5]) == ("application/pdf", b"%PDF-")
    told = {"amount": "12.50", "method": "cash", "received_on": "04/15/2026"}
    assert "Receipt R000001" in text(client.post(url("payment-new", row.patient_id), told, follow=True))

    assert PatientPayment.objects.get().allocations.get().amount_cents == 12_50
    assert "The patient owes $7.50 now." in text(client.get(url("account", row.patient_id)))
    assert "You owe $20.00 for 1 visit." in text(client.get(url("statement-page", statement.pk)))
    refused = client.post(url("statement-correct", statement.pk), follow=True)
    assert "This replaces statement S000001. You owe $7.50" in text(refused)
    assert Event.objects.filter(verb="saw", patients__patient_id=row.patient_id).count() > 5


def test_a_payment_form_sent_twice_is_one_receipt(row, ben, sign_in):
    client, here = sign_in(ben), url("payment-new", row.patient_id)
    once = client.get(here).context["form"]["once"].value()
    told = {"amount": "12.50", "method": "cash", "received_on": "04/15/2026", "once": once}
    first, again = client.post(here, told), client.post(here, told)
    changed = client.post(here, told | {"amount": "15"})

    assert (first.status_code, again.url) == (302, first.url)
    assert changed.status_code == 422
    assert "for another payment, open the form anew" in text(changed)
    assert PatientPayment.objects.get().amount_cents == 12_50
    assert client.get(here).context["form"]["once"].value() != once


def test_a_complaint_sent_twice_is_one_and_other_words_are_not_lost_in_it(row, ben, sign_in):
    client, here = sign_in(ben), url("dispute-new", row.patient_id)
    told = {"text": "Not mine.", "told_by": "Patient", "told_how": "in person", "received_on": "04/15/2026"}
    told |= {"cause": "unknown", "once": client.get(here).context["form"]["once"].value()}
    first, again = client.post(here, told), client.post(here, told)
    changed = client.post(here, told | {"text": "Not my mother’s either."})

    assert again.url == first.url == url("dispute-page", Dispute.objects.get().pk)
    assert "Add yours to it as a note" in text(changed)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"amount": "12.505"}, "is not an amount"),
        ({"amount": "0"}, "More than 0 has to be paid"),
        ({"amount": "5", "received_on": "04/16/2026"}, "has not come"),
        ({"amount": ""}, "required"),
    ],
)
def test_a_payment_that_cannot_be_kept_says_what_to_put_right(row, ben, sign_in, told, says):
    answered = sign_in(ben).post(
        url("payment-new", row.patient_id), {"method": "cash", "received_on": "04/15/2026"} | told
    )

    assert answered.status_code == 422
    assert says in text(answered)
    assert not PatientPayment.objects.exists()


def test_a_dispute_is_logged_from_the_statement_holds_it_and_is_closed(row, ana, ben, sign_in):
    client = sign_in(ben)
    client.post(url("statement-new", row.patient_id))
    statement = Statement.objects.get()
    address = f"{url('dispute-new', row.patient_id)}?statement={statement.pk}"
    told = {"text": "Not mine.", "told_by": "Patient", "told_how": "in person", "received_on": "04/15/2026"}
    assert client.post(address, told | {"cause": "unknown"}).status_code == 302
    dispute = Dispute.objects.get()
    assert dispute.statement == statement
    assert "you are looking into it" not in text(client.get(url("account", row.patient_id)))
    assert "The patient disputes it" in text(client.post(url("statement-new", row.patient_id)))
    assert client.post(url("dispute-close", dispute.pk), {"cause": "price"}).status_code == 422
    client.post(url("dispute-close", dispute.pk), {"cause": "price", "outcome": "explained", "text": "Explained."})

    assert not StatementHold.objects.open().exists()
    assert client.get(f"{url('dispute-new', row.patient_id)}?statement=nonsense").status_code == 404


def test_what_is_owed_is_of_all_claims_also_of_those_beyond_the_page(bring, ben, sign_in, monkeypatch):
    bring(file_837p(claim(), claim("PCN2")))
    bring(file_835(answer("PCN1", svc(*PAID)), answer("PCN2", svc(*PAID), number="I2")))
    monkeypatch.setattr("claims.patient_billing.views.account.SHOWN", 1)

    page = text(sign_in(ben).get(url("account", Claim.objects.first().patient_id)))

    assert "The patient owes $40.00 now." in page
    assert "The newest hundred" in page


def test_a_refund_needs_a_second_person(row, ana, sol, sign_in):
    client = sign_in(ana)
    told = {"amount": "25", "method": "cash", "received_on": "04/15/2026", f"claim_{row.pk}": "25"}
    client.post(url("payment-new", row.patient_id), told)
    assert "$5.00 goes back" in text(client.get(url("account", row.patient_id)))
    client.post(url("refund-new", row.pk), {"because": "Too much."})
    refund = PatientRefund.objects.get()
    assert client.post(url("refund-approve", refund.pk)).status_code == 403
    client = sign_in(sol)
    client.post(url("refund-approve", refund.pk))
    client.post(url("refund-send", refund.pk), {"method": "cash", "sent_on": "04/15/2026"})

    refund.refresh_from_db()
    assert (refund.state, refund.amount_cents) == ("sent", 5_00)


def test_another_sites_account_hold_and_statement_are_not_there(row, ben, kit, sign_in):
    with acting(ben):
        hold = holding.place(claim=row, because="A letter.", until=date(2026, 4, 20), by=ben)
    client = sign_in(kit)

    addresses = [url("account", row.patient_id), url("hold-page", hold.pk), url("question", row.pk)]
    assert {client.get(address).status_code for address in addresses} == {404}
    assert "A letter." not in text(client.get(url("hold-list")))


def test_lists_of_fifty_cost_what_lists_of_one_cost(bring, ben, sign_in, queries_of):
    people = [insured(member=f"M{n:04}", last=f"DOE{chr(65 + n // 26)}{chr(65 + n % 26)}") for n in range(12)]
    bring(file_837p(*(claim(f"PCN{n}", subscriber=who) for n, who in enumerate(people))))
    client = sign_in(ben)
    pages = [url("run-new"), url("hold-list"), url("statement-list")]

    def bill(numbers):
        rows = [answer(f"PCN{n}", svc(*PAID), number=f"I{n}", last=people[n].party.name) for n in numbers]
        bring(file_835(*rows, number=numbers[0] + 1))
        with acting(ben):
            for one in Claim.objects.filter(control_number__in=[f"PCN{n}" for n in numbers[::2]]):
                holding.place(claim=one, because="A letter.", until=date(2026, 4, 20), by=ben)
            for one in Claim.objects.filter(control_number__in=[f"PCN{n}" for n in numbers[1::2]]):
                client.post(url("statement-new", one.patient_id))

    bill([0, 1])
    few = [queries_of(lambda page=page: client.get(page)) for page in pages]
    bill(list(range(2, 12)))

    assert [queries_of(lambda page=page: client.get(page)) for page in pages] == few
