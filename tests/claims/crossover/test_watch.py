"""A claim crosses over: it is watched with its timer, and what becomes of the copy is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError
from django.db.transaction import atomic

from claims.crossover import queries
from claims.edits import objections
from claims.models import Claim, ClaimPayer, CrossoverWatch, Submission
from claims.submissions.folder import open_folder
from cob.audit.acting import acting
from cob.x12.parts import Party
from tests.claims.crossover.copies import CHECK, ON, PAID, UNTIL, beta, place, stands
from tests.claims.edi_samples import (
    also,
    answer,
    claim,
    file_835,
    file_837p,
    svc,
    taken_back,
    transaction,
)

pytestmark = pytest.mark.django_db


def test_a_forwarded_claim_is_watched_with_who_when_and_by_which_signs(bring_forwarded):
    watch = bring_forwarded(crossover_carrier=Party("TT", "BETA LIFE", id_qualifier="PI", id="66666"))

    assert (watch.sender.name, watch.claim_payer.rank) == ("ACME HEALTH", 2)
    assert (watch.signs, watch.forwarded_on, watch.check_on, watch.until) == (["CLP02 19", "NM1*TT"], ON, CHECK, UNTIL)
    assert place().crossover_until == UNTIL


def test_a_watch_stays_as_written(bring_forwarded, ben):
    bring_forwarded()

    with pytest.raises(DatabaseError), atomic(), acting(ben):
        CrossoverWatch.objects.update(named="other")


@pytest.mark.parametrize(
    ("on", "how"),
    [
        (CHECK - timedelta(days=1), "waiting"),
        (CHECK, "check"),
        (UNTIL, "check"),
        (UNTIL + timedelta(days=1), "never"),
    ],
)
def test_it_waits_is_asked_about_and_lapses(bring_forwarded, on, how):
    bring_forwarded()

    assert stands(on) == how
    assert queries.to_check(on).exists() == (how == "check")
    assert queries.lapsed(on).exists() == (how == "never")


@pytest.mark.parametrize(("on", "how"), [(UNTIL, "received"), (UNTIL + timedelta(days=1), "late")])
def test_the_answer_of_the_next_payer_is_the_copy_received(bring_forwarded, bring, on, how):
    bring_forwarded()
    bring(file_835(beta(paid=on)))

    assert stands(on) == how
    assert place().crossover_until is None


def test_an_answer_after_our_own_sending_is_no_crossover(bring_forwarded, bring, ben):
    watch = bring_forwarded()
    with acting(ben):
        Submission.objects.create(claim=watch.claim, claim_payer=watch.claim_payer, by=ben)
    bring(file_835(beta()))

    assert stands(date(2026, 4, 3)) == "sent"


def test_an_answer_taken_back_takes_its_copy_along(bring_forwarded, bring):
    bring_forwarded()
    bring(file_835(transaction(taken_back(answer("PCN1", svc(*PAID))), trace="EFT9")))

    assert stands(ON) == "withdrawn"


def test_a_corrected_answer_that_hands_it_on_anew_is_watched_anew(bring_forwarded, bring):
    bring_forwarded()
    again = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 30_00)), status="19", number="ICN2")
    back = taken_back(answer("PCN1", svc(*PAID)))
    bring(file_835(transaction(back, again, trace="EFT9", paid=date(2026, 4, 2))))

    assert [w.stands for w in queries.watches(date(2026, 4, 2)).order_by("forwarded_on")] == ["withdrawn", "waiting"]
    assert place().crossover_until == date(2026, 5, 2)


def test_the_same_remittance_again_watches_nothing_twice(bring_forwarded, bring):
    bring_forwarded()
    bring(file_835(replace(answer("PCN1", svc(*PAID)), status="19")), "again.835")

    assert CrossoverWatch.objects.count() == 1


@pytest.mark.parametrize(("decided_on", "state"), [(None, "forwarded"), (date(2026, 3, 1), "rejected")])
def test_a_copy_to_a_payer_whose_front_end_turned_ours_away_is_waited_for(bring, decided_on, state):
    """Put right and sent again it would come back as a duplicate; a correction it turned away is another matter."""
    bring(file_837p(claim(other_coverages=(also(),))))
    with acting("test task"):
        ClaimPayer.objects.filter(rank=2).update(
            state="rejected", submitted_on=date(2026, 3, 5), answered_on=decided_on
        )
    bring(file_835(replace(answer("PCN1", svc(*PAID)), status="19")))

    assert place().state == state
    said = {o.edit for o in objections(open_folder(Claim.objects.get()).sending(2, date(2026, 3, 24))) if o.stops}
    assert ("crossover_not_pending" in said) is (state == "forwarded")
