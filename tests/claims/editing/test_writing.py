"""An edit of the practice's own, from the form to the claim it stops: written, tried, switched on, followed, off."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from claims.editing.trying import _seen
from claims.editing.writing import BadEdit, Wording, switch_off, switch_on, try_edit, write_edit
from claims.edits import objections
from claims.edits.written import checked, seen_in
from claims.models import StaffEdit, Submission
from claims.submissions.folder import open_folder
from cob.audit.acting import acting
from cob.audit.models import Event
from cob.coverage.models import Payer
from tests.claims import stories

TODAY = stories.TODAY
GROUP = ((checked(1, "group_number", "is", ("G-900",)),),)


@pytest.fixture(autouse=True)
def _today(settings, tmp_path, db):
    settings.DATA_DIR = tmp_path
    with time_machine.travel(f"{TODAY}T15:00:00+00:00", tick=False), acting("test task"):
        yield


def wording(**changes):
    fields = {
        "name": "No group",
        "message": "Northern wants no group number.",
        "fix": "Take it off.",
        "severity": "stop",
        "source": "Manual p. 3",
    }
    return Wording(**fields | changes)


def written(by, when=GROUP, **changes):
    return write_edit(wording=wording(**changes), when=when, by=by)


def on(edit):
    try_edit(edit=edit)
    return switch_on(edit=edit)


def sent(claim, rank=2, days_ago=1, frequency="1"):
    at = datetime(2026, 2, 20, 12, tzinfo=UTC) - timedelta(days=days_ago)
    return Submission.objects.create(
        claim=claim, claim_payer=claim.payers.get(rank=rank), sent_at=at, frequency=frequency
    )


def says(claim, rank=2):
    return [o.message for o in objections(open_folder(claim).sending(rank, TODAY))]


@pytest.fixture
def claim(main):
    return stories.secondary(main)


def test_it_asks_nothing_before_it_is_on_and_nothing_after_it_is_off(claim, sol):
    edit = written(sol)
    assert says(claim) == []

    on(edit)
    assert says(claim) == ["Northern wants no group number."]
    switch_off(edit=edit)
    assert says(claim) == []
    assert {e.verb for e in Event.objects.filter(subject_id=str(edit.pk))} == {
        "edit written", "edit tried", "edit switched on", "edit switched off",
    }  # fmt: skip


def test_it_is_not_switched_on_untried(sol):
    edit = written(sol)

    with pytest.raises(BadEdit, match="Try it against recent claims first"):
        switch_on(edit=edit)
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffEdit.objects.filter(pk=edit.pk).update(on_from=TODAY)


@pytest.mark.parametrize(
    ("payer", "at_north", "speaks"),
    [("77005", False, True), ("88001", False, False), (None, True, False), (None, False, True)],
    ids=["of its payer", "not of another payer", "not at another site", "of every payer and site"],
)
def test_it_speaks_in_its_scope(claim, sol, north, payer, at_north, speaks):
    on(written(sol, payer=Payer.objects.get(edi_id=payer) if payer else None, site=north if at_north else None))

    assert bool(says(claim)) is speaks


def test_the_next_version_ends_the_one_before_when_it_is_on_and_not_sooner(claim, sol):
    first = on(written(sol))
    second = write_edit(wording=wording(message="Another sentence."), when=GROUP, by=sol, follows=first)
    assert says(claim) == ["Northern wants no group number."]

    with time_machine.travel("2026-02-21T15:00:00+00:00", tick=False):
        on(second)
        assert says(claim) == ["Another sentence."]
    first.refresh_from_db()
    assert (first.off_from, second.version) == (date(2026, 2, 21), 2)
    with pytest.raises(BadEdit, match="Nothing was changed; version 2 says just this"):
        write_edit(wording=wording(message="Another sentence."), when=GROUP, by=sol, follows=second)
    with pytest.raises(BadEdit, match="was switched off"):
        switch_on(edit=first)


def test_the_trial_counts_what_was_sent_in_31_days_and_lists_what_it_would_have_spoken_of(claim, sol):
    mine = sent(claim, days_ago=30)
    sent(claim, rank=1, days_ago=2)
    sent(claim, days_ago=31)
    sent(claim, days_ago=1, frequency="8")

    trial = try_edit(edit=(edit := written(sol)))

    assert (trial.count, trial.hits, [row.pk for row in trial.listed]) == (2, 1, [mine.pk])
    assert (edit.tried_count, edit.tried_hits) == (2, 1)


def test_the_trial_sees_a_claim_as_its_sending_would(claim):
    for rank in (1, 2):
        sending = open_folder(claim).sending(rank, TODAY, "1")
        as_sent = seen_in(sending.claim, rank=rank, kind=sending.to.kind, service_on=sending.service_from)
        assert _seen(sent(claim, rank=rank)) == as_sent


def test_a_trial_costs_the_same_for_one_sending_and_fifty(claim, sol, queries_of):
    edit = written(sol)
    sent(claim)
    for_one = queries_of(lambda: try_edit(edit=edit))
    for n in range(49):
        sent(claim, days_ago=n % 30)
    assert queries_of(lambda: try_edit(edit=edit)) == for_one


FILLED = {
    "name": "No group", "severity": "stop", "message": "No group.", "fix": "Drop it.", "source": "Manual",
    "is_waivable": "on", "field1": "group_number", "is1": "is", "values1": "G-900, G-901",
    "join2": "and", "field2": "charge", "is2": "at_least", "values2": "1,000.00",
    "join3": "or", "field3": "modifier", "is3": "missing", "values3": "",
}  # fmt: skip


class TestPages:
    def test_a_billing_lead_writes_tries_and_switches_one_on(self, claim, sol, sign_in):
        client = sign_in(sol)
        sent(claim)
        client.post(reverse("claims:edit-new"), FILLED)
        edit = StaffEdit.objects.get()
        assert edit.when == [
            [
                {"field": "group_number", "is": "is", "values": ["G-900", "G-901"]},
                {"field": "charge", "is": "at_least", "values": [100_000]},
            ],
            [{"field": "modifier", "is": "missing", "values": []}],
        ]
        page = client.get(reverse("claims:edit-page", args=[edit.family])).content.decode()
        assert "Group number is G-900 or G-901, and charge of the claim is at least 1,000.00; or modifier is" in page
        assert "Switch version 1 on" not in page

        tried = client.post(reverse("claims:edit-try", args=[edit.family])).content.decode()
        assert "Would have stopped 1 of the 1 claims sent in the 31 days before." in tried
        assert claim.control_number in tried
        client.post(reverse("claims:edit-switch", args=[edit.pk]), {"to": "on"})
        assert says(claim) == ["No group."]
        assert "1 of the 1" in client.get(reverse("claims:edit-list")).content.decode()

    def test_the_form_comes_back_filled_to_write_the_next(self, sol, sign_in):
        client = sign_in(sol)
        client.post(reverse("claims:edit-new"), FILLED)
        edit = StaffEdit.objects.get()
        url = reverse("claims:edit-page", args=[edit.family])
        assert 'value="1,000.00"' in client.get(url).content.decode()

        client.post(url, FILLED | {"values2": "1,500.00"})
        assert StaffEdit.objects.get(version=2).when[0][1]["values"] == [150_000]
        assert client.post(url, FILLED | {"values2": "1,500.00"}).status_code == 422

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"values1": ""}, "Condition 1: say what group number is compared with"),
            ({"is2": "begins"}, "Condition 2: Charge of the claim can be compared by"),
            ({"values2": "a lot"}, "Condition 2:"),
            ({"field1": "", "values1": "", "field2": "", "values2": "", "field3": ""}, "an edit without a condition"),
            ({"name": ""}, "Give it a short name."),
        ],
    )  # fmt: skip
    def test_what_is_typed_wrongly_is_said_at_its_field(self, sol, sign_in, changes, says):
        answer = sign_in(sol).post(reverse("claims:edit-new"), FILLED | changes)

        assert answer.status_code == 422
        assert says in answer.content.decode()
        assert not StaffEdit.objects.exists()

    def test_claims_of_other_sites_and_of_nobody_are_counted_and_not_shown(self, claim, sol, cast, north, sign_in):
        edit = written(sol)
        sent(claim)
        for who in (cast["ada"], sol):
            sol.sites.set([north])
            tried = sign_in(who).post(reverse("claims:edit-try", args=[edit.family])).content.decode()
            assert "Would have stopped 1 of the 1" in tried
            assert claim.control_number not in tried

    def test_limits_are_kept_and_refused_by_their_page(self, sol, sign_in):
        payer, client = stories.payer(*stories.NORTHERN), sign_in(sol)
        url = reverse("claims:filing-payer", args=[payer.pk])
        typed = {"position": "later", "length": "120", "unit": "days", "basis": "earlier_answer", "source": "§7"}
        answer = client.post(url, typed | {"effective_on": "01/01/2026"})
        assert answer.status_code == 302
        assert "120 days after the answer of the payer before" in client.get(url).content.decode()
        assert "kept" in client.get(reverse("claims:filing-list")).content.decode()

        wrong = client.post(url, typed | {"effective_on": "01/01/2026", "basis": "own_answer"})
        assert wrong.status_code == 422
        assert "cannot be counted from that day" in wrong.content.decode()
        others = client.post(
            reverse("claims:filing-others", args=[payer.pk]),
            {"is_named": "no", "effective_on": "01/01/2026", "source": "Manual"},
        )
        assert others.status_code == 302
        assert "Names none" in client.get(url).content.decode()
