"""Stretches of days between changes, without holes between them; gaps and doubles are seen."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cob.coverage import actions
from cob.coverage import timeline as timelines
from cob.coverage.actions import BadFact
from cob.coverage.cases import case_for, payer_names
from cob.coverage.rulebook import verdict_on
from cob.coverage.spans import Span, stretches, twice_at_once
from cob.coverage.timeline import MOST, MOST_AT_ONCE, timeline
from tests.cob.coverage.conftest import DAY
from tests.factories.coverage import CoverageFactory, PayerFactory
from tests.factories.patients import PatientFactory

JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
ONE_DAY = timedelta(days=1)


def span(name, first=None, last=None, payer=""):
    return Span(name, payer or name, first, last)


def _said(spans, also=()):
    return [(one.first, one.last, "".join(one.ids)) for one in stretches(spans, also)]


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ([span("a", JAN)], [(JAN, None, "a")]),
        ([span("a", JAN, FEB)], [(JAN, FEB, "a")]),
        ([span("a", None, FEB)], [(None, FEB, "a")]),
        ([span("a", JAN, FEB - ONE_DAY), span("b", FEB)], [(JAN, FEB - ONE_DAY, "a"), (FEB, None, "b")]),
        (
            [span("a", JAN, FEB), span("b", FEB)],
            [(JAN, FEB - ONE_DAY, "a"), (FEB, FEB, "ab"), (FEB + ONE_DAY, None, "b")],
        ),
        (
            [span("a", JAN, FEB - ONE_DAY), span("b", MAR)],
            [(JAN, FEB - ONE_DAY, "a"), (FEB, MAR - ONE_DAY, ""), (MAR, None, "b")],
        ),
        ([], []),
    ],
    ids=["open", "closed", "start not known", "one after the other", "one day together", "a gap", "nothing"],
)
def test_stretches(spans, said):
    assert _said(spans) == said


def test_a_day_the_order_changes_for_another_reason_is_a_bound_too():
    assert _said([span("a", JAN)], [MAR]) == [(JAN, MAR - ONE_DAY, "a"), (MAR, None, "a")]


DAYS = st.none() | st.dates(date(2025, 1, 1), date(2026, 12, 31))
SPANS = st.lists(st.tuples(DAYS, DAYS), max_size=5).map(
    lambda rows: [
        span(str(n), min(a, b) if a and b else a, max(a, b) if a and b else b) for n, (a, b) in enumerate(rows)
    ]
)


@given(spans=SPANS, day=st.dates(date(2024, 6, 1), date(2027, 6, 1)))
def test_each_day_is_in_one_stretch_that_names_who_covers_it(spans, day):
    every = stretches(spans)
    holding = [one for one in every if one.holds(day)]
    covering = tuple(one.id for one in spans if one.covers(day))

    assert len(holding) <= 1
    assert (holding[0].ids if holding else ()) == covering
    assert all(one.last + ONE_DAY == after.first for one, after in itertools.pairwise(every))


@pytest.mark.parametrize(
    ("other", "double"),
    [
        (span("b", FEB, None, "acme"), True),
        (span("b", FEB + ONE_DAY, None, "acme"), False),
        (span("b", FEB, None, "beacon"), False),
        (span("b", None, None, "acme"), True),
    ],
    ids=["on the last day", "from the day after", "another payer", "days not known"],
)
def test_one_plan_twice_at_once(other, double):
    assert bool(twice_at_once([span("a", JAN, FEB, "acme"), other])) is double


# --- the patient's page ----------------------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa(main, acted):
    patient = PatientFactory(site=main, last_name="Rey", first_name="Rosa", birth_on=date(1980, 1, 1))
    old = CoverageFactory(
        patient=patient, payer=PayerFactory(name="Harbor", edi_id="HH"), effective_on=date(2024, 1, 1),
        ended_on=date(2025, 6, 30), open_ended=False,
    )  # fmt: skip
    new = CoverageFactory(
        patient=patient, payer=PayerFactory(name="Lakeside", edi_id="LL"), effective_on=date(2025, 9, 1)
    )
    patient.old, patient.new = old, new
    return patient


def case_said(patient, day):
    names = payer_names(list(patient.coverages.select_related("payer")))
    return tuple(names[one] for one in verdict_on(case_for(patient, day).case)["order"])


def _rows(patient, day=DAY):
    found = timeline(patient, list(patient.coverages.select_related("payer")), day)
    return [(row.first, row.last, row.payers, row.is_gap) for row in found.rows]


def test_each_stretch_has_its_payers_and_a_gap_is_seen(rosa):
    assert _rows(rosa) == [
        (date(2025, 9, 1), None, ("Lakeside",), False),
        (date(2025, 7, 1), date(2025, 8, 31), (), True),
        (date(2024, 1, 1), date(2025, 6, 30), ("Harbor",), False),
    ]


def test_the_page_marks_the_gap_today_and_the_chosen_day(sign_in, ana, rosa):
    desk = sign_in(ana)
    desk.post(reverse("coverage:visit-day", args=[rosa.pk]), {"service_on": "07/15/2025"})

    page = desk.get(reverse("patients:patient-page", args=[rosa.pk])).content.decode()

    for part in ("Who covers when", "Nobody covers these days", "Chosen day", "Today", "<td>no end date</td>"):
        assert part in page


def test_the_row_of_the_chosen_day_says_what_the_verdict_of_that_day_says(rosa, acted):
    late = CoverageFactory(patient=rosa, payer=PayerFactory(name="Quarry", edi_id="QQ"), effective_on=date(2025, 9, 1))
    for coverage, standing in ((rosa.new, "retired"), (late, "active")):
        told = {
            f"coverages.{coverage.pk}.work_status": standing,
            f"coverages.{coverage.pk}.continuation": "none",
            f"coverages.{coverage.pk}.employment.status": "retired" if standing == "retired" else "working",
        }
        actions.tell_facts(
            patient=rosa, facts=told, told_by="patient", told_how="in person", true_from=date(2026, 1, 1), by=acted
        )

    def first(day):
        found = timeline(rosa, list(rosa.coverages.select_related("payer")), day).rows[0]
        return found.payers, found.says, case_said(rosa, day)

    payers, says, order = first(DAY)
    assert (payers, says) == (order, "")
    assert payers == ("Quarry", "Lakeside")


def test_a_plan_older_than_the_child_is_asked_about_from_birth_and_not_before(main, acted):
    child = PatientFactory(site=main, birth_on=date(2022, 7, 27))
    old = CoverageFactory(patient=child, payer=PayerFactory(name="Harbor", edi_id="HH"), effective_on=date(2020, 1, 3))
    CoverageFactory(
        patient=child, payer=PayerFactory(name="Lakeside", edi_id="LL"), effective_on=date(2021, 1, 2),
        ended_on=date(2023, 1, 1), open_ended=False,
    )  # fmt: skip

    found = timeline(child, list(child.coverages.select_related("payer")), DAY).rows

    assert [row.first for row in found] == [date(2023, 1, 2), date(2021, 1, 2)]
    assert not any("cannot be asked" in row.says for row in found)
    assert old.payer.name in found[1].payers + found[1].beside


@pytest.mark.parametrize(
    ("part_b", "since"),
    [
        ({"from": "2024-06-01", "to": None}, [date(2024, 6, 1), date(2020, 1, 1)]),
        ({"from": "2025-01-01", "to": None}, [date(2025, 1, 1), date(2024, 6, 1), date(2020, 1, 1)]),
        ({"from": "2024-06-01", "to": "2025-12-31"}, [date(2026, 1, 1), date(2024, 6, 1), date(2020, 1, 1)]),
    ],
    ids=["both at once", "Part B later", "Part B given up"],
)
def test_a_medicare_card_covers_the_days_of_its_parts_and_none_before(sign_in, ana, settled, acted, part_b, since):
    actions.tell_fact(patient=settled, path="medicare.part_b", value=part_b, told_by="card", by=acted)
    desk = sign_in(ana)
    desk.post(reverse("coverage:visit-day", args=[settled.pk]), {"service_on": "03/10/2026"})

    rows = desk.get(reverse("patients:patient-page", args=[settled.pk])).context["page"].timeline.rows

    assert [row.first for row in rows] == since
    assert (rows[-1].payers, rows[-1].beside, rows[-1].says) == (("Harbor Health",), (), "")


def test_one_plan_entered_twice_is_flagged_and_not_refused(rosa):
    CoverageFactory(patient=rosa, payer=rosa.new.payer, effective_on=date(2026, 1, 1))

    found = timeline(rosa, list(rosa.coverages.select_related("payer")), DAY)

    assert len(found.doubles) == 1
    assert "from 01/01/2026 on" in found.doubles[0]


def test_the_timeline_is_bounded_and_costs_the_same_however_long(rosa, queries_of):
    def asked():
        return timeline(rosa, list(rosa.coverages.select_related("payer")), DAY)

    few = queries_of(asked)
    for n in range(30):
        CoverageFactory(
            patient=rosa, payer=rosa.old.payer, effective_on=date(1990 + n, 1, 1), ended_on=date(1990 + n, 6, 30),
            open_ended=False,
        )  # fmt: skip

    assert queries_of(asked) == few
    found = asked()
    assert (len(found.rows), found.left_out > 0) == (MOST, True)
    assert any("Today" in row.marks for row in found.rows)


def test_of_many_plans_at_once_the_rules_are_not_asked_in_passing(rosa):
    for n in range(MOST_AT_ONCE):
        CoverageFactory(patient=rosa, payer=PayerFactory(name=f"Plan {n}", edi_id=f"P{n}"), effective_on=DAY)

    newest = timeline(rosa, list(rosa.coverages.select_related("payer")), DAY).rows[0]

    assert (newest.says, newest.payers) == ("5 plans at once: choose the day to ask", ())


def test_a_plan_entered_many_times_is_said_once(rosa):
    for _ in range(5):
        CoverageFactory(patient=rosa, payer=rosa.new.payer, effective_on=date(2026, 1, 1))

    assert len(timeline(rosa, list(rosa.coverages.select_related("payer")), DAY).doubles) == 1


def test_an_earlier_stretch_does_not_pay_for_the_many_plans_of_later_days(rosa, monkeypatch):
    asked = []
    monkeypatch.setattr(timelines, "verdict_on", lambda case: asked.append(case) or verdict_on(case))
    for n in range(20):
        CoverageFactory(patient=rosa, payer=PayerFactory(name=f"Plan {n}", edi_id=f"P{n}"), effective_on=DAY)

    assert _rows(rosa)[-1] == (date(2024, 1, 1), date(2025, 6, 30), ("Harbor",), False)
    assert {len(case["coverages"]) for case in asked} == {1}


# --- dates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "is_kept"),
    [
        ("last_covered_day", "2025-09-01", True),
        ("last_covered_day", "2025-08-31", False),
        ("effective", "2030-01-01", True),
    ],
)
def test_a_coverage_that_would_end_before_it_begins_is_refused_by_the_date(rosa, acted, key, value, is_kept):
    path = f"coverages.{rosa.new.pk}.{key}"
    if is_kept:
        assert actions.tell_fact(patient=rosa, path=path, value=value, told_by="payer", by=acted)
        return
    with pytest.raises(BadFact, match="cannot end before it begins") as refused:
        actions.tell_fact(patient=rosa, path=path, value=value, told_by="payer", by=acted)
    assert refused.value.path == path
    assert not rosa.facts.filter(path=path).exists()


@pytest.mark.parametrize(("starts", "is_kept"), [("2025-06-30", True), ("2025-07-01", False)])
def test_a_coverage_cannot_be_said_to_begin_after_it_ended(rosa, acted, starts, is_kept):
    told = {"patient": rosa, "path": f"coverages.{rosa.old.pk}.effective", "value": starts, "told_by": "payer"}
    if is_kept:
        assert actions.tell_fact(**told, by=acted)
        return
    with pytest.raises(BadFact, match="it cannot begin after it ends on 06/30/2025"):
        actions.tell_fact(**told, by=acted)


def test_adding_or_changing_a_coverage_backward_is_refused_by_the_last_day(rosa, acted):
    with pytest.raises(BadFact):
        actions.add_coverage(
            patient=rosa, by=acted, payer=rosa.new.payer, kind="employer", relationship="self", effective_on=MAR,
            ended_on=FEB,
        )  # fmt: skip
    with pytest.raises(BadFact):
        actions.change_coverage(coverage=rosa.old, by=acted, ended_on=date(2023, 12, 31))
