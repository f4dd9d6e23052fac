"""A verdict on its page, and a supervisor who decides otherwise: with a reason, with proof, and told of the law."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cob.coverage import actions
from cob.coverage.models import Determination
from tests.cob.coverage.conftest import DAY


@pytest.fixture
def desk(sign_in, ana, amara):
    return sign_in(ana)


@pytest.fixture
def verdict(settled, acted):
    return actions.determine(patient=settled, service_on=DAY, by=acted)


def test_the_verdict_page_shows_what_it_rests_on(desk, verdict):
    page = desk.get(reverse("coverage:determination-page", args=[verdict.pk])).content.decode()

    for part in ("Harbor Health", "MSP-WA-20", "42 CFR", verdict.rules_version, "employer, ", "Ana Arroyo"):
        assert part in page


def test_a_superseded_verdict_points_to_the_newer_one(desk, verdict, settled, acted):
    actions.tell_fact(patient=settled, path=settled.size, value="<20", told_by="employer", by=acted)
    later = actions.determine(patient=settled, service_on=DAY, by=acted)

    page = desk.get(reverse("coverage:determination-page", args=[verdict.pk])).content.decode()

    assert reverse("coverage:determination-page", args=[later.pk]) in page


def test_a_verdict_shows_the_sources_that_were_on_file_then(desk, verdict, settled, acted):
    actions.tell_fact(patient=settled, path=settled.size, value="100+", told_by="a later caller", by=acted)

    assert "a later caller" not in desk.get(reverse("coverage:determination-page", args=[verdict.pk])).content.decode()


def _places(verdict, first="2", second="1"):
    return {f"place-{verdict.order[0]}": first, f"place-{verdict.order[1]}": second}


WHY = {"reason": "Plan says so.", "proof-0": "call", "reference-0": "77-221", "dated-0": "03/10/2026"}


def test_a_supervisor_overrides_with_reason_and_evidence(sign_in, sol, verdict):
    url = reverse("coverage:determination-override", args=[verdict.pk])
    response = sign_in(sol).post(url, _places(verdict) | WHY | {"confirm-MSP-WA-20": "on"})

    new = Determination.objects.get(decided_how="person")
    assert response.url == reverse("coverage:determination-page", args=[new.pk])
    assert new.order == verdict.order[::-1]


@pytest.mark.parametrize(
    ("places", "given", "said"),
    [
        pytest.param(("2", "1"), {"reason": ""}, "Say why this order is right.", id="no reason"),
        pytest.param(
            ("2", "1"), {"proof-0": "", "reference-0": "", "dated-0": ""}, "Name at least one piece", id="no evidence"
        ),
        pytest.param(("2", "1"), {"proof-0": ""}, "choose what it is", id="evidence of no kind"),
        pytest.param(("2", "1"), {"reference-1": "L"}, "Choose what kind of evidence", id="a second one of no kind"),
        pytest.param(("2", "1"), {"proof-1": "letter"}, "Give what it is found by", id="a second one without more"),
        pytest.param(("2", "1"), {"reference-0": ""}, "Give what it is found by", id="evidence nobody can find"),
        pytest.param(("2", "1"), {"dated-0": ""}, "Give the day of the call", id="evidence of no day"),
        pytest.param(("2", "1"), {"dated-0": "01/01/2199"}, "This day has not come.", id="evidence of tomorrow"),
        pytest.param(("1", "1"), {}, "Two payers have the same place.", id="one place for two"),
        pytest.param(("2", ""), {}, "Somebody must pay first", id="nobody first"),
    ],
)
def test_an_override_that_lacks_something_is_refused(sign_in, sol, verdict, places, given, said):
    url = reverse("coverage:determination-override", args=[verdict.pk])
    data = _places(verdict, *places) | WHY | given

    response = sign_in(sol).post(url, data)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert Determination.objects.count() == 1


def test_who_goes_against_federal_law_is_told_in_words_and_asked_to_confirm_the_rule(sign_in, sol, verdict):
    url = reverse("coverage:determination-override", args=[verdict.pk])

    response = sign_in(sol).post(url, _places(verdict) | WHY)

    page = response.content.decode()
    assert (response.status_code, Determination.objects.count()) == (422, 1)
    assert "Medicare is put before Harbor Health, and federal law puts Harbor Health first." in page
    assert 'name="confirm-MSP-WA-20"' in page


@pytest.mark.parametrize(
    ("name", "who", "status"),
    [
        ("determination-page", "ira", 200), ("determination-page", "kit", 404), ("determination-page", "ada", 403),
        ("determination-override", "sol", 200), ("determination-override", "ana", 403),
        ("determination-override", "kit", 403),
    ],
)  # fmt: skip
def test_who_may_see_and_override_a_verdict(sign_in, cast, verdict, name, who, status):
    assert sign_in(cast[who]).get(reverse(f"coverage:{name}", args=[verdict.pk])).status_code == status
