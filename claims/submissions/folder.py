"""Everything on file about one claim that sending it, or looking at it, rests on, gathered once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.utils import timezone

from claims.attachments.queries import enclosed_with
from claims.crossover.said import said_of
from claims.edits.facts import Order, Place, Sending, Twin, Waived, WrittenEdit
from claims.filing import Clock, Days, Moment
from claims.filing.on_file import Billed, FilingOnFile
from claims.models import Claim, ClaimPayer, Enclosure, Submission, Transmission
from claims.models.claim import PayerState
from claims.submissions.answers import answers_to
from claims.submissions.beside import twins_of, waived_on, written_for
from claims.submissions.decided import (
    Answer,
    Decided,
    money_back_on,
    net,
    taken_back_as,
    taken_back_on,
    unexplained_reversals,
)
from claims.submissions.insured import Insured, filed_on
from claims.submissions.order_on_file import order_for
from claims.submissions.people import patient_of, subscriber_of
from claims.submissions.project import ORIGINAL, REPLACEMENT, project
from cob.coverage.crossover.on_file import CrossoverOnFile
from cob.coverage.models import Coverage, Determination
from cob.coverage.payment_terms import PaymentOnFile
from cob.ids import clean_mbi
from cob.rules.codes import filing_code
from cob.x12 import stored
from cob.x12.check837p import check_837p
from cob.x12.parts import NO_ADDRESS
from cob.x12.t837p import MEDICARE_FILING_CODES, RANKS, Attachment, Claim837P, Subscriber

ANSWERED = frozenset({PayerState.ADJUDICATED, PayerState.DENIED, PayerState.REVERSED, PayerState.REOPENED})


class NoSuchPayer(ValueError):
    """The claim has no payer of that rank; `str()` says which it has."""


@dataclass(frozen=True, slots=True)
class Folder:
    """One claim opened: its payers in order (`rows`, `places` and `insured` run in step) and the order on file."""

    claim: Claim
    content: Claim837P
    rows: tuple[ClaimPayer, ...]
    places: tuple[Place, ...]
    insured: tuple[Insured, ...]
    order: Order | None
    determination: Determination | None
    coverages_in_force: int
    filing: FilingOnFile
    twins: Mapping[UUID, tuple[Twin, ...]]
    written: Mapping[UUID, tuple[WrittenEdit, ...]]
    waived: Mapping[UUID, tuple[Waived, ...]]
    enclosed: tuple[Enclosure, ...] = ()
    # By payer of the claim, one set aside since among them: the day its money was gone.
    money_back: Mapping[UUID, date] = field(default_factory=dict)

    def index(self, rank: int) -> int:
        """Where the payer of that rank stands. Raises NoSuchPayer."""
        ranks = [row.rank for row in self.rows]
        if rank not in ranks:
            known = ", ".join(f"{row.rank} {row.payer}" for row in self.rows) or "none"
            raise NoSuchPayer(f"Claim {self.claim.control_number} has no payer of rank {rank}. It has: {known}.")
        return ranks.index(rank)

    def frequency(self, rank: int) -> str:
        """What a sending to that payer is by itself: the first one, or the correction of one that was answered. A
        correction its front end turned away goes again as what it was: what it decided before still stands there."""
        to = self.places[self.index(rank)]
        if to.is_correction_rejected:
            return to.sent_as
        return REPLACEMENT if to.state in ANSWERED else ORIGINAL

    def projected(self, rank: int, frequency: str = "") -> Claim837P:
        """The claim as the payer of that rank gets it."""
        at = self.index(rank)
        to = self.insured[at]
        kind = frequency or self.frequency(rank)
        number = self.places[at].payer_control_number
        patient = patient_of(self.claim.patient, self.content)
        made = project(
            self.content,
            to,
            self._named_to(at),
            patient,
            frequency=kind,
            their_number=number,
            otaf_at_zero=not to.msp_type or self._counts_at_zero(at),
        )
        return replace(made, attachments=(*made.attachments, *self._enclosed(at)))

    def on_paper(self, rank: int, frequency: str = "") -> Claim837P:
        """The same as the paper form asks for it: with address, birth date and sex of every insured, which an 837P has
        of the patient alone."""
        made = self.projected(rank, frequency)
        people = {RANKS[one.place - 1]: one.subscriber for one in self.insured}

        def told(insured: Subscriber) -> Subscriber:
            who = people[insured.rank_code]
            address = who.address if insured.address == NO_ADDRESS else insured.address
            return replace(insured, address=address, born_on=who.born_on, sex=who.sex)

        others = tuple(replace(other, subscriber=told(other.subscriber)) for other in made.other_coverages)
        return replace(made, subscriber=told(made.subscriber), other_coverages=others)

    def _enclosed(self, at: int) -> tuple[Attachment, ...]:
        """PWK; a document that is only held ready has no number on the claim."""
        rows = [row for row in self.enclosed if row.claim_payer_id == self.rows[at].pk]
        held = Transmission.ON_REQUEST
        return tuple(
            Attachment(row.report, row.transmission, "" if row.transmission == held else row.control_number)
            for row in rows
        )

    def _named_to(self, at: int) -> tuple[Insured, ...]:
        """The payers as the one at that place knows them: Medicare hands a claim on to a Medigap plan by the id that
        the claim gives it (2330B NM109, box 9d)."""
        if at == 0 and not self.filing.names_others(self.rows[0].payer_id, self.claim.service_from):
            return (self.insured[0],)
        behind = range(at + 1, len(self.rows))
        if self.insured[at].filing_code not in MEDICARE_FILING_CODES or not behind:
            return self.insured
        on_file, day = CrossoverOnFile.read(), self.claim.service_from
        ids = {n: on_file.medigap_id(self.rows[at].payer_id, self.rows[n].payer_id, day) for n in behind}
        return tuple(replace(one, payer_id=ids.get(n) or one.payer_id) for n, one in enumerate(self.insured))

    def _counts_at_zero(self, at: int) -> bool:
        """Whether our terms with Medicare let the fee count of a payer that paid nothing."""
        row, claim = self.rows[at], self.claim
        on_file = PaymentOnFile([row.payer_id])
        held = on_file.terms(row.payer_id, row.coverage.plan_name, claim.service_from, claim.site.state)
        return held.terms.otaf_when_zero_paid

    def clock(self, rank: int, frequency: str = "") -> Clock | None:
        """The limit that runs for that payer: of the claim, or once it has answered of a correction."""
        at = self.index(rank)
        kind = frequency or self.frequency(rank)
        return self.filing.clock(Billed.of(self.rows[at]), self._moment(at), is_correction=kind != ORIGINAL)

    def _moment(self, at: int) -> Moment:
        """The days that payer's limit may count from."""
        to, ahead = self.places[at], [p for p in self.places[:at] if not p.is_passed_over]
        answers = [p.decided.answered_on for p in ahead if p.decided]
        has_answers = bool(answers) and len(answers) == len(ahead)
        elsewhere = [day for payer, day in self.money_back.items() if payer != self.rows[at].pk]
        days = Days(
            service=self.claim.service_to,
            earlier_answer=max(answers) if has_answers else None,
            own_answer=to.answered_on,
            taken_back=max(elsewhere, default=None),
        )
        before = ahead[-1] if ahead else None
        return Moment(to.place, to.payer, days, before.payer if before else "", before.submitted_on if before else None)

    def sending(self, rank: int, today: date, frequency: str = "") -> Sending:
        """What the edits are asked about."""
        at = self.index(rank)
        claim = self.projected(rank, frequency)
        return Sending(
            today=today,
            claim=claim,
            to=self.places[at],
            payers=self.places,
            service_from=self.claim.service_from,
            service_to=self.claim.service_to,
            charge_cents=self.claim.charge_cents,
            coverages_in_force=self.coverages_in_force,
            order=self.order,
            clock=self.clock(rank, claim.frequency),
            frequency=claim.frequency,
            findings=tuple(check_837p(claim, today)),
            twins=self.twins.get(self.rows[at].coverage_id, ()),
            written=self.written.get(self.rows[at].payer_id, ()),
            waived=self.waived.get(self.rows[at].pk, ()),
        )


