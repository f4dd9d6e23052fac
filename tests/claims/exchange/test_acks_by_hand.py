"""A rejection that answers nothing on file is placed by a person, once; its sending learns of it as by an import, and
what came stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from claims.exchange import acks_by_hand
from claims.models import Acknowledgement, AckReply, Claim, EdiFile, Submission
from claims.models.ack_reply import Replied
from cob.audit.acting import acting
from cob.audit.models import Event
from tests.at_once import at_once
from tests.claims.edi_samples import NORTH_NPI, billing, claim, file_837p
from tests.x12.acks import file_277ca, file_999, file_ta1
from workqueues import actions, membership
from workqueues.models import Item

pytestmark = pytest.mark.django_db
TURNED_AWAY, TAKEN = "STC*A7:672:PR*20260306*U*150", "STC*A2:20:PR*20260305*WQ*150"
LINE_TURNED_AWAY = "~SVC*HC:99213*150~STC*A7:454**U"
GROUP_REJECTED, SET_REJECTED = "AK9*R*1*1*0*3", "AK2*837*0001~IK5*R*5"


def _of(control, stc=TURNED_AWAY, more=""):
    return f"HL*4*3*PT~NM1*QC*1*DOE*JANE****MI*MEM1~TRN*2*{control}~{stc}{more}~"


def _unplaced():
    return Acknowledgement.objects.unplaced().order_by("position").select_related("file").first()


def _sent(control="PCN1"):
    return Submission.objects.get(claim__control_number=control)


def _place_of(control="PCN1"):
    return Claim.objects.get(control_number=control).payers.get(rank=1)


def _rejected():
    rows = Submission.objects.filter(rejected_on__isnull=False)
    return set(rows.values_list("claim__control_number", flat=True))


@pytest.fixture
def sent(bring):
    """PCN1 as the practice's own system sent it to Acme."""
    bring(file_837p(claim("PCN1")), name="own.837")
    return Submission.objects.get()


@pytest.fixture
def lost(sent, bring):
    """A rejection of that claim under a number nobody has."""
    bring(file_277ca(_of("OLD1")), name="a.277")
    return _unplaced()


def _hand(ack, sending, by):
    with acting(by):
        return acks_by_hand.place(ack=ack, sending=sending, by=by)


# --- what the sending learns ---------------------------------------------------------------------------------------


def test_placed_the_sending_learns_what_an_import_would_have_told_it(sent, lost, bring, ben):
    _hand(lost, sent, ben)
    by_hand = (_sent().rejected_on, _sent().rejection, _place_of().state)
    bring(file_837p(claim("PCN2"), number=2), name="other.837")

    bring(file_277ca(_of("PCN2")), name="b.277")

    by_import = (_sent("PCN2").rejected_on, _sent("PCN2").rejection, _place_of("PCN2").state)
    assert by_hand == by_import == (date(2026, 3, 6), by_hand[1], "rejected")
    assert "out of balance (A7:672:PR)" in by_hand[1]


def test_what_came_stays_and_stands_once_more_beside_the_sending(sent, lost, ben):
    _hand(lost, sent, ben)

    lost.refresh_from_db()
    assert (lost.claim, lost.unmatched_because) == (None, "No claim sent from here has the number OLD1.")
    beside = sent.acknowledgements.get()
    assert (beside.placed_from, beside.position, beside.part, beside.in_words) == (
        lost,
        lost.position,
        1,
        lost.in_words,
    )
    assert (lost.reply.reply, lost.reply.submission, lost.reply.by) == ("placed", sent, ben)


def test_the_trail_names_who_placed_it_the_file_and_the_patient(sent, lost, ben):
    _hand(lost, sent, ben)

    event = Event.objects.get(verb="rejection placed", subject_type="claims.edifile")
    assert (event.actor_name, event.subject_id) == (str(ben), str(lost.file_id))
    assert event.patients.get().patient_id == sent.claim.patient_id
    assert event.after["claims"] == [str(sent.claim_id)]


def test_a_claim_sent_again_since_is_not_turned_away_by_it(sent, lost, ben):
    with acting("test task"):
        again = sent.sent_at + timedelta(days=3)
        Submission.objects.create(
            claim=sent.claim, claim_payer=sent.claim_payer, sent_at=again, interchange="000000009"
        )
    _hand(lost, sent, ben)

    assert _place_of().state == "submitted"
    assert Submission.objects.get(rejected_on__isnull=False) == sent


