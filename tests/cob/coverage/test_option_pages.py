"""Supervisor and administrator keep options under Settings; what is wrong is said of the field it is wrong in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from cob.audit.models import Event
from cob.coverage.models import Option
from cob.coverage.option_actions import set_option
from cob.coverage.option_book import page
from cob.coverage.option_catalogue import SPECS
from tests.cob.coverage.conftest import DAY
from tests.factories.coverage import CoverageFactory, PayerFactory
from tests.factories.patients import PatientFactory

pytestmark = pytest.mark.django_db
AGE, TERM = "dependent_age_end", "term_date_is_last_day"


@pytest.fixture
def desk(sign_in, sol):
    return sign_in(sol)


@pytest.fixture
def aetna(as_task):
    return PayerFactory(name="Aetna", edi_id="60054A")


def at(name=AGE):
    return reverse("settings:option-page", args=[name])


def say(day):
    return f"{day:%m/%d/%Y}"


def answers(aetna, **changed):
    """Aetna keeps a child to the end of the month, from 2030 on."""
    said = {
        "scope": "payer", "payer": str(aetna.pk), "state": "", "value": "END_OF_MONTH", "age": "",
        "effective_on": "01/01/2030", "source": "manual p. 12",
    }  # fmt: skip
    return said | changed


def test_a_choice_is_kept_with_who_kept_it_and_shown_with_its_day(desk, sol, aetna):
    answer = desk.post(at(), answers(aetna), follow=True)

    option = Option.objects.get()
    assert (option.value, option.payer, option.set_by, option.source) == ("END_OF_MONTH", aetna, sol, "manual p. 12")
    text = answer.content.decode()
    assert "To the end of the month of that birthday" in text
    assert "01/01/2030" in text
    assert "to come" in text
    assert "Run the audit" not in text


def test_with_a_day_past_it_is_said_that_verdicts_on_file_stay(desk, aetna):
    yesterday = timezone.localdate() - timedelta(days=1)

    shown = desk.post(at(), answers(aetna, effective_on=say(yesterday)), follow=True).content.decode()

    assert "Run the audit to see which would come out differently" in shown
    assert Option.objects.count() == 1


def test_who_chooses_after_another_is_told_and_may_choose_again(desk, sol, aetna):
    shown = desk.get(at()).context["history"]
    set_option(name=AGE, scope="practice", value="END_OF_YEAR", effective_on=DAY, source="manual p. 9", by=sol)

    told = desk.post(at(), answers(aetna, seen=len(shown)))

    assert told.status_code == 422
    text = told.content.decode()
    assert "chose “To the end of the year of that birthday” for the practice" in text
    assert '<input type="hidden" name="seen" value="1">' in text
    assert Option.objects.count() == 1
    assert desk.post(at(), answers(aetna, seen=1)).status_code == 302
    assert Option.objects.count() == 2


@pytest.mark.parametrize("seen", ["", "²", "many", "9" * 5000])
def test_a_page_that_does_not_say_what_it_showed_is_not_held_to_it(desk, aetna, seen):
    assert desk.post(at(), answers(aetna, seen=seen)).status_code == 302
    assert Option.objects.count() == 1


def test_today_needs_no_such_word(desk, aetna):
    shown = desk.post(at(), answers(aetna, effective_on=say(timezone.localdate())), follow=True).content.decode()

    assert "Run the audit" not in shown


def test_a_later_birthday_carries_its_age(desk, aetna):
    desk.post(at(), answers(aetna, value="STATE_AGE", age="30"))

    assert Option.objects.get().value == "STATE_AGE(30)"


def test_yes_and_no_stay_yes_and_no(desk, aetna):
    desk.post(at(TERM), answers(aetna, value="false"))

    assert Option.objects.get().value is False


def test_withdrawing_is_a_row_too(desk, sol, aetna):
    desk.post(at(), answers(aetna))
    desk.post(at(), answers(aetna, value="withdraw", effective_on="01/01/2031"))

    assert list(Option.objects.order_by("effective_on").values_list("value", flat=True)) == ["END_OF_MONTH", None]


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"scope": ""}, "scope", "Say whose choice it is."),
        ({"payer": ""}, "payer", "Choose the payer whose choice it is."),
        ({"scope": "state"}, "state", "Choose the state whose choice it is."),
        ({"scope": "practice"}, "payer", "Leave this empty, or say above that it is one payer’s choice."),
        ({"state": "IL"}, "state", "Leave this empty, or say above that it is one state’s choice."),
        ({"value": ""}, "value", "Choose what holds."),
        ({"value": "9"}, "value", "9 is not one of the available choices"),
        ({"value": "STATE_AGE"}, "age", "Give the age, from 26 on, such as 30."),
        ({"value": "STATE_AGE", "age": "25"}, "age", "give an age from 26 on"),
        ({"value": "STATE_AGE", "age": "100"}, "age", "up to 99"),
        ({"value": "STATE_AGE", "age": "old"}, "age", "in whole years"),
        ({"age": "30"}, "age", "Leave this empty, or choose “a later birthday” above."),
        ({"effective_on": ""}, "effective_on", "as mm/dd/yyyy"),
        ({"effective_on": "13/45/2030"}, "effective_on", "as mm/dd/yyyy"),
        ({"source": " "}, "source", "Say where it stands"),
        ({"value": "withdraw"}, "value", "nothing is set here that could be withdrawn"),
    ],
)
def test_a_bad_value_is_refused_in_its_field(desk, aetna, changed, field, said):
    answer = desk.post(at(), answers(aetna, **changed))

    assert answer.status_code == 422
    assert said in str(answer.context["form"].errors[field])
    assert not Option.objects.exists()


def test_where_only_a_state_can_choose_the_state_is_asked_and_not_whose(desk, aetna):
    said = answers(aetna, value="30")
    said = {name: value for name, value in said.items() if name not in ("payer", "age")} | {"scope": "state"}

    refused = desk.post(at("medicaid_cse_days"), said)
    desk.post(at("medicaid_cse_days"), said | {"state": "IL"})

    assert refused.context["form"].errors == {"state": ["Choose the state whose choice it is."]}
    assert (Option.objects.get().state, Option.objects.get().value) == ("IL", 30)


def test_what_holds_already_is_refused(desk, aetna):
    desk.post(at(), answers(aetna))

    assert "already holds" in str(desk.post(at(), answers(aetna)).context["form"].errors["value"])


@pytest.mark.parametrize("name", ["luck", "newborn_auto_days"])
def test_what_cannot_be_set_has_no_page(desk, name):
    assert desk.get(at(name)).status_code == 404


def test_the_list_says_what_holds_today_and_what_is_to_come(desk, sol, aetna, as_task):
    today = timezone.localdate()
    keep = {"name": AGE, "scope": "payer", "payer": aetna, "source": "manual", "by": sol}
    set_option(value="END_OF_YEAR", effective_on=today - timedelta(days=400), **keep)
    set_option(value="END_OF_MONTH", effective_on=today, **keep)
    set_option(value="STATE_AGE(30)", effective_on=today + timedelta(days=1), **keep)

    groups = dict(desk.get(reverse("settings:option-list")).context["groups"])
    card = next(card for cards in groups.values() for card in cards if card.name == AGE)

    assert [(choice.says, choice.stands) for choice in card.choices] == [
        ("To the eve of the 30th birthday", "to come"),
        ("To the end of the month of that birthday", "in force"),
    ]


def test_every_option_is_on_the_list(desk):
    context = desk.get(reverse("settings:option-list")).context

    shown = [card.name for _, cards in context["groups"] for card in cards] + [card.name for card in context["unread"]]
    assert sorted(shown) == sorted(SPECS)


def test_the_list_costs_the_same_for_one_choice_and_for_many(desk, sol, aetna, as_task, queries_of):
    keep = {"name": AGE, "value": "END_OF_YEAR", "source": "manual", "by": sol, "scope": "payer", "effective_on": DAY}
    set_option(payer=aetna, **keep)
    one = queries_of(lambda: desk.get(reverse("settings:option-list")))
    for number in range(20):
        set_option(payer=PayerFactory(name=f"Payer {number}", edi_id=f"N{number}"), **keep)

    assert queries_of(lambda: desk.get(reverse("settings:option-list"))) == one


def test_the_law_is_shown_with_days_and_sources_and_no_form(desk):
    answer = desk.get(reverse("settings:law-list"))

    text = answer.content.decode()
    assert "42 CFR 411.170(a)(2)(i)" in text
    assert "https://www.ecfr.gov/current/title-42/section-411.170" in text
    assert "01/01/1983" in text
    assert text.count('method="post"') == desk.get(reverse("settings:option-list")).content.decode().count('"post"')


def test_the_bar_leads_those_who_may_to_settings(sign_in, cast):
    link = 'href="/settings/"'

    shown = {name: link in sign_in(cast[name]).get("/look/", follow=True).content.decode() for name in ("sol", "ana")}

    assert shown == {"sol": True, "ana": False}


def test_the_administrator_reads_on_the_trail_what_was_chosen(sign_in, cast, aetna):
    sign_in(cast["sol"]).post(at(), answers(aetna))

    shown = sign_in(cast["ada"]).get(reverse("audit:history"), {"subject_type": "coverage.option"}).content.decode()

    assert "Sol Sato set option" in shown
    assert "END_OF_MONTH" in shown
    assert Event.objects.filter(verb="option set").count() == 1


def test_the_patients_page_says_what_the_order_rests_on_and_where_plans_differ(desk, sol, main, aetna, as_task):
    today = timezone.localdate()
    patient = PatientFactory(site=main)
    ends = {"patient": patient, "ended_on": today, "open_ended": False}
    CoverageFactory(payer=aetna, **ends)
    set_option(
        name=TERM, scope="payer", payer=aetna, value=False, effective_on=today, source="manual p. 12", by=sol
    )  # fmt: skip
    address = reverse("patients:patient-page", args=[patient.pk])

    alone = desk.get(address).content.decode()
    CoverageFactory(payer=PayerFactory(name="Cigna", edi_id="62308"), **ends)
    beside = desk.get(address).content.decode()

    assert f"Aetna, setting since {say(today)}, manual p. 12" in alone
    assert "Plans differ." not in alone
    assert "Cigna has “The last covered day”" in beside


def test_the_printed_page_is_the_catalogue():
    assert Path("docs/options.md").read_text(encoding="utf-8") == page(), "print it anew: manage.py option_catalogue"