def open_folder(claim: Claim) -> Folder:
    """Read what is on file about the claim; the number of queries does not depend on how much there is."""
    content = stored.load(claim.content)
    determination, order = order_for(claim)
    every = list(
        claim.payers.select_related("claim__site", "payer", "coverage", "coverage__subscriber", "coverage__payer")
    )
    rows = [row for row in every if not _is_aside(row, order)]
    answers = answers_to(claim)
    sent, crossed = _last_sent(claim), said_of(claim)
    insured, places = [], []
    for place, row in enumerate(rows, start=1):
        given = answers.get(row.pk, [])
        decided = net(given, claim.charge_cents)
        others = [one.coverage.member_id for one in every if one is not row and one.payer_id == row.payer_id]
        insured.append(insured_of(place, row, claim, content, order, decided, others))
        places.append(_place(place, row, given, decided, insured[-1], sent.get(row.pk), crossed.get(row.pk, "")))
    in_force = Coverage.objects.filter(patient=claim.patient).in_force(claim.service_from).count()
    payers = {row.payer_id for row in every}
    return Folder(
        claim=claim,
        content=content,
        rows=tuple(rows),
        places=tuple(places),
        insured=tuple(insured),
        order=order,
        determination=determination,
        coverages_in_force=in_force,
        filing=FilingOnFile(payers),
        twins=twins_of(claim),
        written=written_for(claim, payers, timezone.localdate()),
        waived=waived_on(claim),
        enclosed=tuple(enclosed_with(claim)),
        money_back={pk: day for pk, given in answers.items() if (day := money_back_on(given, claim.charge_cents))},
    )