def test_what_the_file_says_of_the_lines_of_that_claim_goes_with_it(sent, bring, ben):
    bring(file_277ca(_of("OLD1", more=LINE_TURNED_AWAY) + _of("OLD2")), name="a.277")

    _hand(_unplaced(), sent, ben)

    assert {row.level for row in sent.acknowledgements.all()} == {"claim", "line"}
    assert [row.answers_to for row in Acknowledgement.objects.unplaced()] == ["OLD2"]


def test_a_rejected_line_of_a_claim_that_was_taken_in_is_no_rejected_claim(sent, bring, ben):
    bring(file_277ca(_of("OLD1", TAKEN, LINE_TURNED_AWAY)), name="a.277")

    _hand(_unplaced(), sent, ben)

    sent.refresh_from_db()
    assert (str(sent.accepted_on), sent.rejected_on, _place_of().state) == ("2026-03-05", None, "submitted")


@pytest.mark.parametrize(
    ("data", "rejected"),
    [
        pytest.param(file_ta1(("000000099", "R", "024")), {"PCN1", "PCN2"}, id="TA1: its interchange"),
        pytest.param(file_999("99", SET_REJECTED), {"PCN1", "PCN2"}, id="999: its set"),
        pytest.param(file_999("99", group=GROUP_REJECTED), {"PCN1", "PCN2"}, id="999: its group"),
        pytest.param(file_277ca("", whole="STC*A3:21*20260305*U*150"), {"PCN1", "PCN2"}, id="277CA: its batch"),
        pytest.param(file_277ca(_of("OLD1")), {"PCN1"}, id="277CA: the claim alone"),
    ],
)
def test_a_file_turned_away_turns_away_all_that_left_with_the_chosen_claim(bring, ben, data, rejected):
    bring(file_837p(claim("PCN1"), claim("PCN2")), name="own.837")
    bring(file_837p(claim("PCN3"), number=2), name="other.837")
    bring(data, name="a.999")

    answered = _hand(_unplaced(), _sent(), ben)

    assert _rejected() == {row.claim.control_number for row in answered} == rejected


@pytest.mark.parametrize(
    ("data", "rejected"),
    [(file_999("99", SET_REJECTED), {"PCN1"}), (file_999("99", group=GROUP_REJECTED), {"PCN1", "PCN2"})],
)
def test_a_999_for_one_set_leaves_the_other_sets_of_the_group_alone(bring, ben, data, rejected):
    bring(file_837p(claim("PCN1"), claim("PCN2")), name="own.837")
    with acting("test task"):
        Submission.objects.filter(claim__control_number="PCN2").update(set_control="2")
    bring(data, name="a.999")

    _hand(_unplaced(), _sent(), ben)

    assert _rejected() == rejected


# --- what is refused -----------------------------------------------------------------------------------------------


def test_a_sending_that_left_after_the_answer_was_made_is_not_meant(lost, bring, ben):
    bring(file_837p(claim("PCN2"), number=2, sent=date(2026, 3, 9)), name="later.837")

    with pytest.raises(acks_by_hand.CannotPlace, match="left after 03/06/2026"):
        _hand(lost, _sent("PCN2"), ben)

    assert not AckReply.objects.exists()


def test_what_answers_a_sending_already_is_not_placed_again(sent, bring, ben):
    bring(file_277ca(_of("PCN1")), name="a.277")

    with pytest.raises(acks_by_hand.CannotPlace, match="answers something on file already"):
        _hand(sent.acknowledgements.select_related("file").get(), sent, ben)


def test_a_printed_claim_is_answered_by_no_file(sent, lost, ben):
    sent.on_paper = True

    with pytest.raises(acks_by_hand.CannotPlace, match="was printed"):
        _hand(lost, sent, ben)


SECOND = {
    "places it": lambda ack, sending, by: acks_by_hand.place(ack=ack, sending=sending, by=by),
    "sets it aside": lambda ack, _sending, by: acks_by_hand.set_aside(
        acks=[ack], replied=Replied.NOT_OURS, reason="Not mine.", by=by
    ),
}


