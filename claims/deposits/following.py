"""A remittance that was posted is tied to the deposit that waits for it."""

from __future__ import annotations

from claims.deposits.actions import tie_what_fits
from claims.models import Remittance
from cob.audit.acting import acting
from cob.audit.models import Event
from cob.audit.subscribers import subscribe

AUTHOR = "deposits"


@subscribe("remittance posted")
def tie_new(events: list[Event]) -> None:
    """Each site once; where no deposit waits it costs one question."""
    ids = {event.subject_id for event in events if event.subject_id}
    sites = set(Remittance.objects.filter(pk__in=ids, site__isnull=False).values_list("site", flat=True))
    with acting(AUTHOR, request_id=events[0].request_id):
        for site in sites:
            tie_what_fits(site)
