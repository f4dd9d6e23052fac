"""How well a claim fits an answer, sign by sign; and an answer that comes from the wrong place in the order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from claims import actions
from claims.models import Adjudication, Claim
from claims.weighing import Known, weigh
from cob.audit.acting import acting
from tests.claims.edi_samples import (
    ACME,
    BETA,
    SERVED,
    also,
    answer,
    claim,
    file_835,
    file_837p,
    svc,
    transaction,
)
from workqueues import membership
from workqueues.models import Item

PAID = (("CO-45", 50_00), ("PR-2", 20_00))
OURS = Known(
    number="PCN1", their_numbers=frozenset({"ICN1"}), members=frozenset({"MEM0001"}), last="DOE", first="JANE",
    since=SERVED, until=SERVED, procedures=frozenset({"99213"}), charge_cents=150_00,
)  # fmt: skip


def said(**changes):
    return replace(answer("PCN1", svc(*PAID)), **changes)


@pytest.mark.parametrize(
    ("answered", "score", "against"),
    [
        (said(), 100, []),
        (said(control_number="X"), 70, ["our claim number differs"]),
        (said(payer_control_number="X"), 85, ["the payer's claim number differs"]),
        (said(payer_control_number=""), 85, []),
        (said(charge_cents=151_00), 90, ["charge 151.00, ours 150.00"]),
        (said(lines=(svc(*PAID, on=date(2026, 3, 3)),)), 90, ["service on 03/03/2026"]),
        (said(lines=(svc(*PAID, code="99214"),)), 90, ["99214 is not on the claim"]),
        (said(patient=replace(said().patient, first="TIM")), 90, ["another first name"]),
        (said(patient=replace(said().patient, name="ROE", id="OTHER")), 75, ["member id differs", "another name"]),
        (said(patient=None, lines=()), 55, []),
    ],
    ids=["all", "our number", "theirs", "theirs left out", "charge", "day", "procedure", "first", "person", "bare"],
)  # fmt: skip
def test_each_sign_counts_and_is_named(answered, score, against):
    found = weigh(OURS, answered)

    assert (found.score, found.against) == (score, against)
    assert len(found.agreeing) + len(found.against) == len(found.signs)


@pytest.mark.django_db
def test_the_page_lists_the_best_fit_first_with_its_reasons(bring, cast, sign_in, main):
    bring(file_837p(claim("PCN1"), claim("PCN2")))
    bring(file_835(transaction(answer("XX", svc(*PAID), number="T1"))))
    row = Adjudication.objects.get()
    assert row.claim is None
    client = sign_in(cast["pat"])

    text = client.get(f"/remittances/answers/{row.pk}/match/").content.decode()

    assert text.count("of 100") == 2
    assert "member id agrees" in text.replace("&#x27;", "'")
    found = client.post(f"/remittances/answers/{row.pk}/match/", {"charge": "150", "service_on": "2026-03-02"})
    assert found.content.decode().count("of 100") == 2
    nothing = client.post(f"/remittances/answers/{row.pk}/match/", {"charge": "151.00"}).content.decode()
    assert "No claim fits" in nothing
    empty = client.post(f"/remittances/answers/{row.pk}/match/", {})
    assert (empty.status_code, "Type a claim number" in empty.content.decode()) == (422, True)


@pytest.mark.django_db
def test_two_people_at_one_answer_one_wins_and_the_other_is_told_who(bring, cast, sol):
    bring(file_837p(claim("PCN1"), claim("PCN2")))
    bring(file_835(transaction(answer("XX", svc(*PAID)))))
    row = Adjudication.objects.get()
    one, two = Claim.objects.order_by("control_number")
    with acting(cast["pat"]):
        actions.match_answer(adjudication=row, claim=one)

    with acting(sol), pytest.raises(actions.AlreadyMatched, match=r"claim PCN1 already \(matched by Pat Price"):
        actions.match_answer(adjudication=Adjudication.objects.get(), claim=two)


@pytest.mark.django_db
def test_an_automatic_match_keeps_its_score(bring):
    bring(file_837p(claim("PCN1")))
    bring(file_835(transaction(answer("PCN1", svc(*PAID, charge=151_00)))))

    assert Adjudication.objects.get().match_score == 75


@pytest.mark.django_db
class TestWrongLevel:
    """Acme is first on the claim, Beta second."""

    SECOND = svc(("OA-23", 130_00), ("PR-2", 10_00))

    @pytest.fixture(autouse=True)
    def _on_file(self, bring):
        bring(file_837p(claim("PCN1", other_coverages=(also(),))))

    def of_beta(self, status="2"):
        return file_835(transaction(answer("PCN1", self.SECOND, status=status, number="B1"), payer=BETA, trace="BETA1"))

    def of_acme(self, status="1"):
        return file_835(transaction(answer("PCN1", svc(*PAID), status=status), payer=ACME, trace="ACME1"), number=2)

    def test_the_seconds_answer_before_the_firsts_is_said(self, bring):
        bring(self.of_beta())

        row = Adjudication.objects.get()
        assert any("Acme Health (payer 1) has not answered here" in w or "ACME HEALTH (payer 1) has not" in w
                   for w in row.exceptions)  # fmt: skip
        assert row.posted_at is not None

    def test_after_the_firsts_it_is_as_it_should_be(self, bring):
        bring(self.of_acme())
        bring(self.of_beta())

        assert Adjudication.objects.get(status="2").exceptions == []

    @pytest.mark.parametrize("status", ["1", "3"])
    def test_a_place_that_is_not_ours_is_said(self, bring, status):
        bring(self.of_acme())
        bring(self.of_beta(status))

        row = Adjudication.objects.exclude(remittance__trace="ACME1").get()
        assert any("Check the order of benefits" in why for why in row.exceptions)

    @pytest.mark.parametrize(
        ("order", "queued"), [("acme", True), ("acme beta", False), ("beta acme", False), ("beta", False)]
    )
    def test_the_seconds_own_answer_never_queues_the_second_again(self, bring, as_task, order, queued):
        for who in order.split():
            bring({"beta": self.of_beta, "acme": self.of_acme}[who]())
        membership.ask()

        assert Item.objects.open().filter(queue="secondary-submission").exists() is queued
        assert (Claim.objects.get().payers.get(rank=2).state == "adjudicated") is ("beta" in order)
