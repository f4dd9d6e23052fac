"""A rejection that answers nothing on file is placed by a person, once; its sending learns of it as by an import, and
what came stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from claims.exchange import acks_by_hand
from claims.models import Acknowledgement, AckReply, Claim, Submission
from claims.models.ack_reply import Replied
from cob.audit.acting import acting
from cob.audit.models import Event
from tests.at_once import at_once
from tests.claims.edi_samples import claim, file_837p
from tests.claims.exchange.rejections import GROUP_REJECTED, TAKEN, answer_to, hand, sending_of, unplaced
from tests.x12.acks import file_277ca, file_999, file_ta1

pytestmark = pytest.mark.django_db
LINE_TURNED_AWAY = "~SVC*HC:99213*150~STC*A7:454**U"
SET_REJECTED = "AK2*837*0001~IK5*R*5"


def _place_of(control="PCN1"):
    return Claim.objects.get(control_number=control).payers.get(rank=1)


def _rejected():
    rows = Submission.objects.filter(rejected_on__isnull=False)
    return set(rows.values_list("claim__control_number", flat=True))


# --- what the sending learns ---------------------------------------------------------------------------------------


def test_placed_the_sending_learns_what_an_import_would_have_told_it(sent, lost, bring, ben):
    hand(lost, sent, ben)
    by_hand = (sending_of().rejected_on, sending_of().rejection, _place_of().state)
    bring(file_837p(claim("PCN2"), number=2), name="other.837")

    bring(file_277ca(answer_to("PCN2")), name="b.277")

    by_import = (sending_of("PCN2").rejected_on, sending_of("PCN2").rejection, _place_of("PCN2").state)
    assert by_hand == by_import == (date(2026, 3, 6), by_hand[1], "rejected")
    assert "out of balance (A7:672:PR)" in by_hand[1]


def test_what_came_stays_and_stands_once_more_beside_the_sending(sent, lost, ben):
    hand(lost, sent, ben)

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
    hand(lost, sent, ben)

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
    hand(lost, sent, ben)

    assert _place_of().state == "submitted"
    assert Submission.objects.get(rejected_on__isnull=False) == sent


def test_what_the_file_says_of_the_lines_of_that_claim_goes_with_it(sent, bring, ben):
    bring(file_277ca(answer_to("OLD1", more=LINE_TURNED_AWAY) + answer_to("OLD2")), name="a.277")

    hand(unplaced(), sent, ben)

    assert {row.level for row in sent.acknowledgements.all()} == {"claim", "line"}
    assert [row.answers_to for row in Acknowledgement.objects.unplaced()] == ["OLD2"]


def test_a_rejected_line_of_a_claim_that_was_taken_in_is_no_rejected_claim(sent, bring, ben):
    bring(file_277ca(answer_to("OLD1", TAKEN, LINE_TURNED_AWAY)), name="a.277")

    hand(unplaced(), sent, ben)

    sent.refresh_from_db()
    assert (str(sent.accepted_on), sent.rejected_on, _place_of().state) == ("2026-03-05", None, "submitted")


@pytest.mark.parametrize(
    ("data", "rejected"),
    [
        pytest.param(file_ta1(("000000099", "R", "024")), {"PCN1", "PCN2"}, id="TA1: its interchange"),
        pytest.param(file_999("99", SET_REJECTED), {"PCN1", "PCN2"}, id="999: its set"),
        pytest.param(file_999("99", group=GROUP_REJECTED), {"PCN1", "PCN2"}, id="999: its group"),
        pytest.param(file_277ca("", whole="STC*A3:21*20260305*U*150"), {"PCN1", "PCN2"}, id="277CA: its batch"),
        pytest.param(file_277ca(answer_to("OLD1")), {"PCN1"}, id="277CA: the claim alone"),
    ],
)
def test_a_file_turned_away_turns_away_all_that_left_with_the_chosen_claim(bring, ben, data, rejected):
    bring(file_837p(claim("PCN1"), claim("PCN2")), name="own.837")
    bring(file_837p(claim("PCN3"), number=2), name="other.837")
    bring(data, name="a.999")

    answered = hand(unplaced(), sending_of(), ben)

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

    hand(unplaced(), sending_of(), ben)

    assert _rejected() == rejected


# --- what is refused -----------------------------------------------------------------------------------------------


def test_a_sending_that_left_after_the_answer_was_made_is_not_meant(lost, bring, ben):
    bring(file_837p(claim("PCN2"), number=2, sent=date(2026, 3, 9)), name="later.837")

    with pytest.raises(acks_by_hand.CannotPlace, match="left after 03/06/2026"):
        hand(lost, sending_of("PCN2"), ben)

    assert not AckReply.objects.exists()


def test_what_answers_a_sending_already_is_not_placed_again(sent, bring, ben):
    bring(file_277ca(answer_to("PCN1")), name="a.277")

    with pytest.raises(acks_by_hand.CannotPlace, match="answers something on file already"):
        hand(sent.acknowledgements.select_related("file").get(), sent, ben)


def test_a_printed_claim_is_answered_by_no_file(sent, lost, ben):
    sent.on_paper = True

    with pytest.raises(acks_by_hand.CannotPlace, match="was printed"):
        hand(lost, sent, ben)


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
    bring(file_277ca(answer_to("OLD1") + answer_to("OLD2") + answer_to("OLD3")), name="a.277")
    three = list(Acknowledgement.objects.unplaced().select_related("file"))
    hand(three[1], sent, ben)

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
    hand(lost, sent, ben)

    with acting(ben), pytest.raises(IntegrityError), transaction.atomic():
        AckReply.objects.update(reply="not_ours", submission=None, reason="No.")
