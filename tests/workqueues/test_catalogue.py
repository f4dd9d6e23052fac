"""The catalogue is complete, speaks of nothing that does not exist, and its page says what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest

from cob.accounts.roles import ROLES, Permission
from denials.routes import SLUGS
from workqueues.management.commands.queue_catalogue import page
from workqueues.models import ALLOWED, EvidenceKind, State
from workqueues.queues import BY_SLUG, QUEUES


def test_the_printed_page_is_the_catalogue():
    assert Path("docs/queues.md").read_text(encoding="utf-8") == page(), "print it anew: manage.py queue_catalogue"


def test_every_queue_has_its_own_number_and_name():
    assert len({queue.id for queue in QUEUES}) == len(BY_SLUG) == len(QUEUES)
    assert set(BY_SLUG) <= set(SLUGS.values())
    assert len(set(SLUGS.values())) == 20


@pytest.mark.parametrize("queue", QUEUES, ids=[queue.id for queue in QUEUES])
def test_a_queue_can_be_worked_and_ended_by_its_owner(queue):
    assert Permission.WORK_ITEMS in ROLES[queue.owner].permissions
    assert queue.closes_with - {EvidenceKind.APPROVED_WRITE_OFF}
    assert 0 <= queue.sla.first_touch <= queue.sla.close


def test_every_state_can_be_reached_and_left():
    reached = set().union(*ALLOWED.values())

    assert set(ALLOWED) == set(State)
    assert reached | {State.NEW} == set(State)
    assert all(ALLOWED.values())
