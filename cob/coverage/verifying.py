"""A payer's word on the order, put on file; what follows from it for the coverage and for a dispute follows at once."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cob.accounts.models import User
from cob.audit.acting import doing
from cob.coverage.agreement import Standing, place_in, standing_of
from cob.coverage.cases import CaseOnFile, case_for
from cob.coverage.deciding import current, determine, one_at_a_time, without_dispute
from cob.coverage.facts import tell_fact
from cob.coverage.models import Coverage, Determination, Method, Says, Verification
from cob.patients.models import Patient

DISPUTE = "claim.plans_disagree_since"


class BadVerification(ValueError):
    """A payer's word that cannot be kept; `field` names what is missing or wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def record_verification(*, coverage: Coverage, by: User | None, read: UUID | None = None, **said: Any) -> Verification:
    """Keep what the coverage's payer said. `said` are the columns of `Verification`; `read` is the determination that
    was on the screen. The same word sent twice is kept once. Raises BadVerification.

    When the payer says the coverage is in force it is verified as of that day; when payers disagree and each has had
    all it needs, that is on file as a fact, from which the thirty days of a dispute run.
    """
    row = Verification(patient=coverage.patient, coverage=coverage, recorded_by=by, **said)
    with transaction.atomic():
        one_at_a_time(row.patient)
        determination = current(coverage.patient, row.first_day)
        _refuse_unread(row, determination, read)
        _complete(row, determination)
        _refuse_incomplete(row)
        _refuse_contradiction(row, determination)
        if (before := _said_already(row)) is not None:
            return before
        with doing("payer answered"):
            row.save()
        _verify(row, by)
        _note_dispute(row, by)
    return row


def last_said(patient: Patient, day: date) -> dict[str, Verification]:
    """What each payer said last of a day, by coverage id."""
    rows = patient.verifications.about(day).select_related("coverage__payer", "primary__payer", "recorded_by")
    return {str(row.coverage_id): row for row in rows.order_by("recorded_at", "pk")}


def standing_on(patient: Patient, day: date, determination: Determination | None = None) -> Standing:
    """All payers of a day against the determination that counts for it."""
    found = determination or current(patient, day)
    return standing_of(last_said(patient, day), found.verdict if found else None)


def _refuse_unread(row: Verification, determination: Determination | None, read: UUID | None) -> None:
    """A payer can only agree with the order it was read."""
    is_new = read is not None and determination is not None and determination.pk != read
    if is_new and row.says == Says.AGREES and row.own_position is None:
        raise BadVerification(
            "own_position",
            "Another order was put on file since this form was opened. Say which place the payer shows for itself.",
        )


def _said_already(row: Verification) -> Verification | None:
    """The last word on this coverage, when it is this very one."""
    last: Verification | None = row.coverage.verifications.order_by("recorded_at", "pk").last()
    return last if last is not None and _words(last) == _words(row) else None


def _words(row: Verification) -> list[Any]:
    own = ("id", "recorded_at")
    return [getattr(row, item.attname) for item in row._meta.concrete_fields if item.name not in own]


def _complete(row: Verification, determination: Determination | None) -> None:
    """A payer that agrees without naming a place agrees with the one we read to it; that is what it said."""
    if row.says != Says.AGREES or row.own_position is not None:
        return
    verdict = determination.verdict if determination is not None and determination.is_settled else None
    row.own_position = place_in(verdict, str(row.coverage_id))
    if row.own_position is None:
        raise BadVerification(
            "own_position", "No order with this payer is on file for that day. Say which place the payer shows."
        )


