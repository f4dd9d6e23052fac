"""What is done with claims, answers and files: sent, put in order, matched, taken in. One verb, one transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import IO

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from claims.cms1500.boxes import NotOnPaper, pages
from claims.cms1500.overlay import overlay
from claims.delivery.handing import hand_over
from claims.delivery.numbers import CLAIMS, take, unsecured
from claims.edits import Objection, objections
from claims.edits.facts import stop
from claims.exchange.keeping import receive
from claims.exchange.later import AlreadyMatched, match_later, post_again
from claims.exchange.posting import follow_order
from claims.exchange.undoing import CannotUndo, undo_postings
from claims.matching import with_everything
from claims.models import Adjudication, Claim, ClaimPayer, EdiFile, Remittance, Submission
from claims.models.claim import PayerState
from claims.models.edi_file import Outcome
from claims.models.undo import UndoKind
from claims.recoupment.reopening import settle_put_ahead
from claims.submissions.applied import is_as_ordered, place_payers
from claims.submissions.folder import Folder, NoSuchPayer, open_folder
from claims.submissions.route import batch_for, route_of
from cob.accounts.models import Site, User
from cob.audit.acting import doing, person
from cob.audit.models import record
from cob.coverage.models import Determination
from cob.jobs.actions import open_job
from cob.jobs.models import State
from cob.turns import Turn, wait_for
from cob.x12.errors import X12Error
from cob.x12.t837p import Batch837P
from cob.x12.write837p import write_837p

__all__ = [
    "AlreadyMatched",
    "AlreadySent",
    "CannotUndo",
    "NoSuchPayer",
    "SendRefused",
    "apply_order",
    "dry_run",
    "import_again",
    "match_answer",
    "post_answer_again",
    "print_form",
    "send_claim",
    "take_in",
    "undo_answer",
    "undo_remittance",
]


# What the paper form is the answer to, so it does not stop the form.
_PAPER_ANSWERS = ("medicare_on_paper",)


class SendRefused(ValueError):
    """An edit stops the claim; `objections` holds all that was said, the stops first."""

    def __init__(self, said: list[Objection]) -> None:
        self.objections = said
        super().__init__(" ".join(f"{o.message} {o.fix}" for o in said if o.stops))


class AlreadySent(ValueError):
    """Somebody was quicker; `by` says who."""

    def __init__(self, by: str) -> None:
        self.by = by
        super().__init__(f"{by} sent this claim a moment ago.")


def send_claim(
    *,
    claim: Claim,
    rank: int,
    by: User | None,
    frequency: str = "",
    today: date | None = None,
    waived: Collection[str] = (),
    on_paper: bool = False,
) -> Submission:
    """Write the 837P for the payer of that rank, hand it over to be delivered, and say so on the trail; `on_paper`
    keeps the CMS-1500 instead, for somebody to print and mail.

    `by` None: the task that acts. Raises NoSuchPayer, SendRefused, AlreadySent. Of two people at once one sends. Call
    it outside any transaction: the control number is taken before, and a refusal wastes it.
    """
    today = today or timezone.localdate()
    waived = {*waived, *(_PAPER_ANSWERS if on_paper else ())}
    interchange = "" if on_paper else take(CLAIMS)
    with transaction.atomic():
        folder = open_folder(claim)
        _refuse_or_go(folder, rank, today, frequency, waived)
        row = folder.rows[folder.index(rank)]
        _take(row, today)
        kind = frequency or folder.frequency(rank)
        submission = Submission(claim=claim, claim_payer=row, frequency=kind, by=by, sent_at=timezone.now())
        if on_paper:
            submission.on_paper = True
            submission.kept.save(f"{submission.pk}.pdf", ContentFile(_printed(folder, rank, kind)), save=False)
        else:
            _hand_over(submission, *_written(folder, rank, kind, interchange, is_test=False))
        submission.save(force_insert=True)
        _tell(submission)
    return submission


def dry_run(*, claim: Claim, rank: int, frequency: str = "", waived: Collection[str] = ()) -> bytes:
    """The same file without sending it: marked as a test (ISA15 T), under a number nobody has secured.

    Raises NoSuchPayer, SendRefused.
    """
    folder = open_folder(claim)
    _refuse_or_go(folder, rank, timezone.localdate(), frequency, waived)
    _, data, _ = _written(folder, rank, frequency or folder.frequency(rank), unsecured(CLAIMS), is_test=True)
    return data


def print_form(*, claim: Claim, rank: int, frequency: str = "", waived: Collection[str] = ()) -> bytes:
    """The CMS-1500 of the claim for that payer as a PDF to lay over the form, nothing recorded.

    Raises NoSuchPayer, SendRefused.
    """
    folder = open_folder(claim)
    _refuse_or_go(folder, rank, timezone.localdate(), frequency, {*waived, *_PAPER_ANSWERS})
    return _printed(folder, rank, frequency or folder.frequency(rank))


def apply_order(*, claim: Claim, determination: Determination) -> bool:
    """Put the claim's payers into the determined order; True when anything moved. Doing it again moves nothing.

    Payers that were sent the claim or have answered keep their place (an edit says when it is the wrong one), unless
    they answered in each other's; coverages captured since are added, coverages set aside for this date are taken out.
    Balances follow who is still waited for.
    """
    if claim.is_void or not determination.is_settled or determination.service_on != claim.service_from:
        return False
    with transaction.atomic(), doing("order applied"):
        # Before any row is held, as everybody who posts does. A visit with nothing posted waits for nobody.
        is_answered = claim.postings.exists()
        if is_answered:
            wait_for(Turn.POSTINGS)
        Claim.objects.select_for_update().filter(pk=claim.pk).values_list("pk").first()
        moved = place_payers(claim, determination)
        # Asked again: whoever held the claim until now may have posted its first answer.
        if (moved or not is_as_ordered(claim, determination)) and (is_answered or claim.postings.exists()):
            moved = follow_order(with_everything(Claim.objects.filter(pk=claim.pk))) or moved
        if moved:
            settle_put_ahead(claim)
        return moved


def match_answer(*, adjudication: Adjudication, claim: Claim) -> Adjudication:
    """Tie an answer nobody could place to its claim and post it, as the import would have. Raises AlreadyMatched."""
    with transaction.atomic():
        row = match_later(adjudication, claim, person())
        after = {"adjudications": [str(row.pk)], "claims": [str(claim.pk)]}
        record("remittance posted", row.remittance, patients=[claim.patient_id], site_id=claim.site_id, after=after)
    return row


def undo_answer(*, adjudication: Adjudication, kind: UndoKind, reason: str, by: User) -> Adjudication:
    """Take one answer out of the ledger by mirror entries, named after who and why. Raises CannotUndo."""
    undo_postings([adjudication], kind=kind, reason=reason, by=by)
    adjudication.refresh_from_db()
    return adjudication


def undo_remittance(*, remittance: Remittance, reason: str, by: User) -> int:
    """Take every posted answer of a remittance out of the ledger, all or none; they keep their claims and can be posted
    again. Returns how many. Raises CannotUndo."""
    posted = remittance.adjudications.filter(posted_at__isnull=False)
    return len(undo_postings(posted, kind=UndoKind.UNPOSTED, reason=reason, by=by))


def post_answer_again(*, adjudication: Adjudication) -> Adjudication:
    """Post an answer whose posting was undone to the claim it has. Raises AlreadyMatched when somebody was quicker."""
    with transaction.atomic():
        row = post_again(adjudication)
        claim = row.claim
        patients, site = ([claim.patient_id], claim.site_id) if claim else ([], None)
        after = {"adjudications": [str(row.pk)], "claims": [str(row.claim_id)]}
        record("remittance posted", row.remittance, patients=patients, site_id=site, after=after)
    return row


def take_in(*, name: str, stream: IO[bytes], by: User, site: Site | None, wait: bool = False) -> tuple[EdiFile, bool]:
    """Keep an uploaded file and open its import; False when the same bytes were here before (nothing is opened).

    `wait` leaves it for `import_again`: somebody wants to look first.
    """
    file, is_new = receive(name, stream, by=by, job_site=site)
    if is_new and not wait:
        _open_import(file, by, site)
    return file, is_new


def import_again(*, file: EdiFile, by: User) -> bool:
    """Import a file that was only looked at, was turned away, or whose import stopped; False when somebody else has
    just done so."""
    with transaction.atomic(), doing("import asked again"):
        turned_away = Q(outcome__in=(Outcome.QUARANTINED, Outcome.REFUSED))
        stopped = Q(outcome=Outcome.WAITING, job__state__in=(State.DONE, State.FAILED))
        looked_at = Q(outcome=Outcome.WAITING, job=None)
        again = EdiFile.objects.filter(turned_away | stopped | looked_at, pk=file.pk)
        if not again.update(outcome=Outcome.WAITING, reason="", job=None):
            return False
        _open_import(file, by, None)
    return True


def _open_import(file: EdiFile, by: User, site: Site | None) -> None:
    with transaction.atomic():
        job = open_job("claims.import_file", by=by, site=site, title="Import a file", edi_file=str(file.pk))
        EdiFile.objects.filter(pk=file.pk).update(job=job)


def _refuse_or_go(folder: Folder, rank: int, today: date, frequency: str, waived: Collection[str]) -> None:
    said = objections(folder.sending(rank, today, frequency), waived=waived)
    if any(o.stops for o in said):
        raise SendRefused(said)


def _take(row: ClaimPayer, today: date) -> None:
    """Compare and set: the payer's state is still what the edits saw, or somebody else sent it meanwhile."""
    seen = ClaimPayer.objects.filter(pk=row.pk, state=row.state, submitted_on=row.submitted_on)
    if not seen.update(state=PayerState.SUBMITTED, submitted_on=today):
        last = Submission.objects.filter(claim_payer=row).select_related("by").order_by("-sent_at").first()
        raise AlreadySent(str(last.by) if last and last.by else "Somebody")


