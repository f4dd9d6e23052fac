"""What the patient page shows of eligibility: the offers that stand, and all that was asked and answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from cob.coverage.eligibility import failures, wording
from cob.coverage.eligibility.offers import ORDER, OTHERS, Offer, in_force_as_of
from cob.coverage.eligibility.reading import offers_to
from cob.coverage.models import EligibilityAnswer, Inquiry, InquiryRejection
from cob.patients.models import Patient
from cob.x12.hints271 import Hint

HISTORY = 50
# A file turned away whole, or one question of it: it never reached the payer.
REJECTED = ("File rejected", "bad")
ONE_REJECTED = ("Question rejected", "bad")
ASK_AGAIN = "The payer never got the question: put right what it names, and ask again."


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One offer on the page, with the buttons it has."""

    offer: Offer

    @property
    def title(self) -> str:
        return wording.title(self.offer)

    @property
    def question(self) -> str:
        return wording.question(self.offer)

    @property
    def details(self) -> str:
        return wording.details(self.offer)

    @property
    def source(self) -> str:
        return wording.source(self.offer)

    @property
    def reference(self) -> str:
        """How a form names the offer: ids, nothing that was said."""
        return f"{self.offer.answer.pk}.{self.offer.nth}"

    @property
    def by_form(self) -> bool:
        """It goes on file through the form of a new coverage."""
        return not self.offer.is_settled and self.offer.said.hint in OTHERS

    @property
    def by_edit(self) -> bool:
        """It goes on file through the form of the coverage it is about."""
        return not self.offer.is_settled and self.offer.said.hint is Hint.INACTIVE and not self._last_day

    @property
    def button(self) -> str:
        """What a button puts on file; empty where a form does."""
        offer = self.offer
        if offer.is_settled:
            return ""
        day = self._last_day
        return {
            Hint.ACTIVE: f"Verified as of {in_force_as_of(offer.answer):%m/%d/%Y}",
            Hint.INACTIVE: f"Put {day:%m/%d/%Y} on file as last day" if day else "",
            Hint.COBRA: "Put COBRA on file",
            Hint.QMB: "Put QMB on file",
        }.get(offer.said.hint, "")

    @property
    def _last_day(self) -> date | None:
        since = self.offer.answer.inactive_since
        return since - timedelta(days=1) if since and since < self.offer.answer.service_on else None

    @property
    def settled(self) -> str:
        """Who said what of it, where only the payer's word is left to keep."""
        if not self.offer.is_settled:
            return ""
        last = next((row for row in reversed(self.offer.replies) if row.reply in ("on_file", "not_so")), None)
        if last:
            return f"{last.get_reply_display()}: {last.by}, {timezone.localtime(last.created_at):%m/%d/%Y}."
        return f"{self.offer.other} is on file." if self.offer.said.hint in ORDER else ""


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One question or one answer."""

    at: datetime
    payer: str
    service_on: date
    says: str
    tone: str
    words: str
    fix: str
    asked: str
    source_file: UUID | None


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The section."""

    offers: list[OfferRow]
    history: list[HistoryRow]
    has_more: bool

    @property
    def is_empty(self) -> bool:
        return not self.history


def eligibility(patient: Patient) -> Eligibility:
    """Read the section; the number of queries is the same for one answer and for fifty."""
    answers = list(
        patient.eligibility_answers.select_related("coverage__payer", "inquiry__by").newest_first()[: HISTORY + 1]
    )
    waiting = patient.inquiries.filter(answers=None).select_related("coverage__payer", "by", "file")
    waiting = waiting.prefetch_related("file__rejections").newest_first()
    rows = [*(_answer(row) for row in answers[:HISTORY]), *(_waiting(row) for row in waiting[:HISTORY])]
    offers = [OfferRow(offer) for offer in offers_to(patient) if offer.is_open] if answers else []
    return Eligibility(
        offers=sorted(offers, key=lambda row: row.offer.said.hint is Hint.ACTIVE),
        history=sorted(rows, key=lambda row: row.at, reverse=True),
        has_more=len(answers) > HISTORY,
    )


def state_of(answer: EligibilityAnswer | None) -> tuple[str, str]:
    """An answer in a word, with its tone; none: still waiting."""
    if answer is None:
        return "No answer yet", "info"
    if answer.is_failed:
        return "Failed", "bad"
    if answer.is_active is False:
        return "Not in force", "bad"
    if answer.has_news:
        return "Tells of more", "warn"
    return ("In force", "good") if answer.is_active else ("Answered", "")


def _answer(row: EligibilityAnswer) -> HistoryRow:
    says, tone = state_of(row)
    words, fix = failures.in_words(row.hints) if row.is_failed else (_said(row.hints), "")
    inquiry = row.inquiry
    asked = f"{inquiry.by or 'the desk'}, {timezone.localtime(inquiry.created_at):%m/%d/%Y}" if inquiry else ""
    return HistoryRow(
        at=row.created_at,
        payer=str(row.coverage.payer) if row.coverage else row.payer_named,
        service_on=row.service_on,
        says=says,
        tone=tone,
        words=words,
        fix=fix,
        asked=asked or "came unasked",
        source_file=row.source_file,
    )


def _waiting(row: Inquiry) -> HistoryRow:
    says, tone = state_of(None)
    asked = f"{row.by or 'the desk'}, {timezone.localtime(row.created_at):%m/%d/%Y}"
    payer = str(row.coverage.payer)
    turned_away = rejection_of(row)
    if turned_away:
        words, source = turned_away.words, turned_away.source_file
        return HistoryRow(
            row.created_at, payer, row.service_on, *rejected_as(turned_away), words, ASK_AGAIN, asked, source
        )
    return HistoryRow(row.created_at, payer, row.service_on, says, tone, f"Trace {row.trace}", "", asked, None)


def rejection_of(row: Inquiry) -> InquiryRejection | None:
    """The rejection of the question, or of the whole file that it left in; None where there is none. Comes with
    `file__rejections`."""
    return next((one for one in row.file.rejections.all() if one.place in (0, row.place)), None)


def rejected_as(turned_away: InquiryRejection) -> tuple[str, str]:
    """In a word, with its tone."""
    return ONE_REJECTED if turned_away.place else REJECTED


_LABELS = {
    Hint.OTHER_PAYER: "another payer",
    Hint.MEDICARE_SECONDARY: "Medicare second",
    Hint.MANAGED_CARE: "Medicare Advantage",
    Hint.CARVE_OUT: "behavioral administrator",
    Hint.COBRA: "COBRA",
    Hint.QMB: "QMB",
    Hint.OTHER_CARE: "other coverage for drugs or teeth only",
}


def _said(hints: list[dict[str, Any]]) -> str:
    """What it told beyond being in force."""
    told = [(Hint(one["hint"]), one["payer"]) for one in hints if one["hint"] in _LABELS]
    words = [f"{_LABELS[hint]}{f' {payer}' if payer else ''}" for hint, payer in told]
    text = ", ".join(dict.fromkeys(words))
    return text[:1].upper() + text[1:]
