"""Acknowledgements meet the sendings they answer: a rejection opens work and stays, an acceptance is proof, and what
answers nothing of ours is kept and said."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest
from django.db import IntegrityError, transaction

from claims.models import Acknowledgement, Claim, Submission
from cob.x12.parts import Reference
from tests.claims.edi_samples import BETA, MEDICARE, NORTH_NPI, SENT, billing, claim, file_837p, insured, to
from tests.x12.acks import file_277ca, file_999, file_ta1
from workqueues import membership
from workqueues.models import Item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]
TAKEN, TURNED_AWAY = "STC*A2:20:PR*20260305*WQ*150", "STC*A7:672:PR*20260306*U*150"


def _of(control, stc=TAKEN, more=""):
    return f"HL*4*3*PT~NM1*QC*1*DOE*JANE****MI*MEM1~TRN*2*{control}~{stc}{more}~"


def _place():
    return Claim.objects.get(control_number="PCN1").payers.get(rank=1)


def test_an_acceptance_is_on_the_sending_with_the_payers_number(sent, bring):
    result = bring(file_277ca(_of("PCN1", more="~REF*1K*ICN7")), name="a.277")

    sent.refresh_from_db()
    assert (result["outcome"], result["kind"]) == ("stored", "277CA")
    assert result["acknowledged"] == {"unknown": 1, "accepted": 1}
    assert (str(sent.accepted_on), sent.rejected_on) == ("2026-03-05", None)
    assert (_place().state, _place().payer_control_number) == ("submitted", "ICN7")


def test_a_rejection_names_its_reason_and_opens_work_until_the_claim_is_sent_again(sent, bring):
    bring(file_277ca(_of("PCN1", TURNED_AWAY)), name="a.277")

    sent.refresh_from_db()
    assert _place().state == "rejected"
    assert "out of balance (A7:672:PR)" in sent.rejection
    membership.ask()
    item = Item.objects.open().get(queue="rejected-claims")
    assert "out of balance" in item.reason
    assert item.attempt == 1
    bring(file_837p(claim("PCN1"), number=2, sent=date(2026, 3, 9)), name="again.837")
    membership.ask()
    assert _place().state == "submitted"
    assert not Item.objects.open().filter(queue="rejected-claims").exists()


@pytest.mark.django_db(transaction=True)
def test_the_work_a_rejection_opens_is_counted_with_its_file(sent, bring):
    assert bring(file_277ca(_of("PCN1", TURNED_AWAY)), name="a.277")["work_items"] == {"rejected-claims": 1}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_whatever_order_answers_come_a_rejection_is_not_erased(sent, bring, order):
    files = [
        file_277ca(_of("PCN1"), payer=("CLEARING HOUSE", "CH1")),
        file_277ca(_of("PCN1", TURNED_AWAY)),
        file_277ca(_of("PCN1", "STC*A2:20:PR*20260307*WQ*150"), payer=("CLEARING HOUSE", "CH1")),
    ]
    for number in order:
        bring(files[number], name=f"{number}.277")

    sent.refresh_from_db()
    assert (str(sent.rejected_on), str(sent.accepted_on), _place().state) == ("2026-03-06", "2026-03-05", "rejected")
    assert Acknowledgement.objects.filter(claim=sent.claim, level="claim").count() == 3


@pytest.mark.parametrize(
    ("data", "rejected"),
    [
        (file_ta1(("000000001", "A", "000")), False),
        (file_ta1(("000000001", "R", "024")), True),
        (file_999("1", "AK2*837*0001~IK5*A"), False),
        (file_999("1", "AK2*837*0001~IK3*CLM*22**8~IK5*R*5"), True),
        (file_999("1", group="AK9*R*1*1*0*3"), True),
    ],
)
def test_a_file_turned_away_turns_away_every_claim_in_it(sent, bring, data, rejected):
    result = bring(data, name="a.999")

    sent.refresh_from_db()
    assert result["outcome"] == "stored"
    assert (sent.rejected_on is not None, _place().state) == (rejected, "rejected" if rejected else "submitted")
    assert sent.accepted_on is None


@pytest.mark.parametrize(
    ("data", "rejected"),
    [
        pytest.param(file_999("77", "AK2*837*0001~IK5*R*5"), {"PCN1"}, id="AK102 is GS06"),
        pytest.param(file_999("000077", "AK2*837*1~IK5*R*5"), {"PCN1"}, id="zeros in front say nothing"),
        pytest.param(file_999("77", group="AK9*R*1*1*0*3"), {"PCN1"}, id="the group as a whole"),
        pytest.param(file_999("77", "AK2*837*0002~IK5*R*5"), set(), id="another set of the group"),
        pytest.param(file_999("1", "AK2*837*0001~IK5*R*5"), set(), id="AK102 is not ISA13"),
        pytest.param(file_999("2", "AK2*837*0002~IK5*R*5"), set(), id="nor that of the other file"),
        pytest.param(file_ta1(("000000001", "R", "024")), {"PCN1"}, id="TA1 is ISA13"),
        pytest.param(file_ta1(("000000077", "R", "024")), set(), id="TA1 is not GS06"),
    ],
)
def test_a_999_answers_the_group_and_a_ta1_the_interchange_where_their_numbers_differ(bring, data, rejected):
    """Interchange 1 carries group 77, interchange 2 group 78."""
    bring(file_837p(claim("PCN1"), group=77), name="own.837")
    bring(file_837p(claim("PCN2"), number=2, group=78), name="other.837")

    bring(data, name="a.999")

    turned_away = Submission.objects.filter(rejected_on__isnull=False)
    assert {sent.claim.control_number for sent in turned_away} == rejected


def test_of_files_whose_groups_all_have_number_1_the_newest_that_had_left_is_meant(bring):
    bring(file_837p(claim("PCN1"), group=1, sent=date(2026, 3, 2)), name="1.837")
    bring(file_837p(claim("PCN2"), number=1, group=1, sent=date(2026, 3, 4)), name="2.837")
    bring(file_837p(claim("PCN3"), number=1, group=1, sent=date(2026, 3, 9)), name="3.837")

    bring(file_999("1", "AK2*837*0001~IK5*R*5"), name="a.999")  # of 03/05

    turned_away = Submission.objects.filter(rejected_on__isnull=False)
    assert [(sent.claim.control_number, str(sent.rejected_on)) for sent in turned_away] == [("PCN2", "2026-03-05")]


def test_two_files_of_one_day_with_one_group_number_are_not_guessed_at(bring):
    bring(file_837p(claim("PCN1"), group=1), name="1.837")
    bring(file_837p(claim("PCN2"), number=1, group=1), name="2.837")

    result = bring(file_999("1", "AK2*837*0001~IK5*R*5"), name="a.999")

    assert any("Several files of 03/0" in note for note in result["notes"])
    assert not Submission.objects.filter(rejected_on__isnull=False).exists()


WHOLE_BATCH = "STC*A3:24:41*20260305*U*150"
OF_NORTH = billing(NORTH_NPI, "987654321", "NORTH")


def _turned_away():
    return {sent.claim.control_number for sent in Submission.objects.filter(rejected_on__isnull=False)}


@pytest.mark.parametrize(
    ("data", "rejected"),
    [
        pytest.param(file_277ca("", batch="BATCH1", whole=WHOLE_BATCH), {"PCN1", "PCN2"}, id="the batch"),
        pytest.param(file_277ca("", batch="BATCH1"), set(), id="the batch, received"),
        pytest.param(file_277ca("", batch="BATCH7", whole=WHOLE_BATCH), set(), id="another batch"),
        pytest.param(file_277ca("STC*A3:24:85*20260305*U*150", batch="BATCH1"), {"PCN1"}, id="one provider of it"),
        pytest.param(
            file_277ca("STC*A3:24:85*20260305*U*150", batch="BATCH1", npi=NORTH_NPI), {"PCN2"}, id="the other provider"
        ),
        pytest.param(
            file_277ca("STC*A3:24:85*20260305*U*150", batch="BATCH1", npi="1999999992"), set(), id="neither of them"
        ),
    ],
)
def test_a_batch_of_the_practices_own_is_found_by_its_reference(bring, north, data, rejected):
    bring(file_837p(claim("PCN1"), claim("PCN2", billing=OF_NORTH)), name="own.837")
    bring(file_837p(claim("PCN3"), number=2), name="other.837")

    bring(data, name="a.277")

    assert _turned_away() == rejected
    assert {c.payers.get(rank=1).state for c in Claim.objects.filter(control_number__in=rejected)} <= {"rejected"}


def test_of_batches_that_all_have_one_name_the_newest_that_had_left_is_meant_and_the_payer_still_counts(bring):
    first = file_837p(claim("PCN1", payer=to(BETA), subscriber=insured(member="B1")))
    second = file_837p(claim("PCN1", payer=to(MEDICARE), subscriber=insured(member="M1")), number=2)
    third = file_837p(claim("PCN2"), number=3, sent=date(2026, 3, 9))
    for number, data in enumerate((first, second.replace(b"BATCH2", b"BATCH1"), third.replace(b"BATCH3", b"BATCH1"))):
        bring(data, name=f"{number}.837")

    bring(file_277ca(_of("PCN1", TURNED_AWAY), payer=(BETA[1], BETA[0]), batch="BATCH1"), name="a.277")

    assert [s.claim_payer.payer.name for s in Submission.objects.filter(rejected_on__isnull=False)] == [BETA[1]]


def test_a_line_turned_away_of_a_claim_that_was_taken_is_work_until_the_claim_is_replaced(sent, bring):
    line = "~REF*1K*ICN7~SVC*HC:99213*150~STC*A7:454**U~REF*FJ*L1"
    bring(file_277ca(_of("PCN1", more=line)), name="a.277")
    membership.ask()

    item = Item.objects.open().get(queue="rejected-claims")
    assert (_place().state, str(item.claim), item.reason.startswith("ACME HEALTH: line L1, ")) == (
        "submitted", str(sent.claim), True
    )  # fmt: skip
    assert "replace the claim" in item.next_action
    replacement = claim("PCN1", frequency="7", references=(Reference("F8", "ICN7"),))
    bring(file_837p(replacement, number=2, sent=date(2026, 3, 9)), name="again.837")
    membership.ask()

    assert not Item.objects.open().filter(queue="rejected-claims").exists()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (file_999("4711", "AK2*837*0001~IK5*R*5"), "Nothing was sent from here under the group number 4711."),
        (file_ta1(("000009999", "A", "000")), "Nothing was sent from here under the number 000009999."),
        (file_277ca(_of("PCN99")), "No claim sent from here has the number PCN99."),
    ],
)
def test_what_answers_nothing_of_ours_is_kept_and_said(sent, bring, data, says):
    result = bring(data, name="a.999")

    assert result["outcome"] == "stored"
    assert says in result["notes"]
    assert Acknowledgement.objects.get(unmatched_because=says).claim is None
    assert _place().state == "submitted"


def test_the_same_file_again_changes_nothing(sent, bring):
    data = file_277ca(_of("PCN1", TURNED_AWAY))
    bring(data, name="a.277")

    assert bring(data, name="b.277")["outcome"] == "already_imported"
    assert Acknowledgement.objects.filter(claim=sent.claim).count() == 1


def test_a_claim_number_of_two_sites_is_told_apart_by_the_provider(bring, north):
    bring(file_837p(claim("PCN1")), name="own.837")
    bring(file_837p(claim("PCN1", billing=billing(NORTH_NPI, "987654321", "NORTH")), number=2), name="north.837")

    bring(file_277ca(_of("PCN1", TURNED_AWAY), npi=NORTH_NPI), name="a.277")

    assert [s.claim.site.code for s in Submission.objects.filter(rejected_on__isnull=False)] == ["north"]


def test_what_names_another_site_of_ours_leaves_a_claim_of_the_same_number_alone(bring, north):
    """North's own claim of that number was never brought here; main's is not the one that was turned away."""
    bring(file_837p(claim("PCN1")), name="own.837")

    bring(file_277ca(_of("PCN1", TURNED_AWAY), npi=NORTH_NPI), name="a.277")

    assert not Submission.objects.filter(rejected_on__isnull=False)
    heard = Acknowledgement.objects.get(level="claim")
    assert heard.unmatched_because == f"The claim PCN1 is of another site than the provider {NORTH_NPI}."
    assert [site.code for site in heard.file.sites.all()] == ["north"]


def test_the_payer_that_answers_is_the_one_whose_sending_is_meant(bring):
    bring(file_837p(claim("PCN1", payer=to(BETA), subscriber=insured(member="B1"))), name="first.837")
    bring(
        file_837p(claim("PCN1", payer=to(MEDICARE), subscriber=insured(member="M1")), number=2, sent=SENT), name="2.837"
    )

    bring(file_277ca(_of("PCN1", TURNED_AWAY), payer=(BETA[1], BETA[0])), name="a.277")

    turned_away = Submission.objects.filter(rejected_on__isnull=False)
    assert [s.claim_payer.payer.name for s in turned_away] == [BETA[1]]


def test_a_damaged_acknowledgement_is_quarantined_whole(sent, bring):
    good = file_277ca(_of("PCN1", TURNED_AWAY) + _of("PCN1", "STC*B9:20"))

    result = bring(good, name="a.277")

    assert result["outcome"] == "quarantined"
    assert "STC01" in result["reason"]
    assert not Acknowledgement.objects.exists()


def test_what_was_heard_is_never_changed(sent, bring):
    bring(file_277ca(_of("PCN1")), name="a.277")

    with pytest.raises(IntegrityError), transaction.atomic():
        Acknowledgement.objects.update(said="rejected")


def test_the_files_page_says_what_it_answers_and_only_of_ones_own_sites(sent, bring, ben, kit, sign_in):
    bring(file_277ca(_of("PCN1", TURNED_AWAY) + _of("PCN99")), name="a.277")
    file = Acknowledgement.objects.first().file

    page = sign_in(ben).get(f"/import/{file.pk}/").content.decode()

    assert "out of balance (A7:672:PR)" in page
    assert "No claim sent from here has the number PCN99." in page
    assert page.index("PCN1</a>") < page.index("PCN99<small>")
    assert sign_in(kit).get(f"/import/{file.pk}/").status_code == 404


def test_the_claims_page_says_what_was_heard_of_each_sending(sent, bring, ben, sign_in, queries_of):
    bring(file_277ca(_of("PCN1", TURNED_AWAY)), name="a.277")

    client = sign_in(ben)
    page = client.get(f"/claims/{sent.claim_id}/").content.decode()
    once = queries_of(lambda: client.get(f"/claims/{sent.claim_id}/"))
    bring(file_277ca(_of("PCN1") * 9), name="b.277")

    assert "nothing to appeal" in page
    assert "277CA · Rejected" in page
    assert queries_of(lambda: client.get(f"/claims/{sent.claim_id}/")) == once


def test_a_late_rejection_of_the_first_sending_does_not_turn_away_the_second(sent, bring):
    bring(file_277ca(_of("PCN1", TURNED_AWAY)), name="a.277")
    bring(file_837p(claim("PCN1"), number=2, sent=date(2026, 3, 9)), name="again.837")

    bring(file_277ca(_of("PCN1", TURNED_AWAY), payer=("CLEARING HOUSE", "CH1")), name="late.277")

    assert _place().state == "submitted"
    assert Submission.objects.filter(rejected_on__isnull=False).get() == sent
