"""The life of a claim on its page: from the charge to zero, how far each payer is, what puts a wrong order right, and
the claims that belong with it."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from claims import actions
from claims.models import Claim
from claims.presenters.life import allocations_of, life_of, marks_of, proof_of
from claims.presenters.repair import repair_of
from claims.queries import next_step_of, paid_by_rank, papers_of
from claims.recoupment.watching import follow_the_order
from claims.siblings import siblings_of
from claims.submissions.applied import place_payers
from claims.submissions.folder import open_folder
from cob.x12.read837p import parse_837p
from tests.claims import stories
from tests.claims.edi_samples import BETA, also, answer, claim, file_835, file_837p, svc, taken_back, transaction

TODAY = date(2026, 4, 20)
FIRST = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00)))  # pays 80.00 of 150.00
SECOND = answer("PCN1", svc(("OA-23", 130_00)), status="2", number="B1")  # pays the 20.00 that was left
REFUSED = answer("PCN1", svc(("OA-109", 150_00)), status="4")


@pytest.fixture(autouse=True)
def _today(settings, tmp_path, as_task):
    settings.DATA_DIR = tmp_path
    with time_machine.travel(f"{TODAY}T15:00:00+00:00", tick=False):
        yield


@pytest.fixture
def two(bring):
    """Billed to Acme first and Beta second; sent on 03/04."""
    bring(file_837p(claim(other_coverages=(also(),))))
    return Claim.objects.get()


def settled(found, coverages):
    """An order on file that rests on what is on file now."""
    for row in coverages:
        row.kind, row.relationship = row.kind or "employer", "self"
        row.effective_on, row.open_ended = date(2020, 1, 1), True
        row.save()
    return stories.determined(found, coverages)


def swapped(found):
    """The order on file: Beta first."""
    return settled(found, [row.coverage for row in found.payers.order_by("-rank")])


def life(found):
    papers = papers_of(found, TODAY)
    return life_of(found, papers, allocations_of(found))


def told(found):
    return [(row.what, row.payer, row.paid_cents, row.written_off_cents, row.open_cents) for row in life(found)]


def steps(found):
    folder = open_folder(found)
    repair = repair_of(folder, paid_by_rank(papers_of(found, TODAY).postings))
    return repair and [(step.label, step.text) for step in repair.steps]


def test_it_runs_from_the_charge_to_zero_in_the_order_of_days(two, bring):
    bring(file_835(FIRST))
    bring(file_835(transaction(SECOND, trace="BETA1", payer=BETA, paid=date(2026, 4, 10))))

    assert told(two) == [
        ("Charged", "", 0, 0, 150_00),
        ("Claim sent", "ACME HEALTH", 0, 0, 150_00),
        ("Answered, as primary", "ACME HEALTH", 80_00, 50_00, 20_00),
        ("Answered, as secondary", "BETA LIFE", 20_00, 0, 0),
    ]
    assert [row.on for row in life(two)] == sorted(row.on for row in life(two))


def test_what_is_taken_back_opens_it_again(two, bring):
    bring(file_835(FIRST))
    bring(file_835(transaction(taken_back(FIRST), trace="EFT2", paid=date(2026, 4, 1))))

    assert told(two)[-1] == ("Took its answer back", "ACME HEALTH", -80_00, -50_00, 150_00)


def test_the_marks_of_a_payer_say_how_far_it_is(two, bring):
    bring(file_835(FIRST))
    papers = papers_of(two, TODAY)
    first, second = two.payers.all()

    assert [(m.label, m.on, m.detail) for m in marks_of(first, papers, 80_00)] == [
        ("Sent", date(2026, 3, 4), ""),
        ("Accepted", date(2026, 3, 20), ""),
        ("Answered", date(2026, 3, 20), ""),
        ("Paid", date(2026, 3, 20), "$80.00"),
    ]
    assert [(m.label, m.on) for m in marks_of(second, papers, 0)] == [
        ("Sent", None), ("Accepted", None), ("Answered", None),
    ]  # fmt: skip


def test_a_claim_paid_in_the_wrong_order_is_voided_taken_back_and_billed_in_the_right_one(two, bring, ben):
    bring(file_835(FIRST))
    assert steps(two) is None  # nobody has determined the order
    swapped(two)

    assert [label for label, _ in steps(two)][:2] == ["Void it", ""]
    void = actions.send_claim(claim=two, rank=1, by=ben, frequency="8")
    with void.kept.open("rb") as kept:
        [sent] = parse_837p(kept)[0].claims
    assert (sent.frequency, sent.payer_control_number, sent.subscriber.rank_code) == ("8", "ICN1", "P")

    bring(file_835(transaction(taken_back(FIRST), trace="EFT2", paid=date(2026, 4, 10))))
    follow_the_order([two.pk])  # what follows a remittance after its commit
    two.refresh_from_db()
    assert [(row.payer.edi_id, row.state) for row in two.payers.order_by("rank")] == [
        ("66666", "expected"), ("55555", "reversed"),
    ]  # fmt: skip
    assert next_step_of(open_folder(two), TODAY).place.payer == "BETA LIFE"
    [again] = parse_837p(actions.dry_run(claim=two, rank=1))[0].claims
    assert (again.frequency, again.subscriber.rank_code, again.payer.party.id) == ("1", "P", "66666")
    assert [row.what for row in proof_of(life(two))] == [
        "Claim sent", "Answered, as primary", "Took its answer back", "Void sent (8): the claim taken back",
    ]  # fmt: skip


def test_who_refused_because_another_comes_first_has_its_turn_again_behind_it(two, bring):
    bring(file_835(REFUSED))
    first, _ = two.payers.all()
    assert first.state == "denied"

    order = swapped(two)
    place_payers(two, order)

    assert [(row.payer.edi_id, row.state, row.answered_on) for row in two.payers.order_by("rank")] == [
        ("66666", "expected", None), ("55555", "expected", None),
    ]  # fmt: skip
    assert not place_payers(two, order)


def test_who_refused_in_its_own_place_stays_refused(two, bring):
    bring(file_835(REFUSED))
    coverages = [row.coverage for row in two.payers.all()]

    place_payers(two, settled(two, coverages))

    assert [row.state for row in two.payers.order_by("rank")] == ["denied", "expected"]


def test_medicare_is_told_and_not_sent_a_void(two, bring):
    bring(file_835(FIRST))
    swapped(two)
    first = two.payers.get(rank=1).coverage
    first.kind = "medicare"
    first.save()
    folder = open_folder(two)
    assert folder.order.is_stale  # a kind is a fact of the order
    swapped(two)

    [step, *_] = steps(two)
    assert step[0] == "Enter its demand"
    assert "takes no void" in step[1]


@pytest.mark.parametrize(
    ("day", "related", "both", "why"),
    [
        (date(2026, 3, 2), [], False, "same visit"),
        (date(2026, 3, 9), ["auto"], False, "same accident"),
        (date(2026, 3, 9), [], True, "same payers"),
        (date(2026, 3, 9), [], False, None),
    ],
    ids=["same day", "same accident", "the order touches it too", "nothing in common"],
)
def test_the_claims_that_belong_with_it_are_found(two, day, related, both, why):
    two.related_to = ["auto"]
    two.save()
    coverages = [row.coverage for row in two.payers.all()]
    other = stories.claim_of(two.patient, coverages if both else coverages[:1], number="PCN2", on=day)
    other.related_to = related
    other.save()

    assert [(one.claim.control_number, one.why) for one in siblings_of(two)] == ([("PCN2", why)] if why else [])


def test_the_page_shows_it_all_without_javascript_and_costs_the_same_for_many(two, bring, ben, sign_in, queries_of):
    bring(file_835(FIRST))
    swapped(two)
    client, url = sign_in(ben), reverse("claims:claim-page", args=[two.pk])
    page = client.get(url).content.decode()
    for words in ("From charge to zero", "Answered, as primary", "Wrong order", "Void it", "?frequency=8"):
        assert words in page
    few = queries_of(lambda: client.get(url))
    coverages = [row.coverage for row in two.payers.all()]
    for n in range(20):
        stories.claim_of(two.patient, coverages, number=f"MORE{n}", on=date(2026, 3, 2))
    assert "Claims that belong with it" in client.get(url).content.decode()
    assert queries_of(lambda: client.get(url)) <= few + 1  # payers of the siblings, once


def test_the_last_row_is_what_comes_next_and_by_when(two, bring, ben, sign_in):
    bring(file_835(FIRST))
    settled(two, [row.coverage for row in two.payers.all()])
    page = sign_in(ben).get(reverse("claims:claim-page", args=[two.pk])).content.decode()

    assert "By 06/18/2026." in page  # 90 days after 03/20, which is assumed
    assert "unconfirmed" in page
