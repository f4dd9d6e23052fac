"""What a payer said of each of our lines, however it cut the claim: services split or merged, amounts for the whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from claims import ledger
from claims.claim_level import share_out
from claims.exchange.pages import Page
from claims.exchange.places import Place
from claims.ledger import Answer, LineKey, Posted
from claims.matching import tie_lines
from claims.models import Line
from claims.reasons import FEE_SCHEDULE, QMB
from cob.cents import dollars
from cob.x12.t835 import Claim835, Line835

_MOST_REMARKS = 20


def per_line(
    page: Page, said: Claim835, tied: Sequence[Line | None], place: Place, before: Iterable[Posted]
) -> dict[LineKey, Answer]:
    """What was said of each of our lines, claim-level amounts shared out: what repeats the answers `before` it on the
    lines where those stand, the rest by what is left."""
    settled = ledger.settled_by_line(before) if said.adjustments else {}
    if place.rank == 1:
        place.exceptions += _written_off_whole(said)
    if not said.lines:
        if said.charge_cents != page.claim.charge_cents:
            place.exceptions.append("The charge differs from ours and no lines were sent: posted to the claim.")
            return {None: Answer(said.paid_cents, said.adjustments, said.remark_codes)}
        whole: dict[LineKey, Answer] = {
            line.pk: Answer(line.charge_cents, (), said.remark_codes) for line in page.lines
        }
        return share_out(said.adjustments, whole, page.charges, settled)
    merged: dict[LineKey, Answer] = {}
    for line, answered in zip(tied, said.lines, strict=True):
        key = line.pk if line else None
        if line is None:
            place.exceptions.append(
                f"Service {answered.procedure.code} (segment {answered.segment_no}, SVC) is not on our claim."
            )
        merged[key] = _add(merged.get(key), answered, said.remark_codes)
    place.exceptions += _other_charges(tied, said)
    return share_out(said.adjustments, merged, page.charges, settled)


def moved_on(page: Page, key: LineKey, rows: Iterable[Posted]) -> int:
    """What the answers these rows of a line come from left to the next payer under OA-209. No row says it, so that they
    are read again."""
    answers = {row.answer for row in rows}
    cents = 0
    for said in (told.said for told in page.told if told.row.pk in answers):
        found = per_line(page, said, tie_lines(page.lines, said.lines), Place(None, 0), ()).get(key, Answer(0))
        cents += sum(a.amount_cents for a in found.adjustments if a.reason == QMB)
    return cents


def _other_charges(tied: Sequence[Line | None], said: Claim835) -> list[str]:
    """Where the services a payer answered for a line come to another charge than ours: then what it paid, cut and left
    to the patient cannot add up to the line."""
    charged: dict[Line, int] = {}
    for line, answered in zip(tied, said.lines, strict=True):
        if line is not None:
            charged[line] = charged.get(line, 0) + answered.charge_cents
    return [
        f"Line {line.number}: the payer answers a charge of {dollars(cents)}, ours is {dollars(line.charge_cents)}; "
        "find out which is right."
        for line, cents in charged.items()
        if cents != line.charge_cents
    ]


def _written_off_whole(said: Claim835) -> list[str]:
    """A fee schedule leaves part of a charge: where it takes all of it nobody was paid, nothing was refused, and nobody
    would ask again. Services reported for a cent are paid nothing by anybody."""
    parts = [(f"Service {line.procedure.code}", line.charge_cents, line.adjustments) for line in said.lines]
    return [
        f"{what}: {reduced.group}-{FEE_SCHEDULE} takes the whole charge of {dollars(charge)}, which no fee "
        "schedule does; ask the payer what it means."
        for what, charge, reductions in [*parts, ("The claim", said.charge_cents, said.adjustments)]
        for reduced in reductions
        if reduced.reason == FEE_SCHEDULE and 1 < charge == reduced.amount_cents
    ]


def _add(so_far: Answer | None, line: Line835, remarks: tuple[str, ...]) -> Answer:
    """One more service for a line: payers split lines, and their answers add up."""
    both = so_far or Answer(0, (), remarks)
    codes = tuple(dict.fromkeys((*both.remarks, *line.remark_codes)))[:_MOST_REMARKS]
    return Answer(both.paid_cents + line.paid_cents, (*both.adjustments, *line.adjustments), codes)
