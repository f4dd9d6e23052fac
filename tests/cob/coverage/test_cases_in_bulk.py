"""Many patients' cases read at once are the cases read one by one, whatever is on file, at the same few queries."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from claims.models import Claim
from cob.coverage import cases_in_bulk
from cob.coverage.cases import NeedsKind, case_for
from cob.coverage.cases_in_bulk import Charts, Patients, charts_of
from cob.coverage.models import Kind, Option
from cob.coverage.options import OptionsOnFile
from cob.patients.models import Patient
from tests.factories.coverage import CoverageFactory, EmployerFactory, FactFactory, PayerFactory
from tests.factories.patients import PatientFactory, PersonFactory

DAYS = [date(2025, 12, 31), date(2026, 3, 10), date(2026, 6, 1)]
KINDS = [Kind.EMPLOYER, Kind.MEDICARE, Kind.MEDICAID, Kind.MEDIGAP, Kind.INDIVIDUAL, Kind.TRICARE]
ABOUT = [{}, {"related_to": ["none"]}, {"related_to": ["auto"]}]


def everybody():
    ids = sorted(Patient.objects.values_list("pk", flat=True))
    return Patients(ids[0], ids[-1])


def as_one(patient, day, claim):
    """What `case_for` says, but for payers' labels."""
    found = case_for(patient, day, claim=claim)
    if isinstance(found, NeedsKind):
        return f"kind of {found.coverages[0].pk}"
    for card in found.case["coverages"]:
        del card["payer"]
    return found.case


def in_bulk(chart, day, claim, options):
    return f"kind of {chart.kind_unknown}" if chart.kind_unknown else chart.case(day, claim, options)


def some_patient(dice):
    """Somebody with people, cards and facts as dice have them: taken back, true later, of parts and wholes."""
    patient = PatientFactory(birth_on=date(1940, 1, 1) + timedelta(days=dice.randrange(30_000)))
    people = [
        PersonFactory(
            patient=patient,
            relation=dice.choice(["mother", "father", "spouse", ""]),
            birth_on=dice.choice([None, date(1980, 5, 5)]),
            birth_month_day=dice.choice(["", "05-05"]),
        )
        for _ in range(dice.randrange(3))
    ]
    if len(people) == 2:
        people[0].spouse_of = people[1]
        people[0].save()
    cards = [some_card(dice, patient, people) for _ in range(dice.randrange(4))]
    for _ in range(dice.randrange(12)):
        some_fact(dice, patient, people, cards)


def some_card(dice, patient, people):
    is_open = dice.random() < 0.5
    sized = EmployerFactory(size_band="100+", size_as_of=date(2026, 1, 15), size_told_by="payroll office")
    return CoverageFactory(
        patient=patient,
        payer=PayerFactory(edi_id=dice.choice("ABC")),
        kind=dice.choice([*KINDS, *KINDS, ""]),
        subscriber=dice.choice([None, *people]),
        relationship=dice.choice(["self", "child", ""]),
        employer=dice.choice([None, EmployerFactory(), sized]),
        enrolled=dice.random() < 0.9,
        effective_on=dice.choice([None, date(2020, 1, 1)]),
        open_ended=is_open,
        ended_on=None if is_open else dice.choice([None, date(2026, 3, 10)]),
    )


