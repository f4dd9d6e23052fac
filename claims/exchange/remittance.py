"""One 835 transaction on its way to the database: its claims in chunks, its provider adjustments, its event."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence

from claims.exchange.bulk import Bulk
from claims.exchange.outcomes import TransactionResult
from claims.exchange.parties import Payers, Sites
from claims.exchange.posting import Book
from claims.exchange.refusing import refuse_answered, refuse_far_day, refuse_twin, told_otherwise
from claims.exchange.remit_rows import Answers
from claims.matching import Claims, Match, tie_lines, with_coverages
from claims.models import Adjudication, Claim, EdiFile, Line, Remittance
from claims.models import ProviderAdjustment as ProviderAdjustmentRow
from claims.reasons import is_refusal
from claims.recoupment.follow import follow
from claims.reversals import says_the_same
from cob.accounts.models import Site
from cob.audit.models import record
from cob.coverage.models import Payer
from cob.patients.models import squash
from cob.x12.stored import load_835
from cob.x12.t835 import PLACE_SAID, Claim835, Header835, ProviderAdjustment

CHUNK = 500
# How many answers one event tells of: a payment of a hundred thousand claims is told in parts.
TOLD_AT_ONCE = 5_000
# How many claims of a payment of nothing tell it apart. Never change it: the keys on file were made with it.
_KEYED = 250


class Run:
    """One transaction: begun with its header, fed with claims and adjustments, ended once."""

    def __init__(
        self, edi_file: EdiFile, header: Header835, payers: Payers, sites: Sites, result: TransactionResult
    ) -> None:
        """`result` counts what is done."""
        self._edi_file, self._header, self._payers, self._sites = edi_file, header, payers, sites
        self._result = result
        self._waiting: list[Claim835] = []
        self._provider: list[ProviderAdjustment] = []
        self._remittance: Remittance | None = None
        self._position = 0
        self._ids: list[str] = []
        self._patients: set[uuid.UUID] = set()
        self._claim_ids: set[uuid.UUID] = set()
        self._is_told = False
        self.notes: list[str] = []

    def claim(self, claim: Claim835) -> None:
        """The next CLP."""
        self._waiting.append(claim)
        if len(self._waiting) >= CHUNK:
            self._flush()

    def provider_adjustment(self, adjustment: ProviderAdjustment) -> None:
        """The next PLB pair."""
        self._provider.append(adjustment)

    def end(self) -> None:
        """SE: write what waits, and tell whoever follows remittances."""
        self._flush()
        remittance = self._remittance
        if remittance is None:
            return
        if self._result.already_posted:
            self._compare_rest(remittance)
            return
        if remittance.plb_cents != self._result.plb_cents:
            # The provider adjustments stand behind the claims, of which many are posted by now.
            remittance.plb_cents = self._result.plb_cents
            remittance.save(update_fields=["plb_cents"])
        ProviderAdjustmentRow.objects.bulk_create(
            ProviderAdjustmentRow(
                remittance=remittance,
                reason=a.reason,
                reference=a.reference,
                provider=a.provider[:50],
                period_on=a.fiscal_period_on,
                amount_cents=a.amount_cents,
            )
            for a in self._provider
        )
        follow(remittance)
        if self._ids or not self._is_told:
            self._tell(remittance)

    def _tell(self, remittance: Remittance) -> None:
        """Tell whoever follows remittances of the answers since the last time."""
        event = record(
            "remittance posted",
            remittance,
            patients=self._patients,
            site_id=remittance.site_id,
            after={"adjudications": self._ids, "claims": sorted(str(pk) for pk in self._claim_ids)},
        )
        # The event waits in memory for the commit; its long lists are on the trail, should a follower ask for them.
        del event.after
        self._ids, self._patients, self._claim_ids, self._is_told = [], set(), set(), True

    def _flush(self) -> None:
        claims, self._waiting = self._waiting, []
        remittance = self._remittance = self._remittance or self._open(claims)
        if self._result.already_posted:
            self._compare(remittance, claims)
        elif claims:
            self._post(remittance, claims)
        self._position += len(claims)

    # --- whose, from whom, and was it here before -------------------------------------------------------------------

    def _open(self, first: Sequence[Claim835]) -> Remittance:
        header = self._header
        key = key_of(header, first)
        before: Remittance | None = Remittance.objects.filter(key=key).first()
        if before:
            self._result.already_posted = True
            return before
        site = self._site(header)
        if site:
            self._sites.used.add(site.pk)
        refuse_far_day(header)
        payer = self._payer(header, site, first)
        refuse_twin(header, payer, site)
        made: Remittance = Remittance.objects.create(
            file=self._edi_file,
            site=site,
            payer=payer,
            key=key,
            trace=header.trace,
            originator=header.payer_trace_id[:20],
            paid_cents=header.paid_cents,
            paid_on=header.paid_on,
            method=header.method[:3],
            plb_cents=self._result.plb_cents,
        )
        return made

    def _site(self, header: Header835) -> Site | None:
        site = self._sites.find(header.payee.npi, header.payee.tax_id)
        if site is None:
            payee = header.payee.npi or header.payee.tax_id or header.payee.name
            self.notes.append(f"Payment {header.trace} is for {payee}, which is no site here.")
        return site

    def _payer(self, header: Header835, site: Site | None, first: Sequence[Claim835]) -> Payer:
        """By the ids the file gives, by its name, by whose claims it answers; else a payer nobody knew."""
        own, senders = payer_ids(header)
        name = header.payer.name
        found = self._payers.by_id(own) or self._payers.by_name(name)
        if found is None and (found := _payer_of_claims(first, site)):
            because = f'also known as "{name or own[0]}" in remittances; recognised by the claims it answers.'
            self._payers.learn(found, own[:1] or [name], because)
        if found is None and not name:
            found = self._payers.by_id(senders)
        return found or self._payers.create(next(iter((*own, *senders)), ""), name)

    def _compare(self, remittance: Remittance, claims: Sequence[Claim835]) -> None:
        """The transaction is posted already. Raises Quarantined if it says something else of a claim now."""
        low, high = self._position + 1, self._position + len(claims)
        rows = remittance.adjudications.filter(position__range=(low, high)).order_by("position")
        before = [load_835(content) for content in rows.values_list("content", flat=True)]
        if len(before) != len(claims) or not all(map(says_the_same, before, claims)):
            raise told_otherwise(self._header, remittance)

    def _compare_rest(self, remittance: Remittance) -> None:
        """The same of what it leaves out now, and of its provider adjustments."""
        before = remittance.provider_adjustments.values_list("reason", "reference", "provider", "amount_cents")
        now = Counter((a.reason, a.reference, a.provider[:50], a.amount_cents) for a in self._provider)
        if remittance.adjudications.count() != self._position or Counter(before) != now:
            raise told_otherwise(self._header, remittance)

    # --- posting ----------------------------------------------------------------------------------------------------

    def _post(self, remittance: Remittance, claims: Sequence[Claim835]) -> None:
        refuse_answered(self._header, remittance, claims)
        sites = frozenset({remittance.site_id} if remittance.site_id else ())
        known = Claims(sites, remittance.payer)
        known.look_up(claims)
        matches = [known.match(claim) for claim in claims]
        concerned = {m.claim.pk: m.claim for m in matches if m.claim}
        with_coverages(concerned.values(), remittance.payer)
        book = Book(concerned.values())
        answers = Answers(remittance, self._position)
        rows = [answers.add(claim, match, _tied(match, claim)) for claim, match in zip(claims, matches, strict=True)]
        for n in _in_order(book, rows, claims):
            if matches[n].claim:
                book.post(rows[n], claims[n], answers.tied[n])
        book.put_in_order()
        bulk = Bulk()
        bulk.insert(rows)
        answers.flush(bulk)
        book.flush(bulk, rows)
        bulk.tell(remittance, {claim.patient_id for claim in concerned.values()}, remittance.site_id)
        self._count(rows, claims, concerned)

    def _count(
        self, rows: Sequence[Adjudication], claims: Sequence[Claim835], concerned: dict[uuid.UUID, Claim]
    ) -> None:
        result = self._result
        for row, claim in zip(rows, claims, strict=True):
            result.posted += row.posted_at is not None
            result.unmatched += row.claim_id is None
            result.reversals += claim.is_reversal
            result.crossovers += bool(row.forwarded_by)
            result.denials += says_no(claim)
            for why in row.exceptions:
                result.object_to(claim.control_number, why)
            self._ids.append(str(row.pk))
        self._patients.update(claim.patient_id for claim in concerned.values())
        self._claim_ids.update(concerned)
        if len(self._ids) >= TOLD_AT_ONCE:
            self._tell(rows[0].remittance)


def key_of(header: Header835, first: Sequence[Claim835]) -> str:
    """What makes a transaction the same: payer, trace, amount, date, payee. A payment of nothing often carries a
    trace of nothing, so there its claims tell it apart."""
    parts: list[object] = [header.payer_trace_id, header.payer.id or squash(header.payer.name), header.trace]
    parts += [header.paid_cents, header.paid_on, header.payee.npi or header.payee.tax_id or header.payee.id]
    if not header.paid_cents:
        parts += [(c.control_number, c.status, c.charge_cents, c.payer_control_number) for c in first[:_KEYED]]
    return hashlib.sha256("|".join(str(part) for part in parts).encode()).hexdigest()


def payer_ids(header: Header835) -> tuple[list[str], list[str]]:
    """The payer's own ids (N104, REF), and whoever sent the money (TRN03, BPR10), which several payers may share."""
    references = [r.value for r in header.payer.references if r.qualifier in {"2U", "EO", "HI", "NF", "FI"}]
    own = [i for i in (header.payer.id, *references) if i]
    return own, [i for i in (header.payer_trace_id, header.originator_id) if i]


