"""The page of a rejection that answers nothing on file: its claim is found by number, or it is set aside with a reason,
by whom it is for."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from claims.models import Acknowledgement, AckReply, Claim, EdiFile
from cob.audit.acting import acting
from tests.claims.edi_samples import NORTH_NPI, billing, claim, file_837p
from tests.claims.exchange.rejections import GROUP_REJECTED, TAKEN, answer_to, hand, sending_of, unplaced
from tests.x12.acks import file_277ca, file_999
from workqueues import actions, membership
from workqueues.models import Item

pytestmark = pytest.mark.django_db


def _page(ack, name="rejection-place"):
    return reverse(f"claims:{name}", args=[ack.pk])


def test_somebody_finds_the_claim_by_its_number_and_says_that_it_is_the_one(sent, lost, ben, sign_in):
    desk, file_url = sign_in(ben), reverse("claims:file-page", args=[lost.file_id])
    assert _page(lost) in desk.get(file_url).content.decode()

    found = desk.post(_page(lost), {"number": "pcn"}).content.decode()
    placed = desk.post(_page(lost), {"sending": str(sent.pk)})

    assert "It is about claim PCN1, sent to ACME HEALTH" in found
    assert placed["Location"] == reverse("claims:claim-page", args=[sent.claim_id])
    assert "Placed by Ben Baker" in desk.get(placed["Location"]).content.decode()
    after = desk.get(file_url).content.decode()
    assert (_page(lost) in after, "Placed by Ben Baker" in after) == (False, True)
    assert "Placed with the claim" in desk.get(_page(lost)).content.decode()


def test_a_number_that_does_not_tell_files_apart_shows_one_claim_of_each(bring, ben, sign_in):
    bring(file_837p(claim("PCN1"), claim("PCN2"), group=1), name="1.837")
    bring(file_837p(claim("PCN3"), number=2, group=1), name="2.837")
    bring(file_999("1", group=GROUP_REJECTED), name="a.999")

    page = sign_in(ben).get(_page(unplaced())).content.decode()

    assert page.count("It is this one") == 2
    assert "with 1 other claim<" in page


def test_a_sending_that_cannot_be_meant_has_no_button_and_another_charge_is_said(lost, bring, ben, sign_in):
    bring(file_837p(claim("PCN2"), number=2, sent=date(2026, 3, 9)), name="later.837")
    with acting("test task"):
        Claim.objects.filter(control_number="PCN1").update(charge_cents=149_00, insurer_open_cents=149_00)

    page = sign_in(ben).post(_page(lost), {"number": "PCN"}).content.decode()

    assert page.count("It is this one") == 1
    assert "left after 03/06/2026" in page
    assert "Differs" in page


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ({"replied": "not_ours", "reason": "Sent by the old system"}, 302, ""),
        ({"replied": "dealt_with", "reason": "Sent again by paper"}, 302, ""),
        ({"replied": "not_ours", "reason": ""}, 422, "Say in a few words why."),
        ({"reason": "Sent by the old system"}, 422, "Say which of the two it is."),
        ({"replied": "placed", "reason": "No"}, 422, "Select a valid choice"),
    ],
)
def test_setting_aside_takes_a_reason(lost, ben, sign_in, said, status, words):
    answer = sign_in(ben).post(_page(lost, "rejection-set-aside"), said)

    assert answer.status_code == status
    assert words in answer.content.decode()
    assert AckReply.objects.filter(by=ben).exists() is (status == 302)


def test_one_press_leads_to_the_next_of_the_file_and_one_sets_all_aside(sent, bring, ben, sign_in):
    bring(file_277ca(answer_to("OLD1") + answer_to("OLD2") + answer_to("OLD3")), name="a.277")
    first, second, third = Acknowledgement.objects.unplaced().order_by("position")
    desk, said = sign_in(ben), {"replied": "not_ours", "reason": "Sent by the old system"}

    placed = desk.post(_page(first), {"sending": str(sent.pk)})
    aside = desk.post(_page(second, "rejection-set-aside"), said | {"all_of_file": "on"})

    assert placed["Location"] == _page(second)
    assert aside["Location"] == reverse("claims:file-page", args=[first.file_id])
    assert {reply.acknowledgement_id for reply in AckReply.objects.filter(reply="not_ours")} == {second.pk, third.pk}
    assert "Sent by the old system (Ben Baker" in desk.get(aside["Location"]).content.decode()


def test_the_second_to_press_reads_on_the_page_who_was_quicker(sent, lost, ben, sol, sign_in):
    hand(lost, sent, ben)

    for name, said in (
        ("rejection-place", {"sending": str(sent.pk)}),
        ("rejection-set-aside", {"replied": "not_ours", "reason": "Not mine"}),
    ):
        page = sign_in(sol).post(_page(lost, name), said, follow=True)
        assert "Ben Baker placed it a moment ago. Nothing was changed." in page.content.decode()


@pytest.mark.parametrize("sending", ["no-id", "9b2f6f62-7c43-4d8e-9a41-0d6d6a2e8c11"])
def test_a_sending_that_is_not_there_is_not_found(lost, ben, sign_in, sending):
    assert sign_in(ben).post(_page(lost), {"sending": sending}).status_code == 404


def test_another_sites_sending_is_neither_found_nor_taken(lost, bring, north, ben, sign_in):
    bring(file_837p(claim("PCN9", billing=billing(NORTH_NPI, "987654321", "NORTH")), number=2), name="north.837")

    assert "No sending found" in sign_in(ben).post(_page(lost), {"number": "PCN9"}).content.decode()
    assert sign_in(ben).post(_page(lost), {"sending": str(sending_of("PCN9").pk)}).status_code == 404
    assert not AckReply.objects.exists()


def test_an_answer_that_is_matched_accepted_or_of_questions_has_nothing_to_place(sent, bring, ben, sign_in):
    bring(file_277ca(answer_to("PCN1") + answer_to("OLD1", TAKEN)), name="a.277")

    statuses = {sign_in(ben).get(_page(ack)).status_code for ack in Acknowledgement.objects.all()}
    assert statuses == {404}


def _seeing(cast, sign_in, ack):
    able = [cast[name] for name in ("ben", "kit", "pat", "sol")]
    return {user.username for user in able if sign_in(user).get(_page(ack)).status_code == 200}


def test_a_file_is_for_its_site_and_without_one_for_posters_and_who_brought_it(lost, cast, sign_in):
    assert _seeing(cast, sign_in, lost) == {"ben", "pat", "sol"}, "it names Main as the provider"

    lost.file.sites.clear()
    assert _seeing(cast, sign_in, lost) == {"ben", "pat", "sol"}
    with acting("test task"):
        EdiFile.objects.update(by=None)
    assert _seeing(cast, sign_in, lost) == {"pat", "sol"}


def test_a_file_of_no_site_is_also_for_whoever_was_handed_the_work(lost, cast, sign_in):
    with acting("test task"):
        lost.file.sites.clear()
        EdiFile.objects.update(by=None)
        membership.ask()
    with acting(cast["pat"]):
        item = actions.take(item=Item.objects.get(subject_id=lost.file_id), by=cast["pat"])
        actions.hand_over(item=item, to=cast["kit"], note="Yours, I believe.", by=cast["pat"])

    assert _seeing(cast, sign_in, lost) == {"kit", "pat", "sol"}


def test_a_page_of_many_sendings_costs_what_one_costs(sent, lost, bring, ben, sign_in, queries_of):
    client = sign_in(ben)
    one = queries_of(lambda: client.post(_page(lost), {"number": "PCN"}))
    bring(file_837p(*(claim(f"PCN1{n}") for n in range(9)), number=2), name="more.837")

    page = client.post(_page(lost), {"number": "PCN"})
    assert page.content.decode().count("It is this one") == 10
    assert queries_of(lambda: client.post(_page(lost), {"number": "PCN"})) == one
