"""A posting taken back by us: mirrored to the cent, states as before, refused while something later counts on it."""

from __future__ import annotations

import pytest

from claims import actions
from claims.ledger_check import check_all
from claims.models import Adjudication, Claim, Posting, PostingUndo
from claims.models.undo import UndoKind
from cob.audit.acting import acting
from cob.audit.models import Event
from denials import actions as denials
from denials.models import Denial
from denials.tasks import look_at_undone
from tests.claims.edi_samples import BETA, also, answer, claim, file_835, file_837p, svc, taken_back, transaction

pytestmark = pytest.mark.django_db
PAID = (("CO-45", 50_00), ("PR-2", 20_00))


@pytest.fixture
def pat(cast):
    return cast["pat"]


@pytest.fixture
def posted(bring):
    """PCN1 and PCN2 look alike; Acme's answer was posted to PCN1."""
    bring(file_837p(claim("PCN1", other_coverages=(also(),)), claim("PCN2")))
    bring(file_835(transaction(answer("PCN1", svc(*PAID)))))
    return Adjudication.objects.get()


def undo(row, by, kind=UndoKind.UNPOSTED, reason="Wrong claim"):
    with acting(by):
        return actions.undo_answer(adjudication=row, kind=kind, reason=reason, by=by)


def state(number="PCN1"):
    found = Claim.objects.get(control_number=number)
    places = [(p.state, p.answered_on, p.crossover_until) for p in found.payers.order_by("rank")]
    return (found.paid_cents, found.written_off_cents, found.insurer_open_cents, found.patient_cents), places


def test_nothing_is_left_of_it_and_the_ledger_adds_up(posted, pat, as_task):
    undo(posted, pat)

    assert state() == ((0, 0, 150_00, 0), [("submitted", None, None), ("expected", None, None)])
    entries = list(Posting.objects.order_by("posted_at"))
    mirrored = {e.reverses_id: e.amount_cents for e in entries if e.kind == "reversal"}
    assert mirrored == {e.pk: -e.amount_cents for e in entries if e.kind != "reversal"}
    assert {e.by for e in entries if e.kind == "reversal"} == {pat}
    assert check_all().broken == {}
    posted.refresh_from_db()
    assert posted.exceptions == ["Posting undone by Pat Price: Wrong claim"]


def test_it_can_be_posted_again_as_it_was(posted, pat):
    before = state()
    undo(posted, pat)

    with acting(pat):
        again = actions.post_answer_again(adjudication=posted)

    assert (state(), again.posted_at is not None, again.exceptions) == (before, True, [])
    with acting(pat), pytest.raises(actions.AlreadyMatched, match="PCN1 already"):
        actions.post_answer_again(adjudication=posted)


def test_off_the_wrong_claim_and_on_to_the_right_one(posted, pat, as_task):
    right = Claim.objects.get(control_number="PCN2")
    undo(posted, pat, UndoKind.UNMATCHED)
    assert (posted.claim, posted.match_score) == (None, None)
    assert {line.line for line in posted.lines.all()} == {None}

    with acting(pat):
        actions.match_answer(adjudication=posted, claim=right)

    assert state()[0] == (0, 0, 150_00, 0)
    assert state("PCN2")[0] == (80_00, 50_00, 0, 20_00)
    assert posted.matched_how == "matched by Pat Price"
    assert check_all().broken == {}


def test_what_a_person_took_off_a_claim_does_not_go_back_by_itself(posted, pat, bring):
    undo(posted, pat, UndoKind.UNMATCHED)

    bring(file_837p(claim("PCN1", other_coverages=(also(),)), claim("PCN3"), number=2))

    posted.refresh_from_db()
    assert posted.claim is None


def test_a_crossover_that_rested_on_it_is_waited_for_no_more(bring, pat):
    bring(file_837p(claim("PCN1", other_coverages=(also(),))))
    bring(file_835(transaction(answer("PCN1", svc(*PAID), status="19"))))
    assert state()[1][1][0] == "forwarded"

    undo(Adjudication.objects.get(), pat)

    assert state()[1] == [("submitted", None, None), ("expected", None, None)]


def test_of_two_answers_the_first_cannot_go_before_the_second(posted, pat, bring):
    second = svc(("OA-23", 130_00), ("PR-2", 10_00))
    bring(file_835(transaction(answer("PCN1", second, status="2", number="B1"), payer=BETA, trace="BETA1")))
    later = Adjudication.objects.get(control_number="PCN1", status="2")

    with pytest.raises(actions.CannotUndo, match="BETA1 was posted after it and counts on it"):
        undo(posted, pat)
    undo(later, pat)
    undo(posted, pat)

    assert state()[0] == (0, 0, 150_00, 0)
    assert [u.adjudication_id for u in PostingUndo.objects.order_by("at")] == [later.pk, posted.pk]


