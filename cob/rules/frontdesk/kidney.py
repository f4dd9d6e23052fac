"""The kidney clock counted from the dates on file, for the months around its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from cob.dates import first_day, month_of, parse_month
from cob.rules.frontdesk.flag import Place, Sign, flag, said
from cob.rules.frontdesk.leads import lead
from cob.rules.frontdesk.picture import GROUP, Picture, day
from cob.rules.parameters import law

_DATED: Final = ("first_dialysis", "transplant", "new_period_from", "self_training_start", "dialysis_end")


def clock_start(picture: Picture) -> int | None:
    """The first month of the clock; None when no date says. A month of entitlement alone can only be too late."""
    dates = {name: day(picture.fact(f"medicare.esrd.{name}")) for name in (*_DATED, "preop_admission")}
    again = dates["new_period_from"]
    if again is not None and month_of(again) <= month_of(picture.today):
        return month_of(again)
    starts = [month for month in (_by_dialysis(dates), _by_transplant(dates)) if month is not None]
    held = picture.fact("medicare.basis.esrd")
    return min(starts) if starts else parse_month(held) if held else None


def _by_dialysis(dates: dict[str, date | None]) -> int | None:
    """The third month after the month dialysis began; that month itself with home training begun meanwhile."""
    dialysis, training = dates["first_dialysis"], dates["self_training_start"]
    if dialysis is None:
        return None
    waited = month_of(dialysis) + law("msp.kidney.waiting", dialysis)
    return month_of(dialysis) if training and month_of(training) < waited else waited


def _by_transplant(dates: dict[str, date | None]) -> int | None:
    """The month of the transplant, or up to two months earlier by the admission before it."""
    transplant, admitted = dates["transplant"], dates["preop_admission"]
    if transplant is None:
        return None
    month, gap = month_of(transplant), law("msp.kidney.admission", transplant)
    if admitted is None or admitted > transplant:
        return month
    return month_of(admitted) if month <= month_of(admitted) + gap else month - gap


def has_ended(picture: Picture) -> bool:
    """Kidney Medicare is over: long enough after the transplant, and after dialysis stopped. In a new spell what
    happened in the spell before it ends nothing.
    """
    again = day(picture.fact("medicare.esrd.new_period_from"))
    spell = month_of(again) if again is not None and month_of(again) <= month_of(picture.today) else 0
    ends = []
    for name, length in (("transplant", "msp.kidney.after_transplant"), ("dialysis_end", "msp.kidney.after_dialysis")):
        happened = day(picture.fact(f"medicare.esrd.{name}"))
        if happened is not None and month_of(happened) >= spell:
            ends.append(month_of(happened) + law(length, happened))
    return ends != [] and month_of(picture.today) > max(ends)


def has_kidney_failure(picture: Picture) -> bool:
    """Held as the reason for Medicare, or dated."""
    basis = picture.fact("medicare.basis") or {}
    return "esrd" in basis or any(day(picture.fact(f"medicare.esrd.{name}")) for name in _DATED)


@flag(
    "ESRD-30", "Kidney failure", "42 CFR 411.162", queue="WQ11",
    gone="The kidney months are past, or no job plan is left.",
)  # fmt: skip
def kidney_month(picture: Picture) -> Iterator[Sign]:
    """For thirty kidney months a job plan of any size pays before Medicare; with month 31 the order turns round."""
    if not has_kidney_failure(picture) or has_ended(picture) or not picture.of(GROUP):
        return
    start = clock_start(picture)
    if start is None:
        yield _undated()
        return
    month = month_of(picture.today) - start + 1
    if lead("kidney_first") <= month <= lead("kidney_last"):
        yield _announced(picture, start, month)


def _undated() -> Sign:
    return Sign(
        saw="Medicare for kidney failure, and no date of dialysis or transplant is on file.",
        do="Ask when dialysis began, whether there was home training or a transplant, and when; payer order needs it.",
        place=Place.MEDICARE,
        is_work=False,
    )


def _announced(picture: Picture, start: int, month: int) -> Sign:
    length = law("msp.kidney.months", picture.today)
    turns = first_day(start + length)
    is_over = month > length
    by_entitlement = not any(day(picture.fact(f"medicare.esrd.{name}")) for name in _DATED)
    return Sign(
        saw=f"Kidney month {month} of {length}; Medicare pays first {'since' if is_over else 'from'} {said(turns)}.",
        do=(
            "Settle the order again, bill Medicare first from that day, and tell the job plan."
            if is_over
            else "Check the dialysis and transplant dates, and settle the order for visits from that day on."
        ),
        place=Place.MEDICARE,
        tone="bad" if is_over and picture.needs_order else "warn",
        on=turns,
        by=turns,
        is_unconfirmed=by_entitlement,
    )
