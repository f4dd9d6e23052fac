"""Two people pressing one button at the same moment leave one verdict on file, not two."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from cob.audit.acting import acting
from cob.coverage import actions
from cob.coverage.models import Determination
from tests.cob.coverage.conftest import DAY


@pytest.mark.django_db(transaction=True)
def test_two_people_determine_at_once_and_one_verdict_is_stored(amara, acted):
    found, start = [], threading.Barrier(2)

    def press():
        try:
            with acting(acted):
                start.wait(timeout=10)
                found.append(actions.determine(patient=amara, service_on=DAY, by=acted).pk)
        finally:
            connection.close()

    presses = [threading.Thread(target=press) for _ in range(2)]
    for one in presses:
        one.start()
    for one in presses:
        one.join(timeout=30)

    assert len(found) == 2
    assert found[0] == found[1]
    assert Determination.objects.count() == 1
