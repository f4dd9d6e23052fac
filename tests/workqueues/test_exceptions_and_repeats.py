"""What went wrong is looked at again: an exception until its check, a fix until the same codes come back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cob.audit.acting import acting
from tests.factories.coverage import PayerFactory
from tests.workqueues.settings_and_items import MONDAY, items_at
from workqueues import actions, exceptions, repeats

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def _log(main, ben, **told):
    today = timezone.localdate()
    usual = {"what": "file_missing", "text": "The 835 of Acme did not come.", "happened_on": today,
             "expected_on": today + timedelta(days=2), "verify_how": "The file is posted."}  # fmt: skip
    with acting(ben):
        return exceptions.log(site=main, by=ben, **{**usual, **told})


def test_an_exception_is_open_until_somebody_says_what_the_check_showed(main, ben):
    entry = _log(main, ben)
    with acting(ben):
        with pytest.raises(actions.Refused, match="what the check showed"):
            exceptions.verify(entry=entry, found=" ", by=ben)
        exceptions.verify(entry=entry, found="Posted, $912.40.", by=ben)
        with pytest.raises(actions.Refused, match="checked it already"):
            exceptions.verify(entry=entry, found="Again", by=ben)

    assert entry.is_same_day


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"happened_on": MONDAY + timedelta(days=1)}, "after today"),
        ({"happened_on": MONDAY - timedelta(days=3), "expected_on": MONDAY - timedelta(days=1)}, "is over"),
        ({"verify_how": " "}, "which step"),
    ],
)
def test_an_exception_that_makes_no_sense_is_refused(main, ben, told, said):
    with pytest.raises(actions.Refused, match=said):
        _log(main, ben, **told)


def test_what_is_logged_later_says_so_on_its_line_and_another_site_does_not_see_it(main, ben, kit, sign_in):
    _log(main, ben, happened_on=MONDAY - timedelta(days=1))
    address = reverse("workqueues:exception-list")

    assert "logged later" in sign_in(ben).get(address).content.decode()
    assert "did not come" not in sign_in(kit).get(address).content.decode()


def test_the_same_codes_at_the_same_payer_after_a_fix_are_a_repeat(main, sol, dee, clock):
    with acting("test task"):
        acme, other = (PayerFactory(name=name, edi_id=name[:5].upper()) for name in ("Acme Health", "Beacon Mutual"))
    (fixed,) = items_at(main, 1, payer=acme)
    with acting(dee):
        actions.take(item=fixed, by=dee)
        actions.add_evidence(item=fixed, kind="accepted_claim", reference="277CA 1", by=dee)
        actions.close(item=fixed, code="done", root_cause="payer_file_stale", because="Updated", by=dee)
    clock.shift(timedelta(days=10))
    (again,) = items_at(main, 1, payer=acme, amount_cents=700)
    items_at(main, 1, payer=other)
    items_at(main, 1, payer=acme, reason_codes=["CO-24"])

    (repeat,) = repeats.found(sol)

    assert (repeat.again, repeat.payer, repeat.root_cause, repeat.amount_cents) == (
        [again.pk], "Acme Health", "payer_file_stale", 700
    )  # fmt: skip


def test_the_pages_of_what_is_watched_open(sol, sign_in, main, ben):
    _log(main, ben)
    client = sign_in(sol)
    for name in ("handoff-list", "repeat-list", "exception-list", "exception-log"):
        assert client.get(reverse(f"workqueues:{name}")).status_code == 200

    answer = client.post(
        reverse("workqueues:exception-log"),
        {"site": str(main.pk), "what": "other", "text": "The portal was down.", "happened_on": "10/19/2026",
         "expected_on": "10/20/2026", "verify_how": "A call."},
    )  # fmt: skip
    assert answer.status_code == 302
