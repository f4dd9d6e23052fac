"""Claims with everything their patient's share rests on, read in a fixed number of queries however many they are."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q

from claims import ledger
from claims.claim_level import share_out
from claims.exchange.posted import posted_on
from claims.ledger import Answer, LineKey, Posted
from claims.models import AdjudicatedLine, Adjudication, Claim, ClaimPayer, ReportedAdjustment
from claims.models import Line as ClaimLine
from claims.patient_billing.models import BillingFact
from claims.patient_billing.picture import Heard, Picture, Pictures
from claims.patient_billing.share import CONTRACTED, Line, PayerFacts, Said, share_of
from claims.reasons import PAID_TO_PATIENT, QMB_REMARKS
from cob.coverage.models import Coverage, Fact, Kind
from cob.coverage.payment_terms import PaymentOnFile
from cob.x12.parts import Adjustment

QMB_PATH = "medicare.qmb"
ASSIGNED = {"A": True, "C": False}
# These never answer for a claim of the practice, so nobody waits for them.
NEVER_BILLED = (Kind.DISCOUNT, Kind.SHARING, Kind.FIXED_INDEMNITY, Kind.SPECIFIED_DISEASE, Kind.ACCIDENT_ONLY, Kind.HRA)


class _HeardLine(NamedTuple):
    """What an answer says of one line of ours, or of a service that could be tied to none."""

    pk: uuid.UUID
    line: LineKey
    paid_cents: int
    allowed_cents: int | None
    remarks: list[str]


_OF_PAYER = tuple(field.name for field in ClaimPayer._meta.concrete_fields)
_readers: list[Callable[[Pictures], None]] = []


def also_reads(reader: Callable[[Pictures], None]) -> Callable[[Pictures], None]:
    """Decorator: a higher app adds what it knows to the pictures' `others`, all of them in one query."""
    if reader not in _readers:
        _readers.append(reader)
    return reader


def pictures_of(claims: Iterable[Claim], *, with_open: bool = True) -> Pictures:
    """By claim id. The claims are read with patient and site already, or a query each is paid for them.

    Without `with_open` no shares are worked out of claims a payer may still answer: most of the work of a remittance,
    and what holds such a claim's statement does not rest on them.
    """
    found = {claim.pk: Picture(claim) for claim in claims}
    if not found:
        return found
    ids = list(found)
    for line in ClaimLine.objects.filter(claim__in=ids).order_by("claim", "number"):
        found[line.claim_id].lines.append(line)
    # The few payers once each, not once for every claim of theirs; of a coverage what a share is worked out from.
    payers = ClaimPayer.objects.filter(claim__in=ids).select_related("coverage").prefetch_related("payer")
    for payer in payers.only(*_OF_PAYER, "coverage__kind", "coverage__plan_name").order_by("rank"):
        found[payer.claim_id].payers.append(payer)
    for claim, posted in posted_on(ids):
        found[claim].rows.append(posted)
    shared = found if with_open else {pk: picture for pk, picture in found.items() if picture.is_final}
    _read_answers(found)
    _read_lines(shared)
    _read_facts(shared)
    _read_not_billed(found)
    for reader in _readers:
        reader(found)
    for pk, picture in found.items():
        by_line = _by_line(picture)
        picture.left = {
            line.pk: _left(line.charge_cents, by_line[line.pk]) for line in picture.lines if line.pk in by_line
        }
        if pk in shared:
            _share(picture, by_line)
    return found


def _read_answers(found: Pictures) -> None:
    rows = Adjudication.objects.filter(claim__in=list(found)).as_heard()
    for claim, pk, status, posted_at, payer, remarks, signs, to in rows.values_list(
        "claim", "pk", "status", "posted_at", "remittance__payer__name", "remarks", "forwarded_by", "forwarded_to"
    ):
        heard = Heard(pk, status, posted_at is not None, payer, tuple(remarks), bool(signs), to)
        found[claim].answers.append(heard)


def _read_lines(found: Pictures) -> None:
    """What the standing answers say of each line."""
    if not found:
        return
    standing = {row.answer for picture in found.values() for row in picture.alive if row.answer}
    adjustments: dict[tuple[uuid.UUID, uuid.UUID | None], list[Adjustment]] = defaultdict(list)
    of_answers = ReportedAdjustment.objects.filter(adjudication__claim__in=list(found))
    for answer, line, group, reason, cents in of_answers.order_by("pk").values_list(
        "adjudication", "line", "group", "reason", "amount_cents"
    ):
        adjustments[answer, line].append(Adjustment(group, reason, cents))
    said: dict[uuid.UUID, list[_HeardLine]] = defaultdict(list)
    lines = AdjudicatedLine.objects.filter(adjudication__claim__in=list(found)).order_by("position")
    for answer, *line in lines.values_list("adjudication", "pk", "line", "paid_cents", "allowed_cents", "remarks"):
        said[answer].append(_HeardLine(*line))
    for picture in found.values():
        for heard in picture.answers:
            if heard.pk in standing:
                picture.reported[heard.pk] = _reported(picture, heard, said[heard.pk], adjustments)


