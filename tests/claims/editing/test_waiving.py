"""An edit set aside for one claim: by whom, why, for which claim exactly, and until that claim is another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from claims import actions
from claims.editing.waiving import CannotWaive, waive_edit, waivers_of, withdraw_waiver
from claims.edits import EDITS, objections, version_of
from claims.edits.waivable import WAIVABLE
from claims.filing import Basis, Limit
from claims.filing.keeping import set_limit
from claims.models import EditWaiver
from claims.submissions.folder import open_folder
from cob.audit.acting import acting
from cob.audit.models import Event
from tests.claims import stories
from tests.claims.edits.sendings import LAKESIDE, NORTHERN, ORDER, sending

WHY = "Provider rep Jane, reference 4711: late claims taken until 03/31"
TODAY = stories.TODAY


@pytest.fixture(autouse=True)
def _today(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with time_machine.travel(f"{TODAY}T15:00:00+00:00", tick=False):
        yield


@pytest.fixture
def late(main, as_task):
    """Northern took claims for five days after Lakeside's answer of 02/13; today is 02/20."""
    claim = stories.secondary(main)
    limit = Limit(Basis.EARLIER_ANSWER, 5)
    payer = claim.payers.get(rank=2).payer
    set_limit(payer=payer, position="later", limit=limit, effective_on=date(2025, 1, 1), source="§7", by=None)
    return claim


def waive(claim, by, edit="filing_limit_open", reason=WHY):
    return waive_edit(claim=claim, rank=2, edit=edit, reason=reason, by=by)


def stopping(claim):
    return [o.edit for o in objections(open_folder(claim).sending(2, TODAY)) if o.stops]


def test_a_waived_stop_warns_names_who_and_why_and_the_claim_goes(late, sol):
    with pytest.raises(actions.SendRefused):
        actions.send_claim(claim=late, rank=2, by=sol)

    waive(late, sol)
    [said] = objections(open_folder(late).sending(2, TODAY))

    assert (said.edit, said.stops, said.waived.by, said.waived.reason) == ("filing_limit_open", False, "Sol Sato", WHY)
    assert actions.send_claim(claim=late, rank=2, by=sol).interchange
    event = Event.objects.get(verb="edit waived")
    assert (event.reason, event.patients.get().patient_id, event.site_id) == (WHY, late.patient_id, late.site_id)


CHANGES = {
    "the charge": lambda claim: _charge(claim),
    "an answer of the first payer": lambda claim: stories.answer(
        claim, 1, (80_00, (("CO", "45", 40_00), ("PR", "2", 30_00))), stories.DRAW
    ),
    "a member id": lambda claim: _coverage(claim, member_id="NP300201"),
    "the end of the coverage": lambda claim: _coverage(claim, ended_on=date(2026, 6, 30), open_ended=False),
    "the order": lambda claim: stories.determined(
        claim, [p.coverage for p in claim.payers.all()], status="likely"
    ),
}  # fmt: skip


def _charge(claim):
    content = claim.content | {"note": "another"}
    claim.content = content
    claim.save()


def _coverage(claim, **changes):
    row = claim.payers.get(rank=2).coverage
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_it_ends_when_a_fact_of_the_claim_changes(late, sol, change):
    waive(late, sol)
    assert "filing_limit_open" not in stopping(late)

    change(late)

    late.refresh_from_db()
    folder = open_folder(late)
    assert "filing_limit_open" in stopping(late)
    assert [(one.stands, one.is_standing) for one in waivers_of(folder, TODAY)] == [
        ("ended: the claim has changed since", False)
    ]


def test_another_day_and_another_state_do_not_end_it(late, sol):
    waive(late, sol)
    row = late.payers.get(rank=2)
    row.state, row.submitted_on = "rejected", date(2026, 2, 20)
    row.save()

    with time_machine.travel("2026-02-25T15:00:00+00:00", tick=False):
        assert "filing_limit_open" not in stopping(late)


def test_withdrawn_it_stops_again_and_the_second_is_told(late, sol):
    waiver = waive(late, sol)

    assert withdraw_waiver(waiver=waiver, by=sol)
    assert not withdraw_waiver(waiver=waiver, by=sol)
    assert stopping(late) == ["filing_limit_open"]
    assert waivers_of(open_folder(late), TODAY)[0].stands == "withdrawn by Sol Sato"
    assert waive(late, sol)


