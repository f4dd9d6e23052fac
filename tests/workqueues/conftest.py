"""An item, the same in Dee’s hands, and one of each kind that a queue can hold; a Monday, and Dee’s colleague Ida."""

from __future__ import annotations

import pytest
import time_machine

from cob.accounts.models import User
from cob.audit.acting import acting
from tests.factories.patients import PatientFactory
from tests.factories.workqueues import (
    ItemFactory,
    accident_claim,
    awaiting_later,
    awaiting_primary,
    both_deny,
    care_month_missed,
    crossed_over,
    demanded_back,
    disputed,
    filed_too_late,
    held_back,
    next_payer_due,
    not_medically_necessary,
    paid_too_much,
    plan_ending,
    questionnaire,
    refused,
    rejected,
    statement_held,
    two_coverages,
    underpaid,
    without_claim,
)
from workqueues import actions, membership
from workqueues.models import Item


@pytest.fixture
def item(main):
    with acting("test task"):
        return ItemFactory(patient=PatientFactory(site=main), amount_cents=12345)


@pytest.fixture
def dees(item, dee):
    with acting(dee):
        return actions.take(item=item, by=dee)


@pytest.fixture
def one_of_each(main, as_task):
    for make in (
        two_coverages,
        refused,
        next_payer_due,
        held_back,
        without_claim,
        plan_ending,
        accident_claim,
        underpaid,
        rejected,
        demanded_back,
        paid_too_much,
        statement_held,
        disputed,
        awaiting_primary,
        awaiting_later,
        crossed_over,
        questionnaire,
        not_medically_necessary,
        filed_too_late,
        both_deny,
        care_month_missed,
    ):
        make(main)
    membership.ask()
    return {item.queue: item for item in Item.objects.all()}


@pytest.fixture
def clock():
    """Monday 19 October 2026, before noon at Main; `clock.shift` goes on."""
    with time_machine.travel("2026-10-19T16:00:00Z", tick=False) as clock:
        yield clock


@pytest.fixture
def ida(main):
    """A second denial specialist."""
    user = User.objects.create(username="ida", first_name="Ida", last_name="Ito", role="denials", email="ida@x.example")
    user.sites.add(main)
    return user
