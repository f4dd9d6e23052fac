"""Whatever a claim holds, the file written of it reads back as that claim."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from cob.x12.parts import Address, Adjustment, Party, Procedure, Reference
from cob.x12.read837p import parse_837p
from cob.x12.segment_writer import grouped
from cob.x12.t837p import (
    Claim837P,
    Contract,
    Diagnosis,
    Line837P,
    LineAdjudication,
    OtherCoverage,
    OutpatientAdjudication,
    Patient,
    Payer,
    Provider,
    Subscriber,
)
from cob.x12.write837p import write_837p
from tests.x12.claims import CLINIC, batch

WORD = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=12)
MAYBE = st.one_of(st.just(""), WORD)
DAYS = st.dates(date(1930, 1, 1), date(2035, 12, 31))
CENTS = st.integers(0, 10**9)
UNITS = st.one_of(st.none(), st.decimals(0, 999, places=2))
PROCEDURES = st.builds(
    Procedure, WORD, st.lists(WORD, max_size=4).map(tuple), st.sampled_from(["HC", "ER", "WK"]), MAYBE
)
ADJUSTMENTS = st.lists(
    st.builds(
        Adjustment,
        st.sampled_from(["CO", "OA", "PI", "PR"]),
        st.sampled_from(["1", "2", "45", "97", "B7"]),
        st.integers(-(10**7), 10**7).filter(bool),
        st.one_of(st.none(), st.integers(1, 99).map(Decimal)),
    ),
    max_size=6,
).map(grouped)
REFERENCES = st.lists(st.builds(Reference, st.sampled_from(["G1", "9F", "EA", "F8", "6R"]), WORD), max_size=3).map(
    tuple
)
ADDRESSES = st.builds(Address, WORD, MAYBE, WORD, st.sampled_from(["MN", "WI"]), WORD)


def parties(role):
    return st.builds(Party, st.just(role), WORD, MAYBE, MAYBE, MAYBE, st.booleans(), st.just("MI"), WORD)


def providers(*roles):
    role = st.sampled_from(roles).flatmap(parties)
    return st.lists(st.builds(Provider, role, MAYBE, ADDRESSES, REFERENCES), max_size=2).map(tuple)


def subscribers(**fixed):
    return st.builds(
        Subscriber,
        st.sampled_from("PST"),
        parties("IL"),
        st.just("18"),
        MAYBE,
        MAYBE,
        MAYBE,
        MAYBE,
        ADDRESSES,
        references=REFERENCES,
        **fixed,
    )


DECISIONS = st.builds(
    LineAdjudication,
    WORD,
    CENTS,
    PROCEDURES,
    UNITS,
    st.one_of(st.none(), DAYS),
    st.one_of(st.none(), st.integers(1, 50)),
    ADJUSTMENTS,
    st.one_of(st.none(), CENTS),
)
LINES = st.lists(
    st.builds(
        Line837P,
        number=st.integers(1, 50),
        procedure=PROCEDURES,
        charge_cents=CENTS,
        units=UNITS,
        pointers=st.lists(st.integers(1, 12), max_size=4).map(tuple),
        is_emergency=st.booleans(),
        service_on=DAYS,
        references=REFERENCES,
        note=MAYBE,
        contract=st.one_of(st.none(), st.builds(Contract, st.just("09"), CENTS)),
        providers=providers("82", "DQ"),
        adjudications=st.lists(DECISIONS, max_size=3).map(tuple),
    ),
    min_size=1,
    max_size=3,
).map(tuple)
OTHERS = st.lists(
    st.builds(
        OtherCoverage,
        subscriber=subscribers(born_on=st.none()),
        payer=st.one_of(st.none(), st.builds(Payer, parties("PR"), ADDRESSES, REFERENCES, st.one_of(st.none(), DAYS))),
        adjustments=ADJUSTMENTS,
        paid_cents=st.one_of(st.none(), CENTS),
        non_covered_cents=st.one_of(st.none(), CENTS),
        patient_liability_cents=st.one_of(st.none(), CENTS),
        benefits_assigned=st.just("Y"),
        patient_signature=st.sampled_from(["", "P"]),
        release=st.just("Y"),
        outpatient=st.one_of(
            st.none(),
            st.builds(OutpatientAdjudication, st.lists(WORD, min_size=1, max_size=5).map(tuple), UNITS, st.none()),
        ),
        providers=providers("82", "DN"),
    ),
    max_size=3,
).map(tuple)
CLAIMS = st.builds(
    Claim837P,
    control_number=WORD,
    charge_cents=CENTS,
    billing=st.just(CLINIC),
    subscriber=subscribers(born_on=DAYS, sex=st.just("F")),
    payer=st.builds(Payer, parties("PR"), ADDRESSES, REFERENCES),
    lines=LINES,
    patient=st.one_of(
        st.none(),
        st.builds(Patient, parties("QC"), st.just("19"), ADDRESSES, DAYS, st.just("M"), st.one_of(st.none(), DAYS)),
    ),
    related_causes=st.lists(st.sampled_from(["AA", "EM", "OA"]), max_size=3).map(tuple),
    accident_state=st.sampled_from(["", "MN"]),
    delay_reason=st.sampled_from(["", "4"]),
    patient_signature=st.sampled_from(["", "P"]),
    patient_paid_cents=st.one_of(st.none(), CENTS),
    references=REFERENCES,
    note=MAYBE,
    diagnoses=st.lists(st.builds(Diagnosis, WORD, st.sampled_from(["ABK", "ABF"])), max_size=12).map(tuple),
    providers=providers("82", "DN", "77", "DQ"),
    other_coverages=OTHERS,
)


@settings(max_examples=40)
@given(st.lists(CLAIMS, min_size=1, max_size=2))
def test_any_claim_reads_back_as_it_was_written(claims):
    [back] = parse_837p(write_837p(batch(*claims)))

    assert back.claims == tuple(claims)
