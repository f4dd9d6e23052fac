"""What is done with claims, answers and files: sent, put in order, matched, taken in. One verb, one transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import IO

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from claims.edits import Objection, objections
from claims.edits.facts import stop
from claims.exchange.keeping import receive
from claims.exchange.later import AlreadyMatched, match_later
from claims.models import Adjudication, Claim, ClaimPayer, EdiFile, Submission
from claims.models.claim import PayerState
from claims.models.edi_file import Outcome
from claims.submissions import numbers, outbox
from claims.submissions.applied import place_payers
from claims.submissions.folder import Folder, NoSuchPayer, open_folder
from claims.submissions.route import batch_for, route_of
from cob.accounts.models import Site, User
from cob.audit.acting import doing, person
from cob.audit.models import record
from cob.coverage.models import Determination
from cob.jobs.actions import open_job
from cob.jobs.models import State
from cob.x12.errors import X12Error
from cob.x12.write837p import write_837p

__all__ = [
    "AlreadyMatched",
    "AlreadySent",
    "NoSuchPayer",
    "SendRefused",
    "apply_order",
    "dry_run",
    "import_again",
    "match_answer",
    "send_claim",
    "take_in",
]


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
) -> Submission:
    """Write the 837P for the payer of that rank, keep it, lay it into the outbox, and say so on the trail.

    `by` None: the task that acts. Raises NoSuchPayer, SendRefused, AlreadySent. Of two people at once one sends.
    """
    today = today or timezone.localdate()
    outbox.settle()
    with transaction.atomic():
        folder = open_folder(claim)
        _refuse_or_go(folder, rank, today, frequency, waived)
        row = folder.rows[folder.index(rank)]
        _take(row, today)
        kind = frequency or folder.frequency(rank)
        submission = Submission(claim=claim, claim_payer=row, frequency=kind, by=by, sent_at=timezone.now())
        numbers.save_numbered(submission)
        _keep(submission, _written(folder, rank, kind, submission.interchange, is_test=False))
        _tell(submission)
    return submission


def dry_run(*, claim: Claim, rank: int, frequency: str = "", waived: Collection[str] = ()) -> bytes:
    """The same file without sending it: marked as a test (ISA15 T), under a number nobody has secured.

    Raises NoSuchPayer, SendRefused.
    """
    folder = open_folder(claim)
    _refuse_or_go(folder, rank, timezone.localdate(), frequency, waived)
    return _written(folder, rank, frequency or folder.frequency(rank), numbers.next_free(), is_test=True)


def apply_order(*, claim: Claim, determination: Determination) -> bool:
    """Put the claim's payers into the determined order; True when anything moved. Doing it again moves nothing.

    Payers that were sent the claim or have answered keep their place (an edit says when it is the wrong one), coverages
    captured since are added, coverages set aside for this date are taken out.
    """
    if claim.is_void or not determination.is_settled or determination.service_on != claim.service_from:
        return False
    with transaction.atomic(), doing("order applied"):
        Claim.objects.select_for_update().filter(pk=claim.pk).values_list("pk").first()
        return place_payers(claim, determination)


def match_answer(*, adjudication: Adjudication, claim: Claim) -> Adjudication:
    """Tie an answer nobody could place to its claim and post it, as the import would have. Raises AlreadyMatched."""
    with transaction.atomic():
        row = match_later(adjudication, claim, person(), how="by hand")
        after = {"adjudications": [str(row.pk)], "claims": [str(claim.pk)]}
        record("remittance posted", row.remittance, patients=[claim.patient_id], site_id=claim.site_id, after=after)
    return row


def take_in(*, name: str, stream: IO[bytes], by: User, site: Site | None) -> tuple[EdiFile, bool]:
    """Keep an uploaded file and open its import; False when the same bytes were here before (nothing is opened)."""
    file, is_new = receive(name, stream, by=by, job_site=site)
    if is_new:
        _open_import(file, by, site)
    return file, is_new


def import_again(*, file: EdiFile, by: User) -> bool:
    """Try a file anew that was turned away or whose import stopped; False when somebody else has just done so."""
    with transaction.atomic(), doing("import asked again"):
        turned_away = Q(outcome__in=(Outcome.QUARANTINED, Outcome.REFUSED))
        stopped = Q(outcome=Outcome.WAITING, job__state__in=(State.DONE, State.FAILED))
        again = EdiFile.objects.filter(turned_away | stopped, pk=file.pk)
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


def _written(folder: Folder, rank: int, frequency: str, interchange: str, *, is_test: bool) -> bytes:
    """The bytes, read back by our own reader before anybody else reads them."""
    addressed = folder.projected(rank, frequency)
    route = route_of(folder.claim, addressed)
    batch = batch_for(addressed, route, interchange, timezone.localtime(), is_test=is_test)
    try:
        return write_837p(batch)
    except X12Error as error:
        raise SendRefused([_unwritable(error)]) from error


def _unwritable(error: X12Error) -> Objection:
    return stop(f"The file could not be written: {error}", "Correct what it names.", "claim")


def _keep(submission: Submission, data: bytes) -> None:
    """The file is kept with its row, and laid out for the clearinghouse, which sees it when the row is committed."""
    submission.kept.save(f"{submission.interchange}.837", ContentFile(data), save=False)
    submission.save(update_fields=["kept"])
    outbox.lay_out(submission.interchange, data)
    transaction.on_commit(lambda: outbox.release(submission.interchange))


def _tell(submission: Submission) -> None:
    claim, row = submission.claim, submission.claim_payer
    after = {"rank": row.rank, "interchange": submission.interchange, "frequency": submission.frequency}
    record("claim submitted", claim, patients=[claim.patient_id], site_id=claim.site_id, after=after)