def _is_aside(row: ClaimPayer, order: Order | None) -> bool:
    """Set aside by the order of this date, the payer is not on the claim at all."""
    if row.state != PayerState.NOT_BILLABLE:
        return False
    return order is not None and order.is_settled and str(row.coverage_id) not in order.ids


def insured_of(
    place: int,
    row: ClaimPayer,
    claim: Claim,
    content: Claim837P,
    order: Order | None,
    decided: Decided | None,
    others: Collection[str] = (),
) -> Insured:
    """One payer of the claim in the codes of an 837P; without order and decision as a plain addressee. `others` are the
    member ids of its other coverages with that payer."""
    coverage = row.coverage
    kind = coverage.kind or row.payer.kind
    filed = filed_on(content, row.payer.edi_id, coverage.member_id, others)
    code = filing_code(row.payer.filing_indicator, kind)
    why_second = (order.msp_type if order else "") or (filed.subscriber.msp_type if filed else "")
    return Insured(
        place=place,
        payer_name=row.payer.name,
        payer_id=row.payer.edi_id,
        filing_code=code,
        subscriber=subscriber_of(coverage, patient_of(claim.patient, content), filed),
        relationship=coverage.relationship,
        member_id=clean_mbi(coverage.member_id) if code in MEDICARE_FILING_CODES else coverage.member_id,
        group_number=coverage.group_number,
        plan_name=coverage.plan_name,
        msp_type=why_second if code in MEDICARE_FILING_CODES and place > 1 else "",
        decided=decided,
        is_passed_over=row.state == PayerState.NOT_BILLABLE,
        filed=filed,
    )


def _place(
    place: int,
    row: ClaimPayer,
    given: list[Answer],
    decided: Decided | None,
    insured: Insured,
    sent: Submission | None,
    crossed: str,
) -> Place:
    coverage = row.coverage
    known = Place(
        place=place,
        payer=row.payer.name,
        payer_id=row.payer.edi_id,
        kind=coverage.kind or row.payer.kind,
        state=row.state,
        coverage=str(coverage.pk),
        member_id=insured.member_id,
        relationship=coverage.relationship,
        subscriber=insured.subscriber.last,
        is_enrolled=coverage.enrolled,
        effective_on=coverage.effective_on,
        ended_on=coverage.ended_on,
    )
    return replace(
        known,
        submitted_on=row.submitted_on,
        answered_on=row.answered_on,
        crossover_until=row.crossover_until,
        crossover=crossed,
        sent_by=str(sent.by) if sent and sent.by else "",
        sent_as=sent.frequency if sent else "",
        payer_control_number=row.payer_control_number,
        decided=decided,
        taken_back_on=taken_back_on(given, row.claim.charge_cents),
        taken_back_as=taken_back_as(given),
        unexplained_reversals=unexplained_reversals(given),
        unposted=sum(1 for answer in given if not answer.is_posted),
        is_passed_over=insured.is_passed_over,
    )


def _last_sent(claim: Claim) -> dict[UUID, Submission]:
    """The last sending to each payer; a file of the practice's own system names nobody."""
    rows = Submission.objects.filter(claim=claim).select_related("by").order_by("sent_at")
    return {row.claim_payer_id: row for row in rows}
