"""What a person makes of an offer: put on file, refused, to be asked, or kept as the payer's word. Each by that person,
told by the payer, how: 271. Of two people at once one wins, and the other is told who did.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction

from cob.accounts.models import User
from cob.audit.acting import doing
from cob.coverage import actions
from cob.coverage.agreement import Stand, standing_of
from cob.coverage.deciding import current, one_at_a_time
from cob.coverage.eligibility.offers import QMB, Offer, in_force_as_of
from cob.coverage.models import Coverage, Method, OfferReply, Reply, Says, Verification
from cob.x12.hints271 import Hint

HOW: Final = "271"
METHOD: Final = "Eligibility answer (271)"


class AlreadyReplied(ValueError):
    """Somebody was quicker; `str()` says who and what."""


class NothingToPut(ValueError):
    """This offer is put on file through a form, not by a button."""


@dataclass(slots=True)
class _Shown:
    """A payer's word before it is a row, as `agreement` reads it."""

    own_position: int | None
    primary_id: Any
    primary_named: str
    says: str = Says.AGREES
    is_active: bool | None = None
    has_all_since: date | None = None


def put_on_file(*, offer: Offer, by: User, coverage: Coverage | None = None) -> OfferReply:
    """What the offer tells becomes what the existing verbs make of it; `coverage` is one a form has put on file of it.

    Raises AlreadyReplied, NothingToPut, BadFact.
    """
    with transaction.atomic():
        _refuse_second(offer, (Reply.ON_FILE, Reply.NOT_SO))
        if coverage is None:
            _write(offer, by)
        return _keep(offer, Reply.ON_FILE, by, put_on_file=coverage)


def not_so(*, offer: Offer, by: User) -> OfferReply:
    """The payer is wrong about it. What it shows of the order can still be kept as its word."""
    with transaction.atomic():
        _refuse_second(offer, (Reply.ON_FILE, Reply.NOT_SO))
        return _keep(offer, Reply.NOT_SO, by)


def ask_patient(*, offer: Offer, by: User) -> OfferReply:
    """Nobody here knows: it stays open with who wants it asked."""
    with transaction.atomic():
        return _keep(offer, Reply.ASK, by)


def keep_word(*, offer: Offer, by: User) -> OfferReply:
    """The order the payer shows goes on file as its word, for the day asked about; disagreement is work from then on.

    Raises AlreadyReplied, BadVerification.
    """
    with transaction.atomic():
        _refuse_second(offer, (Reply.WORD,))
        row = _verification(offer, by)
        return _keep(offer, Reply.WORD, by, verification=row)


def _refuse_second(offer: Offer, settled: tuple[Reply, ...]) -> None:
    one_at_a_time(offer.coverage.patient)
    rows = OfferReply.objects.filter(coverage=offer.coverage, key=offer.key, reply__in=settled)
    if before := rows.select_related("by").first():
        raise AlreadyReplied(f"{before.by} was quicker: {before.get_reply_display().lower()}.")


def _keep(offer: Offer, reply: Reply, by: User, **made: Any) -> OfferReply:
    with doing("answered offer"):
        row: OfferReply = OfferReply.objects.create(
            patient=offer.coverage.patient,
            coverage=offer.coverage,
            answer=offer.answer,
            key=offer.key,
            reply=reply,
            by=by,
            **made,
        )
    return row


def _write(offer: Offer, by: User) -> None:
    said, coverage, answer = offer.said, offer.coverage, offer.answer
    told: dict[str, Any] = {"told_by": offer.payer[:80], "told_how": HOW, "by": by}
    match said.hint:
        case Hint.ACTIVE:
            reference, on = answer.trace or f"answer of {answer.answered_on:%m/%d/%Y}", in_force_as_of(answer)
            if coverage.verified_on is None or coverage.verified_on <= on:
                actions.verify_coverage(coverage=coverage, method=METHOD, reference=reference, by=by, on=on)
        case Hint.INACTIVE if answer.inactive_since and answer.inactive_since < answer.service_on:
            actions.end_coverage(coverage=coverage, last_day=answer.inactive_since - timedelta(days=1), **told)
        case Hint.COBRA:
            path = f"coverages.{coverage.pk}.continuation"
            actions.tell_fact(patient=coverage.patient, path=path, value="cobra", true_from=said.starts_on, **told)
        case Hint.QMB:
            _tell_qmb(offer, told)
        case _:
            raise NothingToPut("This is put on file through the form of a coverage.")


def _tell_qmb(offer: Offer, told: dict[str, Any]) -> None:
    """True from its first day; after a last day that is past it is not, unless another stretch is on file by then. An
    end still to come is left to the answer that confirms it: until then nobody is billed."""
    said, patient = offer.said, offer.coverage.patient
    actions.tell_fact(patient=patient, path=QMB, value=True, true_from=said.starts_on, **told)
    if said.ends_on is None or said.ends_on >= offer.answer.answered_on:
        return
    after = said.ends_on + timedelta(days=1)
    held = patient.facts.as_of(after).get(QMB)
    if held is None or (held.true_from or date.min) <= (said.starts_on or date.min):
        actions.tell_fact(patient=patient, path=QMB, value=False, true_from=after, **told)


def _verification(offer: Offer, by: User) -> Verification:
    said, coverage, day = offer.said, offer.coverage, offer.answer.service_on
    is_first = said.place == 1
    own = offer.own_position
    primary = offer.match if is_first else coverage if own == 1 else None
    named = "" if primary or not is_first else (offer.other or "A payer it does not name")[:80]
    shown = _Shown(own, primary.pk if primary else None, named)
    found = current(coverage.patient, day)
    says = Says.AGREES if own is not None else Says.DISAGREES
    if found is not None and found.is_settled:
        key = str(coverage.pk)
        agrees = standing_of({key: shown}, found.verdict).stands[key] is Stand.AGREES
        says = Says.AGREES if agrees else Says.DISAGREES
    return actions.record_verification(
        coverage=coverage,
        by=by,
        first_day=day,
        last_day=said.ends_on if said.ends_on and said.ends_on >= day else None,
        says=says,
        own_position=own,
        primary_id=primary.pk if primary else None,
        primary_named=named,
        shown_since=said.starts_on,
        shown_source=f"{said.code}, segment {said.segment_no}"[:120],
        method=Method.ELIGIBILITY,
        reference=(offer.answer.trace or f"answer of {offer.answer.answered_on:%m/%d/%Y}")[:60],
        said_on=offer.answer.answered_on,
    )
