"""A copy is never sent a second time, and freed by what was heard of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from claims.crossover import actions, queries
from claims.edits import objections
from claims.models import Claim, CrossoverNotice, CrossoverWatch, Heard
from claims.submissions.folder import open_folder
from cob.audit.acting import acting
from cob.audit.models import Event
from tests.claims.crossover.copies import CHECK, ON, PAID, UNTIL, heard, place, setting, stands
from tests.claims.edi_samples import (
    BETA,
    also,
    answer,
    claim,
    file_835,
    file_837p,
    svc,
    taken_back,
    transaction,
)
from workqueues import membership
from workqueues.models import Item

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("on", "is_refused"), [(UNTIL, True), (UNTIL + timedelta(days=1), False)])
def test_a_manual_claim_is_refused_while_the_copy_is_waited_for_and_free_the_day_after(bring_forwarded, on, is_refused):
    bring_forwarded()
    said = {o.edit: o for o in objections(open_folder(Claim.objects.get()).sending(2, on))}

    assert ("crossover_not_pending" in said) == is_refused
    if is_refused:
        one = said["crossover_not_pending"]
        assert one.stops
        assert one.message == (
            "ACME HEALTH forwarded the claim to BETA LIFE on 03/20/2026 (CLP02 19). "
            "Its answer is awaited until 04/19/2026."
        )
        assert "it may be sent from 04/20/2026" in one.fix


def test_a_letter_frees_the_claim_at_once(bring_forwarded, ben):
    watch = bring_forwarded()
    with acting(ben):
        heard(watch, by=ben, code="h51010")

    assert (place().state, place().crossover_until) == ("expected", None)
    assert (stands(ON), CrossoverNotice.objects.get().code) == ("failed", "H51010")
    assert queries.failed(ON).count() == 1
    assert Event.objects.filter(verb="crossover failed").exists()


def test_what_is_heard_of_a_copy_taken_back_frees_nothing_of_the_one_that_followed(bring_forwarded, bring, ben):
    first = bring_forwarded()
    again = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 30_00)), status="19", number="ICN2")
    back = taken_back(answer("PCN1", svc(*PAID)))
    bring(file_835(transaction(back, again, trace="EFT9", paid=date(2026, 3, 22))))

    with acting(ben), pytest.raises(actions.NoticeRefused, match="another of 03/22/2026, which is waited for"):
        heard(first, by=ben, on=date(2026, 3, 23))

    assert place().state == "forwarded"
    with acting(ben):
        heard(CrossoverWatch.objects.get(forwarded_on=date(2026, 3, 22)), by=ben, on=date(2026, 3, 23))
    assert place().state == "expected"


@pytest.mark.parametrize(("on", "is_taken"), [(CHECK - timedelta(days=1), False), (CHECK, True)])
def test_a_payer_without_the_claim_proves_something_only_after_the_check(bring_forwarded, ben, on, is_taken):
    watch = bring_forwarded()
    with time_machine.travel("2026-04-11T15:00:00+00:00", tick=False), acting(ben):
        if is_taken:
            heard(watch, Heard.NOT_ON_FILE, by=ben, on=on)
        else:
            with pytest.raises(actions.NoticeRefused, match="Before 04/10/2026") as refused:
                heard(watch, Heard.NOT_ON_FILE, by=ben, on=on)
            assert refused.value.field == "told_on"

    assert place().state == ("expected" if is_taken else "forwarded")


def test_a_payer_that_rejects_what_comes_early_holds_the_claim_although_it_has_nothing(bring, sol, ben):
    bring(file_837p(claim(other_coverages=(also(),))))
    setting("BETA LIFE", sol)
    bring(file_835(answer("PCN1", svc(*PAID), status="19")))
    with time_machine.travel("2026-04-11T15:00:00+00:00", tick=False), acting(ben):
        heard(CrossoverWatch.objects.get(), Heard.NOT_ON_FILE, by=ben, on=CHECK)

    assert (place().state, place().crossover_until) == ("forwarded", date(2026, 5, 4))
    assert not queries.failed(CHECK).exists()
    assert queries.failed(date(2026, 5, 5)).exists()


def test_a_copy_that_is_there_is_waited_for_thirty_days_more(bring_forwarded, ben):
    watch = bring_forwarded()
    with time_machine.travel("2026-04-11T15:00:00+00:00", tick=False), acting(ben):
        heard(watch, Heard.ON_FILE, by=ben, on=CHECK)

    assert place().crossover_until == date(2026, 5, 10)
    assert not queries.to_check(date(2026, 4, 11)).exists()
    assert stands(date(2026, 5, 11)) == "never"


@pytest.mark.parametrize(
    ("on", "is_taken"),
    [(ON - timedelta(days=1), False), (ON, True), (date(2026, 3, 23), True), (date(2026, 3, 24), False)],
)
def test_a_letter_is_dated_from_the_day_it_was_handed_on_until_today(bring_forwarded, ben, on, is_taken):
    watch = bring_forwarded()
    with acting(ben):
        if is_taken:
            assert heard(watch, by=ben, on=on).told_on == on
            return
        with pytest.raises(actions.NoticeRefused) as refused:
            heard(watch, by=ben, on=on)

    assert refused.value.field == "told_on"


def test_of_two_letters_about_one_copy_the_second_is_told_that_nobody_waits(bring_forwarded, ben):
    watch = bring_forwarded()
    with acting(ben):
        heard(watch, by=ben)
        with pytest.raises(actions.NoticeRefused, match="not waited for any more: the claim is not sent there"):
            heard(watch, by=ben)


@pytest.mark.parametrize("code", ["MA08", "MA19", "MA68", "MA99", "N387", "N177"])
def test_a_remark_that_nothing_was_handed_on_is_kept_and_nobody_waits(bring_forwarded, code):
    assert bring_forwarded(status="1", outpatient_remarks=(code,)) is None

    notice = CrossoverNotice.objects.get()
    assert (notice.heard, notice.code, notice.claim_payer.rank, place().state) == ("remark", code, 2, "expected")


def test_an_answer_that_says_both_is_waited_for_and_looked_at(bring_forwarded):
    watch = bring_forwarded(outpatient_remarks=("MA19",))

    assert place().state == "forwarded"
    assert "gets the claim (CLP02 19) and that it does not (MA19)" in watch.answer.exceptions[0]


def test_a_copy_that_came_incomplete_is_told_by_the_payer_that_got_it(bring_forwarded, bring):
    bring_forwarded()
    bring(file_835(transaction(answer("PCN1", svc(("CO-22", 150_00), remarks=("N8",)), status="4"), payer=BETA,
                               trace="EFT2", paid=date(2026, 4, 2))))  # fmt: skip

    assert CrossoverNotice.objects.get().heard == "incomplete"


def test_a_bad_note_names_its_field_and_changes_nothing(bring_forwarded, ben, client):
    watch = bring_forwarded()
    client.force_login(ben)
    refused = client.post(
        reverse("claims:crossover-hear", args=[watch.pk]), {"heard": "letter", "told_on": "02/01/2026"}
    )

    assert refused.status_code == 422
    assert "Give the reference" in refused.content.decode()
    assert place().state == "forwarded"


def test_who_only_reads_hears_nothing(bring_forwarded, ira, client):
    watch = bring_forwarded()
    client.force_login(ira)

    assert client.get(reverse("claims:crossover-page", args=[watch.pk])).status_code == 200
    assert client.post(reverse("claims:crossover-hear", args=[watch.pk])).status_code == 403


def test_a_letter_opens_the_secondary_submission_at_once(bring_forwarded, ben, django_capture_on_commit_callbacks):
    watch = bring_forwarded()
    with django_capture_on_commit_callbacks(execute=True), acting(ben):
        heard(watch, by=ben)

    assert Item.objects.filter(queue="secondary-submission", subject_id=place().pk).exists()


def test_the_queue_gives_it_out_on_the_day_of_the_check_and_once_asked_after_its_new_day(bring_forwarded, ben):
    watch = bring_forwarded()
    with acting("test task"):
        membership.ask()
    item = Item.objects.get(queue="crossover-watch")
    assert item.next_action_on == CHECK
    assert item.reason.endswith("until 04/19/2026; ask it from 04/10/2026 on, then bill it.")

    with time_machine.travel(f"{CHECK}T15:00:00Z"), acting(ben):
        heard(watch, Heard.ON_FILE, by=ben, on=CHECK)
        membership.ask()

    item.refresh_from_db()
    assert item.next_action_on == place().crossover_until > UNTIL
