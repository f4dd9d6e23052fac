"""TA1, 999 and 277CA come in: each answer is kept beside the sending it answers, and the sending learns what was heard.

A rejection is never a denial: the payer has no claim, so the claim is put right and sent again as an original. What
was rejected stays rejected, whatever else is heard of that sending and in whatever order the files come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import IO, Any
from uuid import UUID

from django.db.models import Min
from django.utils import timezone

from claims.exchange import inquiry_acks
from claims.exchange.bulk import Bulk
from claims.exchange.sendings import Sendings
from claims.models import Acknowledgement, ClaimPayer, EdiFile, Submission
from claims.models.claim import PayerState
from cob.audit.models import record
from cob.x12 import ack_words
from cob.x12.acks import ClaimAck, Heard, InterchangeAck, Level, SetAck
from cob.x12.read277ca import read_277ca
from cob.x12.read_acks import read_replies

CHUNK = 500
_LEARNT = ["accepted_on", "rejected_on", "rejection", "line_rejected_on", "line_rejection"]
Ack = InterchangeAck | SetAck | ClaimAck
# A TA1 often comes in one file with a 999: each reads whatever stands beside it.
_READERS: dict[str, Callable[[IO[bytes]], Iterator[Ack]]] = {
    "TA1": read_replies,
    "999": read_replies,
    "277CA": read_277ca,
}
_KIND_OF: dict[type[Ack], str] = {InterchangeAck: "TA1", SetAck: "999", ClaimAck: "277CA"}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of acknowledgement as the import takes it."""

    name: str

    def check(self, source: IO[bytes]) -> None:
        """Read it through. Raises X12Error."""
        for _ in _READERS[self.name](source):
            pass

    def store(self, edi_file: EdiFile, source: IO[bytes]) -> dict[str, Any]:
        """Every answer beside its sending, inside the caller's transaction. Raises X12Error."""
        sendings, counts, unknown, heard = Sendings(), Counter[str](), [], 0
        for some in _chunks(_READERS[self.name](source)):
            heard += len(some)
            rows = _store(edi_file, some, sendings)
            counts.update(row.said if row.claim_id or row.inquiry_file_id else "unknown" for row in rows)
            unknown += [row.unmatched_because for row in rows if row.unmatched_because]
        edi_file.sites.add(*sendings.all_sites())
        return {"outcome": "stored", "acknowledged": dict(counts), "notes": _notes(unknown, heard)}


KINDS = {name: Kind(name) for name in _READERS}


def _chunks(acks: Iterator[Ack]) -> Iterator[list[Ack]]:
    while some := list(islice(acks, CHUNK)):
        yield some


def chunks_of(edi_file: EdiFile, positions: Collection[int]) -> Iterator[list[Ack]]:
    """Some answers of a file that came in, a few hundred at a time, read again from what was kept."""
    with edi_file.kept.open("rb") as source:
        yield from _chunks(ack for ack in _READERS[edi_file.kind](source) if ack.segment_no in positions)


def said_in(edi_file: EdiFile, positions: Collection[int]) -> dict[int, Ack]:
    """Some answers of a file that came in, by their segment."""
    return {ack.segment_no: ack for acks in chunks_of(edi_file, positions) for ack in acks}


def notes_now(edi_file: EdiFile) -> list[str]:
    """What the import said of a file, without what was placed or replied to since."""
    waiting = Acknowledgement.objects.unanswered().filter(file=edi_file).exclude(unmatched_because="").order_by()
    said = waiting.values("unmatched_because").annotate(first=Min("position")).order_by("first")
    unknown = [row["unmatched_because"] for row in said]
    return _notes(unknown, sum((edi_file.result or {}).get("acknowledged", {}).values()))


def _notes(unknown: list[str], heard: int) -> list[str]:
    if not heard:
        return ["It answers nothing: there is no answer in this file."]
    said = list(dict.fromkeys(unknown))
    more = [f"{len(said) - 5} more like these."] if len(said) > 5 else []
    return [*said[:5], *more]


