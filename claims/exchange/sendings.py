"""Which sending an acknowledgement answers: by the number of the interchange (TA1) or of group and set (999) that
really carried it, by our batch (277CA), else by the claim's number.

Translators begin their numbers anew, and some give every group the number 1. So of several files with one number the
newest is meant that had left when the answer was made; where two left on that day, none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from claims.exchange.parties import Payers
from claims.models import Submission
from claims.models.submission import bare
from cob.accounts.models import Site
from cob.x12.acks import ClaimAck, InterchangeAck, Level, SetAck

_BATCH = "COB"
# A front end may date its answer in another time zone than the one in which the claim left.
_SLACK = timedelta(days=1)
Ack = InterchangeAck | SetAck | ClaimAck
Found = tuple[list[Submission], str]


class Sendings:
    """The sendings a chunk of acknowledgements may answer, read in one query a chunk."""

    def __init__(self) -> None:
        self.sites: set[Site] = set()
        # Of the providers it names with claims that are not found: sites by them.
        self._providers: set[str] = set()
        # Sendings after which the same payer was sent the claim again.
        self.superseded: set[UUID] = set()
        self._payers = Payers()
        self._by_interchange: dict[str, list[Submission]] = {}
        self._by_batch: dict[str, list[Submission]] = {}
        self._by_group: dict[str, list[Submission]] = {}
        self._by_claim: dict[str, list[Submission]] = {}

    def look_up(self, acks: Iterable[Ack]) -> None:
        """Read what these may answer."""
        by_interchange, by_group, by_claim = defaultdict(list), defaultdict(list), defaultdict(list)
        by_batch = defaultdict(list)
        for sent in _sent_under(list(acks)):
            if sent.is_superseded:
                self.superseded.add(sent.pk)
            by_interchange[bare(sent.interchange)].append(sent)
            by_batch[_batch_of(sent)].append(sent)
            by_group[sent.group_control].append(sent)
            by_claim[sent.claim.control_number].append(sent)
        self._by_interchange, self._by_group, self._by_claim = by_interchange, by_group, by_claim
        self._by_batch = by_batch

    def answered_by(self, ack: Ack) -> Found:
        """The sendings it answers; none, and why, when nothing of ours has the number it names."""
        match ack:
            case InterchangeAck():
                found, why = self._of_interchange(ack)
            case SetAck():
                found, why = self._of_set(ack)
            case ClaimAck():
                found, why = self._of_claim(ack) if ack.control_number else self._of_batch(ack)
        self.sites.update(sent.claim.site for sent in found)
        if not found and isinstance(ack, ClaimAck):
            self._providers.add(ack.provider_id)
        return found, why

    def all_sites(self) -> set[Site]:
        """Whose file it is: the sites of what was found, and those named with what was not."""
        named = self._providers - {""} - {site.npi for site in self.sites}
        return self.sites | set(Site.objects.filter(npi__in=named)) if named else self.sites

    @cached_property
    def _desks(self) -> set[str]:
        """Provider numbers of all sites of the desk."""
        return set(Site.objects.values_list("npi", flat=True))

    def _of_interchange(self, ack: InterchangeAck) -> Found:
        """A TA1 names the day of the interchange beside its number (TA102)."""
        found = self._by_interchange.get(bare(ack.control), [])
        that_day = [sent for sent in found if timezone.localtime(sent.sent_at).date() == ack.sent_on]
        return _in_one_file(that_day or found, ack, f"the number {ack.control}")

    def _of_set(self, ack: SetAck) -> Found:
        """Every claim of the set, or of the whole group where no set is named."""
        group = self._by_group.get(bare(ack.group_control), [])
        found = [sent for sent in group if not ack.set_control or sent.set_control == bare(ack.set_control)]
        of_set = f", set {ack.set_control}" if ack.set_control and group else ""
        return _in_one_file(found, ack, f"the group number {ack.group_control}{of_set}")

    def _of_batch(self, ack: ClaimAck) -> Found:
        """The front end answers for the whole batch, or for one provider's claims in it."""
        if not ack.batch:
            return [], "It names no batch: nothing tells which claims it answers."
        batch, found = f"the batch {ack.batch}", self._by_batch.get(ack.batch, [])
        if ack.level is not Level.PROVIDER or not found:
            return _in_one_file(found, ack, batch)
        ours = [sent for sent in found if sent.claim.site.npi == ack.provider_id]
        if not ours and len({sent.claim.site_id for sent in found}) > 1:
            return (
                [],
                f"The batch {ack.batch} was of several sites, and none has the number {ack.provider_id or 'none'}.",
            )
        if not ours and ack.provider_id in self._desks:
            return [], f"The batch {ack.batch} was of another site than the provider {ack.provider_id}."
        return _in_one_file(ours or found, ack, batch)

    def _of_claim(self, ack: ClaimAck) -> Found:
        """One sending: of our batch if it is named, to the payer that answers, not sent after the answer."""
        found = self._by_claim.get(ack.control_number, [])
        if not found:
            return [], f"No claim sent from here has the number {ack.control_number}."
        at_site = [sent for sent in found if sent.claim.site.npi == ack.provider_id]
        if not at_site and ack.provider_id in self._desks:
            return [], f"The claim {ack.control_number} is of another site than the provider {ack.provider_id}."
        found = at_site or found
        if len({sent.claim_id for sent in found}) > 1:
            return (
                [],
                f"Claims of several sites have the number {ack.control_number}, and no provider tells them apart.",
            )
        payer = self._payers.by_id([ack.responder_id]) or self._payers.by_name(ack.responder)
        # Translators may give every batch one name, so the payer and the day still count.
        of_batch = [sent for sent in found if ack.batch and _batch_of(sent) == ack.batch] or found
        before = [sent for sent in of_batch if _is_before(sent, ack)]
        theirs = [sent for sent in before if sent.claim_payer.payer == payer]
        # The newest first, as they were read.
        return (theirs or before or of_batch)[:1], ""


