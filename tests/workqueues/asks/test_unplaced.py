"""Rejections that answer no sending on file are work the day they come, once a file, until each is replied to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.exchange import acks_by_hand, import_file, receive
from claims.models import Acknowledgement, Submission
from claims.models.ack_reply import Replied
from cob.audit import subscribers
from cob.audit.acting import acting
from tests.factories.denials import ClaimFactory, payer_of
from tests.factories.workqueues import unplaced
from tests.x12.acks import file_277ca, file_999
from workqueues import membership
from workqueues.asks.asking import EVERYTHING
from workqueues.asks.unplaced import ASK
from workqueues.models import Item
from workqueues.tasks import look_again

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]
QUEUE = "rejected-claims"
REJECTED = "HL*4*3*PT~NM1*QC*1*DOE*JANE****MI*MEM1~TRN*2*OLD1~STC*A7:672:PR*20260306*U*150~"
TAKEN = REJECTED.replace("A7:672", "A2:20").replace("*U*", "*WQ*")


def _in():
    membership.ask()
    return list(Item.objects.open().filter(queue=QUEUE))


def _aside(acks, reason="Sent by the old system.", replied=Replied.NOT_OURS, *, by):
    with acting(by):
        acks_by_hand.set_aside(acks=acks, replied=replied, reason=reason, by=by)


def _three(main, ben):
    """A file with three rejections, as it is imported."""
    file, _ = receive(
        "b.277", BytesIO(file_277ca("".join(REJECTED.replace("OLD1", f"OLD{n}") for n in range(3)))), by=ben
    )
    import_file(file)
    return file


def _open(file):
    return list(Acknowledgement.objects.unplaced().filter(file=file).order_by("position").select_related("file"))


@pytest.mark.parametrize(
    ("data", "is_work"),
    [
        pytest.param(file_277ca(REJECTED), True, id="a claim nobody has was rejected"),
        pytest.param(file_277ca(TAKEN), False, id="it was taken in"),
        pytest.param(file_999("77", "AK2*837*0001~IK5*R*5"), True, id="a group nobody sent was rejected"),
        pytest.param(file_999("77", "AK2*837*0001~IK5*A"), False, id="it was accepted"),
    ],
)
def test_only_what_rejects_something_waits(main, data, is_work):
    file, _ = receive("a.277", BytesIO(data), by=None)
    import_file(file)

    assert [item.subject_id for item in _in()] == ([file.pk] if is_work else [])


def test_it_is_work_as_soon_as_it_is_imported_and_the_import_says_so(main, ben, django_capture_on_commit_callbacks):
    with acting(ben), django_capture_on_commit_callbacks(execute=True):
        file, _ = receive("a.277", BytesIO(file_277ca(REJECTED)), by=ben)
        import_file(file)
    subscribers.tell_now()

    item = Item.objects.get(queue=QUEUE)
    before = list(Item.objects.values())
    assert (item.subject_id, item.site, item.patient, item.amount_cents) == (file.pk, main, None, 150_00)
    assert timezone.localdate(item.entered_at) == date(2026, 3, 6), "its clock runs from the day of the answer"
    night = membership.ask()
    assert (night.opened, night.closed, night.changed) == (0, 0, 0)
    assert list(Item.objects.values()) == before


def test_one_says_what_it_is_and_many_how_many_they_are(main):
    unplaced(main)
    unplaced(main, rejections=3)

    one, three = sorted(_in(), key=lambda item: item.amount_cents)

    assert one.reason.startswith("No claim sent from here has the number OLD0. ACME HEALTH: turned away")
    assert three.reason.startswith("3 rejections of one file answer no sending on file. The first: ACME HEALTH")
    assert (one.amount_cents, three.amount_cents) == (150_00, 450_00)
    assert one.next_action.startswith("Find the sending that was rejected")


def test_a_file_of_several_sites_or_of_none_belongs_to_none_alone(main, north):
    both, nobodys = unplaced(main), unplaced()
    both.sites.add(north)

    assert {item.subject_id: item.site_id for item in _in()} == {both.pk: None, nobodys.pk: None}


def test_it_stays_until_each_is_replied_to_and_then_says_how(main, ben):
    file = _three(main, ben)
    _in()
    first, second, third = _open(file)
    _aside([first, second], by=ben)

    assert _in()[0].reason.startswith("No claim sent from here has the number OLD2.")
    _aside([third], "Sent again on paper.", Replied.DEALT_WITH, by=ben)

    assert _in() == []
    assert Item.objects.get(queue=QUEUE).closed_because == (
        "1 × Dealt with: Sent again on paper; 2 × Not ours: Sent by the old system."
    )


@pytest.fixture
def came_in(main, ben):
    """A file with one rejection, as it is imported."""
    with acting(ben):
        file, _ = receive("a.277", BytesIO(file_277ca(REJECTED)), by=ben)
        import_file(file)
        look_again(file)
    return file


def test_placed_it_goes_at_once_and_the_claim_it_rejects_comes(main, ben, came_in, django_capture_on_commit_callbacks):
    place = payer_of(ClaimFactory(patient__site=main), 1, "Acme Health", state="submitted")
    at = datetime(2026, 3, 4, 18, tzinfo=UTC)
    sent = Submission.objects.create(claim=place.claim, claim_payer=place, interchange="000000009", sent_at=at)

    with acting(ben), django_capture_on_commit_callbacks(execute=True):
        acks_by_hand.place(ack=_open(came_in)[0], sending=sent, by=ben)
    subscribers.tell_now()

    assert Item.objects.get(subject_id=came_in.pk).closed_because == "Placed with the claim."
    assert Item.objects.open().get(queue=QUEUE).subject_id == place.pk
    night = membership.ask()
    assert (night.opened, night.reopened, night.closed) == (0, 0, 0)


def test_set_aside_it_goes_at_once_with_the_reason(ben, came_in, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        _aside(_open(came_in), by=ben)
    subscribers.tell_now()

    assert Item.objects.get(queue=QUEUE).closed_because == "Not ours: Sent by the old system."


def test_asking_costs_the_same_for_one_file_and_many(main, queries_of):
    def ask():
        found = list(ASK.found(EVERYTHING, timezone.localdate()))
        ASK.gone([one.subject_id for one in found])
        return found

    unplaced(main)
    one = queries_of(ask)
    for _ in range(9):
        unplaced(main, rejections=4)

    assert len(ask()) == 10
    assert queries_of(ask) == one


def test_its_page_leads_to_the_first_that_waits_in_the_file(main, ben, sign_in):
    file = _three(main, ben)
    (item,) = _in()
    first, second, _ = _open(file)
    page = sign_in(ben).get(reverse("workqueues:item-page", args=[item.pk])).content.decode()
    _aside([first], by=ben)

    assert "Acknowledgement file" in page
    assert reverse("claims:rejection-place", args=[first.pk]) in page
    after = sign_in(ben).get(reverse("workqueues:item-page", args=[item.pk])).content.decode()
    assert reverse("claims:rejection-place", args=[second.pk]) in after


def test_a_file_brought_in_late_is_late_at_once(main):
    file = unplaced(main)
    old = timezone.localdate() - timedelta(days=14)
    copy = _open(file)[0]
    copy.pk, copy.position, copy.on, copy._state.adding = None, 99, old, True
    copy.save(force_insert=True)

    assert timezone.localdate(_in()[0].entered_at) == old
