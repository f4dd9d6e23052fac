"""The desk's tags and filters: money, dates, tags, icons, and the components that need arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate
from typing import Any

from django import template
from django.core.paginator import Page
from django.template.context import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cob.cents import dollars as in_dollars
from cob.coverage.outlook import Outlook
from cob.rules.reading import BOOK
from cob.ui import saying, words
from cob.ui.card import Why
from cob.ui.saying import Saying
from cob.ui.why import explain

register = template.Library()

ICON_OF_TONE = {"good": "check", "warn": "warn", "bad": "bad", "info": "info"}
TONE_OF_LEVEL = {"success": "good", "warning": "warn", "error": "bad", "info": "info", "debug": "info"}
URGENT_DAYS, SOON_DAYS = 7, 14


@register.filter
def dollars(cents: int | None) -> str:
    """Whole cents as dollars: 123450 → "1,234.50", -123450 → "−1,234.50" with a true minus; a dash for no amount."""
    return words.MISSING if cents is None else in_dollars(cents).replace("-", "−")


@register.filter
def day(value: date | datetime | None) -> str:
    """03/10/2026, or a dash."""
    return words.day(value)


@register.filter
def iso_day(value: str) -> str:
    """A day kept as ISO text, 2026-03-10, as 03/10/2026."""
    return words.day(date.fromisoformat(value))


@register.filter
def moment(value: datetime | None) -> str:
    """03/10/2026 2:05 PM on the practice's clock, or a dash."""
    return words.moment(value)


@register.filter
def tone(level: str) -> str:
    """The tone of a Django message level."""
    return TONE_OF_LEVEL.get(level, "info")


@register.filter
def page_numbers(page: Page[Any]) -> list[int | None]:
    """The numbers of a pager, None where it skips some."""
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return [number if isinstance(number, int) else None for number in shown]


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon from the sprite: decoration, unless `label` says what it stands for."""
    source = f"{static('icons.svg')}#{name}"
    if not label:
        return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"/></svg>', source)
    return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, source)


@register.simple_tag
def tag(text: object, tone: str = "", icon: str = "", title: str = "") -> SafeString:
    """A short word of state. Tones: good, warn, bad, info, or none; each brings its icon, so colour is never alone."""
    picture = _picture(icon or ICON_OF_TONE.get(tone, ""))
    hint = format_html(' title="{}"', title) if title else SafeString("")
    return format_html('<span class="tag {}"{}>{}{}</span>', tone, hint, picture, text)


@register.simple_tag
def money(cents: int | None, word: str = "") -> SafeString:
    """An amount for a right-aligned cell; below zero in parentheses, with a minus sign and, if given, a word."""
    if cents is None:
        return format_html('<span class="money none">{}</span>', words.MISSING)
    if cents >= 0:
        return format_html('<span class="money">{}</span>', dollars(cents))
    said = format_html('<span class="word">{}</span> ', word) if word else SafeString("")
    return format_html('<span class="money negative">{}({}<span class="hang">)</span></span>', said, dollars(cents))


@register.simple_tag
def days_left(days: int | None) -> SafeString:
    """How long until a limit, in words and a tone: over two weeks, one to two, under one, expired."""
    if days is None:
        return tag("no limit")
    plural = "" if abs(days) == 1 else "s"
    if days < 0:
        return tag(f"expired {-days} day{plural} ago", "bad", "flag")
    if days == 0:
        return tag("last day today", "bad", "clock")
    left = f"{days} day{plural} left"
    if days <= URGENT_DAYS:
        return tag(left, "bad", "clock")
    return tag(left, "warn", "clock") if days <= SOON_DAYS else tag(left, "", "clock")


@register.simple_tag
def code(value: str, meaning: str = "", title: str = "") -> SafeString:
    """A payer's code with its short meaning beside it, so nobody must know it by heart."""
    said = format_html(" <span>{}</span>", meaning) if meaning else SafeString("")
    return format_html('<span class="code" title="{}"><b>{}</b>{}</span>', title or meaning, value, said)


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context: Context, key: str, label: str, numeric: bool = False) -> dict[str, object]:
    """A column head that sorts: first press ascending, second descending (`?sort=key`, `?sort=-key`)."""
    query = context["request"].GET.copy()
    now = query.get("sort", "")
    query["sort"] = f"-{key}" if now == key else key
    for place in ("page", "after", "before"):
        query.pop(place, None)
    direction = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    return {"label": label, "numeric": numeric, "direction": direction, "href": f"?{query.urlencode()}"}


@register.inclusion_tag("components/why.html")
def why(
    verdict: object,
    *,
    case: object = None,
    names: Mapping[str, str] | None = None,
    sources: Mapping[str, str] | None = None,
    outlook: Outlook | None = None,
    ask_url: str = "",
    heading: str = "Who pays first",
) -> dict[str, object]:
    """The verdict card. `verdict` is a verdict in its published shape, or a `Why` made earlier by `explained`."""
    told = explained(verdict, case=case, names=names, sources=sources, outlook=outlook)
    return {"why": told, "heading": heading, "ask_url": ask_url}


@register.simple_tag
def explained(
    verdict: object,
    *,
    case: object = None,
    names: Mapping[str, str] | None = None,
    sources: Mapping[str, str] | None = None,
    outlook: Outlook | None = None,
) -> Why:
    """The `Why` of a verdict, for a page that says it in more than one way."""
    if isinstance(verdict, Why):
        return verdict
    return explain(verdict, case=case, names=names, sources=sources, outlook=outlook)


@register.simple_tag
def said(told: Why, style: str, contact: str = "") -> Saying:
    """A verdict in one of the styles of cob/ui/saying.py, as blocks for components/saying.html."""
    return saying.say(told, style, contact)


@register.simple_tag
def written(blocks: Saying) -> str:
    """The same blocks as plain text, to copy."""
    return saying.as_text(blocks)


@register.simple_tag
def rule_mark(rule_id: str) -> SafeString:
    """A rule's id, leading to its page in the book of rules where there is one."""
    try:
        url = reverse("rules:rule-page", args=[rule_id]) if rule_id in BOOK else ""
    except NoReverseMatch:
        url = ""
    if not url:
        return format_html('<span class="rule">{}</span>', rule_id)
    return format_html('<a class="rule" href="{}">{}</a>', url, rule_id)


@dataclass(frozen=True, slots=True)
class _Band:
    """One stretch of the aging bar, in thousandths of its length."""

    label: str
    cents: int
    url: str
    count: int | None
    shade: int
    start: int
    length: int
    percent: int


@register.inclusion_tag("components/aging.html")
def aging(buckets: Sequence[Mapping[str, Any]], caption: str = "Open balance by age") -> dict[str, object]:
    """A bar of open balances by age. Each bucket: label, cents, and if wanted url and count. Credits take no length."""
    total = sum(max(bucket["cents"], 0) for bucket in buckets)
    ends = [1000 * so_far // total if total else 0 for so_far in accumulate(max(b["cents"], 0) for b in buckets)]
    starts = [0, *ends[:-1]]
    bands = [
        _Band(
            label=bucket["label"],
            cents=bucket["cents"],
            url=bucket.get("url", ""),
            count=bucket.get("count"),
            shade=at,
            start=start,
            length=end - start,
            percent=round((end - start) / 10),
        )
        for at, (bucket, start, end) in enumerate(zip(buckets, starts, ends, strict=True))
    ]
    return {"bands": bands, "caption": caption, "total": sum(bucket["cents"] for bucket in buckets)}


def _picture(name: str) -> SafeString:
    return icon(name) if name else SafeString("")