def _reported(
    picture: Picture,
    row: Heard,
    said: Sequence[_HeardLine],
    adjustments: dict[tuple[uuid.UUID, uuid.UUID | None], list[Adjustment]],
) -> dict[LineKey, Answer]:
    """What the answer says of each line, claim-level amounts shared out as the ledger shares them."""
    charges: dict[LineKey, int] = {line.pk: line.charge_cents for line in picture.lines}
    remarks = row.remarks
    lines: dict[LineKey, Answer] = {}
    for one in said:
        before = lines.get(one.line) or Answer(0, (), remarks)
        more = tuple(adjustments[row.pk, one.pk])
        codes = tuple(dict.fromkeys((*before.remarks, *one.remarks)))
        lines[one.line] = Answer(before.paid_cents + one.paid_cents, (*before.adjustments, *more), codes)
        if one.allowed_cents is not None:
            key = (row.pk, one.line)
            picture.allowed[key] = picture.allowed.get(key, 0) + one.allowed_cents
    if not said:
        lines = {key: Answer(cents, (), remarks) for key, cents in charges.items()}
    on_claim = adjustments[row.pk, None]
    settled = ledger.settled_by_line(_before(picture.alive, row.pk)) if on_claim else {}
    return share_out(on_claim, lines, charges, settled) if lines else {}


def _before(alive: Sequence[Posted], answer: uuid.UUID) -> list[Posted]:
    """What stands before an answer in paying order."""
    at = next(n for n, row in enumerate(alive) if row.answer == answer)
    rank = alive[at].rank
    return [row for n, row in enumerate(alive) if row.answer != answer and (row.rank, n) < (rank, at)]


def _read_facts(found: Pictures) -> None:
    """QMB as the patient’s facts say on the day; contracts, terms and fees of payers; what was told of the claim."""
    if not found:
        return
    patients = {picture.claim.patient_id for picture in found.values()}
    told: dict[uuid.UUID, list[Fact]] = defaultdict(list)
    for fact in Fact.objects.filter(patient__in=patients, path=QMB_PATH).in_order():
        told[fact.patient_id].append(fact)
    on_file = PaymentOnFile(payer.payer_id for picture in found.values() for payer in picture.payers)
    of_claim: dict[uuid.UUID, list[BillingFact]] = defaultdict(list)
    for row in BillingFact.objects.filter(claim__in=list(found)).order_by("told_at"):
        of_claim[row.claim_id].append(row)
    of_payers: dict[tuple[Any, ...], dict[str, Any]] = {}
    for picture in found.values():
        day = picture.claim.service_from
        for fact in told[picture.claim.patient_id]:
            if fact.true_from is None or fact.true_from <= day:
                picture.facts["qmb"] = fact.value
        for payer in picture.payers:
            alike = _what_tells_apart(picture.claim, payer)
            if alike not in of_payers:
                of_payers[alike] = _of_payer(picture.claim, payer, on_file)
            picture.facts |= of_payers[alike]
        for payer in picture.payers[1:]:  # what the first allows follows from its answer
            for line in picture.lines:
                fee, _ = on_file.allows(payer.payer_id, picture.claim.site_id, line, line.service_on)
                if fee is not None:
                    picture.fees[payer.rank, line.pk] = fee
        for row in of_claim[picture.claim.pk]:
            picture.facts[row.name] = row.value


def _what_tells_apart(claim: Claim, payer: ClaimPayer) -> tuple[Any, ...]:
    """All that `_of_payer` reads of a claim and its payer."""
    plan = payer.coverage.kind, payer.coverage.plan_name
    return payer.rank, payer.payer_id, *plan, claim.site_id, claim.service_from


