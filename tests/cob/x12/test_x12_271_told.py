"""What a 271 tells in two places at once: traces of several dependents, dates of a benefit and of its person."""

from __future__ import annotations

from datetime import date

import pytest

from cob.x12.hints271 import Hint, hints
from cob.x12.read271 import read_271
from tests.x12.eligibility import about, file_271

SIBLING = "HL*{hl}*3*23*0~TRN*2*{trace}*9123456789~NM1*03*1*DOE*{name}~DMG*D8*{born}*M~EB*1**30~"


def test_each_of_several_dependents_has_its_own_trace():
    both = (("COB1", "TIM", "20150601"), ("COB2", "TOM", "20170601"))
    children = "".join(
        SIBLING.format(hl=hl, trace=trace, name=name, born=born) for hl, (trace, name, born) in enumerate(both, 4)
    )
    subscriber = "HL*3*2*22*1~TRN*2*COB9*9123456789~NM1*IL*1*DOE*JANE****MI*MEM1~"

    answers = list(read_271(file_271(subscriber + children)))

    assert [(a.person.party.first, a.traces) for a in answers] == [
        ("TIM", ("COB1", "COB9")),
        ("TOM", ("COB2", "COB9")),
    ]


BEGAN, ENDED = date(2025, 1, 1), date(2026, 1, 31)


@pytest.mark.parametrize(
    ("of_person", "of_benefit", "span"),
    [
        ("DTP*346*D8*20250101", "DTP*349*D8*20260131", (BEGAN, ENDED)),
        ("DTP*347*D8*20260131", "DTP*348*D8*20250101", (BEGAN, ENDED)),
        ("DTP*346*D8*20250101~DTP*347*D8*20260131", "", (BEGAN, ENDED)),
        ("DTP*346*D8*20240101", "DTP*348*D8*20250101", (BEGAN, None)),
        # Another stretch of cover: a plan year that was over before, one that begins later.
        ("DTP*346*D8*20240101~DTP*347*D8*20241231", "DTP*348*D8*20250101", (BEGAN, None)),
        ("DTP*346*D8*20270101", "DTP*349*D8*20260131", (None, ENDED)),
    ],
)
@pytest.mark.parametrize("code", ["1", "6"])
def test_a_date_the_benefit_leaves_out_stands_with_the_person(code, of_person, of_benefit, span):
    said = "~".join(filter(None, (of_person, f"EB*{code}**30", of_benefit)))

    (answer,) = read_271(file_271(about(said)))

    assert [(one.starts_on, one.ends_on) for one in hints(answer)] == [span]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("EB*1**30*QM*QMB ONLY", [Hint.ACTIVE, Hint.QMB]),
        ("EB*6**30*QM*QMB ONLY", [Hint.INACTIVE]),
        ("EB*1**MH~LS*2120~NM1*VN*2*MIND PLAN~LE*2120", [Hint.ACTIVE, Hint.CARVE_OUT]),
        ("EB*1**30~LS*2120~NM1*PR*2*MEDICARE~LE*2120", [Hint.ACTIVE]),
        ("EB*R**90^92*OT", [Hint.OTHER_CARE]),
        ("EB*1**AM^AO", []),
    ],
)
def test_what_is_said_beside_being_in_force(said, found):
    (answer,) = read_271(file_271(about(said)))

    assert [one.hint for one in hints(answer)] == found


BOTH = "EB*R**30~REF*IG*POL1~LS*2120~NM1*{}*2*BETA*****PI*BETA1~NM1*{}*2*{}*****PI*{}~LE*2120"


@pytest.mark.parametrize(
    ("said", "named"),
    [
        (BOTH.format("PRP", "SEP", "GAMMA", "GAM1"), [("BETA", 1, "POL1"), ("GAMMA", 2, "")]),
        # The one that answers is no other payer, by its name or by its id, before or behind it.
        (BOTH.format("PRP", "SEP", "MEDICARE", "X"), [("BETA", 1, "POL1")]),
        (BOTH.format("PRP", "SEP", "MEDICARE PART B", "00431"), [("BETA", 1, "POL1")]),
        ("EB*R**30~LS*2120~NM1*SEP*2*MEDICARE~NM1*PRP*2*BETA~LE*2120", [("BETA", 1, "")]),
        ("EB*W**30~LS*2120~NM1*SEP*2*MEDICARE~NM1*PRP*2*BETA~LE*2120", [("BETA", 1, "")]),
        ("EB*R**30*HN~LS*2120~NM1*PRP*2*MEDICARE~LE*2120", [("MEDICARE", 1, "")]),
        ("EB*R**30~LS*2120~NM1*PRP*2*MEDICARE~LE*2120", [("", None, "")]),
        ("EB*W**30~LS*2120~NM1*PRP*2*MEDICARE PART B*****PI*00431~LE*2120", []),
        ("EB*U**MH~LS*2120~NM1*PR*2*MEDICARE~NM1*VN*2*MIND PLAN~LE*2120", [("MIND PLAN", None, "")]),
        ("EB*U**MH~LS*2120~NM1*VN*2*MEDICARE PART B*****PI*00431~LE*2120", []),
    ],
)
def test_each_payer_an_eb_names_beside_the_one_that_answers(said, named):
    (answer,) = read_271(file_271(about(said)))

    assert [(one.payer, one.place, one.policy) for one in hints(answer)] == named
