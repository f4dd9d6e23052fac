"""An 837P comes in: checked through, then its claims with their patients, coverages and payers put on file.

The practice's own system stays where claims are made; what it sends is followed here, never argued with silently.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import IO, Any

from django.utils import timezone

from claims.exchange.acks_later import hear_waiting
from claims.exchange.bulk import Bulk
from claims.exchange.claim_changes import LEFT_OUT, OnFile, follow
from claims.exchange.claim_rows import Rows, made_of
from claims.exchange.later import match_waiting
from claims.exchange.outcomes import Quarantined, TransactionResult, sentence
from claims.exchange.parties import Payers, Sites
from claims.exchange.people_in import People, Person, every_subscriber, person_of
from claims.exchange.posting import rebalance
from claims.exchange.refusing import MOST_DAYS_AHEAD
from claims.models import Claim, ClaimPayer, EdiFile, Posting
from cob.accounts.models import Site
from cob.audit.models import record
from cob.coverage.models import Coverage
from cob.patients.models import Patient
from cob.x12.check837p import check_837p
from cob.x12.read837p import Trailer837P, read_837p
from cob.x12.t837p import Batch837P, Claim837P

CHUNK = 250
_ADVICE = "nothing of this file was stored; mend it in the system that made it and send it again"
_LONGEST = {"CLM01": 38, "REF*6R": 50, "NM109 of a payer": 20, "NM109 of a subscriber": 30, "SV101-2": 48}


# The practice sent these claims already: a check digit that does not fit stops what we send, not what came.
_TOLD = frozenset({"C16"})
_MOST_TOLD = 5


def check(source: IO[bytes]) -> None:
    """Raises X12Error or Quarantined for the first thing that can be said against the file."""
    for _ in _checked(read_837p(source), []):
        pass


def _checked(events: Iterable[Any], told: list[str]) -> Iterator[Any]:
    """The events one by one, each checked before it is handed on; `told` gathers what is said without holding it."""
    today = timezone.localdate()
    # As they are before the file: a site that it brings itself must be named by its NPI throughout.
    sites = Sites()
    for event in events:
        if isinstance(event, Batch837P):
            _refuse_far_day(event.made_on, today, f"Batch {event.reference[:40]}: BHT04")
        elif isinstance(event, Claim837P):
            told.extend(_check_claim(event, sites, today))
        elif isinstance(event, Trailer837P) and event.errors:
            raise Quarantined(sentence(event.errors[0], "nothing of this file was stored"))
        yield event


def _shortened(told: list[str]) -> list[str]:
    more = [f"{len(told) - _MOST_TOLD} more like these."] if len(told) > _MOST_TOLD else []
    return told[:_MOST_TOLD] + more


def _check_claim(claim: Claim837P, sites: Sites, today: date) -> list[str]:
    told = []
    for finding in check_837p(claim, today):
        if finding.stops and finding.rule not in _TOLD:
            raise Quarantined(sentence(finding.message, _ADVICE))
        if finding.stops:
            told.append(finding.message)
    said = f"Claim {claim.control_number[:40]} (segment {claim.segment_no}, CLM)"
    if not claim.billing.npi and sites.of_provider(claim.billing) is None:
        raise Quarantined(sentence(f"{said}: NM1*85 has no NPI in NM109 and no site has its tax number", _ADVICE))
    for line in claim.lines:
        where = f"{said}: the service date (DTP03 of DTP*472) of the line in segment {line.segment_no}"
        _refuse_far_day(line.service_until or line.service_on, today, where)
    for what, text in _identifiers(claim):
        if len(text) > _LONGEST[what]:
            raise Quarantined(sentence(f"{said}: {what} is longer than {_LONGEST[what]} characters", _ADVICE))
    return told


def _refuse_far_day(day: date | None, today: date, what: str) -> None:
    """A limit counted from the end of the calendar is on no calendar."""
    if day and day > today + timedelta(days=MOST_DAYS_AHEAD):
        raise Quarantined(sentence(f"{what} is {day:%m/%d/%Y}, more than a year from now", _ADVICE))


def _identifiers(claim: Claim837P) -> Iterator[tuple[str, str]]:
    """What must be kept whole: a number cut short would match the wrong claim."""
    yield "CLM01", claim.control_number
    for who, _, payer, _ in every_subscriber(claim):
        yield "NM109 of a payer", payer.id
        yield "NM109 of a subscriber", who.party.id
    for line in claim.lines:
        yield "REF*6R", line.control_number
        yield "SV101-2", line.procedure.code


def store(edi_file: EdiFile, source: IO[bytes]) -> dict[str, Any]:
    """Every claim of the file, checked and in chunks, in the caller's transaction."""
    told: list[str] = []
    intake = Intake(edi_file)
    transactions: list[TransactionResult] = []
    events = _checked(read_837p(source), told)
    for batch, claims in _chunks(events):
        if not transactions or batch is not intake.batch:
            transactions.append(TransactionResult(trace=batch.reference))
        intake.take(batch, claims, transactions[-1])
    intake.finish()
    heard = hear_waiting(edi_file)
    return {
        "outcome": "stored",
        "transactions": [t.as_json() for t in transactions],
        "claims": dict(intake.counts),
        "notes": [*([_heard(heard)] if heard else []), *intake.sites.notes, *intake.payers.notes, *_shortened(told)],
    }


