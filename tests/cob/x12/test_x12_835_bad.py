"""Files a payer should never send: each is held, and the reason names segment, element and what was expected."""

from __future__ import annotations

import re

import pytest

from cob.x12.balance835 import check_835
from cob.x12.errors import X12Error
from tests.x12.broken import changed, recounted
from tests.x12.claims import REMITTANCE

TEXT = REMITTANCE.decode()
HEAD, TAIL = TEXT[: TEXT.index("ST*")], TEXT[TEXT.index("GE*") :]
INNER = TEXT[TEXT.index("ST*") : TEXT.index("GE*")]


def replaced(old, new):
    return lambda: changed(REMITTANCE, old, new)


def raw(old, new):
    assert old in REMITTANCE
    return lambda: REMITTANCE.replace(old, new, 1)


def many_lines(count):
    """A claim of so many services of nothing."""
    line = "SVC*HC:99213*0*0~\nDTM*472*20260115~\n"
    return recounted(TEXT.replace("CLP*BSC-1003*22*", f"{line * count}CLP*BSC-1003*22*"))


# What is broken, how, and what the reason must say: the segment's number and id, and a word of what is wrong.
BAD = {
    "three decimals on a line": (
        replaced("SVC*HC:99213*96*61.17", "SVC*HC:99213*96*61.175"),
        r"Segment 40 \(SVC\), element SVC03, found \"61.175\".*two decimals",
    ),
    "three decimals on a claim": (
        replaced("*19*96*61.17*", "*19*96.000*61.17*"),
        r"Segment 36 \(CLP\), element CLP03, found \"96.000\"",
    ),
    "three decimals of the payment": (replaced("BPR*I*141.17", "BPR*I*141.170"), r"Segment 4 \(BPR\), element BPR02"),
    "three decimals of an adjustment": (replaced("CAS*CO*45*7.5*1", "CAS*CO*45*7.501*1"), r"\(CAS\), element CAS03"),
    "three decimals of a provider adjustment": (replaced("L6*-2.5", "L6*-2.505"), r"\(PLB\), element PLB06"),
    "a billion of dollars a thousand times": (
        replaced("SVC*HC:99213*96*61.17", "SVC*HC:99213*1000000000000*61.17"),
        r"Segment 40 \(SVC\), element SVC02, found \"1000000000000\".*below 100 million",
    ),
    "one cent more than the guide allows": (
        replaced("BPR*I*141.17", "BPR*I*100000000"),
        r"Segment 4 \(BPR\), element BPR02.*below 100 million",
    ),
    "more digits than a number has": (replaced("BPR*I*141.17", "BPR*I*1" + "0" * 40), r"BPR02, found \"1000"),
    "a payment below zero that is no reversal": (
        replaced("CLP*BSC-1003*22*-120*-80**", "CLP*BSC-1003*1*-120*-80**"),
        r"Claim BSC-1003 \(segment 45, CLP\): CLP03 -120.00 is below zero, but the claim is no reversal",
    ),
    "a service paid below zero": (
        replaced("SVC*HC:36415*30*22.5**1**1~\n", "SVC*HC:36415*30*-22.5**1**1~\n"),
        r"segment 29, SVC\).*22.50",
    ),
    "a remittance below zero": (
        replaced("BPR*I*141.17", "BPR*I*-141.17"),
        r"segment 3, ST\): BPR02 -141.17 is below zero.*\(FB\)",
    ),
    "a service whose SVC is missing": (
        replaced("SVC*HC:99213*96*61.17**1~\n", ""),
        r"Segment 40 \(DTM\), expected SVC before what belongs to a service.*missing",
    ),
    "a service number without a service": (
        replaced("SVC*HC:99213*96*61.17**1~\nDTM*472*20260115~\n", ""),
        r"\(REF\), expected SVC before",
    ),
    "a remark without a service": (
        replaced("MOA***MA18*MA01~\n", "MOA***MA18*MA01~\nLQ*HE*N1~\n"),
        r"Segment 40 \(LQ\), expected SVC before",
    ),
    "one SVC of several missing": (
        replaced("SVC*HC:36415*30*22.5**1**1~\n", ""),
        r"BSC-1001, line 1 \(segment 22, SVC\): charge 150.00 less adjustments",
    ),
    "an adjustment without a reason": (
        replaced("CAS*PR*2*15.29", "CAS*PR**15.29"),
        r"Segment 43 \(CAS\), element CAS02, found nothing.*reason",
    ),
    "a second adjustment without a reason": (
        replaced("CAS*CO*45*18.29*1*253*1.25", "CAS*CO*45*18.29*1**1.25"),
        r"\(CAS\), element CAS05, found nothing",
    ),
    "an adjustment without a group": (replaced("CAS*PR*2*15.29", "CAS**2*15.29"), r"Segment 43 \(CAS\), element CAS01"),
    "an adjustment segment of nothing": (replaced("CAS*PR*2*15.29", "CAS*PR"), r"Segment 43 \(CAS\), element CAS02"),
    "a status nobody knows": (
        replaced("CLP*BSC-1001*1*", "CLP*BSC-1001*99*"),
        r'\(segment 16, CLP\): CLP02 "99" is no claim status',
    ),
    "a group nobody knows": (
        replaced("CAS*PR*2*20*", "CAS*ZZ*2*20*"),
        r'line 1 \(segment 22, SVC\): CAS01 "ZZ" is no adjustment group',
    ),
    "a reason nobody could have": (
        replaced("CAS*PR*2*20*", "CAS*PR*XX*20*"),
        r'\(segment 22, SVC\): CAS02 "XX" cannot be',
    ),
    "another currency": (
        replaced("REF*EV*BIRCHCLINIC~", "CUR*PR*CAD~REF*EV*BIRCHCLINIC~"),
        r"segment 3, ST\): its amounts are in CAD",
    ),
    "a NUL byte": (raw(b"OAKES", b"OA\0ES"), r"Segment 17 \(NM1\), found a NUL byte.*plain text"),
    "a name in Windows-1252": (raw(b"OAKES", b"O\x92KES"), r"Segment 17 \(NM1\), found the character 0x92"),
    "a replacement character": (raw(b"OAKES", "O�KES".encode()), r"Segment 17 \(NM1\), found the character 0xFFFD"),
    "UTF-16": (lambda: TEXT.encode("utf-16"), r"saved as UTF-16"),
    "UTF-16 without a mark": (lambda: TEXT.encode("utf-16-le"), r"expected ISA|sixteen elements"),
    "EBCDIC": (lambda: TEXT.encode("cp500"), r"expected ISA"),
    "an interchange in an interchange": (lambda: (HEAD + HEAD + INNER + TAIL).encode(), r"Segment 3 \(ISA\)"),
    "a group in a group 999 deep": (
        lambda: (HEAD + (HEAD[HEAD.index("GS*") :] * 999) + INNER + TAIL).encode(),
        r"Segment 3 \(GS\), expected GE to end the group before",
    ),
    "a transaction in a transaction 999 deep": (
        lambda: (HEAD + ("ST*835*0001~\n" * 999) + INNER + TAIL).encode(),
        r"Segment 4 \(ST\), expected SE to end transaction 0001 first",
    ),
    "a thousand services in one claim": (
        lambda: many_lines(999),
        r"\(SVC\), expected at most 999 services in one claim",
    ),
}


