"""The pages of money taken back: who sees what, what they say, what a wrong entry is told, and one walk by hand."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Adjudication, Claim, ClaimPayer, Credit, ProviderAccount, ProviderEntry, Recoupment, Refund
from claims.recoupment import credits
from claims.recoupment.queries import demand_list
from cob.audit.acting import acting
from cob.audit.models import Event
from cob.x12.t835 import ProviderAdjustment as Plb
from tests.claims.edi_samples import BETA, MAIN_NPI, also, answer, claim, file_835, file_837p, svc, transaction
from tests.factories.claims import ClaimFactory
from tests.factories.patients import PatientFactory
from tests.factories.workqueues import demanded_back

pytestmark = pytest.mark.django_db
FIRST = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00)))
AS_FIRST = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00)), number="B1")


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-04-20T15:00:00Z", tick=False):
        yield


def url(name, *args):
    return reverse(f"claims:{name}", args=args)


@pytest.fixture
def paid(bring):
    """Both payers paid as first, and Acme took 5.00 (CS) and 7.00 (WO) that nothing explains."""
    bring(file_837p(claim(other_coverages=(also(),))))
    plb = tuple(Plb(MAIN_NPI, date(2026, 12, 31), *each) for each in (("CS", "GARNISH 9", 5_00), ("WO", "PCN1", 7_00)))
    bring(file_835(transaction(FIRST, plb=plb)))
    bring(file_835(transaction(AS_FIRST, trace="B1", payer=BETA, paid=date(2026, 4, 10))))
    with acting("test task"):
        credits.look()
    return Claim.objects.get()


def page(client, name, *args, status=200):
    response = client.get(url(name, *args))
    assert response.status_code == status
    return response.content.decode()


def every_page(paid_claim):
    account = ProviderAccount.objects.get(account="unexplained")
    return [
        ("provider-ledger-payer", account.payer_id),
        ("provider-account", account.pk),
        ("credit-page", Credit.objects.get().pk),
        ("claim-page", paid_claim.pk),
    ]


def test_each_page_says_what_is_open_and_who_looked_is_on_the_trail(paid, cast, sign_in):
    client = sign_in(cast["pat"])

    assert "ACME HEALTH" in page(client, "provider-ledger")
    account = ProviderAccount.objects.get(account="unexplained")
    text = page(client, "provider-account", account.pk)
    assert "Say what it is" in text
    assert "Remittance EFT1" in text
    assert "both paid as if they came first" in page(client, "credit-list")
    text = page(client, "credit-page", Credit.objects.get().pk)
    assert "at least $60.00, at most $80.00" in text
    text = page(client, "claim-page", paid.pk)
    assert "Money taken back" in text
    assert "$60.00 paid too much" in text
    text = page(client, "remittance-page", Adjudication.objects.get(remittance__trace="EFT1").remittance_id)
    assert "Not explained yet" in text
    assert Event.objects.filter(verb="saw", subject_type="credit", patients__patient_id=paid.patient_id).exists()


def test_another_sites_money_is_not_there(paid, kit, sign_in):
    client = sign_in(kit)

    assert "ACME HEALTH" not in page(client, "provider-ledger")
    assert "PCN1" not in page(client, "credit-list")
    for name, pk in every_page(paid)[1:]:
        page(client, name, pk, status=404)


def test_with_nothing_on_file_each_list_says_why(cast, sign_in):
    client = sign_in(cast["pat"])

    assert "Nothing stands between you and a payer" in page(client, "provider-ledger")
    assert "No payer demands money" in page(client, "recoupment-list")
    assert "Nothing to give back" in page(client, "credit-list")


def letter_form(**changes):
    fields = {
        "payer": "",
        "answer": "",
        "amount": "80.00",
        "ground": "another_payer",
        "reference": "D-1",
        "letter_on": "2026-04-02",
        "received_on": "2026-04-06",
        "respond_by": "",
    }
    return fields | changes


def pdf(content=b"%PDF-1.4 x", name="letter.pdf"):
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    ("changes", "file", "says"),
    [
        ({"amount": "80.001"}, pdf, "is not an amount"),
        ({"amount": "0"}, pdf, "above nothing"),
        ({"amount": "80.01"}, pdf, "more cannot be taken back"),
        ({"amount": "100000000.00"}, pdf, "more than $99,999,999.99"),
        ({"letter_on": "2026-04-21"}, pdf, "still to come"),
        ({"letter_on": "0026-04-02"}, pdf, "Check the year"),
        ({"respond_by": "9999-12-31"}, pdf, "Check the year"),
        ({"received_on": "2026-04-01"}, pdf, "before the date of the letter"),
        ({"reference": ""}, pdf, "This field is required"),
        ({}, lambda: pdf(b"MZ not a letter", "letter.exe"), "This is no PDF"),
        ({}, lambda: "", "This field is required"),
    ],
)
def test_a_wrong_letter_is_told_what_is_wrong_and_nothing_is_posted(paid, cast, sign_in, changes, file, says):
    told = Adjudication.objects.get(remittance__trace="EFT1")
    data = letter_form(payer=told.remittance.payer_id, answer=told.pk, **changes) | {"letter": file()}
    response = sign_in(cast["pat"]).post(url("recoupment-new", paid.pk), data)

    assert response.status_code == 422
    assert says in response.content.decode()
    assert Recoupment.objects.count() == 0


def test_a_letter_is_taken_out_again_as_what_it_is_whatever_it_was_called(paid, cast, sign_in):
    told, pat = Adjudication.objects.get(remittance__trace="B1"), sign_in(cast["pat"])
    data = letter_form(payer=told.remittance.payer_id, answer=told.pk) | {"letter": pdf(name="Demand 4.html")}
    assert pat.post(url("recoupment-new", paid.pk), data).status_code == 302

    kept = pat.get(url("recoupment-letter", Recoupment.objects.get().pk))
    assert b"".join(kept.streaming_content) == b"%PDF-1.4 x"
    assert kept["Content-Type"] == "application/pdf"
    assert kept["Content-Disposition"].endswith('.pdf"')


def test_a_demand_is_walked_from_the_letter_to_its_end(paid, cast, sign_in):
    pat = sign_in(cast["pat"])
    told = Adjudication.objects.get(remittance__trace="B1")
    data = letter_form(payer=told.remittance.payer_id, answer=told.pk) | {"letter": pdf()}
    assert pat.post(url("recoupment-new", paid.pk), data).status_code == 302
    demand = Recoupment.objects.get()

    def change(client, name, pk, **fields):
        response = client.post(url(name, pk), fields)
        assert response.status_code == 302, response.content.decode()[:3000]

    change(pat, "recoupment-change", demand.pk, do="decide", decision="valid", because="Acme is first.")
    change(pat, "recoupment-change", demand.pk, do="refund", amount="80.00", because="Valid.")
    refund = Refund.objects.get()
    assert "Approve the refund" not in page(pat, "refund-page", refund.pk)
    assert pat.post(url("refund-approve", refund.pk)).status_code == 403
    sol = sign_in(cast["sol"])
    assert "Approve the refund" in page(sol, "refund-page", refund.pk)
    change(sol, "refund-approve", refund.pk)
    pat = sign_in(cast["pat"])
    change(pat, "refund-change", refund.pk, do="send", check_number="4711", on="2026-04-20")
    change(pat, "refund-change", refund.pk, do="acknowledge", letter="THANKS-1", on="2026-04-20")
    change(pat, "recoupment-change", demand.pk, do="close", because="Refunded by check 4711.")

    text = page(pat, "recoupment-page", demand.pk)
    assert "Closed" in text
    assert "THANKS-1" in page(pat, "refund-page", refund.pk)
    kept = pat.get(url("recoupment-letter", demand.pk))
    assert b"".join(kept.streaming_content) == b"%PDF-1.4 x"
    assert Event.objects.filter(verb="downloaded", subject_type="claims.recoupment").exists()
    assert ProviderAccount.objects.get(reference="D-1").balance_cents == 0


def test_what_stands_against_a_step_is_said_beside_it(paid, cast, sign_in):
    client = sign_in(cast["pat"])
    credit = Credit.objects.get()

    response = client.post(url("credit-change", credit.pk), {"do": "refund", "amount": "80.01", "because": "x"})

    assert response.status_code == 422
    assert "At most 80.00 can be refunded here." in response.content.decode()


def test_an_entry_is_explained_once_and_stands_where_it_belongs(paid, cast, sign_in):
    client = sign_in(cast["pat"])
    account = ProviderAccount.objects.get(account="unexplained")
    wrong = client.post(
        url("provider-account-explain", account.pk), {"account": "owed", "claim_number": "NOPE", "note": "x"}
    )
    assert wrong.status_code == 422
    assert "No claim of ours with this number" in wrong.content.decode()

    told = {"account": "levy", "note": "State garnishment, says the payer."}
    assert client.post(url("provider-account-explain", account.pk), told).status_code == 302
    client.post(url("provider-account-explain", account.pk), told)

    account.refresh_from_db()
    assert account.balance_cents == 0
    assert ProviderAccount.objects.get(account="levy").balance_cents == -5_00
    assert ProviderEntry.objects.filter(move="explained").count() == 2


def test_a_reopened_payers_answer_is_kept_with_a_reason(paid, ben, sign_in):
    with acting("test task"):
        ClaimPayer.objects.filter(claim=paid, rank=2).update(state="reopened")
    client = sign_in(ben)
    assert "Keep its answer" in page(client, "claim-page", paid.pk)

    assert client.post(url("payer-keep", paid.pk, 2), {"because": ""}).status_code == 422
    assert client.post(url("payer-keep", paid.pk, 2), {"because": "It owes its part in any case."}).status_code == 302
    assert ClaimPayer.objects.get(claim=paid, rank=2).state == "adjudicated"
    assert Event.objects.get(verb="payer's answer stands").reason == "It owes its part in any case."


def queries(client, address):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len([q for q in seen if "audit_" not in q["sql"]])


def test_fifty_rows_cost_what_one_costs(paid, cast, sign_in, letter):
    letter(80_00, answer=Adjudication.objects.get(remittance__trace="EFT1"))
    with acting("test task"):
        Credit.objects.update(settled_on=None)
    client, demand = sign_in(cast["pat"]), Recoupment.objects.get()
    account = ProviderAccount.objects.get(account="unexplained")
    lists = [
        url("credit-list"),
        url("recoupment-list"),
        url("provider-ledger-payer", account.payer_id),
        url("provider-account", account.pk),
        url("recoupment-page", demand.pk),
    ]
    for address in lists:
        client.get(address)
    before = [queries(client, address) for address in lists]
    with acting("test task"):
        for n in range(20):
            other = ClaimFactory(patient=PatientFactory(site=paid.site))
            Credit.objects.create(
                claim=other, kind="both_primary", payer=demand.payer, amount_cents=1, most_cents=1, because="x",
                since=date(2026, 4, 1), found_on=date(2026, 4, 1),
            )  # fmt: skip
            Recoupment.objects.create(
                claim=other, payer=demand.payer, amount_cents=1, ground="other", reference=f"N{n}",
                letter_on=date(2026, 4, 1), received_on=date(2026, 4, 1),
            )  # fmt: skip
            row = ProviderAccount.objects.create(
                payer=account.payer, site=paid.site, account="owed", reference=f"N{n}", claim=other,
                opened_on=date(2026, 4, 1), moved_on=date(2026, 4, 1), balance_cents=1,
            )  # fmt: skip
            for to in (row, account, demand.account):
                ProviderEntry.objects.create(
                    account=to, move="booked", amount_cents=1, posted_on=date(2026, 4, 1), key=f"{to.pk}{n}"
                )

    now = [queries(client, address) for address in lists]
    assert now == before


def test_demands_stand_in_the_order_in_which_they_must_be_answered(cast, main):
    with acting("test task"):
        for reference, day in [("NO LIMIT", None), ("LATER", date(2026, 5, 20)), ("SOON", date(2026, 5, 1))]:
            demand = demanded_back(main)
            demand.reference, demand.respond_by = reference, day
            demand.save()

    assert [row.reference for row in demand_list(cast["pat"], closed=False)] == ["SOON", "LATER", "NO LIMIT"]
