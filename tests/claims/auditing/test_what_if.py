"""What another number of the law, or another choice, would change; and how a supposition may be written."""

from __future__ import annotations

import pytest

from claims.models import ClaimPayer
from cob.coverage.models import Option
from cob.coverage.supposing import MOST, BadSupposition, suppose
from cob.rules.parameters import parameters
from tests.claims import stories
from tests.claims.auditing.conftest import at_work, ids
from tests.claims.stories import LAKESIDE, MEDICARE, NORTHERN
from tests.factories.coverage import PayerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]
OPEN = {"from": "2020-01-01", "to": None}


@pytest.fixture
def amara(main):
    """66 and working for a large employer: her job's plan pays first, and would not if the rule began at 67."""
    patient = stories.nora(main, birth_on="1959-06-01")
    patient.job = stories.coverage(patient, LAKESIDE, "LH1")
    patient.card = stories.coverage(patient, MEDICARE, "1EG4TE5MK73")
    at_work(patient.job)
    facts = {
        "medicare.part_a": OPEN,
        "medicare.part_b": OPEN,
        "medicare.basis": {"age": "2024-06", "disability": "2020-01"},
        "medicare.premium_free_part_a": True,
        f"coverages.{patient.job.pk}.employment.status": "working",
        f"coverages.{patient.job.pk}.employer.size": "20-99",
    }
    for path, value in facts.items():
        patient.facts.create(path=path, value=value, told_by="patient")
    patient.refresh_from_db()
    return patient


def test_another_age_changes_who_is_first_and_nothing_is_stored(amara, audited):
    """At 65 twenty employees are enough; the disabled need a hundred."""
    claim = stories.claim_of(amara, [amara.job, amara.card])
    before = list(ClaimPayer.objects.values_list("coverage", "rank"))

    (found,) = audited("msp.aged.years=70")

    assert (found.claim_id, found.kinds) == (claim.pk, "swapped")
    assert (found.billed, found.due) == (ids(amara.job, amara.card), ids(amara.card, amara.job))
    assert found.rule.startswith("MSP-DIS")
    assert list(ClaimPayer.objects.values_list("coverage", "rank")) == before
    assert Option.objects.count() == 0
    assert audited() == []


def test_a_claim_the_supposition_leaves_alone_is_not_listed(amara, audited):
    stories.claim_of(amara, [amara.job, amara.card])

    assert audited("msp.aged.years=66") == []


def test_the_money_is_what_would_be_at_stake_on_the_claim_as_it_stands(amara, audited):
    claim = stories.claim_of(amara, [amara.card, amara.job])

    (real,) = audited()
    (supposed,) = audited("msp.aged.years=70")

    assert real.kinds == "swapped"
    assert supposed.take_back_cents == 0
    assert supposed.at_stake_cents == claim.insurer_open_cents


@pytest.mark.parametrize(
    "written",
    [
        "term_date_is_last_day=false",
        "payer:88001:term_date_is_last_day=false",
        "payer:lakeside health:term_date_is_last_day=false",
    ],
    ids=["of the practice", "of a payer by its id", "of a payer by its name"],
)
def test_a_choice_is_supposed_for_practice_or_payer(main, audited, written):
    patient = stories.nora(main)
    ending = stories.coverage(patient, LAKESIDE, "LH1", open_ended=False, ended_on=stories.DAY)
    stories.claim_of(patient, [ending])

    (found,) = audited(written)

    assert audited() == []
    assert (found.billed, found.due, found.kinds) == (ids(ending), [], "not_due")


def test_a_choice_of_another_payer_changes_nothing(main, audited):
    PayerFactory(name="Other", edi_id="99")
    patient = stories.nora(main)
    ending = stories.coverage(patient, LAKESIDE, "LH1", open_ended=False, ended_on=stories.DAY)
    stories.claim_of(patient, [ending])

    assert audited("payer:99:term_date_is_last_day=false") == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("msp.aged.years", "expected NAME=VALUE"),
        ("msp.aged.years=", "expected NAME=VALUE"),
        ("msp.aged.years=old", "expected a whole number of years"),
        ("msp.aged.years=-1", "expected a whole number"),
        ("msp.aged.years=151", "expected a whole number of years, from 0 to 150, and not “151”"),
        ("msp.kidney.months=1201", "of months, from 0 to 1200"),
        ("accidents.promptly.days=36526", "of days, from 0 to 36525"),
        ("msp.working_aged.employees=1234567890", "of employees, from 0, and not"),
        ("luck=7", "there is no such number or option"),
        ("medigap_vs_retiree=SOMETIMES", "Expected one of"),
        ("term_date_is_last_day=maybe", "Expected one of"),
        ("payer:NOBODY:term_date_is_last_day=false", "no payer is called"),
        ("state:ZZ:dependent_age_end=END_OF_YEAR", "ZZ is no state"),
        ("state:NJ:term_date_is_last_day=false", "not for a state to choose"),
        ("site:main:term_date_is_last_day=false", "expected an option alone"),
        ("newborn_auto_days=60", "no rule reads this option yet"),
    ],
)
def test_what_cannot_be_tried_is_refused_with_what_was_expected(written, said):
    with pytest.raises(BadSupposition, match=said):
        suppose([written])


@pytest.mark.parametrize("name", parameters())
@pytest.mark.parametrize("is_most", [False, True], ids=["none", "the most"])
def test_every_number_of_the_law_can_be_tried_from_nothing_to_the_most(amara, audited, name, is_most):
    """An injured patient too: the day Medicare may be billed meanwhile is counted from the number."""
    stories.claim_of(amara, [amara.job, amara.card], number="IN-ORDER")
    fault = stories.coverage(amara, NORTHERN, "NP1", kind="liability")
    hurt = stories.claim_of(amara, [fault, amara.card, amara.job], number="HURT")
    type(hurt).objects.filter(pk=hurt.pk).update(related_to=["liability"])
    most = MOST.get(parameters()[name].unit, 999_999_999) if is_most else 0

    assert {row.kinds for row in audited(f"{name}={most}")} <= {"swapped", "not_due", "missing", "open", "settles"}


@pytest.mark.parametrize(
    "written",
    [
        ("msp.aged.years=66", "msp.aged.years=70"),
        ("payer:88001:term_date_is_last_day=false", "payer:lakeside health:term_date_is_last_day=true"),
    ],
    ids=["a number", "a payer's choice under its id and its name"],
)
def test_of_two_suppositions_about_one_thing_neither_is_guessed(main, written):
    """Both would stand above the figures, and one of them would not be in them."""
    stories.coverage(stories.nora(main), LAKESIDE, "LH1")

    with pytest.raises(BadSupposition, match="two values are supposed"):
        suppose(written)


def test_the_same_supposition_twice_is_one():
    assert suppose(["msp.aged.years=66", " msp.aged.years=66"]).written == ("msp.aged.years=66",)
