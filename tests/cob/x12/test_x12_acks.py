"""TA1, 999 and 277CA read as data and said in words; what cannot be one is refused by segment."""

from __future__ import annotations

import pytest

from cob.x12 import ack_words
from cob.x12.acks import Heard, Level
from cob.x12.errors import X12Error
from cob.x12.read277ca import read_277ca
from cob.x12.read_acks import read_replies
from tests.x12.acks import file_277ca, file_999, file_ta1


@pytest.mark.parametrize(("code", "said"), [("A", Heard.ACCEPTED), ("E", Heard.WITH_ERRORS), ("R", Heard.REJECTED)])
def test_a_ta1_names_the_interchange_and_what_became_of_it(code, said):
    (ack,) = read_replies(file_ta1(("000000202", code, "025")))

    assert (ack.control, ack.said, ack.note) == ("000000202", said, "025")


def test_a_ta1_of_one_refused_and_one_taken_is_two_answers():
    answers = list(read_replies(file_ta1(("1", "A", "000"), ("2", "R", "025"))))

    assert [(a.control, a.said) for a in answers] == [("1", Heard.ACCEPTED), ("2", Heard.REJECTED)]
    assert ack_words.of_interchange(answers[1]) == (
        "Interchange 2 was rejected: this control number was used before (note 025)."
    )


@pytest.mark.parametrize(
    ("code", "said"),
    [("A", Heard.ACCEPTED), ("E", Heard.WITH_ERRORS), *((code, Heard.REJECTED) for code in "RMWX")],
)
def test_a_999_answers_each_transaction(code, said):
    (ack,) = read_replies(file_999("17", f"AK2*837*0001~IK5*{code}"))

    assert (ack.group_control, ack.set_control, ack.said) == ("17", "0001", said)


def test_a_999_says_where_in_the_transaction_and_what_is_wrong():
    errors = "AK2*837*0002~IK3*CLM*22*2300*8~CTX*CLM01:PCN1~IK4*2*782*1~IK3*REF*57**3~IK5*R*5"

    taken, refused = read_replies(file_999("17", "AK2*837*0001~IK5*A", errors))

    assert taken.errors == ()
    assert [(e.segment_id, e.position, e.loop, e.code, e.context) for e in refused.errors] == [
        ("CLM", 22, "2300", "8", ("CLM01 PCN1",)),
        ("REF", 57, "", "3", ()),
    ]
    assert refused.errors[0].elements == (("2", "1", ""),)
    words = ack_words.of_set(refused)
    assert "Segment CLM, number 22 of loop 2300, has elements in error (code 8): element 2, at CLM01 PCN1." in words
    assert "Segment REF, number 57, is missing (code 3)." in words


def test_a_group_refused_as_a_whole_is_one_answer_without_a_transaction():
    (ack,) = read_replies(file_999("17", group="AK9*R*1*1*0*3"))

    assert (ack.group_control, ack.set_control, ack.said, ack.codes) == ("17", "", Heard.REJECTED, ("3",))
    assert "Group 17 was rejected" in ack_words.of_set(ack)


def test_a_group_refused_beside_transactions_that_were_taken_is_heard_after_them():
    taken, refused = read_replies(file_999("17", "AK2*837*0001~IK5*A", group="AK9*R*1*1*1*3"))

    assert (taken.set_control, taken.said) == ("0001", Heard.ACCEPTED)
    assert (refused.set_control, refused.said, refused.codes) == ("", Heard.REJECTED, ("3",))


@pytest.mark.parametrize(
    ("read", "data"),
    [
        pytest.param(read_replies, file_999("17", "AK2*837*0001~IK5*A"), id="999"),
        pytest.param(read_277ca, file_277ca("HL*4*3*PT~TRN*2*PCN1~STC*A2:20"), id="277CA"),
    ],
)
def test_a_ta1_beside_another_answer_is_heard_too(read, data):
    beside = data.replace(b"~GS*", b"~TA1*000000202*260304*1200*R*024~GS*", 1)

    first, *rest = read(beside)

    assert (first.control, first.said, first.segment_no) == ("000000202", Heard.REJECTED, 2)
    assert [ack.said for ack in rest] == [ack.said for ack in read(data)]


CLAIM = "HL*4*3*PT~NM1*QC*1*DOE*JANE****MI*MEM1~TRN*2*PCN1~"


@pytest.mark.parametrize(
    ("category", "said"),
    [
        ("A0", Heard.RECEIVED), ("A1", Heard.RECEIVED), ("A2", Heard.ACCEPTED), ("A3", Heard.REJECTED),
        ("A4", Heard.UNCLEAR), ("A5", Heard.ACCEPTED), ("A6", Heard.REJECTED), ("A7", Heard.REJECTED),
        ("A8", Heard.REJECTED),
    ],
)  # fmt: skip
def test_a_category_says_what_became_of_the_claim(category, said):
    *_, ack = read_277ca(file_277ca(f"{CLAIM}STC*{category}:20:PR*20260305*WQ*150"))

    assert (ack.level, ack.said, ack.control_number, ack.charge_cents) == (Level.CLAIM, said, "PCN1", 150_00)


