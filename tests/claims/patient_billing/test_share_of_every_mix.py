"""What holds of every mix of payers and answers."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from claims.patient_billing.share import Line, PayerFacts, Said, share_of
from claims.patient_billing.share.plans import CAP_RULES
from cob.coverage.models import Kind
from cob.x12.parts import Adjustment
from tests.claims.patient_billing.sharing import PLAN

CENTS = st.integers(0, 300_00)
REASONS = st.sampled_from(
    (
        "CO-45",
        "CO-253",
        "CO-29",
        "CO-50",
        "PR-1",
        "PR-2",
        "PR-3",
        "PR-45",
        "PR-50",
        "PR-96",
        "PR-22",
        "PR-275",
        "OA-23",
        "PI-204",
    )
)


@st.composite
def answers(draw, rank):
    rows = draw(st.lists(st.tuples(REASONS, CENTS), max_size=4))
    adjustments = tuple(Adjustment(*code.split("-"), cents) for code, cents in rows)
    allowed = draw(st.none() | CENTS)
    remarks = draw(st.sampled_from(((), ("N781",))))
    return Said(rank, draw(CENTS), adjustments, draw(st.sampled_from((0, 0, 0, 50_00))), allowed, remarks)


@st.composite
def mixes(draw):
    kinds = draw(st.lists(st.sampled_from([kind.value for kind in Kind]), min_size=1, max_size=3))
    line = Line(
        charge_cents=draw(CENTS),
        answers=tuple(draw(answers(rank)) for rank in range(1, len(kinds) + 1)),
        written_off_cents=draw(CENTS),
        modifiers=draw(st.sampled_from(((), ("GA",), ("GY",), ("GZ",), ("GX", "GY")))),
        is_assigned=draw(st.sampled_from((True, False, None))),
        patient_age=draw(st.integers(0, 99)),
    )
    facts = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "qmb": st.booleans(),
                "contracted:1": st.booleans(),
                "contracted:2": st.booleans(),
                "abn_signed": st.booleans(),
                "written_agreement": st.booleans(),
                "full_medicaid": st.booleans(),
                "state_copay_cents": st.integers(0, 500),
                "patient_cap_rule": st.sampled_from(CAP_RULES),
            },
        )
    )
    return line, [PayerFacts(n, kind, kind) for n, kind in enumerate(kinds, start=1)], facts


@given(mixes())
def test_nothing_written_off_or_paid_ever_comes_back_as_the_patients(mix):
    line, payers, facts = mix
    share = share_of(line, payers, facts)

    for outcome in share.outcomes:
        assert 0 <= outcome.owes_cents <= max(0, line.left_cents)
    if share.owes_cents is not None and line.left_cents >= 0:
        parts = line.paid_cents + line.written_off_cents + share.not_billable_cents + share.owes_cents
        assert parts == line.charge_cents


@given(st.integers(0, 100_00), st.integers(0, 100_00), st.integers(1, 100_00), st.integers(0, 100_00))
def test_what_an_earlier_plan_left_plays_no_part_and_is_never_added_to_what_the_last_left(left, other, paid, second):
    """The same answers, and the first plan left another amount: the share is the same, and at most the lower fee."""

    def share_when(first_left):
        first = Said(1, paid, (Adjustment("CO", "45", 1), Adjustment("PR", "1", first_left)), allowed_cents=200_00)
        last = Said(2, 0, (Adjustment("CO", "45", 1), Adjustment("PR", "2", second)), allowed_cents=150_00)
        line = Line(300_00, (first, last))
        return share_of(line, [PayerFacts(1, PLAN, PLAN), PayerFacts(2, PLAN, PLAN)])

    one, another = share_when(left), share_when(other)

    if second:
        assert one.owes_cents == another.owes_cents == max(0, 150_00 - paid)


@given(mixes(), st.integers(0, 500))
def test_a_qualified_beneficiary_owes_at_most_the_states_copay_of_what_medicare_covers(mix, copay):
    line, payers, facts = mix
    payers = [replace(payers[0], kind="medicare"), *payers[1:]]
    first = replace(line.answers[0], paid_cents=line.answers[0].paid_cents + 1)
    line = replace(line, answers=(first, *line.answers[1:]))
    share = share_of(line, payers, {**facts, "qmb": True, "state_copay_cents": copay})

    assert all(outcome.owes_cents <= copay for outcome in share.outcomes)


@given(mixes())
def test_an_answered_question_is_not_asked_again_and_gives_what_was_shown(mix):
    line, payers, facts = mix
    share = share_of(line, payers, facts)
    if share.question is None:
        return
    for outcome in share.outcomes:
        given_now = dict(outcome.given)
        again = share_of(line, payers, {**facts, **given_now})
        assert again.question is None
        assert again.owes_cents == outcome.owes_cents
