"""A later payer that allows more than the first one's contract: its money stays, and so much of the write-off goes."""

from __future__ import annotations

import pytest
from django.urls import reverse

from claims.ledger_check import check_all
from claims.models import Claim, Posting
from claims.patient_billing import write_off_reversal
from claims.patient_billing.reading import pictures_of
from claims.recoupment import credits
from cob.audit.acting import acting
from cob.audit.models import Event
from tests.claims.edi_samples import (
    BETA,
    also,
    answer,
    claim,
    file_835,
    file_837p,
    service,
    svc,
    taken_back,
    transaction,
)

pytestmark = pytest.mark.django_db

# Charge 150: the first allows 100, the second 120 and pays 30 of it.
FIRST = (("CO-45", 50_00), ("PR-2", 25_00))
SECOND = (("OA-23", 75_00), ("CO-45", 30_00), ("PR-2", 15_00))


@pytest.fixture
def told(bring):
    """`told(first, second, status)` brings the claim and both answers."""

    def _told(first=FIRST, second=SECOND, status="2"):
        bring(file_837p(claim(other_coverages=(also(),))))
        bring(file_835(answer("PCN1", svc(*first))))
        bring(file_835(transaction(answer("PCN1", svc(*second), status=status), payer=BETA, trace="EFT2")))
        return Claim.objects.select_related("patient", "site").get()

    return _told


def balances():
    row = Claim.objects.get()
    return row.paid_cents, row.written_off_cents, row.insurer_open_cents, row.patient_cents


def offered(row):
    return sum(part.cents for part in write_off_reversal.to_reverse(pictures_of([row])[row.pk]))


def press(client, row):
    return " ".join(
        client.post(reverse("billing:write-off-reverse", args=[row.pk]), follow=True).content.decode().split()
    )


def test_one_press_reverses_what_the_later_payer_allows_beyond_the_first(told, pat, sign_in):
    row, client = told(), sign_in(pat)
    assert balances() == (105_00, 50_00, -5_00, 0)
    page = " ".join(client.get(reverse("claims:claim-page", args=[row.pk])).content.decode().split())
    assert "Reverse $20.00 of the earlier write-off, the later payer allows more" in page

    assert any("take back that much" in why for one in row.adjudications.all() for why in one.exceptions)
    assert "$20.00 of the earlier write-off was reversed." in press(client, row)
    assert [one.exceptions for one in row.adjudications.all()] == [[], []]
    assert balances() == (105_00, 30_00, 0, 15_00)
    assert check_all().broken == {}
    rest = Posting.objects.get(kind="write_off", carc="")
    assert (rest.amount_cents, rest.by) == (30_00, pat)
    assert rest.note == "20.00 of CO-45 50.00 reversed: a later payer allows more"
    assert {"cents": 20_00} in [event.after for event in Event.objects.filter(verb="earlier write-off reversed")]


def test_the_page_of_the_credit_it_looks_like_says_so(told, pat, sign_in):
    row = told()
    with acting("the night"):
        credits.look([row.pk])
    page = sign_in(pat).get(reverse("claims:credit-page", args=[row.credits.get().pk]))

    assert "reverse $20.00 of the earlier write-off" in " ".join(page.content.decode().split())
    with acting(pat):
        write_off_reversal.reverse(claim=row, by=pat)
        credits.look([row.pk])
    assert row.credits.get().settled_because == "The ledger shows no credit any more."


def test_the_second_of_two_who_press_is_told_and_nothing_is_reversed_twice(told, pat, sign_in):
    row, client = told(), sign_in(pat)
    press(client, row)

    assert "Somebody may have done it just now." in press(client, row)
    assert balances() == (105_00, 30_00, 0, 15_00)


# what the first took off, what the second said and as which payer → what is offered
OFFERS = {
    "all of it, where the second allows the charge": (FIRST, (("OA-23", 75_00), ("PR-2", 45_00)), "2", 50_00),
    "a cent": (FIRST, (("OA-23", 124_99), ("PR-2", 25_01)), "2", 1),
    "not where it is just the charge": (FIRST, (("OA-23", 125_00), ("PR-2", 25_00)), "2", 0),
    "nothing, where the second allows what the first did": (FIRST, (("OA-23", 125_00), ("PR-2", 5_00)), "2", 0),
    "nothing of a payer that paid as if it came first": (FIRST, (("CO-45", 30_00), ("PR-2", 15_00)), "1", 0),
    "nothing the law withholds": ((("CO-253", 50_00), ("PR-2", 25_00)), SECOND, "2", 0),
    "only what a contract took": ((("CO-253", 40_00), ("CO-45", 10_00), ("PR-2", 25_00)), SECOND, "2", 10_00),
}


@pytest.mark.parametrize(("first", "second", "status", "cents"), OFFERS.values(), ids=OFFERS)
def test_what_may_be_reversed(told, first, second, status, cents):
    assert offered(told(first, second, status)) == cents


def test_nothing_is_offered_before_every_payer_is_done(bring):
    bring(file_837p(claim(other_coverages=(also(), also("55555", "T", "THI0001")))))
    bring(file_835(answer("PCN1", svc(*FIRST))))
    bring(file_835(transaction(answer("PCN1", svc(*SECOND), status="2"), payer=BETA, trace="EFT2")))

    assert offered(Claim.objects.select_related("patient", "site").get()) == 0


def test_each_line_gives_way_for_itself(bring, pat):
    bring(file_837p(claim("PCN1", service(1), service(2, "99214"), other_coverages=(also(),))))
    same = svc(("CO-45", 50_00), ("PR-2", 25_00), code="99214", number=2)
    bring(file_835(answer("PCN1", svc(*FIRST), same)))
    agrees = svc(("OA-23", 125_00), ("PR-2", 5_00), code="99214", number=2)
    bring(file_835(transaction(answer("PCN1", svc(*SECOND), agrees, status="2"), payer=BETA, trace="EFT2")))
    row = Claim.objects.select_related("patient", "site").get()
    with acting(pat):
        assert write_off_reversal.reverse(claim=row, by=pat) == 20_00

    assert balances() == (200_00, 80_00, 0, 20_00)
    assert check_all().broken == {}


def test_when_the_first_payer_takes_its_answer_back_what_stayed_of_its_write_off_goes_too(told, bring, pat):
    row = told()
    with acting(pat):
        write_off_reversal.reverse(claim=row, by=pat)
    bring(file_835(transaction(taken_back(answer("PCN1", svc(*FIRST))), trace="EFT3")))

    assert not [p for p in Posting.objects.filter(rank=1).exclude(kind="reversal") if not hasattr(p, "reversal")]
    assert check_all().broken == {}