def test_a_rejected_claim_keeps_every_reason_and_who_said_so():
    stc = "STC*A7:672:PR*20260305*U*150******A7:286~STC*A6:171*20260305*U*150"

    batch, ack = read_277ca(file_277ca(f"{CLAIM}{stc}~REF*1K*ICN7", batch="COB000000031"))

    assert (batch.level, batch.said, ack.batch) == (Level.SUBMITTER, Heard.RECEIVED, "COB000000031")
    assert [str(status) for status in ack.statuses] == ["A7:672:PR", "A7:286", "A6:171"]
    assert (ack.responder, ack.responder_id, ack.payer_control_number) == ("ACME HEALTH", "55555", "ICN7")
    assert (ack.provider_id, ack.member_id) == ("1234567893", "MEM1")
    assert ack_words.of_claim(ack) == (
        "ACME HEALTH: turned away, something is not valid: the other payer's payment information is out of balance "
        "(A7:672:PR); the other payer's explanation of benefits or payment information (A7:286); "
        "information on other coverage (A6:171)."
    )


def test_an_acceptance_beside_a_rejection_on_one_level_is_a_rejection():
    *_, ack = read_277ca(file_277ca(f"{CLAIM}STC*A2:20*20260305*WQ*150~STC*A7:672*20260305*U*150"))

    assert ack.said is Heard.REJECTED


def test_lines_are_answered_after_their_claim_each_by_its_own_number():
    lines = (
        "STC*A2:20*20260305*WQ*150~REF*1K*ICN7~SVC*HC:99213*100~STC*A8:454**U~REF*FJ*L1~SVC*HC:85025*50~STC*A7:453**U"
        "~REF*FJ*L2"
    )

    _, claim, first, second = read_277ca(file_277ca(CLAIM + lines))

    assert (claim.level, claim.said) == (Level.CLAIM, Heard.ACCEPTED)
    assert [(a.level, a.line_control_number, a.procedure, a.said) for a in (first, second)] == [
        (Level.LINE, "L1", "99213", Heard.REJECTED),
        (Level.LINE, "L2", "85025", Heard.REJECTED),
    ]


@pytest.mark.parametrize(
    ("read", "data", "says"),
    [
        (read_replies, file_ta1(("", "A", "000")), "TA101"),
        (read_replies, file_ta1(("1", "Q", "000")), 'TA104, found "Q", expected one of A, E, R'),
        (read_replies, file_ta1(("1", "A", "000")).replace(b"IEA*0*000000301", b"IEA*0*000000302"), "as in ISA13"),
        (read_replies, file_ta1(("1", "A", "000"), ("2", "R", "000"))[:-17], "expected IEA to end the interchange"),
        (read_replies, file_999("17", "IK5*R"), "expected AK2 before IK5"),
        (read_replies, file_999("17", "AK2*837*0001~AK2*837*0002~IK5*A"), "expected IK5 to end what AK2 began"),
        (read_replies, file_999("17", "AK2*837*0001~IK5*A", group=""), "expected AK9 to end what AK1 began"),
        (read_replies, file_999("17", "AK2*837*0001~IK5*A", group="AK9*Q"), 'AK901, found "Q"'),
        (read_replies, file_999("17", "AK2*837*0001~IK5*Z"), 'IK501, found "Z"'),
        (read_replies, file_999("17", "AK2*837*0001"), "expected IK5 to end what AK2 began"),
        (read_replies, file_999("", "AK2*837*0001~IK5*A"), "AK102"),
        (read_replies, file_277ca(f"{CLAIM}STC*A2:20"), "expected 999"),
        (read_277ca, file_999("17", "AK2*837*0001~IK5*A"), "expected 005010X214"),
        (read_277ca, file_277ca(f"{CLAIM}STC*B9:20*20260305*WQ*150"), 'found "B9", expected a category from A0 to A8'),
        (read_277ca, file_277ca(f"{CLAIM}STC*A2:20*20261305*WQ*150"), "expected a date that exists"),
        (read_277ca, file_277ca("HL*4*3*PT~STC*A7:20"), "found no TRN, expected our claim number"),
        (read_277ca, file_277ca("HL*4*3*PT~TRN*1*PCN1~SVC*HC:99213*1~STC*A7:20"), "found no TRN"),
        (read_277ca, file_277ca(f"{CLAIM}HL*5*3*PT~TRN*2*PCN2~STC*A2:20"), "(HL), found no STC"),
        (read_277ca, file_277ca(CLAIM), "(HL), found no STC"),
        (read_277ca, file_277ca("HL*4*3*77~STC*A2:20"), "HL03"),
        (read_277ca, file_277ca(f"{CLAIM}STC*A2:20*20260305*WQ*150")[:-40], "expected"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_segment(read, data, says):
    with pytest.raises(X12Error) as error:
        list(read(data))

    assert says in str(error.value)
    assert "egment" in str(error.value)
