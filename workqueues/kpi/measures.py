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
    DateField,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce, TruncDate

from claims.models import Adjudication, ClaimPayer, Posting, PostingUndo, Submission
from claims.patient_billing.models import Dispute, Statement
from claims.patient_billing.models.dispute import COB_CAUSES
from denials.models import Denial
from workqueues.kpi.periods import Week

# Below this many cases a rate says more about chance than about the desk: the counts are shown instead.
SMALLEST_BASE = 20
# A correction later than this is another matter than how well was posted.
CORRECTED_WITHIN = timedelta(days=60)


class Unit(StrEnum):
    PERCENT = "percent"
    DAYS = "days"
    DOLLARS = "dollars"


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of the practice: sites (None: every one the asker sees), and one payer or all."""

    user: Any
    site: Any = None
    payer: Any = None


@dataclass(frozen=True, slots=True)
class Events:
    """What a rate counts where that is no part of its cases: rows of their own, each by its own day."""

    of: Callable[[], QuerySet[Any]]
    day: str
    site: str
    payer: str
    claim: str

    def within(self, part: Slice, first: Week, last: Week) -> QuerySet[Any]:
        """The rows of these weeks that this person may see."""
        rows = self.of().filter(**{f"{self.day}__range": (first.first, last.last)})
        if not part.user.sees_all_sites:
            rows = rows.filter(**{f"{self.site}__in": part.user.site_ids()})
        if part.site:
            rows = rows.filter(**{self.site: part.site})
        if part.payer:
            rows = rows.filter(**{self.payer: part.payer})
        return rows


@dataclass(frozen=True, slots=True)
class Measure:
    """`of` gives the cases, `counts` the part that counts (percent) or the same cases with `days` (days) or `cents`
    (dollars) on each; `events` what counts where it is no part of the cases.

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
    more_is_better: bool = False
    settles_days: int = 0  # a figure younger than this may still change
    events: Events | None = None

    @property
    def case(self) -> Events:
        """The denominator's rows."""
        return Events(self.of, self.day, self.site, self.payer, self.claim)

    def shown(self, *, only_counted: bool) -> Events:
        """Whose rows stand behind a figure."""
        return self.events if self.events and only_counted else self.case

    def cases(self, part: Slice, first: Week, last: Week) -> QuerySet[Any]:
        """The denominator's rows of these weeks that this person may see."""
        return self.case.within(part, first, last)


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
    return rows.filter(Exists(cob_denials().filter(adjudication=OuterRef("pk"))))


def cob_denials() -> QuerySet[Any]:
    """Refusals of the COB family. One that the payer will reconsider (N179) was refused all the same; a rejection was
    never taken in."""
    found: QuerySet[Any] = Denial.objects.filter(family="cob").exclude(kind="rejection").order_by()
    return found


def _with_days(start: str, end: str) -> Callable[[QuerySet[Any]], QuerySet[Any]]:
    days = ExpressionWrapper(F(end) - F(start), output_field=DurationField())
    return lambda rows: rows.annotate(days=days)


def _later_claims_sent() -> QuerySet[Any]:
    """Claims we sent to a second or later payer, each with the day the last payer before it answered and the day of our
    first sending after that: a correction sent months later is no late first claim."""
    before = ClaimPayer.objects.filter(claim=OuterRef("claim"), rank__lt=OuterRef("rank"), answered_on__isnull=False)
    since = Q(sent_at__date__gte=OuterRef("before_answered_on"))
    sendings = Submission.objects.filter(since, claim_payer=OuterRef("pk")).exclude(frequency="8").order_by("sent_at")
    sent: QuerySet[Any] = ClaimPayer.objects.filter(rank__gte=2, submitted_on__isnull=False)
    sent = sent.annotate(before_answered_on=Subquery(before.order_by("-answered_on").values("answered_on")[:1]))
    first = Subquery(sendings.values("sent_at__date")[:1], output_field=DateField())
    sent = sent.annotate(first_sent_on=Coalesce(first, F("submitted_on")))
    return sent.filter(before_answered_on__isnull=False, first_sent_on__gte=F("before_answered_on"))


def _resolved_for_order() -> QuerySet[Any]:
    return cob_denials().filter(resolved_on__isnull=False, answered_on__lte=F("resolved_on"), claim__is_void=False)


def _statements() -> QuerySet[Any]:
    return Statement.objects.defer("content")


def _disputes_for_order() -> QuerySet[Any]:
    """Disputes whose cause is how plans were coordinated."""
    return Dispute.objects.filter(cause__in=COB_CAUSES)


