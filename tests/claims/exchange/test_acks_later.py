"""An acknowledgement that comes before its claims is heard when they come in, and says then what it would have said
after them; what may be about another file keeps waiting for a person."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from claims.exchange import acks_by_hand
from claims.models import Acknowledgement, AckReply, EdiFile, Submission
from claims.models.ack_reply import Replied
from cob.audit.acting import acting
from cob.audit.models import Event
from tests.claims.edi_samples import claim, file_837p
from tests.claims.exchange.rejections import TAKEN, answer_to, unplaced
from tests.x12.acks import file_277ca, file_999, file_ta1
from workqueues import membership
from workqueues.models import Item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]
OWN = file_837p(claim("PCN1"), claim("PCN2"))
REJECTED = file_277ca(answer_to("PCN1"))
ANSWERS = {
    "a claim turned away": REJECTED,
    "a claim taken": file_277ca(answer_to("PCN1", TAKEN, "~REF*1K*ICN7")),
    "one of two claims": file_277ca(answer_to("PCN1") + answer_to("PCN2", TAKEN)),
    "a line turned away": file_277ca(answer_to("PCN1", TAKEN, "~SVC*HC:99213*150~STC*A7:454**U")),
    "the set turned away": file_999("1", "AK2*837*0001~IK5*R*5"),
    "zeros in front say nothing": file_999("000001", "AK2*837*1~IK5*R*5"),
    "the group turned away": file_999("1", group="AK9*R*1*1*0*3"),
    "the set taken": file_999("1", "AK2*837*0001~IK5*A"),
    "another set": file_999("1", "AK2*837*0002~IK5*R*5"),
    "the interchange turned away": file_ta1(("000000001", "R", "024")),
    "the batch turned away": file_277ca("", batch="BATCH1", whole="STC*A3:24:41*20260305*U*150"),
    "its provider turned away": file_277ca("STC*A3:24:85*20260305*U*150", batch="BATCH1"),
    "nothing of it": file_277ca(answer_to("PCN9")),
}


def _as_it_stands():
    """What the practice knows of its sendings."""
    return [
        (
            sent.claim.control_number,
            str(sent.accepted_on),
            str(sent.rejected_on),
            sent.rejection,
            sent.line_rejection,
            sent.claim_payer.state,
            sent.claim_payer.payer_control_number,
            sorted((heard.said, heard.in_words) for heard in sent.acknowledgements.all()),
        )
        for sent in Submission.objects.order_by("claim__control_number")
    ]


@pytest.mark.parametrize("said", ANSWERS)
def test_before_or_after_its_claims_an_answer_says_the_same(bring, said):
    with transaction.atomic():
        bring(OWN, name="own.837")
        bring(ANSWERS[said], name="answer")
        after = _as_it_stands()
        transaction.set_rollback(True)

    bring(ANSWERS[said], name="answer")
    bring(OWN, name="own.837")

    assert _as_it_stands() == after


def test_the_file_of_claims_says_so_and_the_desk_is_named(bring, ben, sign_in):
    bring(REJECTED, name="a.277")
    membership.ask()
    assert Item.objects.open().get(queue="rejected-claims").reason_codes == ["unplaced"]

    result = bring(OWN, name="own.837")

    membership.ask()
    item = Item.objects.open().get(queue="rejected-claims")
    file = EdiFile.objects.get(kind="277CA")
    client = sign_in(ben)
    page = client.get(f"/import/{file.pk}/").content.decode()
    assert "1 acknowledgement that came before these claims was placed with them." in result["notes"]
    assert (item.claim.control_number, AckReply.objects.get().by, unplaced()) == ("PCN1", None, None)
    assert "Placed by the desk, when its claims came in" in page
    assert file.result["notes"][-1] == "No claim sent from here has the number PCN1."
    assert page.count("No claim sent from here has the number PCN1.") == 0
    assert Event.objects.filter(verb="claims acknowledged", subject_id=file.pk).count() == 1


def test_imported_once_more_it_is_placed_once(bring):
    bring(REJECTED, name="a.277")
    bring(OWN, name="own.837")
    bring(OWN, name="own.837")
    bring(REJECTED, name="a.277")

    assert Submission.objects.get(claim__control_number="PCN1").acknowledgements.filter(said="rejected").count() == 1


@pytest.mark.parametrize(("left", "is_placed"), [(date(2026, 3, 7), True), (date(2026, 3, 8), False)])
def test_a_claim_that_left_after_the_answer_is_another_sending(bring, left, is_placed):
    """The answer is of 03/06; a front end may be a day behind."""
    bring(REJECTED, name="a.277")
    bring(file_837p(claim("PCN1"), sent=left), name="own.837")

    assert (unplaced() is None) == is_placed
    assert (Submission.objects.get().rejected_on is not None) == is_placed


def test_what_a_person_set_aside_stays_there(bring, ben):
    bring(REJECTED, name="a.277")
    with acting(ben):
        acks_by_hand.set_aside(acks=[unplaced()], replied=Replied.NOT_OURS, reason="The old system's.", by=ben)
    bring(OWN, name="own.837")

    assert AckReply.objects.get().by == ben
    assert not Submission.objects.filter(rejected_on__isnull=False).exists()


def test_a_rejection_of_an_earlier_sending_does_not_turn_away_the_later_one(bring):
    bring(REJECTED, name="a.277")
    bring(file_837p(claim("PCN1"), number=1, sent=date(2026, 3, 4)), name="first.837")
    bring(file_837p(claim("PCN1"), number=2, sent=date(2026, 3, 9)), name="again.837")

    first, again = Submission.objects.order_by("sent_at")
    assert (str(first.rejected_on), again.rejected_on) == ("2026-03-06", None)
    assert again.claim_payer.state == "submitted"


def test_many_waiting_answers_cost_what_one_costs(bring):
    spent = []
    for first, count in ((100, 1), (200, 1), (300, 50)):
        numbers = [f"PCN{first + n}" for n in range(count)]
        bring(file_277ca("".join(map(answer_to, numbers))), name=f"{first}.277")
        data = file_837p(*map(claim, numbers), number=first)
        with CaptureQueriesContext(connection) as queries:
            bring(data, name=f"{first}.837")
        spent.append(len(queries))
        assert Acknowledgement.objects.filter(placed_from__isnull=False, file__name=f"{first}.277").count() == count

    assert spent[1] == spent[2]
