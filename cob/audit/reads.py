"""Looking at a patient is an event too: one call in each view that shows one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from cob.audit.models import record


def record_view(what: str, patients: Iterable[uuid.UUID | None], *, site_id: uuid.UUID | None = None) -> None:
    """Put "saw" on the trail with the patients shown; `what` names the page ("patient page", "queue").

    Nobody shown: no event.
    """
    seen = {patient for patient in patients if patient}
    if seen:
        record("saw", what, patients=seen, site_id=site_id)