def says_no(claim: Claim835) -> bool:
    """Whether some adjustment of an answer refuses, or its status does. A price named beforehand refuses nothing: no
    claim was decided."""
    if claim.is_reversal or claim.is_estimate:
        return False
    every = (*claim.adjustments, *(a for line in claim.lines for a in line.adjustments))
    return claim.status == "4" or any(is_refusal(a) for a in every)


def _payer_of_claims(first: Iterable[Claim835], site: Site | None) -> Payer | None:
    """The one payer that stands, on every claim of ours that is answered here, in the place CLP02 says."""
    wanted = {c.control_number: (PLACE_SAID[c.status], c.charge_cents) for c in first if c.status in PLACE_SAID}
    claims = Claim.objects.filter(control_number__in=wanted).prefetch_related("payers__payer")
    found: set[Payer] = set()
    for claim in claims.filter(site=site) if site else claims:
        rank, charge = wanted[claim.control_number]
        if claim.charge_cents == charge:
            found |= {p.payer for p in claim.payers.all() if p.rank == rank}
    return found.pop() if len(found) == 1 else None


def _tied(match: Match, claim: Claim835) -> list[Line | None]:
    return list(tie_lines(match.claim.lines.all(), claim.lines)) if match.claim else [None] * len(claim.lines)


def _in_order(book: Book, rows: Sequence[Adjudication], claims: Sequence[Claim835]) -> list[int]:
    """As sent, except that what takes back an answer of an earlier remittance goes before its correction."""

    def is_first(n: int) -> bool:
        return claims[n].is_reversal and rows[n].claim_id is not None and book.has_earlier(rows[n], claims[n])

    return sorted(range(len(rows)), key=lambda n: not is_first(n))