def _sent_under(acks: Sequence[Ack]) -> QuerySet[Any]:
    """The newest first."""
    interchanges = {ack.control for ack in acks if isinstance(ack, InterchangeAck)}
    batches = {ack.batch for ack in acks if isinstance(ack, ClaimAck) and not ack.control_number} - {""}
    # What left here before its batch was kept has its interchange's number in it.
    interchanges |= {number for batch in batches if (number := _our_interchange(batch))}
    groups = {bare(ack.group_control) for ack in acks if isinstance(ack, SetAck)} - {""}
    claims = {ack.control_number for ack in acks if isinstance(ack, ClaimAck) and ack.control_number}
    padded = {number.zfill(9) for number in interchanges} | interchanges
    return _read(
        Q(interchange__in=padded, interchange__gt="")
        | Q(batch__in=batches)
        | Q(group_control__in=groups)
        | Q(claim__control_number__in=claims)
    )


def _read(wanted: Q) -> QuerySet[Any]:
    """Submissions, and whether each is superseded."""
    later = Submission.objects.filter(claim_payer=OuterRef("claim_payer"), sent_at__gt=OuterRef("sent_at"))
    rows: QuerySet[Any] = (
        Submission.objects.filter(wanted)
        .select_related("claim__site", "claim_payer__payer")
        .defer("claim__content")
        .annotate(is_superseded=Exists(later))
        .order_by("-sent_at", "pk")
    )
    return rows


def left_with(sent: Submission, ack: Ack) -> tuple[list[Submission], set[UUID]]:
    """What an acknowledgement answers once somebody says that it is about this sending, and which of it was sent again
    since. Of a claim, the sending alone; else all of its file (TA1), group or set (999), batch or provider (277CA)."""
    wanted = Q(pk=sent.pk)
    if sent.interchange and not (isinstance(ack, ClaimAck) and ack.level in (Level.CLAIM, Level.LINE)):
        wanted = Q(interchange=sent.interchange, seen_in=sent.seen_in_id)
        if isinstance(ack, SetAck):
            wanted &= Q(group_control=sent.group_control)
            wanted &= Q(set_control=sent.set_control) if ack.set_control else Q()
        if isinstance(ack, ClaimAck):
            wanted &= Q(batch=sent.batch)
            wanted &= Q(claim__site=sent.claim.site_id) if ack.level is Level.PROVIDER else Q()
    found = list(_read(wanted))
    return found, {row.pk for row in found if row.is_superseded}


def _in_one_file(found: Sequence[Submission], ack: Ack, named: str) -> Found:
    """Those of the newest file that had left by then; one dated a day later only where there is no other."""
    by_then = [sent for sent in found if ack.on is None or timezone.localtime(sent.sent_at).date() <= ack.on]
    before = by_then or [sent for sent in found if _is_before(sent, ack)]
    if not before:
        return [], f"Nothing was sent from here under {named}{f' by {ack.on:%m/%d/%Y}' if found and ack.on else ''}."
    left_at = before[0].sent_at
    newest = [sent for sent in before if sent.sent_at == left_at]
    if len({_file(sent) for sent in newest}) > 1:
        return [], f"Several files of {left_at:%m/%d/%Y} have {named}, and nothing in the answer tells them apart."
    return [sent for sent in before if _file(sent) == _file(newest[0])], ""


def _file(sent: Submission) -> UUID | str:
    return sent.seen_in_id or sent.interchange


def _is_before(sent: Submission, ack: Ack) -> bool:
    return ack.on is None or had_left(sent, ack.on)


def had_left(sent: Submission, on: date) -> bool:
    """Whether a sending may be what was answered on that day."""
    return sent.sent_at.date() <= on + _SLACK


def _our_interchange(batch: str) -> str:
    """The interchange of a batch (BHT03) that we made; empty where we did not."""
    number = batch.removeprefix(_BATCH)
    return number if batch.startswith(_BATCH) and number.isdecimal() else ""


def _batch_of(sent: Submission) -> str:
    """The batch it left in; ours from before batches were kept by their interchange."""
    return sent.batch or (f"{_BATCH}{sent.interchange}" if sent.interchange and sent.seen_in_id is None else "")