def some_fact(dice, patient, people, cards):
    card = dice.choice([f"coverages.{dice.choice(cards).pk}"] if cards else ["coverages.nobody"])
    person = dice.choice([f"people.{dice.choice(people).pk}"] if people else ["people.P"])
    path, value = dice.choice(
        [
            (f"{card}.employment.status", "working"),
            (f"{card}.employment", {"status": "retired", "last_day": "2025-01-31"}),
            (f"{card}.employer.size", "<20"),
            (f"{card}.last_covered_day", "never"),
            (f"{card}.kind", "medicare"),
            (f"{card}.subscriber", "P"),
            (f"{person}.birth_month_day", "07-04"),
            ("people.P.birth_date", "1901-01-01"),
            ("medicare.part_a", "never"),
            ("medicare.part_b", {"from": "2024-06-01"}),
            ("medicare.part_b.to", "never"),
            ("claim.related_to", ["auto"]),
            ("claim.related_to", ["none"]),
            ("accident.state", "NJ"),
            ("child.parents_living_together", True),
            ("options.nf_order", "NF_FIRST"),
        ]
    )
    FactFactory(
        patient=patient,
        path=path,
        value=dice.choice([value, value, value, None]),
        true_from=dice.choice([None, None, *DAYS]),
        told_at=timezone.now(),
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.usefixtures("acted")
def test_every_case_is_the_one_read_alone(main, seed):
    dice = random.Random(seed)
    for _ in range(25):
        some_patient(dice)
    Option.objects.create(
        name="medigap_vs_retiree", scope="practice", value="RETIREE_FIRST", effective_on=DAYS[1], source="p. 1"
    )
    charts, options = charts_of(everybody()), OptionsOnFile.read()

    for patient in Patient.objects.all():
        for day in DAYS:
            for claim in ABOUT:
                assert in_bulk(charts[str(patient.pk)], day, claim, options) == as_one(patient, day, claim)


@pytest.mark.usefixtures("acted")
@pytest.mark.parametrize("at_once", [1, 3, 100])
def test_charts_handed_out_some_at_a_time_are_those_read_together(main, monkeypatch, at_once):
    dice = random.Random(11)
    for _ in range(15):
        some_patient(dice)
    monkeypatch.setattr(cases_in_bulk, "AT_ONCE", at_once)
    together, streamed, options = charts_of(everybody()), Charts(everybody(), stream=True), OptionsOnFile.read()

    found = [streamed.take(4) for _ in range(5)]

    assert [len(some) for some in found] == [4, 4, 4, 3, 0]
    one_by_one = {pk: chart for some in found for pk, chart in some.items()}
    assert list(one_by_one) == list(together) == sorted(together)
    for pk, chart in together.items():
        for day in DAYS:
            assert in_bulk(one_by_one[pk], day, {}, options) == in_bulk(chart, day, {}, options)


@pytest.mark.usefixtures("acted")
def test_what_is_true_later_does_not_reach_a_visit_before_it(main):
    patient = PatientFactory()
    CoverageFactory(patient=patient, payer=PayerFactory(edi_id="A"), kind=Kind.MEDICARE)
    FactFactory(patient=patient, path="medicare.part_b", value={"from": "2024-06-01"}, told_at=timezone.now())
    FactFactory(
        patient=patient,
        path="medicare.part_b.to",
        value="2026-05-31",
        true_from=DAYS[2],
        told_at=timezone.now(),
    )
    chart, options = charts_of(everybody())[str(patient.pk)], OptionsOnFile.read()

    later = chart.case(DAYS[2], {}, options)["medicare"]["part_b"]
    before = chart.case(DAYS[0], {}, options)["medicare"]["part_b"]

    assert (later, before) == ({"from": "2024-06-01", "to": "2026-05-31"}, {"from": "2024-06-01"})


@pytest.mark.usefixtures("acted")
def test_thirty_charts_cost_the_queries_of_one(main, queries_of):
    dice = random.Random(7)
    some_patient(dice)
    one = everybody()
    for _ in range(30):
        some_patient(dice)
    all_of_them = everybody()

    assert queries_of(lambda: charts_of(one)) == queries_of(lambda: charts_of(all_of_them)) == 4


@pytest.mark.usefixtures("acted")
def test_only_those_asked_for_are_read(main):
    first, second = (PatientFactory(site=main) for _ in range(2))
    whose = everybody()

    assert set(charts_of(whose)) == {str(first.pk), str(second.pk)}
    assert set(charts_of(whose._replace(among=frozenset({second.pk})))) == {str(second.pk)}
    assert set(charts_of(Patients(whose.first, whose.first))) == {str(whose.first)}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_claim_of_the_invented_practice_has_the_case_read_alone(capsys):
    call_command("demo", patients=30)
    charts, options = charts_of(everybody()), OptionsOnFile.read()
    claims = list(Claim.objects.select_related("patient__site"))

    assert len(claims) > 30
    for claim in claims:
        about = {"related_to": claim.related_to} if claim.related_to else {}
        alone = as_one(claim.patient, claim.service_from, about)
        assert in_bulk(charts[str(claim.patient_id)], claim.service_from, about, options) == alone
