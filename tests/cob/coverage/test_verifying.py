"""A payer's word goes on file whole or not at all; the coverage, the dispute and the verdict follow it."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from cob.audit.acting import acting
from cob.audit.models import Event
from cob.coverage import actions
from cob.coverage.actions import BadVerification
from cob.coverage.deciding import current
from cob.coverage.models import Verification
from cob.coverage.verifying import standing_on
from tests.at_once import at_once
from tests.cob.coverage.conftest import DAY
from tests.factories.coverage import CoverageFactory, PayerFactory

pytestmark = pytest.mark.django_db
CALL = {
    "says": "agrees", "method": "call", "spoken_with": "Ruth", "reference": "C-1", "said_on": date(2026, 3, 11),
    "first_day": DAY,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel("2026-03-20T15:00Z", tick=True):
        yield


@pytest.fixture
def verdict(settled, acted):
    """The job plan first, Medicare second."""
    return actions.determine(patient=settled, service_on=DAY, by=acted)


def say(coverage, by, **said):
    return actions.record_verification(coverage=coverage, by=by, **(CALL | said))


def test_a_payer_that_agrees_has_agreed_with_the_place_it_was_read(settled, verdict, acted):
    row = say(settled.card, acted)

    assert (row.says, row.own_position, row.recorded_by) == ("agrees", 2, acted)
    assert standing_on(settled, DAY).stands[str(settled.card.pk)] == "agrees"


def test_when_the_order_changes_after_the_call_both_are_shown(settled, verdict, acted, sign_in, ana):
    say(settled.job, acted)
    actions.tell_fact(patient=settled, path=settled.size, value="<20", told_by="employer", by=acted)
    now = actions.determine(patient=settled, service_on=DAY, by=acted)

    assert now.order == verdict.order[::-1]
    assert standing_on(settled, DAY).stands[str(settled.job.pk)] == "disagrees"
    page = sign_in(ana).get(reverse("coverage:determination-page", args=[now.pk])).content.decode()
    assert "agrees when asked; our order is another one since" in page
    assert "Harbor Health shows another order than ours." in page


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"last_day": date(2026, 3, 9)}, "last_day"),
        ({"said_on": date(2026, 3, 21)}, "said_on"),
        ({"reference": ""}, "reference"),
        ({"method": "portal", "reference": ""}, "reference"),
        ({"method": "271", "reference": ""}, "reference"),
        ({"spoken_with": ""}, "spoken_with"),
        ({"says": "disagrees"}, "own_position"),
        ({"says": "not_known", "own_position": 1}, "says"),
        ({"says": "disagrees", "own_position": 1}, "says"),
        ({"says": "agrees", "own_position": 2}, "says"),
        ({"says": "disagrees", "own_position": 1, "primary_named": "Unheard"}, "primary"),
        ({"has_all_since": date(2026, 3, 12)}, "has_all_since"),
    ],
)
def test_what_does_not_fit_together_is_refused_by_the_field(settled, verdict, acted, said, field):
    with pytest.raises(BadVerification) as refused:
        say(settled.job, acted, **said)

    assert refused.value.field == field
    assert Verification.objects.count() == 0


@pytest.mark.parametrize(
    "said",
    [
        {"last_day": DAY},
        {"said_on": date(2026, 3, 20)},
        {"method": "letter", "reference": "", "spoken_with": ""},
        {"method": "portal", "spoken_with": ""},
        {"says": "disagrees", "own_position": 2},
        {"says": "disagrees", "is_active": False},
        {"says": "not_known"},
        {"has_all_since": date(2026, 3, 11)},
    ],
)
def test_and_what_fits_is_kept(settled, verdict, acted, said):
    assert say(settled.job, acted, **said).pk


def test_without_an_order_on_file_a_payer_can_agree_with_nothing_but_what_it_shows_is_kept(settled, acted):
    with pytest.raises(BadVerification) as refused:
        say(settled.job, acted)

    assert refused.value.field == "own_position"
    assert say(settled.job, acted, own_position=1).own_position == 1


def test_another_patients_coverage_cannot_be_the_primary(settled, verdict, acted):
    strange = CoverageFactory(payer=PayerFactory(name="Acme", edi_id="A1"))

    with pytest.raises(BadVerification) as refused:
        say(settled.job, acted, says="disagrees", primary_id=strange.pk)

    assert refused.value.field == "primary"


def test_nothing_said_is_ever_changed(settled, verdict, acted):
    row = say(settled.job, acted)

    with pytest.raises(DatabaseError), transaction.atomic():
        Verification.objects.filter(pk=row.pk).update(says="not_known")
    with pytest.raises(DatabaseError), transaction.atomic():
        Verification.objects.filter(pk=row.pk).delete()


def test_a_correction_is_a_later_word_and_the_last_one_stands(settled, verdict, acted):
    say(settled.job, acted, says="disagrees", own_position=2)
    say(settled.job, acted)

    assert standing_on(settled, DAY).stands[str(settled.job.pk)] == "agrees"
    assert Verification.objects.count() == 2


def test_it_speaks_of_its_own_days_alone(settled, verdict, acted):
    say(settled.job, acted, last_day=date(2026, 3, 12))

    stands = [standing_on(settled, day, verdict).stands[str(settled.job.pk)] for day in (DAY, date(2026, 3, 12))]
    assert stands == ["agrees", "agrees"]
    assert standing_on(settled, date(2026, 3, 13), verdict).stands[str(settled.job.pk)] == "not_asked"
    assert standing_on(settled, date(2026, 3, 9), verdict).stands[str(settled.job.pk)] == "not_asked"


@pytest.mark.parametrize(
    ("is_active", "before", "after"),
    [
        (True, None, date(2026, 3, 11)),
        (True, date(2026, 3, 10), date(2026, 3, 11)),
        (True, date(2026, 3, 12), date(2026, 3, 12)),
        (None, None, None),
    ],
)
def test_a_payer_that_says_it_is_in_force_verifies_the_coverage(settled, verdict, acted, is_active, before, after):
    if before:
        settled.job.verified_on, settled.job.verified_how = before, "portal, X"
        settled.job.save()

    say(settled.job, acted, is_active=is_active)

    settled.job.refresh_from_db()
    assert settled.job.verified_on == after
    if before is None and after:
        assert (settled.job.verified_how, settled.job.verified_by) == ("Call to the payer, C-1", acted)


@pytest.mark.parametrize(
    ("last_day", "verified"), [(date(2026, 3, 10), False), (date(2026, 3, 11), True), (None, True)]
)
def test_that_it_was_in_force_on_days_past_does_not_verify_it_today(settled, verdict, acted, last_day, verified):
    say(settled.job, acted, is_active=True, last_day=last_day)

    settled.job.refresh_from_db()
    assert (settled.job.verified_on is not None) is verified


def test_a_payer_that_denies_cover_does_not_verify_it(settled, verdict, acted):
    say(settled.job, acted, says="disagrees", is_active=False)

    settled.job.refresh_from_db()
    assert settled.job.verified_on is None
    assert standing_on(settled, DAY).disagreeing == [str(settled.job.pk)]


SINCE = date(2026, 3, 5)


def _dispute(settled, acted):
    say(settled.job, acted, has_all_since=date(2026, 3, 2))
    say(settled.card, acted, says="disagrees", own_position=1, has_all_since=SINCE)


def _notes(determination):
    return [note["rule"] for note in determination.verdict["notes"]]


def test_plans_that_disagree_with_all_in_hand_are_a_fact_and_the_verdict_carries_it(settled, verdict, acted):
    _dispute(settled, acted)

    now = current(settled, DAY)
    assert now.case["claim"]["plans_disagree_since"] == "2026-03-05"
    assert (now.supersedes, now.order) == (verdict, verdict.order)
    assert "NAIC-9D" not in _notes(now)


@pytest.mark.parametrize(("today", "is_said"), [("2026-04-04", False), ("2026-04-05", True)], ids=["day 30", "day 31"])
def test_after_thirty_days_the_verdict_asks_for_equal_shares(settled, verdict, acted, today, is_said):
    _dispute(settled, acted)

    with time_machine.travel(f"{today}T15:00Z", tick=False):
        now = actions.determine(patient=settled, service_on=DAY, by=acted)

    assert ("NAIC-9D" in _notes(now)) is is_said


def test_a_dispute_is_over_when_they_agree(settled, verdict, acted):
    _dispute(settled, acted)
    say(settled.card, acted)

    assert current(settled, DAY).case["claim"]["plans_disagree_since"] == "never"


def test_no_dispute_is_counted_before_every_plan_said_since_when_it_has_all(settled, verdict, acted):
    say(settled.card, acted, says="disagrees", own_position=1, has_all_since=SINCE)

    assert "plans_disagree_since" not in current(settled, DAY).case["claim"]
    assert standing_on(settled, DAY).is_conflict


# --- the page --------------------------------------------------------------------------------------------------------


def _form(**said):
    given = {
        "says": "agrees", "method": "call", "spoken_with": "Ruth", "reference": "C-1", "said_on": "03/11/2026",
        "first_day": "03/10/2026", "own_position": "", "primary": "", "is_active": "yes",
    }  # fmt: skip
    return given | said


def _url(coverage, verdict):
    return f"{reverse('coverage:verification-new', args=[coverage.pk])}?order={verdict.pk}"


def test_a_word_is_written_down_and_stands_beside_our_order(sign_in, ana, settled, verdict):
    desk = sign_in(ana)

    response = desk.post(_url(settled.job, verdict), _form())

    assert response.url == f"{reverse('coverage:determination-page', args=[verdict.pk])}#payers"
    page = desk.get(response.url).content.decode()
    for part in ("What the payers say", "Agrees", "Ruth, 03/11/2026", "Call to the payer, C-1", "Not asked"):
        assert part in page
    assert Event.objects.filter(verb="payer answered", patients__patient_id=settled.pk).count() == 1


def test_a_word_that_disagrees_is_said_to_be_work(sign_in, ana, settled, verdict):
    desk = sign_in(ana)

    response = desk.post(_url(settled.card, verdict), _form(says="disagrees", own_position="1"), follow=True)

    page = response.content.decode()
    assert "Medicare shows another order than ours: that is work to settle now." in page
    assert "ask Harbor Health and Medicare since when it has all it needs" in page


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(sign_in, ana, settled, verdict):
    response = sign_in(ana).post(_url(settled.job, verdict), _form(reference=""))

    assert response.status_code == 422
    assert "Write the reference number of the call" in response.content.decode()
    assert Verification.objects.count() == 0


def test_the_form_asks_about_the_day_of_the_verdict(sign_in, ana, settled, verdict):
    page = sign_in(ana).get(_url(settled.job, verdict)).content.decode()

    assert 'value="03/10/2026"' in page
    assert "Our order of 03/10/2026" in page


def test_on_the_patients_page_too(sign_in, ana, settled, verdict, acted):
    say(settled.job, acted)
    desk = sign_in(ana)
    desk.post(reverse("coverage:visit-day", args=[settled.pk]), {"service_on": "03/10/2026"})

    page = desk.get(reverse("patients:patient-page", args=[settled.pk])).content.decode()

    assert "Call to the payer, C-1" in page
    assert "Said before" not in page


def test_an_auditor_reads_it_and_records_nothing(sign_in, ira, settled, verdict, acted):
    say(settled.job, acted)

    page = sign_in(ira).get(reverse("coverage:determination-page", args=[verdict.pk])).content.decode()

    assert "Call to the payer, C-1" in page
    assert "what Harbor Health says" not in page


def test_another_sites_payer_cannot_be_asked_about(sign_in, kit, settled, verdict):
    assert sign_in(kit).get(_url(settled.job, verdict)).status_code == 404


def test_another_sites_verdict_gives_no_day(sign_in, cast, settled, verdict, north, acted):
    mine = CoverageFactory(patient__site=north, payer=PayerFactory(name="Acme", edi_id="A1"))

    assert sign_in(cast["kit"]).get(_url(mine, verdict)).status_code == 404


def test_the_section_costs_the_same_for_one_word_and_fifty(sign_in, ana, settled, verdict, acted, queries_of):
    url = reverse("coverage:determination-page", args=[verdict.pk])
    desk = sign_in(ana)
    say(settled.job, acted)
    few = queries_of(lambda: desk.get(url))
    for n in range(50):
        say(settled.job, acted, reference=f"C-{n}")

    assert queries_of(lambda: desk.get(url)) == few


def test_the_same_word_sent_twice_is_kept_once_and_said_again_later_is_another(settled, verdict, acted):
    first = say(settled.job, acted)

    assert say(settled.job, acted) == first
    assert say(settled.job, acted, reference="C-2") != first
    assert say(settled.job, acted).pk not in (first.pk, None)
    assert Verification.objects.count() == 3


def test_a_payer_has_not_agreed_with_an_order_put_on_file_while_it_was_read_another(
    sign_in, ana, settled, verdict, acted
):
    actions.tell_fact(patient=settled, path=settled.size, value="<20", told_by="employer", by=acted)
    actions.determine(patient=settled, service_on=DAY, by=acted)
    desk = sign_in(ana)

    refused = desk.post(_url(settled.job, verdict), _form(read=str(verdict.pk)))
    kept = desk.post(_url(settled.job, verdict), _form(read=str(verdict.pk), says="disagrees", own_position="1"))

    assert refused.status_code == 422
    assert "Another order was put on file since this form was opened" in refused.content.decode()
    assert (kept.status_code, Verification.objects.get().own_position) == (302, 1)


@pytest.mark.django_db(transaction=True)
def test_two_people_recording_at_once_are_both_kept(settled, verdict, acted):
    def call(reference):
        with acting(acted):
            return say(settled.job, acted, reference=reference).reference

    assert at_once(call, ["C-1", "C-2"]) == ["C-1", "C-2"]
    assert Verification.objects.count() == 2
    assert timezone.localdate() == date(2026, 3, 20)
