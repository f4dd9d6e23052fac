"""Everything on file about one claim that sending it, or looking at it, rests on, gathered once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from claims.edits.facts import Order, Place, Sending
from claims.filing import Clock, filing_clock
from claims.models import Claim, ClaimPayer, Submission
from claims.models.claim import PayerState
from claims.submissions.answers import answers_to
from claims.submissions.decided import Answer, Decided, net, taken_back_on, unexplained_reversals
from claims.submissions.insured import Insured, filed_on
from claims.submissions.order_on_file import order_for
from claims.submissions.people import patient_of, subscriber_of
from claims.submissions.project import ORIGINAL, REPLACEMENT, project
from cob.coverage.models import Coverage, Determination
from cob.ids import clean_mbi
from cob.rules.codes import filing_code
from cob.x12 import stored
from cob.x12.check837p import check_837p
from cob.x12.t837p import MEDICARE_FILING_CODES, Claim837P

ANSWERED = frozenset({PayerState.ADJUDICATED, PayerState.DENIED, PayerState.REVERSED})


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

    def index(self, rank: int) -> int:
        """Where the payer of that rank stands. Raises NoSuchPayer."""
        ranks = [row.rank for row in self.rows]
        if rank not in ranks:
            known = ", ".join(f"{row.rank} {row.payer}" for row in self.rows) or "none"
            raise NoSuchPayer(f"Claim {self.claim.control_number} has no payer of rank {rank}. It has: {known}.")
        return ranks.index(rank)

    def frequency(self, rank: int) -> str:
        """What a sending to that payer is by itself: the first one, or the correction of one that was answered."""
        return REPLACEMENT if self.places[self.index(rank)].state in ANSWERED else ORIGINAL

    def projected(self, rank: int, frequency: str = "") -> Claim837P:
        """The claim as the payer of that rank gets it."""
        at = self.index(rank)
        to = self.insured[at]
        kind = frequency or self.frequency(rank)
        number = self.places[at].payer_control_number
        patient = patient_of(self.claim.patient, self.content)
        return project(self.content, to, self.insured, patient, frequency=kind, their_number=number)

    def clock(self, rank: int) -> Clock | None:
        """The filing limit of that payer, running from the answer of the payer just before it."""
        at = self.index(rank)
        if at == 0:
            return None
        before, to = self.places[at - 1], self.places[at]
        days = self.rows[at].payer.secondary_limit_days
        answered = before.decided.answered_on if before.decided else None
        return filing_clock(to.place, to.payer, before.payer, answered, days)

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
            clock=self.clock(rank),
            frequency=claim.frequency,
            findings=tuple(check_837p(claim, today)),
        )


def open_folder(claim: Claim) -> Folder:
    """Read what is on file about the claim; the number of queries does not depend on how much there is."""
    content = stored.load(claim.content)
    determination, order = order_for(claim)
    every = list(claim.payers.select_related("payer", "coverage", "coverage__subscriber", "coverage__payer"))
    rows = [row for row in every if not _is_aside(row, order)]
    answers = answers_to(claim)
    sent_by = _senders(claim)
    insured, places = [], []
    for place, row in enumerate(rows, start=1):
        given = answers.get(row.pk, [])
        decided = net(given, claim.charge_cents)
        insured.append(_insured(place, row, claim, content, order, decided))
        places.append(_place(place, row, given, decided, insured[-1], sent_by.get(row.pk, "")))
    in_force = Coverage.objects.filter(patient=claim.patient).in_force(claim.service_from).count()
    return Folder(claim, content, tuple(rows), tuple(places), tuple(insured), order, determination, in_force)


def _is_aside(row: ClaimPayer, order: Order | None) -> bool:
    """Set aside by the order of this date, the payer is not on the claim at all."""
    if row.state != PayerState.NOT_BILLABLE:
        return False
    return order is not None and order.is_settled and str(row.coverage_id) not in order.ids


def _insured(
    place: int, row: ClaimPayer, claim: Claim, content: Claim837P, order: Order | None, decided: Decided | None
) -> Insured:
    coverage = row.coverage
    kind = coverage.kind or row.payer.kind
    filed = filed_on(content, row.payer.edi_id, coverage.member_id)
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
    place: int, row: ClaimPayer, given: list[Answer], decided: Decided | None, insured: Insured, sent_by: str
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
        sent_by=sent_by,
        payer_control_number=row.payer_control_number,
        decided=decided,
        taken_back_on=taken_back_on(given, row.claim.charge_cents),
        unexplained_reversals=unexplained_reversals(given),
        unposted=sum(1 for answer in given if not answer.is_posted),
        is_passed_over=insured.is_passed_over,
    )


def _senders(claim: Claim) -> dict[object, str]:
    """Who sent it last to each payer; a file of the practice's own system names nobody."""
    rows = Submission.objects.filter(claim=claim).select_related("by").order_by("sent_at")
    return {row.claim_payer_id: str(row.by) if row.by else "" for row in rows}
