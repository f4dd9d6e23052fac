"""Tags give the words, and never colour alone."""

from __future__ import annotations

import re

import pytest
from django.template import Context, RequestContext, Template
from django.test import RequestFactory

from cob.ui.samples import AGING
from tests.cob.ui.verdicts import CASE, DETERMINED, NEEDS_FACTS


def drawn(text, **context):
    return Template(text).render(Context(context))


def words_of(html):
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


@pytest.mark.parametrize(
    ("cents", "said"), [(123450, "1,234.50"), (-123450, "−1,234.50"), (0, "0.00"), (-1, "−0.01"), (None, "—")]
)
def test_cents_read_as_dollars(cents, said):
    assert drawn("{{ cents|dollars }}", cents=cents) == said


@pytest.mark.parametrize(
    ("cents", "said"),
    [(41250, "412.50"), (-30000, "(−300.00)"), (None, "—"), (0, "0.00")],
)
def test_money_below_zero_shows_without_colour(cents, said):
    assert words_of(drawn("{% money cents %}", cents=cents)) == said


def test_a_takeback_says_so():
    assert words_of(drawn('{% money -30000 "takeback" %}')) == "takeback (−300.00)"


@pytest.mark.parametrize(
    ("days", "said", "tone"),
    [
        (15, "15 days left", "tag "),
        (14, "14 days left", "tag warn"),
        (8, "8 days left", "tag warn"),
        (7, "7 days left", "tag bad"),
        (1, "1 day left", "tag bad"),
        (0, "last day today", "tag bad"),
        (-1, "expired 1 day ago", "tag bad"),
        (None, "no limit", "tag "),
    ],
)
def test_days_left_change_tone_at_two_weeks_and_at_one(days, said, tone):
    html = drawn("{% days_left days %}", days=days)

    assert words_of(html) == said
    assert f'class="{tone}"' in html


@pytest.mark.parametrize("tone", ["good", "warn", "bad", "info"])
def test_a_toned_tag_brings_an_icon(tone):
    assert "<svg" in drawn('{% tag "Denied" tone %}', tone=tone)


def test_a_tag_escapes_what_it_is_given():
    assert "<b>" not in drawn("{% tag word %}", word="<b>x</b>")


def test_an_icon_is_silent_unless_it_has_a_label():
    assert 'aria-hidden="true"' in drawn('{% icon "clock" %}')
    assert 'role="img" aria-label="Late"' in drawn('{% icon "clock" label="Late" %}')


@pytest.mark.parametrize(
    ("query", "href", "state"),
    [
        ("page=3&payer=x", "?payer=x&amp;sort=days", ""),
        ("sort=days", "?sort=-days", 'aria-sort="ascending"'),
        ("sort=-days", "?sort=days", 'aria-sort="descending"'),
        ("sort=name", "?sort=days", ""),
    ],
)
def test_a_sort_header_turns_and_keeps_the_filters(query, href, state):
    request = RequestFactory().get(f"/?{query}")
    html = Template('{% sort_header "days" "Limit" %}').render(RequestContext(request, {"request": request}))

    assert f'href="{href}"' in html
    assert state in html
    assert ("aria-sort" in html) == bool(state)


def test_the_aging_bar_fills_its_whole_length():
    html = drawn("{% aging buckets %}", buckets=AGING)
    lengths = [int(length) for length in re.findall(r'width="(\d+)" height="28"', html)]

    assert sum(lengths) == 1000
    assert "35,296.35" in html


def test_the_aging_bar_of_nothing_is_empty_and_says_zero():
    html = drawn("{% aging buckets %}", buckets=[{"label": "0–30 days", "cents": 0}])

    assert 'width="0" height="28"' in html
    assert "0.00" in words_of(html)


def test_a_credit_takes_no_length_but_counts_in_the_total():
    html = drawn("{% aging b %}", b=[{"label": "new", "cents": 1000}, {"label": "credit", "cents": -400}])

    assert re.findall(r'width="(\d+)" height="28"', html) == ["1000", "0"]
    assert "6.00" in html


def test_the_card_prints_answer_reason_source_and_rule():
    said = words_of(drawn("{% why verdict case=case %}", verdict=DETERMINED, case=CASE))

    for part in ("Harbor Health PPO", "20 to 99", "42 CFR 411.172(a)", "MSP-WA-20", "10/01/2026", "Ended 12/31/2025."):
        assert part in said
    assert said.index("Primary") < said.index("42 CFR 411.172(a)") < said.index("Not in this order")


def test_a_rule_leads_to_its_page_only_where_there_is_one(monkeypatch):
    from django.urls import NoReverseMatch

    from cob.ui.templatetags import desk

    def absent(*_args, **_kwargs):
        raise NoReverseMatch

    monkeypatch.setattr(desk, "reverse", lambda name, args: f"/rules/{args[0]}/")
    assert desk.rule_mark("MSP-WA-20") == '<a class="rule" href="/rules/MSP-WA-20/">MSP-WA-20</a>'
    assert desk.rule_mark("PERSON") == '<span class="rule">PERSON</span>'
    monkeypatch.setattr(desk, "reverse", absent)
    assert desk.rule_mark("MSP-WA-20") == '<span class="rule">MSP-WA-20</span>'


def test_a_question_leads_to_the_interview_where_somebody_may_answer():
    without = drawn("{% why verdict %}", verdict=NEEDS_FACTS)
    leading = drawn('{% why verdict ask_url="/ask/" %}', verdict=NEEDS_FACTS)

    assert "Answer this" not in without
    assert "Fewer than 20" in words_of(without)
    assert 'href="/ask/"' in leading


@pytest.mark.parametrize(
    ("count", "number", "said"),
    [(0, 1, ""), (3, 1, "3 in all"), (30, 2, "11–20 of 30 Previous 1 2 3 Next")],
)
def test_the_pager_says_where_one_is(count, number, said):
    from django.core.paginator import Paginator

    request = RequestFactory().get("/?payer=x")
    page = Paginator(range(count), 10).page(number)
    html = Template('{% include "components/pager.html" with page=page only %}').render(
        RequestContext(request, {"page": page})
    )

    assert words_of(html) == said
    assert html.count("payer=x") == (5 if count == 30 else 0)