def _written(
    folder: Folder, rank: int, frequency: str, interchange: str, *, is_test: bool
) -> tuple[Batch837P, bytes, str]:
    """The batch and its bytes, read back by our own reader before anybody else reads them; who receives it (ISA08)."""
    addressed = folder.projected(rank, frequency)
    route = route_of(folder.claim, addressed)
    batch = batch_for((addressed,), route, interchange, timezone.localtime(), is_test=is_test)
    try:
        return batch, write_837p(batch), route.receiver[1]
    except X12Error as error:
        raise SendRefused([_unwritable(error)]) from error


def _printed(folder: Folder, rank: int, frequency: str) -> bytes:
    """The form's sheets. A claim that does not fit the form is refused by its box."""
    try:
        sheets = pages(folder.on_paper(rank, frequency), folder.claim.patient.phone)
    except NotOnPaper as error:
        raise SendRefused([stop(str(error), "Shorten it, or send the claim electronically.", "claim")]) from error
    return overlay(sheets)


def _unwritable(error: X12Error) -> Objection:
    return stop(f"The file could not be written: {error}", "Correct what it names.", "claim")


def _hand_over(submission: Submission, batch: Batch837P, data: bytes, receiver: str) -> None:
    """The file is on file and on its way with the sending it carries."""
    claim = submission.claim
    submission.number_as(batch)
    file = hand_over(
        interchange=submission.interchange,
        kind="837",
        data=data,
        site=claim.site,
        receiver=receiver,
        items=1,
        charge_cents=claim.charge_cents,
        by=submission.by,
    )
    submission.sent_in, submission.kept = file, file.kept.name


def _tell(submission: Submission) -> None:
    claim, row = submission.claim, submission.claim_payer
    after = {"rank": row.rank, "interchange": submission.interchange, "frequency": submission.frequency}
    record("claim submitted", claim, patients=[claim.patient_id], site_id=claim.site_id, after=after)