@pytest.mark.parametrize(
    ("replied", "words"),
    [
        (Replied.PLACED, "Ben Baker placed it a moment ago"),
        (Replied.NOT_OURS, "Ben Baker said a moment ago that it is not ours"),
        (Replied.DEALT_WITH, "Ben Baker said a moment ago that it is dealt with"),
    ],
)
@pytest.mark.parametrize("second", SECOND)
def test_the_second_person_is_told_who_was_quicker_and_changes_nothing(sent, lost, ben, sol, replied, words, second):
    with acting(ben):
        if replied == Replied.PLACED:
            acks_by_hand.place(ack=lost, sending=sent, by=ben)
        else:
            acks_by_hand.set_aside(acks=[lost], replied=replied, reason="Old system.", by=ben)
    before = list(Acknowledgement.objects.values()), list(Submission.objects.values())

    with acting(sol), pytest.raises(acks_by_hand.CannotPlace, match=words):
        SECOND[second](lost, sent, sol)

    assert AckReply.objects.get().by == ben
    assert (list(Acknowledgement.objects.values()), list(Submission.objects.values())) == before


def test_of_several_set_aside_at_once_all_are_or_none(sent, bring, ben, sol):
    bring(file_277ca(_of("OLD1") + _of("OLD2") + _of("OLD3")), name="a.277")
    three = list(Acknowledgement.objects.unplaced().select_related("file"))
    _hand(three[1], sent, ben)

    with acting(sol), pytest.raises(acks_by_hand.CannotPlace, match="Ben Baker placed it"):
        acks_by_hand.set_aside(acks=three, replied=Replied.NOT_OURS, reason="Old system.", by=sol)

    assert AckReply.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_two_people_press_at_once_and_one_of_them_places_it(sent, lost, ben, sol):
    def press(person):
        with acting(person):
            return acks_by_hand.place(ack=lost, sending=sent, by=person)

    answers = at_once(press, [ben, sol])

    assert sum(isinstance(answer, acks_by_hand.CannotPlace) for answer in answers) == 1, answers
    assert sent.acknowledgements.count() == AckReply.objects.count() == 1


@pytest.mark.usefixtures("as_task")
@pytest.mark.parametrize(
    ("reply", "reason", "is_placed"), [("placed", "", False), ("not_ours", "", False), ("not_ours", "Old.", True)]
)
def test_a_reply_names_a_sending_or_a_reason_and_never_both(sent, lost, ben, reply, reason, is_placed):
    submission = sent if is_placed else None
    with pytest.raises(IntegrityError), transaction.atomic():
        AckReply.objects.create(acknowledgement=lost, reply=reply, reason=reason, submission=submission, by=ben)


def test_what_somebody_replied_is_never_changed(sent, lost, ben):
    _hand(lost, sent, ben)

    with acting(ben), pytest.raises(IntegrityError), transaction.atomic():
        AckReply.objects.update(reply="not_ours", submission=None, reason="No.")


# --- the page ------------------------------------------------------------------------------------------------------


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

    page = sign_in(ben).get(_page(_unplaced())).content.decode()

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
    bring(file_277ca(_of("OLD1") + _of("OLD2") + _of("OLD3")), name="a.277")
    first, second, third = Acknowledgement.objects.unplaced().order_by("position")
    desk, said = sign_in(ben), {"replied": "not_ours", "reason": "Sent by the old system"}

    placed = desk.post(_page(first), {"sending": str(sent.pk)})
    aside = desk.post(_page(second, "rejection-set-aside"), said | {"all_of_file": "on"})

    assert placed["Location"] == _page(second)
    assert aside["Location"] == reverse("claims:file-page", args=[first.file_id])
    assert {reply.acknowledgement_id for reply in AckReply.objects.filter(reply="not_ours")} == {second.pk, third.pk}
    assert "Sent by the old system (Ben Baker" in desk.get(aside["Location"]).content.decode()


def test_the_second_to_press_reads_on_the_page_who_was_quicker(sent, lost, ben, sol, sign_in):
    _hand(lost, sent, ben)

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
    assert sign_in(ben).post(_page(lost), {"sending": str(_sent("PCN9").pk)}).status_code == 404
    assert not AckReply.objects.exists()


def test_an_answer_that_is_matched_accepted_or_of_questions_has_nothing_to_place(sent, bring, ben, sign_in):
    bring(file_277ca(_of("PCN1") + _of("OLD1", TAKEN)), name="a.277")

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