def _refuse_incomplete(row: Verification) -> None:
    shows = row.own_position is not None or row.primary_id is not None or bool(row.primary_named)
    problems = {
        "last_day": row.last_day is not None and row.last_day < row.first_day and "This is before the first day.",
        "said_on": row.said_on > timezone.localdate() and "This day has not come. Give the day the payer said it.",
        "reference": row.method != Method.LETTER and not row.reference and _REFERENCE[Method(row.method)],
        "spoken_with": row.method == Method.CALL and not row.spoken_with and "Write who answered the call.",
        "says": row.says == Says.NOT_KNOWN
        and shows
        and "A payer that shows an order knows of one. Choose another answer, or leave the order empty.",
        "own_position": row.says == Says.DISAGREES
        and not shows
        and row.is_active is not False
        and "Say what the payer shows instead: its own place, or whom it shows as primary.",
        "has_all_since": row.has_all_since is not None
        and row.has_all_since > row.said_on
        and "This is after the day the payer said it.",
    }
    for name, message in problems.items():
        if message:
            raise BadVerification(name, message)


_REFERENCE = {
    Method.CALL: "Write the reference number of the call, so that somebody else can ask for it.",
    Method.PORTAL: "Write the portal’s confirmation or trace number.",
    Method.ELIGIBILITY: "Write the trace number of the answer (TRN).",
    Method.LETTER: "",
}


def _refuse_contradiction(row: Verification, determination: Determination | None) -> None:
    """What was ticked and what was written must be one answer."""
    itself = row.primary_id == row.coverage_id and row.primary_id is not None
    if row.primary_id is not None and row.primary_named:
        raise BadVerification("primary_named", "Choose the primary from the list or write its name, not both.")
    if row.own_position == 1 and (row.primary_named or (row.primary_id and not itself)):
        raise BadVerification("primary", "The payer shows itself first and another as primary. Check what it said.")
    if row.own_position not in (None, 1) and itself:
        raise BadVerification("own_position", "The payer shows itself as primary: that is place 1.")
    if row.primary_id is not None and not row.patient.coverages.filter(pk=row.primary_id).exists():
        raise BadVerification("primary", "Choose one of this patient’s coverages.")
    if determination is None or not determination.is_settled or row.says == Says.NOT_KNOWN:
        return
    key = str(row.coverage_id)
    agrees = standing_of({key: row}, determination.verdict).stands[key] == "agrees"
    if agrees != (row.says == Says.AGREES):
        said = "is our order" if agrees else "is not our order"
        raise BadVerification("says", f"What the payer shows {said} of that day. Choose the answer that fits.")


def _verify(row: Verification, by: User | None) -> None:
    """The same word also confirms that the coverage is in force. One about days long past says nothing of today's
    cover, and an older word does not replace a newer one.
    """
    coverage = row.coverage
    is_of_the_past = row.last_day is not None and row.last_day < row.said_on
    if row.is_active is not True or is_of_the_past or (coverage.verified_on and coverage.verified_on > row.said_on):
        return
    coverage.verified_on, coverage.verified_by = row.said_on, by
    coverage.verified_how = how_said(row)[:80]
    with doing("verified"):
        coverage.save(update_fields=["verified_on", "verified_by", "verified_how"])


def how_said(row: Verification) -> str:
    """The way and the reference in one line."""
    return ", ".join(filter(None, [row.get_method_display(), row.reference])) or row.get_method_display()


def _note_dispute(row: Verification, by: User | None) -> None:
    """Plans that disagree with everything in hand: since when is a fact of that day; it ends when they agree."""
    patient, day = row.patient, row.first_day
    since = standing_on(patient, day).disagree_since
    held = patient.facts.filter(path=DISPUTE, true_from=day).order_by("told_at").last()
    was = held.value if held else None
    value = since.isoformat() if since else "never" if was not in (None, "never") else None
    if value is None or value == was:
        return
    tell_fact(
        patient=patient,
        path=DISPUTE,
        value=value,
        told_by=str(row.coverage.payer),
        told_how=how_said(row)[:80],
        true_from=day,
        by=by,
    )
    _carry(patient, day, by)


def _carry(patient: Patient, day: date, by: User | None) -> None:
    """The verdict by the rules carries the dispute from now on; what else has changed is for somebody to look at."""
    before = current(patient, day)
    if before is None or before.decided_how == "person":
        return
    now = case_for(patient, day)
    if isinstance(now, CaseOnFile) and without_dispute(now.case) == without_dispute(before.case):
        determine(patient=patient, service_on=day, by=by)