def _store(edi_file: EdiFile, acks: Sequence[Ack], sendings: Sendings) -> list[Acknowledgement]:
    """One chunk: rows, what their sendings learn, one event for the trail."""
    bulk, rows, to_questions = Bulk(), [], []
    sendings.look_up(acks)
    questions = inquiry_acks.Files(acks)
    for ack in acks:
        answered, why = sendings.answered_by(ack)
        if question := questions.answered_by(ack):
            row = _row(edi_file, ack, 0, None, "")
            row.inquiry_file = question
            rows.append(row)
            to_questions.append((row, ack))
            continue
        for part, submission in enumerate(answered or [None]):
            rows.append(_row(edi_file, ack, part, submission, why))
    bulk.insert(rows)
    inquiry_acks.reject(edi_file, to_questions)
    learn(bulk, rows, sendings.superseded)
    tell(bulk, edi_file, rows)
    return rows


def tell(bulk: Bulk, edi_file: EdiFile, rows: Iterable[Acknowledgement]) -> None:
    """What was written, and, for whoever follows claims, which were heard of."""
    claims = {row.claim_id: row.claim for row in rows if row.claim}
    sites = {claim.site_id for claim in claims.values()}
    patients = {claim.patient_id for claim in claims.values()}
    bulk.tell("claims.acknowledgement", patients, next(iter(sites)) if len(sites) == 1 else None)
    if claims:
        after = {"claims": sorted(str(claim) for claim in claims)}
        record("claims acknowledged", edi_file, patients=patients, after=after)


def _row(edi_file: EdiFile, ack: Ack, part: int, submission: Submission | None, why: str) -> Acknowledgement:
    level, codes, words, answers_to = _said(ack)
    claim_ack = ack if isinstance(ack, ClaimAck) else None
    return Acknowledgement(
        file=edi_file,
        position=ack.segment_no,
        part=part,
        kind=_KIND_OF[type(ack)],
        level=level,
        claim=submission.claim if submission else None,
        submission=submission,
        said=ack.said.value,
        responder=claim_ack.responder[:80] if claim_ack else "",
        codes=codes,
        in_words=words[:500],
        answers_to=answers_to[:50],
        payer_control_number=claim_ack.payer_control_number[:50] if claim_ack else "",
        charge_cents=claim_ack.charge_cents if claim_ack else None,
        on=_day_of(ack, edi_file),
        unmatched_because="" if submission else why,
    )


def _said(ack: Ack) -> tuple[str, list[str], str, str]:
    match ack:
        case InterchangeAck():
            return "interchange", [ack.note] if ack.note else [], ack_words.of_interchange(ack), ack.control
        case SetAck():
            codes = [*ack.codes, *(error.code for error in ack.errors[:10] if error.code)]
            return "transaction", codes, ack_words.of_set(ack), ack.group_control
        case ClaimAck():
            named = ack.control_number or ack.provider_id or ack.batch
            return ack.level.value, [str(status) for status in ack.statuses], ack_words.of_claim(ack), named


def _day_of(ack: Ack, edi_file: EdiFile) -> date:
    """The day it speaks of, else the day it came; an answer from a day to come was not made then."""
    came_on = timezone.localtime(edi_file.received_at).date()
    return min(ack.on or came_on, came_on)


def learn(bulk: Bulk, rows: Iterable[Acknowledgement], superseded: Collection[UUID]) -> None:
    """A sending's first acceptance and first rejection, and the payer's place where it is still waiting for it."""
    sendings: dict[Any, Submission] = {}
    places: dict[Any, ClaimPayer] = {}
    for row in rows:
        sent = row.submission
        if sent is None:
            continue
        place = sent.claim_payer
        if row.said == Heard.REJECTED and row.level != Level.LINE:
            sendings[sent.pk] = sent
            sent.rejected_on = min(filter(None, (sent.rejected_on, row.on)))
            sent.rejection = sent.rejection or row.in_words[:300]
            if place.state == PayerState.SUBMITTED and sent.pk not in superseded:
                place.state = PayerState.REJECTED
                places[place.pk] = place
        elif row.said == Heard.REJECTED:
            # The claim was taken in without it: it is not sent again as an original.
            sendings[sent.pk] = sent
            sent.line_rejected_on = min(filter(None, (sent.line_rejected_on, row.on)))
            sent.line_rejection = sent.line_rejection or row.in_words[:300]
        elif row.said == Heard.ACCEPTED and row.level == Level.CLAIM:
            sendings[sent.pk] = sent
            sent.accepted_on = min(filter(None, (sent.accepted_on, row.on)))
        if row.payer_control_number and not place.payer_control_number and row.said != Heard.REJECTED:
            place.payer_control_number = row.payer_control_number
            places[place.pk] = place
    bulk.update(list(sendings.values()), _LEARNT)
    bulk.update(list(places.values()), ["state", "payer_control_number"])
