"""By which day a payer must have a claim: from the right day, to the last one, and how sure that day is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.filing import Basis, Clock, Days, Limit, Moment, Position, Sure, Unit, deadline, filing_clock, of_correction
from claims.filing.defaults import default_limit, published
from claims.filing.keeping import BadLimit, set_limit, set_others_named, set_program_state
from claims.filing.on_file import Billed, FilingOnFile
from claims.models import FilingLimit
from claims.submissions.folder import open_folder
from cob.audit.models import Event
from tests.claims import stories

DOS = date(2026, 3, 10)
ANSWERED = date(2026, 1, 1)
LATER_180 = Limit(Basis.EARLIER_ANSWER, 180, sure=Sure.KEPT)


def days(service=DOS, **more):
    return Days(service, **more)


WORKED = {
    "Medicare first or second: a year from the service": (
        default_limit("medicare", Position.LATER), days(earlier_answer=date(2026, 12, 1)), date(2027, 3, 10),
    ),
    "90 days from the service": (Limit(Basis.SERVICE, 90), days(), date(2026, 6, 8)),
    "90 days from the primary's response": (
        Limit(Basis.EARLIER_ANSWER, 90), days(earlier_answer=date(2026, 4, 22)), date(2026, 7, 21),
    ),
    "Texas: a Saturday moves on to Monday": (
        default_limit("medicaid", Position.PRIMARY, "TX"), days(), date(2026, 6, 15),
    ),
    "Texas: 95 days from the other insurer's answer": (
        default_limit("medicaid", Position.LATER, "TX"), days(earlier_answer=date(2026, 5, 30)), date(2026, 9, 2),
    ),
    "Texas: never past 365 days": (
        default_limit("medicaid", Position.LATER, "TX"), days(earlier_answer=date(2027, 1, 30)), date(2027, 3, 10),
    ),
    "California: six months after the month of service": (
        default_limit("medicaid", Position.PRIMARY, "CA"), days(), date(2026, 9, 30),
    ),
    "California: February ends with August": (
        default_limit("medicaid", Position.PRIMARY, "CA"), days(date(2026, 2, 3)), date(2026, 8, 31),
    ),
    "Colorado: 60 days from a late third party": (
        default_limit("medicaid", Position.LATER, "CO"), days(earlier_answer=date(2026, 11, 15)), date(2027, 1, 14),
    ),
    "federal employees: the end of the next year": (
        default_limit("fehb", Position.PRIMARY), days(), date(2027, 12, 31),
    ),
    "an unknown commercial second payer": (
        default_limit("employer", Position.LATER), days(earlier_answer=date(2026, 8, 20)), date(2026, 11, 18),
    ),
    "an unknown commercial second payer behind a very late first": (
        default_limit("employer", Position.LATER), days(earlier_answer=date(2027, 2, 20)), date(2027, 3, 10),
    ),
    "a year from a leap day": (
        Limit(Basis.SERVICE, 1, Unit.YEARS), days(date(2028, 2, 29)), date(2029, 2, 28),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("limit", "counted", "on"), WORKED.values(), ids=WORKED.keys())
def test_the_worked_deadlines(limit, counted, on):
    assert deadline(limit, counted) == on


def test_nothing_runs_while_its_day_has_not_come_and_nothing_caps_it():
    assert deadline(LATER_180, days()) is None
    assert deadline(replace(LATER_180, cap_days=365), days()) == date(2027, 3, 10)


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 900), st.integers(1, 365), st.integers(1, 365),
    st.booleans(),
)  # fmt: skip
def test_a_cap_never_lengthens_a_limit_and_rolling_never_shortens_it(service, later, length, cap, rolls):
    counted = Days(service, earlier_answer=service + timedelta(days=later))
    plain = Limit(Basis.EARLIER_ANSWER, length)
    capped, rolled = deadline(replace(plain, cap_days=cap), counted), deadline(replace(plain, rolls=rolls), counted)

    assert capped <= deadline(plain, counted) <= rolled
    assert rolled - deadline(plain, counted) <= timedelta(days=4)


def moment(place=2, **more):
    return Moment(place, "Northern", Days(DOS, **more), "Lakeside", date(2026, 3, 20))


@pytest.mark.parametrize(
    ("place", "name"), [(1, "primary_filing"), (2, "secondary_filing"), (3, "tertiary_filing"), (4, "filing_4")]
)
def test_each_place_has_its_own_clock(place, name):
    assert filing_clock(Limit(Basis.SERVICE, 90), moment(place, earlier_answer=ANSWERED)).limit == name


@pytest.mark.parametrize(
    ("today", "left"),
    [(date(2026, 6, 29), 1), (date(2026, 6, 30), 0), (date(2026, 7, 1), -1)],
    ids=["the day before", "the last day", "the day after"],
)
def test_days_left_around_the_limit(today, left):
    assert filing_clock(LATER_180, moment(earlier_answer=ANSWERED)).days_left(today) == left


def test_a_limit_that_runs_whether_or_not_the_first_answers_is_filed_for_protectively():
    clock = filing_clock(default_limit("medicaid", Position.LATER, "TX"), moment())

    assert (clock.limit, clock.on, clock.label) == ("protective_filing", date(2027, 3, 10), "File protectively by")
    assert clock.silent_from == date(2026, 7, 8)  # 110 days after the first was billed
    assert "whether or not Lakeside has answered" in clock.because


def test_the_day_and_how_sure_it_is_are_said():
    kept = filing_clock(LATER_180, moment(earlier_answer=ANSWERED))
    assumed = filing_clock(default_limit("employer", Position.LATER), moment(earlier_answer=ANSWERED))

    said = "Northern must have the claim 180 days after the answer of the payer before (answer of the payer before: "
    assert kept.because == f"{said}01/01/2026)."
    assert (kept.is_firm, assumed.is_firm) == (True, False)
    assert assumed.because.endswith("Assumed: nobody has kept this payer's limit.")


def test_a_correction_has_a_clock_of_its_own_once_the_payer_has_answered():
    limit = default_limit("medicare", Position.CORRECTED)

    assert of_correction(limit, moment()) is None
    assert of_correction(limit, moment(own_answer=date(2026, 4, 1))).on == date(2027, 4, 1)


@pytest.mark.parametrize(
    ("length", "on"),
    [(120, date(2026, 9, 28)), (10, date(2026, 6, 30))],
    ids=["more time", "it would be less"],
)
def test_money_taken_back_by_another_payer_may_give_more_time_and_never_less(length, on):
    at = moment(earlier_answer=ANSWERED, taken_back=date(2026, 5, 31))
    extra = Limit(Basis.TAKEN_BACK, length, sure=Sure.KEPT)

    assert filing_clock(LATER_180, at, taken_back=extra).on == on


def test_every_kind_has_a_limit_for_a_first_and_a_later_claim_with_its_source():
    from cob.coverage.models import Kind

    for kind in Kind:
        for position in (Position.PRIMARY, Position.LATER, Position.CORRECTED):
            found = default_limit(kind, position)
            assert found.source
            assert found.is_firm == (found.sure is Sure.LAW)
    assert all(one.limit.source and not one.limit.is_firm for one in published())


def kept(payer, length=180, position="later", basis=Basis.EARLIER_ANSWER, on=date(2025, 1, 1), **more):
    return set_limit(
        payer=payer, position=position, limit=Limit(basis, length, **more) if length else None, effective_on=on,
        source="Agreement §7", by=None,
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.usefixtures("as_task")
class TestOnFile:
    def test_what_is_kept_goes_before_the_built_in_from_its_day_of_service_on(self):
        payer = stories.payer(*stories.NORTHERN)
        kept(payer, 180, on=date(2026, 1, 1))

        def at(day):
            return FilingOnFile([payer.pk]).limit(payer.pk, "employer", "IL", Position.LATER, day)

        assert (at(date(2025, 12, 31)).length, at(date(2025, 12, 31)).sure) == (90, Sure.ASSUMED)
        assert (at(date(2026, 1, 1)).length, at(date(2026, 1, 1)).sure) == (180, Sure.KEPT)
        kept(payer, 0, on=date(2026, 2, 1))
        assert at(date(2026, 2, 1)).length == 90
        assert at(date(2026, 1, 31)).length == 180

    def test_each_act_is_on_the_trail_and_never_changed(self):
        row = kept(stories.payer(*stories.NORTHERN))

        assert Event.objects.get(verb="filing limit set").subject_id == str(row.pk)
        with pytest.raises(Exception, match="append-only"):
            FilingLimit.objects.filter(pk=row.pk).update(length=1)

    @pytest.mark.parametrize(
        ("who", "wrong", "field"),
        [
            ("northern", {"length": 0}, "length"),
            ("northern", {"basis": Basis.OWN_ANSWER}, "basis"),
            ("northern", {"position": "primary"}, "basis"),
            ("northern", {"position": "corrected", "basis": Basis.OWN_ANSWER, "silent_days": 110}, "silent_days"),
            ("northern", {"length": 4, "unit": Unit.YEARS}, "length"),
            ("medicare", {"basis": Basis.SERVICE}, "position"),
        ],
    )  # fmt: skip
    def test_a_limit_that_cannot_be_is_refused_by_its_field(self, who, wrong, field):
        payer = stories.payer(*(stories.NORTHERN if who == "northern" else stories.MEDICARE))

        with pytest.raises(BadLimit) as refused:
            kept(payer, **wrong)
        assert refused.value.field == field

    def test_the_same_twice_is_told_and_not_written(self):
        payer = stories.payer(*stories.NORTHERN)
        kept(payer)

        with pytest.raises(BadLimit, match="already holds"):
            kept(payer)

    @pytest.mark.parametrize(
        ("program", "says"), [("", "90 days after"), ("TX", "95 days after"), ("NY", "90 days after")]
    )
    def test_a_states_program_has_its_own_states_limits_wherever_the_practice_is(self, main, program, says):
        claim = stories.secondary(main)  # the site is in Illinois, whose Medicaid takes 180 days
        row = claim.payers.get(rank=1)
        row.coverage.kind = row.payer.kind = "medicaid"
        row.coverage.save()
        row.payer.save()
        assert claim.site.state == "IL"

        set_program_state(payer=row.payer, state=program)

        billed = Billed.of(claim.payers.get(rank=1))
        found = FilingOnFile().limit(billed.payer, billed.kind, billed.state, Position.PRIMARY, DOS)
        assert found.in_words.startswith(says if program else "180 days after")
        assert Event.objects.filter(verb="state of the program set").count() == 1

    def test_a_plan_of_no_state_is_given_none(self):
        with pytest.raises(BadLimit, match="no state’s program"):
            set_program_state(payer=stories.payer(*stories.NORTHERN), state="TX")

    def test_the_claims_clock_counts_from_the_answer_and_medicares_from_the_service(self, main):
        claim = stories.secondary(main)
        kept(stories.payer(*stories.NORTHERN))
        assert open_folder(claim).clock(2).on == date(2026, 8, 12)  # 180 days after 02/13/2026
        assert open_folder(claim).clock(1) == open_folder(claim).clock(1, "7")
        assert open_folder(claim).clock(1).limit == "corrected_filing"

        second = claim.payers.get(rank=2).coverage
        second.kind = "medicare"
        second.save()
        clock = open_folder(claim).clock(2)
        assert (clock.on, clock.is_firm, clock.limit) == (date(2027, 1, 12), True, "secondary_filing")

    def test_the_first_claim_names_the_others_unless_the_payer_wants_none(self, main):
        claim = stories.secondary(main)
        first = claim.payers.get(rank=1).payer
        assert [o.payer_id for o in open_folder(claim).projected(1).other_coverages] == ["77005"]

        set_others_named(payer=first, is_named=False, effective_on=date(2026, 1, 12), source="Manual", by=None)
        assert open_folder(claim).projected(1).other_coverages == ()
        assert [o.payer_id for o in open_folder(claim).projected(2).other_coverages] == ["88001"]
        with pytest.raises(BadLimit, match="already holds"):
            set_others_named(payer=first, is_named=False, effective_on=date(2026, 1, 12), source="Manual", by=None)


def test_a_clock_is_firm_unless_said_otherwise():
    assert Clock("secondary_filing", DOS, "because").is_firm
