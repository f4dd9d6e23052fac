"""Nobody writes money off alone: up to which sum a second person decides, and proof of another queue closes nothing."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cob.audit.acting import acting
from tests.workqueues.settings_and_items import DENIALS, items_at, set_today
from workqueues import actions
from workqueues.models import State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def _asked(main, dee, cents):
    (item,) = items_at(main, 1, amount_cents=cents)
    with acting(dee):
        actions.take(item=item, by=dee)
        actions.close(item=item, code="write_off", root_cause="sent_late", because="Too late.", by=dee)
    return item


# who, what was set → the most they may approve
LIMITS = {
    "a colleague": ("ben", {}, 25_00),
    "the queue's lead": ("ben", {"lead": "ben"}, 100_00),
    "a supervisor below the practice administrator": ("sol", {"level_3_person": "ida"}, 500_00),
}


@pytest.mark.parametrize(("who", "named", "most"), LIMITS.values(), ids=LIMITS)
def test_everybody_approves_up_to_their_sum_and_not_a_cent_more(main, cast, dee, ida, who, named, most):
    people = {**cast, "ida": ida}
    for name, person in named.items():
        set_today(name, str(people[person].pk), **({"queue": DENIALS} if name == "lead" else {}))
    within, above = _asked(main, dee, most), _asked(main, dee, most + 1)
    with acting(people[who]):
        actions.approve(item=within, by=people[who])
        with pytest.raises(actions.Refused, match="You approve up to"):
            actions.approve(item=above, by=people[who])

    assert (within.state, above.state) == (State.CLOSED, State.RESOLVED)


@pytest.mark.parametrize("named", [{}, {"level_3_person": "sol"}], ids=["nobody named above", "as administrator"])
def test_a_supervisor_decides_any_sum_when_named_or_when_nobody_is(main, sol, dee, named):
    for name in named:
        set_today(name, str(sol.pk))
    item = _asked(main, dee, 9_999_00)
    with acting(sol):
        assert actions.approve(item=item, by=sol).state == State.CLOSED


def test_the_list_to_approve_is_what_one_may_approve(main, dee, ben, sol, sign_in):
    small, large = _asked(main, dee, 25_00), _asked(main, dee, 25_01)

    def listed(user):
        page = sign_in(user).get(reverse("workqueues:my-work"))
        return {row.item.pk for row in page.context["approvals"]}

    assert (listed(ben), listed(sol), listed(dee)) == ({small.pk}, {small.pk, large.pk}, set())


def test_nobody_sends_their_own_write_off_back(main, dee):
    item = _asked(main, dee, 100)
    with acting(dee), pytest.raises(actions.Refused, match="Somebody else decides"):
        actions.send_back(item=item, note="No", by=dee)


def test_proof_of_another_queue_closes_nothing_and_is_named(main, dee):
    (item,) = items_at(main, 1)
    with acting(dee):
        actions.take(item=item, by=dee)
        actions.add_evidence(item=item, kind="billed", reference="99493 of 09/2026", by=dee)
        with pytest.raises(actions.EvidenceMissing, match="“Claim billed” does not prove it here"):
            actions.close(item=item, code="done", root_cause="normal_work", because="Done", by=dee)
