"""What a job's end or pause does to a plan: COBRA and its months, retirement, leave, two plans of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from cob.dates import ONE_DAY, add_months
from cob.rules.frontdesk.flag import Place, Sign, flag, said
from cob.rules.frontdesk.leads import lead
from cob.rules.frontdesk.picture import COMMERCIAL, GROUP, Card, Picture, day

INACTIVE: Final = {
    "retired": "retired", "laid_off": "laid off", "survivor": "a survivor’s plan", "on_leave_job_held": "on leave",
    "furlough": "furloughed", "disability_pay": "on disability pay", "terminated": "job ended",
    "severance": "on severance", "deceased": "employee deceased",
}  # fmt: skip


def continued_since(card: Card) -> date | None:
    """The first day of the continuation: as told with it, the day after the job's last, or the coverage's own start."""
    last = day(card.fact("employment.last_day"))
    return card.continuation_told_from or (last + ONE_DAY if last else None) or card.begins


@flag(
    "COBRA-18", "COBRA month 18", "29 USC 1162(2)(A)", queue="WQ11", is_unconfirmed=True,
    gone="The plan’s last day is on file, or COBRA has ended.",
)  # fmt: skip
def cobra_month_18(picture: Picture) -> Iterator[Sign]:
    """COBRA after a job lasts 18 months; 29 or 36 in some cases (unconfirmed). Then another plan must be on file."""
    for card in picture.cards:
        since = continued_since(card)
        is_cobra = card.fact("continuation") == "cobra" and card.ends is None and card.is_in_force(picture.today)
        if not is_cobra or since is None:
            continue
        ends = add_months(since, lead("cobra_months"))
        if picture.today >= ends - timedelta(days=lead("cobra")):
            yield _cobra_ends(card, since, ends, picture.today)


def _cobra_ends(card: Card, since: date, ends: date, today: date) -> Sign:
    is_over = today >= ends
    return Sign(
        saw=f"COBRA with {card.payer} since {said(since)}; 18 months {'were over' if is_over else 'are over'} on "
        f"{said(ends)}.",
        do=(
            "Verify with the plan that it still pays and until when (29 or 36 months after a disability, death or "
            "divorce: unconfirmed), enter the last day, and ask what follows."
        ),
        place=Place.COVERAGE,
        tone="bad" if is_over else "warn",
        on=ends,
        by=ends,
        about=card.id,
    )


@flag("JOB-INACTIVE", "COBRA, retiree or leave", "MDL-120 §6.D(3)–(4)")
def not_at_work(picture: Picture) -> Iterator[Sign]:
    """A plan that rests on a job no longer done waits behind one that rests on a job; for Medicare likewise."""
    if not picture.needs_order:
        return
    for card in picture.of(GROUP):
        why = _inactive(card)
        if why:
            yield Sign(
                saw=f"{card.payer}: {why}, beside another plan.",
                do="Confirm the standing with the employer, then settle the order.",
                place=Place.ASK,
                by=picture.before_visit,
                about=card.id,
            )


def _inactive(card: Card) -> str:
    if card.is_continuation:
        return "COBRA or other continuation"
    return INACTIVE.get(card.fact("work_status"), "") or INACTIVE.get(card.fact("employment.status"), "")


@flag("TWO-SELF", "Two plans of one’s own", "MDL-120 §6.D(3), (5)")
def two_own_plans(picture: Picture) -> Iterator[Sign]:
    """Two plans in the patient’s own name: the active job’s goes first, then the longer coverage; hours never count."""
    own = [card for card in picture.of(COMMERCIAL) if card.relationship == "self"]
    if len(own) < 2 or not picture.needs_order:
        return
    yield Sign(
        saw=f"{' and '.join(card.payer for card in own)} are both in the patient’s own name.",
        do="Ask whether each rests on a job done now, and since when each has covered the patient without a gap.",
        place=Place.ASK,
        by=picture.before_visit,
    )
