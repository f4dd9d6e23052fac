"""A measure is two querysets and a sentence: what counts, of what. The figure, the trend, the rows behind it and the
JSON all come from those two, so a number can always be opened to its claims.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.db.models import (
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from claims.models import Adjudication, ClaimPayer
from denials.models import Denial
from workqueues.kpi.periods import Week

# Below this many cases a rate says more about chance than about the desk: the counts are shown instead.
SMALLEST_BASE = 20


class Unit(StrEnum):
    PERCENT = "percent"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of the practice: sites (None: every one the asker sees), and one payer or all."""

    user: Any
    site: Any = None
    payer: Any = None


@dataclass(frozen=True, slots=True)
class Measure:
    """`of` gives the cases, `counts` the part that counts (percent) or the same cases with `days` on each (days).

    `day` is the date field that puts a case into a week; `site`, `payer` and `claim` are the paths to those.
    """

    id: str
    slug: str
    name: str
    sentence: str
    numerator: str
    denominator: str
    day_word: str
    unit: Unit
    of: Callable[[], QuerySet[Any]]
    counts: Callable[[QuerySet[Any]], QuerySet[Any]]
    day: str
    site: str
    payer: str
    claim: str
    reference: str
    source: str
    excluded: str = ""

    def cases(self, part: Slice, first: Week, last: Week) -> QuerySet[Any]:
        """The denominator's rows of these weeks that this person may see."""
        rows = self.of().filter(**{f"{self.day}__range": (first.first, last.last)})
        if not part.user.sees_all_sites:
            rows = rows.filter(**{f"{self.site}__in": part.user.site_ids()})
        if part.site:
            rows = rows.filter(**{self.site: part.site})
        if part.payer:
            rows = rows.filter(**{self.payer: part.payer})
        return rows


def _first_answers() -> QuerySet[Any]:
    """The first answer that any payer gave to each claim on file; reversals and price quotes are no answers."""
    answers = Adjudication.objects.exclude(status__in=("22", "25")).filter(claim__isnull=False)
    earlier = answers.filter(claim=OuterRef("claim")).filter(
        Q(answered_on__lt=OuterRef("answered_on"))
        | Q(answered_on=OuterRef("answered_on"), remittance__created_at__lt=OuterRef("remittance__created_at"))
        | Q(remittance=OuterRef("remittance"), position__lt=OuterRef("position"))
    )
    return answers.filter(~Exists(earlier))


def _refused_for_order(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(Exists(Denial.objects.filter(adjudication=OuterRef("pk"), family="cob", kind="denial")))


def _with_days(start: str, end: str) -> Callable[[QuerySet[Any]], QuerySet[Any]]:
    days = ExpressionWrapper(F(end) - F(start), output_field=DurationField())
    return lambda rows: rows.annotate(days=days)


def _later_claims_sent() -> QuerySet[Any]:
    """Claims we sent to a second or later payer, each with the day the payer before it answered."""
    before = ClaimPayer.objects.filter(claim=OuterRef("claim"), rank=OuterRef("rank") - 1).values("answered_on")
    sent: QuerySet[Any] = ClaimPayer.objects.filter(rank__gte=2, submitted_on__isnull=False)
    sent = sent.annotate(before_answered_on=Subquery(before))
    return sent.filter(before_answered_on__isnull=False, submitted_on__gte=F("before_answered_on"))


def _resolved_for_order() -> QuerySet[Any]:
    return Denial.objects.filter(
        family="cob", kind="denial", resolved_on__isnull=False, answered_on__lte=F("resolved_on")
    )


OWN_MEDIAN = "No published benchmark: the reference is your own median of the 26 weeks before."

MEASURES: tuple[Measure, ...] = (
    Measure(
        id="K01",
        slug="cob-denial-rate",
        name="COB denial rate",
        sentence="Of the claims a payer answered for the first time, the share refused because of who pays first.",
        numerator="claims whose first answer by any payer carries a denial of the COB family",
        denominator="claims with a first answer",
        day_word="date of the first answer (BPR16)",
        unit=Unit.PERCENT,
        of=_first_answers,
        counts=_refused_for_order,
        day="answered_on",
        site="claim__site",
        payer="remittance__payer",
        claim="claim",
        reference=OWN_MEDIAN,
        source="COB denials as the triage sorts them: order wrong, other payer missing, primary's answer missing, "
        "Medicare record, wrong plan, questionnaire open, crossover duplicate.",
        excluded="rejections, alerts, contractual adjustments (23, 45, 253), reversals, price quotes",
    ),
    Measure(
        id="K04",
        slug="secondary-lag",
        name="Secondary submission lag",
        sentence="Days from the earlier payer's answer to our claim to the next payer.",
        numerator="days from the earlier payer's answer to our first claim to the next payer, added up",
        denominator="claims sent to a second or later payer by us",
        day_word="date of that claim",
        unit=Unit.DAYS,
        of=_later_claims_sent,
        counts=_with_days("before_answered_on", "submitted_on"),
        day="submitted_on",
        site="claim__site",
        payer="payer",
        claim="claim",
        reference=OWN_MEDIAN,
        source="Answer date: BPR16 of the remittance. Sent date: BHT04 of the claim file, or the day we sent it.",
        excluded="claims that crossed over by themselves; claims whose earlier payer took its answer back since",
    ),
    Measure(
        id="K03",
        slug="days-to-resolution",
        name="Average days to COB resolution",
        sentence="Days from a COB denial to the corrected claim that put it right.",
        numerator="days from the denial to its resolution, added up",
        denominator="COB denials resolved",
        day_word="date of the resolution",
        unit=Unit.DAYS,
        of=_resolved_for_order,
        counts=_with_days("answered_on", "resolved_on"),
        day="resolved_on",
        site="site",
        payer="payer",
        claim="claim",
        reference=OWN_MEDIAN,
        source="From the day of the remittance that refused it to the day a corrected or redirected claim was sent "
        "or answered.",
        excluded="open denials: their age stands beside this figure",
    ),
)
BY_SLUG = {measure.slug: measure for measure in MEASURES}
DAY = timedelta(days=1)
