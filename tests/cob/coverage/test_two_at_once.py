"""Two people pressing one button at the same moment leave one verdict on file, not two."""

from __future__ import annotations

import pytest

from cob.audit.acting import acting
from cob.coverage import actions
from cob.coverage.models import Determination
from tests.at_once import at_once
from tests.cob.coverage.conftest import DAY


@pytest.mark.django_db(transaction=True)
def test_two_people_determine_at_once_and_one_verdict_is_stored(amara, acted):
    def press(person):
        with acting(person):
            return actions.determine(patient=amara, service_on=DAY, by=person)

    assert at_once(press, [acted, acted]) == [Determination.objects.get()] * 2
