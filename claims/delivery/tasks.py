"""The kinds of job: deliver and fetch, and make the batches of the day."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from claims.delivery.batching import Made, make_batches
from claims.delivery.fetching import fetch_all
from claims.delivery.models import Mailbox
from claims.delivery.sending import deliver_due
from cob.audit.acting import person
from cob.jobs.kinds import job_kind
from cob.jobs.progress import Progress

MAIL, BATCHES = "delivery.mail", "delivery.make_batches"
MOST_NAMED = 200


@job_kind(MAIL, title="Deliver files and fetch answers", quiet=True)
def mail(_args: dict[str, Any], progress: Progress) -> dict[str, Any] | None:
    """Every two minutes; forgotten when there was nothing. What goes wrong is on the file or the mailbox."""
    sent = deliver_due(progress)
    looked = fetch_all()
    counts = {**sent, "fetched": looked.fetched, "mailboxes_not_reached": looked.failed}
    return counts if any(counts.values()) else None


@job_kind(BATCHES, title="Send claims in batches")
def batches(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """`sites`: ids of sites, by a person's press. Without it the morning's run, which sends only where a mailbox says
    that it does so by itself."""
    if "sites" not in args and not Mailbox.objects.filter(is_active=True, sends_by_itself=True).exists():
        return {"sent": 0, "because": "no mailbox sends by itself"}
    sites = [UUID(one) for one in args["sites"]] if "sites" in args else None
    return outcome_of(make_batches(sites, by=person(), progress=progress, by_itself=sites is None))


def outcome_of(made: Made) -> dict[str, Any]:
    """Counts and ids of rows, never names."""
    held = [{"claim": str(one.claim), "rank": one.rank, "edit": one.edit} for one in made.held[:MOST_NAMED]]
    return {
        "sent": made.sent,
        "files": [file.interchange for file in made.files],
        "held_back": len(made.held),
        "overtaken": made.overtaken,
        "held": held,
    }