def _of_payer(claim: Claim, payer: ClaimPayer, on_file: PaymentOnFile) -> dict[str, Any]:
    """What contracts and terms on file say of one payer; of terms nobody entered nothing is taken."""
    day = claim.service_from
    found: dict[str, Any] = {f"{CONTRACTED}:{payer.rank}": on_file.in_network(payer.payer_id, claim.site_id, day)}
    held = on_file.terms(payer.payer_id, payer.coverage.plan_name, day, claim.site.state)
    kind = payer.coverage.kind or payer.payer.kind
    if not held.is_on_file:
        return found
    if held.terms.patient_cap_rule is not None:
        found["patient_cap_rule"] = held.terms.patient_cap_rule
    if kind == Kind.MEDICAID:
        found["state_copay_cents"] = held.terms.medicaid_copay_cents
    if kind == Kind.TRICARE and held.terms.tricare_participating is not None:
        found[f"{CONTRACTED}:{payer.rank}"] = held.terms.tricare_participating
    return found


def _read_not_billed(found: Pictures) -> None:
    """Coverages in force on the day that are not on the claim, neither as payer nor set aside. Few claims have any, so
    the database looks for them."""
    on_claim = ClaimPayer.objects.filter(claim=OuterRef("of_claim"), coverage=OuterRef("pk")).order_by()
    begun = Q(effective_on=None) | Q(effective_on__lte=F("day"))
    enrolled = Coverage.objects.filter(enrolled=True).exclude(kind__in=NEVER_BILLED)
    of_claims = enrolled.annotate(of_claim=F("patient__claims__pk"), day=F("patient__claims__service_from"))
    in_force = of_claims.filter(begun, Q(ended_on=None) | Q(ended_on__gte=F("day")), of_claim__in=list(found))
    for claim, payer in in_force.filter(~Exists(on_claim)).values_list("of_claim", "payer__name"):
        found[claim].not_billed.append(payer)


def _by_line(picture: Picture) -> dict[uuid.UUID, list[Posted]]:
    """The standing entries of each line that a payer still on the claim has answered."""
    found: dict[uuid.UUID, list[Posted]] = {line.pk: [] for line in picture.lines}
    for row in picture.alive:
        if row.line in found:
            found[row.line].append(row)
    known = {payer.rank for payer in picture.payers}
    return {line: rows for line, rows in found.items() if any(row.rank in known for row in rows)}


def _left(charge_cents: int, rows: Sequence[Posted]) -> int:
    so_far = ledger.account(charge_cents, rows)
    return charge_cents - so_far.paid_cents - so_far.written_off_cents


def _share(picture: Picture, by_line: dict[uuid.UUID, list[Posted]]) -> None:
    """Each line's share, where somebody has answered it."""
    kinds = [
        PayerFacts(payer.rank, payer.payer.name, payer.coverage.kind or payer.payer.kind) for payer in picture.payers
    ]
    claim = picture.claim
    filed = ASSIGNED.get(str(claim.content.get("assignment", "A")))
    age = (claim.service_from - claim.patient.birth_on).days // 365
    is_of_a_qmb = any(QMB_REMARKS.intersection(row.rarc) for row in picture.alive)
    for line in picture.lines:
        mine = by_line.get(line.pk)
        if mine is None:
            continue
        answers = tuple(_said(picture, line, rank, mine) for rank in sorted({row.rank for row in mine}))
        off = ledger.account(line.charge_cents, mine).written_off_cents
        modifiers, on = tuple(line.modifiers.split()), line.service_on
        told = Line(line.charge_cents, answers, off, modifiers, filed, age, on, is_of_a_qmb)
        if answers[-1].refused:
            picture.refused.add(line.pk)
        picture.shares[line.pk] = share_of(told, kinds, picture.facts)


def _said(picture: Picture, line: ClaimLine, rank: int, mine: Sequence[Posted]) -> Said:
    """One payer on one line: money from what is posted, the rest from its last answer that moved any."""
    rows = [row for row in mine if row.rank == rank]
    account = ledger.account(line.charge_cents, rows)
    last = ([r.answer for r in rows if r.amount_cents] or [r.answer for r in rows])[-1]
    reported = picture.reported.get(last, {}).get(line.pk) if last else None
    if reported is None:
        left = tuple(
            Adjustment(r.group, r.carc, r.amount_cents)
            for r in rows
            if r.kind == ledger.RESPONSIBILITY and r.answer == last
        )
        reported = Answer(account.paid_cents, left, tuple(code for r in rows for code in r.rarc))
    return Said(
        rank=rank,
        paid_cents=account.paid_cents,
        adjustments=tuple(a for a in reported.adjustments if a.reason != PAID_TO_PATIENT),
        sent_to_patient_cents=account.sent_to_patient_cents,
        allowed_cents=picture.allowed.get((last, line.pk)) if last else None,
        fee_cents=picture.fees.get((rank, line.pk)),
        remarks=reported.remarks,
    )