def _heard(count: int) -> str:
    what, were = ("acknowledgement", "was") if count == 1 else ("acknowledgements", "were")
    return f"{count} {what} that came before these claims {were} placed with them."


def _chunks(events: Iterator[Any]) -> Iterator[tuple[Batch837P, list[Claim837P]]]:
    """Claims of one transaction, a few hundred at a time."""
    batch: Batch837P | None = None
    for event in events:
        if isinstance(event, Batch837P):
            batch = event
        elif isinstance(event, Claim837P) and batch:
            ended = [event]
            for following in islice(events, CHUNK - 1):
                if not isinstance(following, Claim837P):
                    break
                ended.append(following)
            yield batch, ended


@dataclass(slots=True)
class Read:
    """A claim of the file with whom it concerns here."""

    claim: Claim837P
    site: Site
    person: Person
    patient: Patient | None = None


@dataclass
class Intake:
    """One file of claims on its way in."""

    edi_file: EdiFile
    sites: Sites = field(default_factory=Sites)
    payers: Payers = field(default_factory=Payers)
    counts: Counter[str] = field(default_factory=Counter)
    batch: Batch837P | None = None
    _touched: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    _site_ids: set[uuid.UUID] = field(default_factory=set)

    def take(self, batch: Batch837P, claims: list[Claim837P], result: TransactionResult) -> None:
        """One chunk: look everything up, then row by row, then write."""
        self.batch = batch
        reads = [self._read(claim) for claim in claims]
        people = People(self.payers)
        people.look_up([(read.site, read.person) for read in reads])
        known = on_file(reads)
        rows = Rows(self.edi_file, batch)
        for read in reads:
            self._one(read, people, known, rows, result)
        bulk = Bulk()
        people.flush(bulk)
        rows.flush(bulk)
        bulk.tell(self.edi_file, {claim.patient_id for claim in rows.claims})
        self.counts["answers_matched"] += len(match_waiting(rows.claims))
        self._rebalance(known, reads)

    def _rebalance(self, known: OnFile, reads: list[Read]) -> None:
        """A payer that was sent the claim again, or came to it, may still answer: the patient's share waits for it."""
        posted = {found.claim.pk: found for r in reads if (found := known.find(r.site, r.claim)) and found.is_posted}
        if posted:
            rebalance(Claim.objects.filter(pk__in=posted).prefetch_related("lines", "payers"))

    def _read(self, claim: Claim837P) -> Read:
        site = self.sites.of_provider(claim.billing) or self.sites.create(claim.billing)
        self._site_ids.add(site.pk)
        return Read(claim, site, person_of(claim))

    def _one(
        self,
        read: Read,
        people: People,
        known: OnFile,
        rows: Rows,
        result: TransactionResult,
    ) -> None:
        claim = read.claim
        result.claims += 1
        result.lines += len(claim.lines)
        patient, is_new = people.patient(read.site, read.person)
        self.counts["new_patients"] += is_new
        covers = self._covers(claim, patient, people)
        found = known.find(read.site, claim)
        if found is None and claim.frequency != "8":
            found = known.add(made_of(claim, read.site, patient, rows), claim)
            rows.payers_of(found, claim, covers)
            self.counts["created"] += 1
            self._touched[found.claim.pk] = patient.pk
            return
        did, why = follow(found, claim, patient, covers, rows)
        self.counts[did] += 1
        result.not_stored += did == LEFT_OUT
        if why:
            result.object_to(claim.control_number, why)
        if found and did != "unchanged":
            self._touched[found.claim.pk] = found.claim.patient_id

    def _covers(self, claim: Claim837P, patient: Patient, people: People) -> list[Coverage]:
        """The coverage of each payer on the claim, the destination's first."""
        found = []
        for who, relationship, payer, filing_code in every_subscriber(claim):
            on_record = self.payers.of_claim(payer.id, payer.name, filing_code)
            found.append(people.coverage(patient, on_record, who, relationship))
        return found

    def finish(self) -> None:
        """Tell whoever follows claims, and where the file belongs."""
        self.edi_file.sites.add(*Site.objects.filter(pk__in=self._site_ids))
        record(
            "claims imported",
            self.edi_file,
            patients=set(self._touched.values()),
            after={"claims": [str(pk) for pk in self._touched], "counts": dict(self.counts)},
        )


def on_file(reads: Iterable[Read]) -> OnFile:
    """The claims a chunk may speak of, by our number or the payer's: four queries."""
    reads = list(reads)
    sites = {read.site.pk for read in reads}
    ours = {read.claim.control_number for read in reads}
    theirs = {read.claim.payer_control_number for read in reads if read.claim.payer_control_number}
    numbered = Claim.objects.filter(site__in=sites, control_number__in=ours)
    replaced = ClaimPayer.objects.filter(claim__site__in=sites, payer_control_number__in=theirs) if theirs else None
    ids = set(numbered.values_list("pk", flat=True))
    ids |= set(replaced.values_list("claim_id", flat=True)) if replaced is not None else set()
    found = Claim.objects.filter(pk__in=ids).prefetch_related("lines", "payers__payer")
    posted = set(Posting.objects.filter(claim__in=ids).values_list("claim_id", flat=True).distinct())
    return OnFile(found, posted)