def test_what_the_payer_took_back_is_not_ours_to_undo(posted, pat, bring):
    bring(file_835(transaction(taken_back(answer("PCN1", svc(*PAID))), trace="EFT2")))
    reversal = Adjudication.objects.get(status="22")

    with pytest.raises(actions.CannotUndo, match="taken this answer back already"):
        undo(posted, pat)
    with pytest.raises(actions.CannotUndo, match="payer's own taking back"):
        undo(reversal, pat)


def test_of_two_people_one_undoes_and_the_other_is_told(posted, pat, sol):
    undo(posted, pat)

    with pytest.raises(actions.CannotUndo, match="Pat Price took it back: Wrong claim"):
        undo(posted, sol)


def test_a_whole_remittance_goes_or_none_of_it(bring, pat):
    bring(file_837p(claim("PCN1", other_coverages=(also(),)), claim("PCN2")))
    bring(file_835(transaction(answer("PCN1", svc(*PAID)), answer("PCN2", svc(*PAID), number="ICN2"))))
    remittance = Adjudication.objects.first().remittance
    second = svc(("OA-23", 130_00), ("PR-2", 10_00))
    bring(file_835(transaction(answer("PCN1", second, status="2", number="B1"), payer=BETA, trace="BETA1")))

    with acting(pat), pytest.raises(actions.CannotUndo):
        actions.undo_remittance(remittance=remittance, reason="Twice", by=pat)
    assert not PostingUndo.objects.exists()
    undo(Adjudication.objects.get(status="2"), pat)
    with acting(pat):
        assert actions.undo_remittance(remittance=remittance, reason="Twice", by=pat) == 2
    assert state("PCN2")[0] == (0, 0, 150_00, 0)


def test_a_refusal_booked_to_the_wrong_claim_takes_its_denial_along(bring, pat, as_task):
    bring(file_837p(claim("PCN1"), claim("PCN2")))
    bring(file_835(transaction(answer("PCN1", svc(("CO-22", 150_00)), status="4"))))
    row = Adjudication.objects.get()
    denials.record_missed()
    assert Denial.objects.get().claim.control_number == "PCN1"

    undo(row, pat, UndoKind.UNMATCHED)
    look_at_undone(list(Event.objects.filter(verb="posting undone", subject_type="claims.adjudication")))
    assert not Denial.objects.exists()
    with acting(pat):
        actions.match_answer(adjudication=row, claim=Claim.objects.get(control_number="PCN2"))
    denials.record_missed()

    assert Denial.objects.get().claim.control_number == "PCN2"


class TestPages:
    def test_it_shows_what_would_be_taken_back_and_asks_why(self, posted, pat, sign_in):
        client = sign_in(pat)
        address = f"/remittances/answers/{posted.pk}/undo/"

        shown = client.get(address).content.decode()
        refused = client.post(address, {"kind": "unmatched"})
        done = client.post(address, {"kind": "unmatched", "reason": "Other patient"})

        assert all(text in shown for text in ("80.00", "50.00", "20.00", "CO-45"))
        assert (refused.status_code, "Say in a few words why" in refused.content.decode()) == (422, True)
        assert done.url == f"/remittances/answers/{posted.pk}/match/"

    def test_undone_it_offers_to_post_it_again(self, posted, pat, sign_in):
        client = sign_in(pat)
        page = f"/remittances/{posted.remittance_id}/"
        assert "Undo the posting of PCN1" in client.get(page).content.decode()
        client.post(f"/remittances/answers/{posted.pk}/undo/", {"kind": "unposted", "reason": "Too early"})

        assert "Post PCN1 again" in client.get(page).content.decode()
        text = client.post(f"/remittances/answers/{posted.pk}/post/", follow=True).content.decode()
        assert "Posted." in text

    def test_the_whole_remittance(self, posted, pat, sign_in):
        client = sign_in(pat)
        address = f"/remittances/{posted.remittance_id}/undo/"
        assert "80.00" in client.get(address).content.decode()

        text = client.post(address, {"reason": "Twice"}, follow=True).content.decode()

        assert "1 answer taken back; it keeps its claim" in text
        again = client.post(address, {"reason": "Twice"}, follow=True).content.decode()
        assert "somebody has taken it back already" in again

    def test_another_site_finds_none_of_it(self, posted, pat, north, sign_in):
        pat.sites.set([north])
        client = sign_in(pat)

        for path in (f"answers/{posted.pk}/undo/", f"{posted.remittance_id}/undo/"):
            assert client.get(f"/remittances/{path}").status_code == 404
        assert client.post(f"/remittances/answers/{posted.pk}/post/").status_code == 404