REFUSED = {
    "no reason": ({"reason": " short "}, "reason", "Say why"),
    "an edit that says nothing": ({"edit": "coverage_active"}, "edit", "does not stop the claim"),
    "an edit that is none": ({"edit": "objections"}, "edit", "does not stop the claim"),
}


@pytest.mark.parametrize(("typed", "field", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_waived_is_refused_by_its_field(late, sol, typed, field, says):
    with pytest.raises(CannotWaive, match=says) as refused:
        waive(late, sol, **typed)
    assert refused.value.field == field


def test_what_is_a_fact_to_put_right_is_never_waived(main, as_task, sol):
    claim = stories.secondary(main, member_id="")

    with pytest.raises(CannotWaive, match="cannot be waived, only put right: Complete the coverage"):
        waive(claim, sol, edit="coverage_complete")


def test_twice_for_the_same_claim_tells_the_second(late, sol):
    waive(late, sol)
    with pytest.raises(CannotWaive, match="does not stop the claim"):
        waive(late, sol)


def test_only_named_edits_are_waivable_and_none_about_order_balance_or_numbers():
    assert set(WAIVABLE) <= {edit.__name__ for edit in EDITS}
    assert set(WAIVABLE).isdisjoint(
        {"order_settled", "order_as_billed", "amounts_balance", "numbers_check", "not_sent_before", "msp_type_given"}
    )


def test_the_version_is_of_facts_and_not_of_days_or_states():
    base = version_of(sending())

    assert version_of(sending(today=date(2026, 3, 1))) == base
    assert version_of(sending(to=replace(NORTHERN, state="rejected", submitted_on=date(2026, 2, 20)))) == base
    assert version_of(sending(first=replace(LAKESIDE, member_id="LH1"))) != base
    assert version_of(sending(order=replace(ORDER, by_person=True))) != base


class TestPages:
    def send(self, claim):
        return reverse("claims:claim-send", args=[claim.pk, 2])

    def post(self, client, claim, **data):
        return client.post(reverse("claims:edit-waive", args=[claim.pk, 2]), {"edit": "filing_limit_open"} | data)

    def test_a_supervisor_is_offered_it_a_biller_is_told_who_can(self, late, sol, ben, sign_in):
        assert "Waive it for this claim" in sign_in(sol).get(self.send(late)).content.decode()
        seen = sign_in(ben).get(self.send(late)).content.decode()
        assert "Waive it for this claim" not in seen
        assert "A supervisor can waive it" in seen
        assert self.post(sign_in(ben), late, reason=WHY).status_code == 403
        assert not EditWaiver.objects.exists()

    def test_it_is_waived_seen_on_the_claim_and_withdrawn(self, late, sol, sign_in):
        client = sign_in(sol)
        assert self.post(client, late, reason=WHY).status_code == 302
        page = client.get(reverse("claims:claim-page", args=[late.pk])).content.decode()
        assert "Edits waived" in page
        assert WHY in page
        assert "Waived by Sol Sato" in client.get(self.send(late)).content.decode()

        client.post(reverse("claims:waiver-withdraw", args=[EditWaiver.objects.get().pk]))
        assert stopping(late) == ["filing_limit_open"]

    def test_without_a_reason_it_is_said_beside_the_edit(self, late, sol, sign_in):
        answer = self.post(sign_in(sol), late, reason="no")

        assert answer.status_code == 422
        assert "Say why, in 10 characters or more" in answer.content.decode()

    def test_another_sites_waiver_is_not_there(self, late, sol, north, sign_in):
        waiver = waive(late, sol)
        sol.sites.set([north])

        assert sign_in(sol).post(reverse("claims:waiver-withdraw", args=[waiver.pk])).status_code == 404
        assert self.post(sign_in(sol), late, reason=WHY).status_code == 404


@pytest.fixture(autouse=True)
def _as_sol(db, request):
    """Whoever the test names acts through the desk; rows it makes itself are a task's."""
    with acting("test task"):
        yield
