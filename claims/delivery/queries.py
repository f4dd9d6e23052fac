"""Reads for the pages of batches and mailboxes; each costs the same for one row as for fifty."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Sum

from claims.delivery.due import due
from claims.delivery.models import Delivery, Mailbox, OutgoingFile
from claims.delivery.sending import is_troubled
from claims.delivery.tasks import BATCHES
from claims.models import Acknowledgement, Claim, Submission
from claims.models.acknowledgement import HeardOf
from cob.accounts.models import User
from cob.coverage.models import Inquiry
from cob.jobs.models import Job, State

# What is said of a file as a whole: TA1 and 999.
_OF_FILE = ("interchange", "transaction")
# Runs among which somebody's own is looked for.
LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Turn:
    """The claims whose turn it is with one payer."""

    payer: str
    claims: int
    charge_cents: int
    oldest_on: date


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A claim the last run did not send, and which edit stops it."""

    claim: Claim
    rank: int
    edit: str

    @property
    def edit_words(self) -> str:
        """The edit's name as words; its whole sentence stands on the claim's page."""
        named = {"next_step": "Not its turn yet", "file": "Something that no 837P can say"}
        return named.get(self.edit, self.edit.replace("_", " ").capitalize())


def files_sent(user: User) -> QuerySet[OutgoingFile]:
    """Files of the user's sites, newest first, each with how far it is and whether it was taken in or turned away."""
    rows: QuerySet[OutgoingFile] = OutgoingFile.objects.visible_to(user)
    of_file = Acknowledgement.objects.filter(submission__sent_in=OuterRef("pk"), level__in=_OF_FILE).order_by()
    is_said = {said: Exists(of_file.filter(said=said)) for said in (HeardOf.REJECTED, HeardOf.ACCEPTED)}
    rows = rows.annotate(is_rejected=is_said[HeardOf.REJECTED], is_accepted=is_said[HeardOf.ACCEPTED])
    return rows.select_related("site", "by", "delivery__mailbox").order_by("-made_at", "-interchange")


def troubled(user: User) -> QuerySet[OutgoingFile]:
    """Files that do not leave by themselves any more."""
    return files_sent(user).filter(delivery__in=Delivery.objects.filter(is_troubled()).values("pk"))


def turns(sites: Collection[UUID] | None, today: date) -> list[Turn]:
    """By payer, whose turn it is now: one statement."""
    rows = (
        due(sites, today)
        .order_by()
        .values("payer__name")
        .annotate(claims=Count("pk"), charge=Sum("claim__charge_cents"), oldest=Min("claim__service_from"))
        .order_by("payer__name")
    )
    return [Turn(row["payer__name"], row["claims"], row["charge"] or 0, row["oldest"]) for row in rows]


def inside(file: OutgoingFile) -> QuerySet[Submission]:
    """The claims of a batch in its order, with what was heard of each."""
    rows: QuerySet[Submission] = file.submissions.select_related("claim__patient", "claim_payer__payer")
    return rows.order_by("claim__patient__last_name", "claim__control_number")


def patients_in(file: OutgoingFile) -> set[UUID]:
    """Whose claims or questions a file holds."""
    asked = Inquiry.objects.filter(file__interchange=file.interchange).values_list("patient", flat=True)
    return {*file.submissions.values_list("claim__patient", flat=True), *asked}


def heard(file: OutgoingFile, most: int = 50) -> list[Acknowledgement]:
    """What the receiver said of the file as a whole: once a file, not once a claim."""
    rows = Acknowledgement.objects.filter(submission__sent_in=file, level__in=_OF_FILE)
    found: dict[tuple[Any, int], Acknowledgement] = {}
    for row in rows.select_related("file").order_by("created_at", "part")[: most * 20]:
        found.setdefault((row.file_id, row.position), row)
    return list(found.values())[:most]


def last_run(user: User) -> Job | None:
    """The newest run of this person's sites, of all of them and more, or of the clock; what another site sent is not
    theirs."""
    mine = {str(site) for site in user.site_ids()}
    jobs = Job.objects.visible_to(user).filter(kind=BATCHES).order_by("-created_at")[:LOOKED_AT]
    return next((job for job in jobs if _is_of(job, mine)), None)


def _is_of(job: Job, mine: set[str]) -> bool:
    its = set(job.args.get("sites", ()))
    return its <= mine or bool(mine and mine <= its)


def is_under_way(sites: Collection[UUID]) -> bool:
    """Whether a run somebody pressed for looks at all these sites; the morning's leaves most claims to a person."""
    mine = {str(site) for site in sites}
    running = Job.objects.filter(kind=BATCHES, state__in=(State.QUEUED, State.RUNNING))
    return any(mine <= set(job.args.get("sites", ())) for job in running)


def held_back(job: Job | None, user: User) -> list[HeldBack]:
    """What the run left, as far as this person may see it."""
    if job is None or job.state != State.DONE:
        return []
    said = (job.outcome or {}).get("held", [])
    claims = Claim.objects.visible_to(user).select_related("patient").in_bulk([UUID(one["claim"]) for one in said])
    return [
        HeldBack(claims[UUID(one["claim"])], one["rank"], one["edit"]) for one in said if UUID(one["claim"]) in claims
    ]


def mailboxes() -> QuerySet[Mailbox]:
    """By name, each with its last look."""
    return Mailbox.objects.select_related("look").order_by("name")
