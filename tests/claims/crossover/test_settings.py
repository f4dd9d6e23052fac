"""Which payers get copies by themselves and how long they are waited for, by payer and day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from claims.actions import post_answer_again, undo_answer
from claims.models import CrossoverWatch
from claims.models.undo import UndoKind
from claims.submissions.folder import open_folder
from cob.audit.acting import acting
from cob.coverage.crossover.actions import Said
from cob.coverage.models import Payer
from cob.coverage.payment_actions import BadTerms
from tests.claims import stories
from tests.claims.crossover.copies import ON, PAID, UNTIL, place, setting, stands
from tests.claims.edi_samples import (
    also,
    answer,
    claim,
    file_835,
    file_837p,
    svc,
)

pytestmark = pytest.mark.django_db


def test_the_payers_own_wait_is_kept(bring, sol):
    bring(file_837p(claim(other_coverages=(also(),))))
    setting("BETA LIFE", sol)
    bring(file_835(answer("PCN1", svc(*PAID), status="19")))

    watch = CrossoverWatch.objects.get()
    assert (watch.until, watch.refuses_early, watch.wait_source) == (date(2026, 5, 4), True, "Bulletin 4")


@pytest.mark.parametrize(
    ("since", "until"),
    [(date(2026, 3, 2), date(2026, 5, 4)), (date(2026, 3, 3), UNTIL)],
    ids=["from the day of service on", "from the day after it"],
)
def test_the_day_of_service_decides_which_setting_holds(bring, sol, since, until):
    bring(file_837p(claim(other_coverages=(also(),))))
    setting("BETA LIFE", sol, on=since)
    bring(file_835(answer("PCN1", svc(*PAID), status="19")))

    assert CrossoverWatch.objects.get().until == until


def test_the_setting_of_a_sender_goes_before_that_of_all(bring, sol):
    bring(file_837p(claim(other_coverages=(also(),))))
    setting("BETA LIFE", sol)
    setting("BETA LIFE", sol, Said(True, "automatic", wait_days=60), sender=Payer.objects.get(name="ACME HEALTH"))
    bring(file_835(answer("PCN1", svc(*PAID), status="19")))

    assert CrossoverWatch.objects.get().until == ON + timedelta(days=60)


def test_a_copy_that_no_remittance_announces_is_waited_for_by_setting(bring, sol):
    bring(file_837p(claim(other_coverages=(also(),))))
    setting("BETA LIFE", sol, Said(True, "state", is_announced=False))
    bring(file_835(answer("PCN1", svc(*PAID))))

    assert (CrossoverWatch.objects.get().signs, place().state) == (["setting"], "forwarded")


def test_a_posting_undone_by_us_ends_what_only_the_setting_made_wait(bring, sol, cast):
    pat = cast["pat"]
    bring(file_837p(claim(other_coverages=(also(),))))
    setting("BETA LIFE", sol, Said(True, "state", is_announced=False))
    bring(file_835(answer("PCN1", svc(*PAID))))
    given = CrossoverWatch.objects.get().answer
    with acting(pat):
        undo_answer(adjudication=given, kind=UndoKind.UNPOSTED, reason="wrong file", by=pat)
    assert (place().state, stands(ON)) == ("expected", "withdrawn")
    with acting(pat):
        post_answer_again(adjudication=given)

    assert (place().state, stands(ON), CrossoverWatch.objects.count()) == ("forwarded", "waiting", 1)


def test_nobody_hands_on_a_refusal_without_saying_so(bring, sol):
    bring(file_837p(claim(other_coverages=(also(),))))
    setting("BETA LIFE", sol, Said(True, "state", is_announced=False))
    bring(file_835(answer("PCN1", svc(("CO-22", 150_00)), status="4")))

    assert (CrossoverWatch.objects.count(), place().state) == (0, "expected")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Said(True, ""), "way"),
        (Said(True, "claim_based"), "coba_id"),
        (Said(True, "claim_based", "54999"), "coba_id"),
        (Said(True, "claim_based", "60000"), "coba_id"),
        (Said(True, "automatic", "55000"), "way"),
        (Said(True, "automatic", "1234"), "coba_id"),
        (Said(True, "automatic", check_business_days=0), "check_business_days"),
        (Said(True, "automatic", wait_days=366), "wait_days"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_its_field(bring, sol, said, field):
    bring(file_837p(claim()))

    with pytest.raises(BadTerms) as refused:
        setting("ACME HEALTH", sol, said)

    assert refused.value.field == field


@pytest.mark.parametrize("number", ["55000", "59999"])
def test_a_medigap_id_of_the_range_is_kept(bring, sol, number):
    bring(file_837p(claim()))

    assert setting("ACME HEALTH", sol, Said(True, "claim_based", number)).coba_id == number


def test_just_the_same_again_is_refused(bring, sol):
    bring(file_837p(claim()))
    setting("ACME HEALTH", sol)

    with pytest.raises(BadTerms, match="Just this already holds, since 01/01/2026"):
        setting("ACME HEALTH", sol, on=date(2026, 2, 1))


def test_a_supervisor_keeps_a_setting_on_its_page(bring, sol, client):
    bring(file_837p(claim()))
    acme = Payer.objects.get(name="ACME HEALTH")
    client.force_login(sol)
    url = reverse("settings:crossover-payer", args=[acme.pk])
    form = {
        "is_on": "yes",
        "way": "claim_based",
        "coba_id": "55123",
        "is_announced": "yes",
        "check_business_days": "15",
        "wait_days": "30",
        "effective_on": "01/01/2026",
        "source": "COBA list",
    }
    kept = client.post(url, form)
    refused = client.post(url, form | {"coba_id": "12345"})

    assert kept.status_code == 302
    assert "id 55123" in client.get(reverse("settings:crossover-list")).content.decode()
    assert refused.status_code == 422
    assert "55000 to 59999" in refused.content.decode()


@pytest.mark.parametrize(
    ("on", "number"),
    [(stories.DAY, "55321"), (stories.DAY + timedelta(days=1), "77005")],
    ids=["from the day of service on", "from the day after it"],
)
def test_medicare_is_told_the_medigap_id_that_makes_it_hand_the_claim_on(main, sol, ben, on, number):
    with acting(ben):
        patient = stories.nora(main)
        first = stories.coverage(patient, stories.MEDICARE, "1EG4TE5MK73", kind="medicare")
        second = stories.coverage(patient, ("77005", "Northern Benefit", "medigap"), "NP300200", kind="medigap")
        row = stories.claim_of(patient, [first, second])
        stories.determined(row, [first, second])
    setting("Northern Benefit", sol, Said(True, "claim_based", "55321"), on=on)
    folder = open_folder(row)

    (medigap,) = folder.projected(1).other_coverages
    assert medigap.payer_id == number
    assert folder.projected(2).payer.party.id == "77005"
