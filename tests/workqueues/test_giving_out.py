"""Who is given what, what comes back, who is told, and up to which sum a second person decides."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from cob.accounts.models import User
from cob.audit.acting import acting
from cob.audit.models import Event
from tests.factories.coverage import PayerFactory
from tests.factories.patients import PatientFactory
from tests.factories.workqueues import ItemFactory
from workqueues import actions, exceptions, handing_out, ladder, notices, repeats
from workqueues.models import Escalation, Item, Note, Notice, State
from workqueues.terms.actions import set_term

pytestmark = pytest.mark.django_db
DENIALS = "cob-denials"
MONDAY = date(2026, 10, 19)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-10-19T16:00:00Z", tick=False) as clock:
        yield clock


@pytest.fixture
def ida(main):
    """A second denial specialist."""
    user = User.objects.create(username="ida", first_name="Ida", last_name="Ito", role="denials", email="ida@x.example")
    user.sites.add(main)
    return user


def _set(name, value, **told):
    with acting("test task"):
        set_term(name=name, value=value, by=None, effective_on=timezone.localdate(), because="Agreed", **told)


def _items(site, count, **columns):
    with acting("test task"):
        return [ItemFactory(patient=PatientFactory(site=site), **columns) for _ in range(count)]


def _give():
    with acting("test task"):
        return handing_out.give_out()


def _owners():
    return sorted(str(item.owner) for item in Item.objects.filter(owner__isnull=False))


# --- giving out ----------------------------------------------------------------------------------------------------


def test_nothing_is_given_out_unless_a_manager_says_how(main, dee):
    _items(main, 2)

    assert _give() == 0


def test_in_turn_everybody_of_the_role_gets_as_many(main, dee, ida):
    _set("hand_out", "round_robin", queue=DENIALS)
    _items(main, 4)

    assert (_give(), _owners()) == (4, ["Dee Dutta", "Dee Dutta", "Ida Ito", "Ida Ito"])
    assert set(Item.objects.values_list("state", flat=True)) == {State.ASSIGNED}
    assert Event.objects.filter(verb="gave out item").count() >= 1


def test_the_turn_goes_on_where_it_stopped(main, dee, ida, clock):
    _set("hand_out", "round_robin", queue=DENIALS)
    _items(main, 1)
    _give()
    (first,) = _owners()
    clock.shift(timedelta(minutes=15))
    _items(main, 1)
    _give()

    assert sorted({first, *_owners()}) == ["Dee Dutta", "Ida Ito"]


def test_whoever_has_least_in_hand_is_next(main, dee, ida):
    _set("hand_out", "least_loaded", queue=DENIALS)
    _items(main, 2, owner=dee, state="in_progress")
    _items(main, 3)
    _give()

    # Ida gets two, then both have two, and Dee was never given one: the third is hers.
    assert _owners() == ["Dee Dutta"] * 3 + ["Ida Ito"] * 2


@pytest.mark.parametrize(("until", "gets"), [(0, 0), (-1, 2)], ids=["still away today", "back today"])
def test_who_is_absent_is_passed_over(main, dee, ida, until, gets):
    _set("hand_out", "round_robin", queue=DENIALS)
    User.objects.filter(pk=dee.pk).update(absent_until=MONDAY + timedelta(days=until))
    _items(main, 4)
    _give()

    assert Item.objects.filter(owner=dee).count() == gets


def test_a_team_is_given_the_work_instead_of_the_role_and_only_at_its_sites(main, north, dee, ida):
    _set("hand_out", "round_robin", queue=DENIALS)
    _set("team", [str(ida.pk)], queue=DENIALS)
    _items(main, 2)
    _items(north, 1)

    assert (_give(), _owners()) == (2, ["Ida Ito"] * 2)


def test_what_was_taken_and_not_worked_on_goes_back_and_what_was_stays(main, dee, clock):
    idle, worked = _items(main, 2)
    with acting(dee):
        for item in (idle, worked):
            actions.take(item=item, by=dee)
        clock.shift(timedelta(minutes=5))
        actions.add_note(item=worked, text="Called Acme.", by=dee)
    clock.shift(timedelta(minutes=39))
    with acting("test task"):
        assert handing_out.release_idle() == 0
        clock.shift(timedelta(minutes=1))
        assert handing_out.release_idle() == 1

    idle.refresh_from_db()
    worked.refresh_from_db()
    assert (idle.owner, idle.state, worked.owner) == (None, State.NEW, dee)
    assert Event.objects.get(verb="released item").reason == "Taken and not worked on."


def test_the_work_of_who_is_absent_goes_back_but_not_what_waits_for_its_day(main, dee):
    mine, aside = _items(main, 2)
    with acting(dee):
        actions.take(item=mine, by=dee)
        actions.take(item=aside, by=dee)
        actions.set_aside(item=aside, waiting_for="Acme", until=MONDAY + timedelta(days=9), by=dee)
    User.objects.filter(pk=dee.pk).update(absent_until=MONDAY + timedelta(days=3))
    with acting("test task"):
        handing_out.release_idle()

    mine.refresh_from_db()
    aside.refresh_from_db()
    assert (mine.owner, aside.owner) == (None, dee)


# --- handing over ----------------------------------------------------------------------------------------------------


def test_what_is_handed_over_is_accepted_or_given_back_with_a_word(main, dee, ida):
    (item,) = _items(main, 1)
    with acting(dee):
        actions.take(item=item, by=dee)
        actions.hand_over(item=item, to=ida, note="You know Acme.", by=dee)
    assert (item.owner, item.state, item.handed_by) == (ida, State.ASSIGNED, dee)

    with acting(ida):
        with pytest.raises(actions.Refused, match="Say why"):
            actions.decline(item=item, reason=" ", by=ida)
        actions.decline(item=item, reason="I am off from tomorrow.", by=ida)

    assert (item.owner, item.handed_by) == (dee, None)
    assert Note.objects.filter(item=item, about="Not accepted by Ida Ito").exists()


def test_who_accepted_cannot_decline_any_more_but_can_put_it_back(main, dee, ida):
    (item,) = _items(main, 1)
    with acting(dee):
        actions.take(item=item, by=dee)
        actions.hand_over(item=item, to=ida, note="Yours.", by=dee)
    with acting(ida):
        actions.take(item=item, by=ida)
        with pytest.raises(actions.Refused, match="accepted it already"):
            actions.decline(item=item, reason="No.", by=ida)
        actions.put_back(item=item, reason="Wrong specialty.", by=ida)

    assert (item.owner, item.state) == (None, State.NEW)


# --- being told ---------------------------------------------------------------------------------------------------


def _late(site, count=1, **columns):
    return _items(site, count, entered_at=timezone.now() - timedelta(days=7), **columns)


def _escalate():
    with acting("test task"):
        return ladder.escalate()


def test_who_is_named_is_told_once_in_one_sentence_and_the_record_says_so(main, sol, dee):
    _set("lead", str(dee.pk), queue=DENIALS)
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
    _set("lead", str(kit.pk), queue=DENIALS)
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


# --- the second person -----------------------------------------------------------------------------------------------


def _asked(main, dee, cents):
    (item,) = _items(main, 1, amount_cents=cents)
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
        _set(name, str(people[person].pk), **({"queue": DENIALS} if name == "lead" else {}))
    within, above = _asked(main, dee, most), _asked(main, dee, most + 1)
    with acting(people[who]):
        actions.approve(item=within, by=people[who])
        with pytest.raises(actions.Refused, match="You approve up to"):
            actions.approve(item=above, by=people[who])

    assert (within.state, above.state) == (State.CLOSED, State.RESOLVED)


@pytest.mark.parametrize("named", [{}, {"level_3_person": "sol"}], ids=["nobody named above", "as administrator"])
def test_a_supervisor_decides_any_sum_when_named_or_when_nobody_is(main, sol, dee, named):
    for name in named:
        _set(name, str(sol.pk))
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
    (item,) = _items(main, 1)
    with acting(dee):
        actions.take(item=item, by=dee)
        actions.add_evidence(item=item, kind="billed", reference="99493 of 09/2026", by=dee)
        with pytest.raises(actions.EvidenceMissing, match="“Claim billed” does not prove it here"):
            actions.close(item=item, code="done", root_cause="normal_work", because="Done", by=dee)


# --- exceptions and repeats ------------------------------------------------------------------------------------------


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
    (fixed,) = _items(main, 1, payer=acme)
    with acting(dee):
        actions.take(item=fixed, by=dee)
        actions.add_evidence(item=fixed, kind="accepted_claim", reference="277CA 1", by=dee)
        actions.close(item=fixed, code="done", root_cause="payer_file_stale", because="Updated", by=dee)
    clock.shift(timedelta(days=10))
    (again,) = _items(main, 1, payer=acme, amount_cents=700)
    _items(main, 1, payer=other)
    _items(main, 1, payer=acme, reason_codes=["CO-24"])

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
