"""A question that any payer can answer, and an answer read for what it says about other payers, never for more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cob.x12.errors import X12Error
from cob.x12.hints271 import Hint, hints
from cob.x12.parts import Envelope, Party
from cob.x12.read271 import read_271
from cob.x12.t271 import Inquiry270, Person
from cob.x12.write270 import write_270
from tests.x12.eligibility import DEPENDENT, about, file_271
from tests.x12.validator import assert_valid, verdict

MEDICARE = Party("PR", "MEDICARE", id_qualifier="PI", id="00431")
CLINIC = Party("1P", "MAIN STREET", id_qualifier="XX", id="1234567893")
JANE = Person(Party("IL", "DOE", "JANE", is_person=True, id_qualifier="MI", id="MEM1"), date(1980, 5, 14), "F")
TIM = Person(Party("03", "DOE", "TIM", is_person=True), date(2015, 6, 1), "M")
ASKED = Inquiry270(MEDICARE, CLINIC, JANE, "COB1", "123456789", date(2026, 3, 2))


def _file(*inquiries):
    return write_270(Envelope("COBDESK", "CLEAR", "000000041", "41", date(2026, 3, 1), "0915"), inquiries).decode()


def _segments(text):
    return [segment for segment in text.replace("\n", "").split("~") if segment]


# --- asking -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param((ASKED,), id="subscriber"),
        pytest.param((replace(ASKED, dependent=TIM),), id="dependent"),
        pytest.param((ASKED, replace(ASKED, dependent=TIM, trace="COB2"), replace(ASKED, trace="COB3")), id="batch"),
    ],
)
def test_the_independent_validator_takes_it(asked):
    assert_valid(_file(*asked).encode())


@pytest.mark.parametrize(
    ("is_", "becomes"),
    [
        ("BHT*0022*13", "BHT*0099*13"),
        ("HL*1**20*1", "HL*1**22*1"),
        ("DMG*D8*19800514*F", "DMG*D8*19801314*F"),
        ("DTP*291*D8", "DTP*999*D8"),
        ("EQ*30", "EQ*ZZZ"),
        ("SE*13*0001", "SE*12*0001"),
        ("NM1*PR*2*MEDICARE*****PI*00431~", ""),
    ],
)
def test_the_independent_validator_can_say_no(is_, becomes):
    good = _file(ASKED)
    assert is_ in good

    assert not verdict(good.replace(is_, becomes).encode())[0]


def test_a_question_about_a_subscriber_says_what_payers_search_by_and_no_more():
    segments = _segments(_file(ASKED))

    assert segments[2:-3] == [
        "ST*270*0001*005010X279A1", "BHT*0022*13*COB1*20260301*0915", "HL*1**20*1", "NM1*PR*2*MEDICARE*****PI*00431",
        "HL*2*1*21*1", "NM1*1P*2*MAIN STREET*****XX*1234567893", "HL*3*2*22*0", "TRN*1*COB1*9123456789",
        "NM1*IL*1*DOE*JANE****MI*MEM1", "DMG*D8*19800514*F", "DTP*291*D8*20260302", "EQ*30",
    ]  # fmt: skip
    assert segments[-3:] == ["SE*13*0001", "GE*1*41", "IEA*1*000000041"]


def test_a_question_about_a_dependent_stands_one_level_lower_with_its_own_trace():
    segments = _segments(_file(replace(ASKED, dependent=TIM)))

    assert segments[8:15] == [
        "HL*3*2*22*1", "NM1*IL*1*DOE*JANE****MI*MEM1", "DMG*D8*19800514*F", "HL*4*3*23*0", "TRN*1*COB1*9123456789",
        "NM1*03*1*DOE*TIM", "DMG*D8*20150601*M",
    ]  # fmt: skip


def test_a_dependent_is_told_by_what_they_are_to_the_subscriber():
    text = _file(replace(ASKED, dependent=replace(TIM, relationship="19")))

    assert_valid(text.encode())
    assert "DMG*D8*20150601*M~\nINS*N*19~\nDTP*291" in text


def test_each_question_is_a_transaction_of_its_own():
    text = _file(ASKED, replace(ASKED, trace="COB2"))

    assert [s for s in _segments(text) if s.startswith(("ST", "SE", "GE"))] == [
        "ST*270*0001*005010X279A1", "SE*13*0001", "ST*270*0002*005010X279A1", "SE*13*0002", "GE*2*41",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("inquiry", "says"),
    [
        (replace(ASKED, payer=replace(MEDICARE, id="")), "payer's id"),
        (replace(ASKED, provider=replace(CLINIC, id_qualifier="FI")), "NPI"),
        (replace(ASKED, trace=""), "trace number"),
        (replace(ASKED, tax_id=""), "tax number"),
        (replace(ASKED, subscriber=replace(JANE, party=replace(JANE.party, id=""), born_on=None)), "member id"),
        (replace(ASKED, dependent=replace(TIM, born_on=None)), "dependent's first name and date of birth"),
    ],
)
def test_a_question_no_payer_could_answer_is_not_written(inquiry, says):
    with pytest.raises(X12Error, match=says):
        _file(inquiry)


def test_no_question_is_no_file():
    with pytest.raises(X12Error, match="from 1 to"):
        _file()


# --- reading ------------------------------------------------------------------------------------------------------


def test_an_answer_names_payer_person_trace_and_day():
    (answer,) = read_271(file_271(about("EB*1**30*MB~DTP*291*D8*20240601")))

    assert (answer.payer.name, answer.provider.id, answer.traces) == ("MEDICARE", "1234567893", ("COB1",))
    assert (answer.person.party.name, answer.person.born_on, answer.made_on) == (
        "DOE", date(1980, 5, 14), date(2026, 3, 2),
    )  # fmt: skip


def test_a_dependents_answer_keeps_the_subscriber_above():
    (answer,) = read_271(file_271(DEPENDENT.format(said="EB*1**30")))

    assert (answer.subscriber.party.first, answer.dependent.party.first) == ("JANE", "TIM")
    assert answer.person is answer.dependent


def test_several_people_of_one_file_do_not_mix():
    first, second = read_271(
        file_271(about("EB*1**30*MB"), about("EB*6**30*MB", trace="COB2", last="ROE", member="MEM2"))
    )

    assert [(a.person.party.name, a.traces, [b.code for b in a.benefits]) for a in (first, second)] == [
        ("DOE", ("COB1",), ["1"]),
        ("ROE", ("COB2",), ["6"]),
    ]


def test_whom_a_benefit_names_belongs_to_that_benefit_alone():
    said = (
        "EB*R**30*12~REF*IG*POL9~REF*6P*GRP7~DTP*290*RD8*20250101-20261231~LS*2120~NM1*PRP*2*ACME HEALTH*****PI*55555"
        "~N3*1 WAY~N4*ALBANY*NY*12207~NM1*IL*1*DOE*JOHN~LE*2120~EB*1**30*MB~DTP*291*D8*20240601"
    )

    (answer,) = read_271(file_271(about(said)))

    other, own = answer.benefits
    assert [(e.party.role, e.party.name, e.address.city) for e in other.entities] == [
        ("PRP", "ACME HEALTH", "ALBANY"),
        ("IL", "DOE", ""),
    ]
    assert own.entities == ()
    assert [d.qualifier for d in own.dates] == ["291"]


def _hints(said, **changes):
    (answer,) = read_271(file_271(about(said, **changes)))
    return hints(answer)


def test_another_payer_is_said_with_its_place_numbers_and_dates():
    (said,) = _hints(
        "EB*R**30*12~REF*IG*POL9~REF*6P*GRP7~DTP*290*RD8*20250101-20261231~LS*2120~NM1*PRP*2*ACME HEALTH*****PI*55555"
        "~NM1*IL*1*DOE*JOHN~LE*2120"
    )

    assert (said.hint, said.payer, said.payer_id, said.place) == (Hint.MEDICARE_SECONDARY, "ACME HEALTH", "55555", 1)
    assert (said.policy, said.group, said.policyholder) == ("POL9", "GRP7", "JOHN DOE")
    assert (said.starts_on, said.ends_on) == (date(2025, 1, 1), date(2026, 12, 31))
    assert "plan from a job" in said.because


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("EB*1**30*MB", Hint.ACTIVE),
        ("EB*6**30", Hint.INACTIVE),
        ("EB*R**30*HN~REF*18*H1234", Hint.MANAGED_CARE),
        ("EB*R**30*47", Hint.MEDICARE_SECONDARY),
        ("EB*R**30*OT", Hint.OTHER_PAYER),
        ("EB*R***C1", Hint.OTHER_PAYER),
        ("EB*R**88*OT", Hint.OTHER_CARE),
        ("EB*R**35^88", Hint.OTHER_CARE),
        ("EB*R**88^30*OT", Hint.OTHER_PAYER),
        ("EB*R**MH*OT~LS*2120~NM1*PR*2*MIND PLAN~LE*2120", Hint.CARVE_OUT),
        ("EB*U**MH~LS*2120~NM1*VN*2*MIND PLAN~LE*2120", Hint.CARVE_OUT),
        ("EB*R***QM*STATE", Hint.QMB),
        ("EB*W**30~LS*2120~NM1*PR*2*ACME HEALTH*****PI*55555~LE*2120", Hint.OTHER_PAYER),
        ("EB*W**30*12~LS*2120~NM1*PRP*2*ACME HEALTH~LE*2120", Hint.MEDICARE_SECONDARY),
        ("EB*V**30", Hint.NO_ANSWER),
        ("EB*C**30*QM*MEDICARE PART A*26*0", Hint.QMB),
    ],
)  # fmt: skip
def test_what_is_said_is_taken_for_what_it_is(said, hint):
    assert [found.hint for found in _hints(said)] == [hint]


@pytest.mark.parametrize(
    "said",
    ["EB*B**30*HM*GOLD*27*10", "EB*I**41^54", "EB*L", "EB*1**88", "EB*U**MH", "EB*W**30", "EB*W**30~NM1*PR*2*MEDICARE"],
)
def test_what_says_nothing_of_other_payers_is_no_hint(said):
    assert _hints(said) == ()


def test_cobra_is_said_beside_the_coverage():
    assert [found.hint for found in _hints("EB*1**30*CO")] == [Hint.ACTIVE, Hint.COBRA]


@pytest.mark.parametrize(
    ("dates", "day", "covers"),
    [
        ("", date(2026, 3, 2), None),
        ("~DTP*290*D8*20260302", date(2026, 3, 1), False),
        ("~DTP*290*D8*20260302", date(2026, 3, 2), True),
        ("~DTP*290*RD8*20250101-20260301", date(2026, 3, 2), False),
        ("~DTP*290*RD8*20250101-20260302", date(2026, 3, 2), True),
        ("~DTP*356*D8*20250101~DTP*357*D8*20260301", date(2026, 3, 2), False),
        ("~DTP*193*D8*20250101~DTP*194*D8*20260301", date(2026, 3, 1), True),
        ("~DTP*193*D8*20250101~DTP*194*D8*20260301", date(2026, 3, 2), False),
    ],
)
def test_a_plan_without_dates_is_a_question_and_with_dates_covers_them(dates, day, covers):
    (said,) = _hints(f"EB*R**30*OT{dates}")

    assert said.covers(day) is covers


@pytest.mark.parametrize("code", ["72", "42", "15"])
def test_a_question_that_failed_says_nothing_about_coverage(code):
    (answer,) = read_271(file_271(about(f"AAA*N**{code}*C")))

    (said,) = hints(answer)
    assert (said.hint, said.code, bool(said.because)) == (Hint.NO_ANSWER, code, True)
    assert answer.benefits == ()


@pytest.mark.parametrize(("said", "is_failed"), [("EB*V", True), ("EB*V~EB*1**30", False), ("AAA*N**72*C", True)])
def test_what_the_payer_cannot_process_is_a_question_that_failed(said, is_failed):
    (answer,) = read_271(file_271(about(said)))

    assert answer.is_failed is is_failed


def test_a_question_refused_before_any_person_is_an_answer_too():
    (answer,) = read_271(file_271(provider="AAA*Y**50*N~"))

    assert (answer.person, [r.level for r in answer.rejections]) == (None, ["provider"])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (file_271(about("EB**30*MB")), "EB01"),
        (file_271(about("EB*1**30~DTP*291*D8*20261301")), "DTP03"),
        (file_271(about("EB*B**30****1.234")), "EB07"),
        (file_271(about("EB*1**30"))[:-30], "expected"),
        (file_271(about("EB*1**30")).replace(b"005010X279A1", b"004010X092A1"), "005010X279A1"),
        (file_271(about("EB*1**30")).replace(b"HL*3*2*22", b"HL*3*2*99"), "HL03"),
        (file_271(about("EB*1**30")).replace(b"SE*", b"SE*9", 1), "SE01"),
    ],
)
def test_what_is_wrong_is_named_by_its_segment(data, says):
    with pytest.raises(X12Error, match="egment") as error:
        list(read_271(data))

    assert says in str(error.value)


@given(st.lists(st.sampled_from(["EB*1**30*MB", "EB*R**30*12", "AAA*N**72*C", "EB*6**30", "EB*R**88*OT"]), max_size=6))
def test_everybody_asked_about_is_answered_once_whatever_is_said(said):
    people = [about(text, trace=f"COB{n}", member=f"M{n}") for n, text in enumerate(said)]

    answers = list(read_271(file_271(*people)))

    assert [a.traces for a in answers] == [(f"COB{n}",) for n in range(len(said))]
    assert [a.person.party.id for a in answers] == [f"M{n}" for n in range(len(said))]
