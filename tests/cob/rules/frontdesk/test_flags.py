"""What holds for every red flag."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from cob.rules.frontdesk import FLAGS, flags_for
from cob.rules.frontdesk.leads import LEADS
from tests.cob.rules.frontdesk.pictures import TODAY, card, order, picture


def test_every_flag_says_why_where_it_stands_and_what_ends_its_task():
    assert len(FLAGS) >= 18
    for flag in FLAGS.values():
        assert flag.sentence.endswith(".")
        assert flag.cite
        assert bool(flag.gone) is bool(flag.queue), flag.id


def test_every_lead_says_what_it_is_for_and_where_it_comes_from():
    assert all(lead.value > 0 and lead.label and lead.source for lead in LEADS.values())


def test_nobody_plans_for_the_dead():
    assert flags_for(picture(card(), born_on=date(1961, 12, 9), died_on=TODAY)) == ()


def test_the_most_urgent_stands_first():
    cards = (card(facts={"last_covered_day": "2026-10-19"}), card("State", kind="medicaid"), card("Beacon"))
    tones = [raised.sign.tone for raised in flags_for(picture(*cards, born_on=date(1961, 12, 9), order=order()))]

    assert tones == sorted(tones, key=("bad", "warn", "info").index)
    assert len(set(tones)) == 3


KINDS = st.sampled_from(["employer", "medicare", "medicare_advantage", "medicaid", "tricare", "va", "no_fault", ""])
DAYS = st.dates(date(1920, 1, 1), date(2030, 1, 1))
CARDS = st.builds(
    lambda number, kind, relationship, ends: card(
        f"Payer {number}", kind=kind, relationship=relationship, facts={"last_covered_day": ends and ends.isoformat()}
    ),
    st.integers(0, 99),
    KINDS,
    st.sampled_from(["self", "spouse", "child", ""]),
    st.none() | DAYS,
)


@given(
    DAYS, st.lists(CARDS, max_size=4, unique_by=lambda one: one.id), st.none() | DAYS, st.sampled_from(["", "divorced"])
)
def test_whatever_is_not_known_no_flag_fails_and_the_same_flag_has_the_same_key(born, cards, visit, marital):
    seen = picture(*cards, born_on=born, visit_on=visit, marital_status=marital)
    raised = flags_for(seen)

    assert [one.key for one in raised] == [one.key for one in flags_for(seen)]
    assert len({(one.key, one.sign.saw) for one in raised}) == len(raised)
    assert all(one.sign.saw.endswith(".") and one.sign.do.endswith(".") for one in raised)
    assert all(len(one.sign.saw) <= 300 for one in raised if one.flag.queue)