def _themselves(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows


def _answers_of_later_payers() -> QuerySet[Any]:
    """What second and later payers answered and did not take back."""
    given: QuerySet[Any] = Adjudication.objects.exclude(status__in=("22", "25"))
    return given.filter(claim_payer__rank__gte=2, posted_at__isnull=False, claim__is_void=False, reversed_by=None)


def _with_paid(rows: QuerySet[Any]) -> QuerySet[Any]:
    paid: QuerySet[Any] = rows.annotate(cents=F("paid_cents"))
    return paid


def _postings_made() -> QuerySet[Any]:
    """Answers that were posted, each with the day of the first posting, also when it was taken out since."""
    posted = Posting.objects.filter(adjudication=OuterRef("pk"), reverses=None).order_by("posted_at")
    made: QuerySet[Any] = Adjudication.objects.exclude(status__in=("22", "25"))
    made = made.annotate(first_posted_on=TruncDate(Subquery(posted.values("posted_at")[:1])))
    return made.filter(first_posted_on__isnull=False)


def _never_corrected(rows: QuerySet[Any]) -> QuerySet[Any]:
    within = ExpressionWrapper(F("posted_at") + CORRECTED_WITHIN, output_field=DateTimeField())
    corrected = (
        PostingUndo.objects.filter(adjudication=OuterRef("pk")).annotate(until=within).filter(at__lte=F("until"))
    )
    return rows.filter(~Exists(corrected))


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
        counts=_with_days("before_answered_on", "first_sent_on"),
        day="first_sent_on",
        site="claim__site",
        payer="payer",
        claim="claim",
        reference=OWN_MEDIAN,
        source="Answer date: BPR16 of the remittance. Sent date: of the first sending after it, by BHT04 of the claim "
        "file or the day we sent it.",
        excluded="claims that crossed over by themselves; claims whose earlier payer took its answer back since",
    ),
    Measure(
        id="K05",
        slug="posting-accuracy",
        name="Posting accuracy",
        sentence="Of the answers posted, the share whose posting nobody had to take back within 60 days.",
        numerator="answers posted whose posting was not undone here within 60 days",
        denominator="answers posted",
        day_word="date of the posting",
        unit=Unit.PERCENT,
        of=_postings_made,
        counts=_never_corrected,
        day="first_posted_on",
        site="remittance__site",
        payer="remittance__payer",
        claim="claim",
        reference=OWN_MEDIAN,
        source="Ledger entries, and what a person took back: matched to the wrong claim, posted too early, typed "
        "wrongly.",
        excluded="reversals and corrections the payer sent; price quotes. Provisional until 60 days after the posting",
        more_is_better=True,
        settles_days=60,
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
        excluded="open denials: their age stands beside this figure; voided claims",
    ),
    Measure(
        id="K09",
        slug="dispute-rate",
        name="Patient dispute rate",
        sentence="Of the statements sent, the share patients disputed because of how their plans were coordinated.",
        numerator="disputes with a cause of the COB kind, by the day they came",
        denominator="statements sent",
        day_word="date of the statement",
        unit=Unit.PERCENT,
        of=_statements,
        counts=_themselves,
        events=Events(_disputes_for_order, "received_on", "site", "statement__last_payer", "claim"),
        day="issued_on",
        site="site",
        payer="last_payer",
        claim="claim",
        reference=OWN_MEDIAN,
        source="Causes: another plan not billed, wrong order, coverage out of date, billed too early, protected, "
        "share after both plans wrong. A dispute counts in the week it came, whenever its statement was sent.",
        excluded="disputes about price, care, or the plan’s own benefit",
    ),
    Measure(
        id="K28",
        slug="cob-savings",
        name="COB savings",
        sentence="What second and later payers paid: money that would otherwise be the patient's or written off.",
        numerator="dollars paid by second and later payers, added up",
        denominator="answers of second and later payers",
        day_word="date of the answer (BPR16)",
        unit=Unit.DOLLARS,
        of=_answers_of_later_payers,
        counts=_with_paid,
        day="answered_on",
        site="claim__site",
        payer="remittance__payer",
        claim="claim",
        reference=OWN_MEDIAN,
        source="CLP04 of posted answers to claims in which the payer is not first. The definition is this product's.",
        excluded="answers taken back since, price quotes, voided claims",
        more_is_better=True,
    ),
)
BY_SLUG = {measure.slug: measure for measure in MEASURES}
DAY = timedelta(days=1)
