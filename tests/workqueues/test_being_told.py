"""Who is told that work is late: once, in one sentence, by a notice and a mail that name no patient."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from cob.accounts.models import User
from cob.audit.acting import acting
from tests.workqueues.settings_and_items import DENIALS, items_at, set_today
from workqueues import ladder, notices
from workqueues.models import Escalation, Item, Notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def _late(site, count=1, **columns):
    return items_at(site, count, entered_at=timezone.now() - timedelta(days=7), **columns)


def _escalate():
    with acting("test task"):
        return ladder.escalate()


def test_who_is_named_is_told_once_in_one_sentence_and_the_record_says_so(main, sol, dee):
    set_today("lead", str(dee.pk), queue=DENIALS)
    _late(main, 3)
    _escalate()
    _escalate()

    notice = Notice.objects.get(user=dee)
    assert notices.words(notice) == "3 items of COB denials reached level 1."
    assert set(Escalation.objects.values_list("told__username", "to_whom")) == {("dee", "Denial lead")}


def test_where_nobody_is_named_the_supervisors_of_the_site_are_told_and_nobody_elsewhere(main, north, sol, kit):
    User.objects.filter(pk=kit.pk).update(role="supervisor")
    _late(main)
    _escalate()

    assert list(Notice.objects.values_list("user__username", flat=True)) == ["sol"]
    assert Escalation.objects.get().told is None


def test_who_may_not_see_the_site_is_not_told_of_it(main, north, sol, kit):
    set_today("lead", str(kit.pk), queue=DENIALS)
    _late(main)
    _escalate()

    assert not Notice.objects.filter(user=kit).exists()
    assert Notice.objects.filter(user=sol).exists()


def test_notices_stand_on_my_work_until_they_are_seen(main, sol, sign_in):
    _late(main)
    _escalate()
    client = sign_in(sol)

    assert "1 item of COB denials reached level 1." in client.get(reverse("workqueues:my-work")).content.decode()
    client.post(reverse("workqueues:notices-seen"))
    assert "reached level" not in client.get(reverse("workqueues:my-work")).content.decode()


def test_mail_names_no_patient_and_is_sent_once(main, sol, settings):
    settings.MAILS_NOTICES = True
    User.objects.filter(pk=sol.pk).update(email="sol@x.example")
    _late(main, 2, amount_cents=300_000)
    _escalate()

    assert [notices.mail_unsent(), notices.mail_unsent()] == [1, 0]
    (message,) = mail.outbox
    assert message.to == ["sol@x.example"]
    assert "2 items of COB denials reached level 3." in message.body
    patients = {item.patient.last_name for item in Item.objects.all()}
    assert not any(name in message.body + message.subject for name in patients)


def test_without_a_mail_server_notices_stay_in_the_app(main, sol, settings):
    settings.MAILS_NOTICES = False
    User.objects.filter(pk=sol.pk).update(email="sol@x.example")
    _late(main)
    _escalate()

    assert notices.mail_unsent() == 0
    assert Notice.objects.filter(mailed_at=None).exists()


def test_a_clock_set_back_an_hour_tells_nobody_twice_and_loses_nothing(main, sol, clock):
    _late(main)
    assert _escalate() == 1
    clock.shift(timedelta(hours=-1))

    assert _escalate() == 0
    assert Notice.objects.count() == 1