def reason_of(data):
    try:
        return "; ".join(found.reason for found in check_835(data) if not found.is_postable)
    except X12Error as error:
        return str(error)


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_file_is_held_with_the_place_and_a_sentence(fault):
    make, says = BAD[fault]

    reason = reason_of(make())

    assert re.search(says, reason), reason
    assert reason.endswith(".")


def test_nine_hundred_ninety_nine_services_in_one_claim_are_read():
    [found] = check_835(many_lines(998))

    assert (found.is_postable, found.lines) == (True, 998 + 5)


def test_the_largest_amount_the_guide_allows_is_read():
    data = changed(REMITTANCE, "AMT*B6*22.5", "AMT*B6*99999999.99")

    assert [found.is_postable for found in check_835(data)] == [True]


@pytest.mark.parametrize("separator", ["\x1d", "\x1f"])
def test_a_file_may_be_cut_with_control_characters(separator):
    data = TEXT.replace("*", separator).replace("~", "\x1c").encode()

    assert [found.is_postable for found in check_835(data)] == [True]


def test_999_loops_of_nothing_are_passed_over():
    """Nothing here recurses."""
    data = recounted(TEXT.replace("LX*1~\n", "".join(f"LX*{n}~\n" for n in range(999))))

    assert [found.is_postable for found in check_835(data)] == [True]
