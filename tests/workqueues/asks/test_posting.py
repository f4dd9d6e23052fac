"""What could not be posted as work: of which site, for whom, and until when."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.exchange import import_file, receive
from claims.models import Adjudication, Claim, EdiFile
from claims.models.edi_file import Outcome
from tests.claims.edi_samples import BETA, also, answer, claim, file_835, file_837p, svc, taken_back, transaction
from tests.factories.denials import ANSWERED, ClaimFactory, answer_of, payer_of
from tests.factories.workqueues import (
    held_back,
    without_claim,
)
from workqueues import actions, membership
from workqueues.asks import posting
from workqueues.asks.asking import EVERYTHING
from workqueues.models import Item, State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]
DETERMINATION, DENIALS, SECONDARY, POSTING = (
    "cob-determination",
    "cob-denials",
    "secondary-submission",
    "posting-exceptions",
)


@pytest.fixture
def bring(main, ben):
    def _bring(data, name="file.835"):
        edi_file, _ = receive(name, BytesIO(data), by=ben)
        return import_file(edi_file)

    return _bring


def _in(slug):
    membership.ask()
    return list(Item.objects.open().filter(queue=slug))


def test_a_remittance_held_back_is_work_at_its_site(main):
    file = held_back(main)

    (item,) = _in(POSTING)

    assert (item.subject_id, item.site_id) == (file.pk, main.pk)
    assert "CLP04 of claim 7 is no amount." in item.reason


def test_a_file_of_no_known_site_is_work_for_posters_and_for_who_brought_it(cast):
    file = held_back()
    EdiFile.objects.filter(pk=file.pk).update(by=cast["ben"])

    (item,) = _in(POSTING)

    assert item.site_id is None
    seeing_the_item = {name for name, user in cast.items() if item in Item.objects.visible_to(user)}
    seeing_the_file = {name for name, user in cast.items() if file in EdiFile.objects.visible_to(user)}
    assert seeing_the_item == seeing_the_file == {"ben", "pat", "sol", "ira", "ada"}


def test_an_item_of_no_known_site_stays_with_whom_it_was_given_to(cast):
    held_back()
    (item,) = _in(POSTING)
    Item.objects.filter(pk=item.pk).update(owner=cast["dee"], state=State.ASSIGNED)

    assert item in Item.objects.visible_to(cast["dee"])
    assert item not in Item.objects.visible_to(cast["kit"])


@pytest.mark.parametrize("kind", ["270", "837I", ""])
def test_what_the_desk_does_not_take_is_not_held_back_but_refused_and_no_work(main, kind):
    EdiFile.objects.filter(pk=held_back(main).pk).update(kind=kind)

    assert _in(POSTING) == []


@pytest.mark.parametrize(
    ("kind", "said", "end"),
    [
        ("835", "A remittance is held back", "The file was posted."),
        ("837P", "A file of claims is held back, and none of them is on file", "The file was read."),
        ("271", "Answers about coverage are held back", "The file was read."),
        ("TA1", "A file of acknowledgements is held back, and may reject claims", "The file was read."),
        ("999", "A file of acknowledgements is held back, and may reject claims", "The file was read."),
        ("277CA", "A file of acknowledgements is held back, and may reject claims", "The file was read."),
    ],
)
def test_a_file_that_is_held_back_is_work_until_it_is_taken_in(main, kind, said, end):
    file = held_back(main)
    EdiFile.objects.filter(pk=file.pk).update(kind=kind)
    assert [item.reason.partition(":")[0] for item in _in(POSTING)] == [said]

    EdiFile.objects.filter(pk=file.pk).update(outcome=Outcome.POSTED)
    assert _in(POSTING) == []
    assert Item.objects.get().closed_because == end


def test_an_answer_without_its_claim_is_work_until_the_match(main):
    answer = without_claim(main)
    assert [item.reason_codes for item in _in(POSTING)] == [["unmatched"]]

    Adjudication.objects.filter(pk=answer.pk).update(claim=ClaimFactory(patient__site=main))
    assert _in(POSTING) == []
    assert Item.objects.get().closed_because == "Its claim was found."


@pytest.mark.parametrize(("paid", "is_work"), [(0, False), (1, True)])
def test_a_price_named_before_there_is_a_claim_is_work_only_if_money_came_with_it(main, paid, is_work):
    answer = without_claim(main)
    Adjudication.objects.filter(pk=answer.pk).update(status="25", paid_cents=paid)

    assert bool(_in(POSTING)) == is_work


def test_an_answer_with_an_exception_is_work(main):
    first = payer_of(ClaimFactory(patient__site=main), 1, "Acme Health")
    answer_of(first, status="1", paid=10000, exceptions=["It says secondary; we billed it first."])

    assert _in(POSTING)[0].reason == "Acme Health: It says secondary; we billed it first."


@pytest.mark.parametrize(
    ("now", "is_work"),
    [
        pytest.param("It says secondary; we billed it first.", False, id="the same"),
        pytest.param("OA-23 says an earlier payer took 5.00 more.", True, id="something else"),
    ],
)
def test_a_person_closes_what_was_odd_about_an_answer_and_not_what_becomes_odd_about_it(main, cast, now, is_work):
    pat = cast["pat"]
    first = payer_of(ClaimFactory(patient__site=main), 1, "Acme Health")
    row = answer_of(first, status="1", paid=10000, exceptions=["It says secondary; we billed it first."])
    (item,) = _in(POSTING)
    actions.take(item=item, by=pat)
    actions.add_evidence(item=item, kind="exception_reason", reference="Call 7", by=pat)
    actions.close(item=item, code="not_needed", root_cause="payer_error", because="Their typing error.", by=pat)

    Adjudication.objects.filter(pk=row.pk).update(exceptions=[now])

    assert [item.reason for item in _in(POSTING)] == ([f"Acme Health: {now}"] if is_work else [])


@pytest.mark.parametrize("early", [True, False])
def test_what_is_odd_about_an_answer_is_no_work_once_the_payer_has_taken_it_back(main, early):
    first = payer_of(ClaimFactory(patient__site=main), 1, "Acme Health")
    row = answer_of(first, status="1", paid=10000, exceptions=["It says secondary; we billed it first."])
    if not early:
        assert [item.subject_id for item in _in(POSTING)] == [row.pk]

    back = answer_of(first, status="22", paid=-10000)
    Adjudication.objects.filter(pk=back.pk).update(reverses=row)

    assert _in(POSTING) == []
    closed = [item.closed_because for item in Item.objects.filter(queue=POSTING)]
    assert closed == ([] if early else ["The payer took this answer back."])


def test_what_is_odd_about_the_taking_back_itself_is_work(main):
    first = payer_of(ClaimFactory(patient__site=main), 1, "Acme Health")
    row = answer_of(first, status="1", paid=10000)
    back = answer_of(first, status="22", paid=-10000, exceptions=["Letter D-1 took this back already."])
    Adjudication.objects.filter(pk=back.pk).update(reverses=row)

    assert [item.subject_id for item in _in(POSTING)] == [back.pk]


def test_fifty_odd_answers_cost_as_many_queries_as_one(main):
    def queries(count):
        for _ in range(count):
            first = payer_of(ClaimFactory(patient__site=main), 1, "Acme Health")
            answer_of(first, status="1", paid=10000, exceptions=["It says secondary; we billed it first."])
        with CaptureQueriesContext(connection) as asked:
            assert len(list(posting.found(EVERYTHING, ANSWERED))) >= count
        return len(asked)

    assert queries(1) == queries(49)


PRIMARY_WAS = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 25_00)), number="A1")
# Paid as if it came first; then as the second.
TOO_MUCH = answer("PCN1", svc(("CO-45", 60_00), ("PR-2", 5_00)), number="B1", status="2")
BACK, RIGHT = taken_back(TOO_MUCH), answer("PCN1", svc(("OA-23", 125_00), ("PR-2", 5_00)), number="B2", status="2")


@pytest.mark.parametrize(
    "secondary",
    [
        pytest.param([[TOO_MUCH], [BACK, RIGHT]], id="taken back with its correction"),
        pytest.param([[BACK, RIGHT], [TOO_MUCH]], id="the original comes last"),
    ],
)
def test_a_payer_that_puts_its_answer_right_leaves_no_work(bring, secondary):
    bring(file_837p(claim("PCN1", other_coverages=(also(),))), name="c.837")
    bring(file_835(PRIMARY_WAS))
    for n, said in enumerate(secondary, 2):
        bring(file_835(transaction(*said, payer=BETA, trace=f"T{n}"), number=n))
        _in(POSTING)

    found = Claim.objects.get()
    assert (found.paid_cents, found.written_off_cents, found.patient_cents) == (95_00, 50_00, 5_00)
    assert Adjudication.objects.exclude(exceptions=[]).exists()
    assert _in(POSTING) == []
