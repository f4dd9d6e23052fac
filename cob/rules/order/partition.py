"""What the law can tell two cases apart by. Cases of one partition have one verdict, names of people and cards aside.

Names become places in the case's own listing, labels of payers go, and a date leaves only what a rule may ask of it:
in force or not, which of two is earlier, how many months ago. A fact is left out only where no rule that could be
reached reads it; where something unknown would be tried against a date, the date itself stays. Exact first, few second.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, timedelta
from functools import cache
from typing import Any, Final, NamedTuple

from cob.dates import add_months, month_of, parse_month
from cob.rules.order.accidents import PAYS_FOR
from cob.rules.order.employment import JOB_HELD
from cob.rules.order.general import NOT_PLANS
from cob.rules.order.plan import COMMERCIAL, GROUP
from cob.rules.order.ranks import among_themselves, years_old
from cob.rules.parameters import law, parameters

Raw = dict[Any, Any]
Part = Any  # a part of a key: a word, a number, a truth, or a tuple of them
NOTHING: Final[Raw] = {}
OUT, IN, OPEN_ENDED, END_UNKNOWN, START_UNKNOWN = 0, 1, 2, 3, 10
KIDNEY_DATES: Final = (
    "first_dialysis", "self_training_start", "transplant", "preop_admission", "dialysis_end", "new_period_from",
)  # fmt: skip


class Day(NamedTuple):
    """The day of service and what the law says on it, worked out once a day."""

    text: str
    day: date
    month: int
    version: int
    numbers: dict[str, int]


_VERSIONS: dict[tuple[int, ...], int] = {}


@cache
def day_of_service(text: str) -> Day:
    """Every number of the law on a day; days with the same numbers have the same version."""
    day = date.fromisoformat(text)
    numbers = {name: law(name, day) for name in parameters()}
    return Day(text, day, month_of(day), _VERSIONS.setdefault(tuple(numbers.values()), len(_VERSIONS)), numbers)


def partition(case: Raw) -> Hashable:
    """The key of a case: equal keys, equal verdicts."""
    on = day_of_service(case["claim"]["dos"])
    options, medicare, cards = case.get("options"), case.get("medicare"), case["coverages"]
    place = {name: at for at, name in enumerate(case["people"])}
    counts_last = not options or options.get("term_date_is_last_day", True)
    how = [standing(card, on.text, counts_last) for card in cards]
    live = [card for card, stands in zip(cards, how, strict=True) if stands and card["kind"] in COMMERCIAL]
    kidney = medicare is not None and _kidney_possible(medicare)
    return (
        on.version,
        place[case["patient"]],
        repr(options) if options else None,
        None if medicare is None else _medicare(case, medicare, on, kidney=kidney),
        among_themselves(case, live, place, on) if live else None,
        _by_kind(case, {card["kind"] for card in cards}, on),
        *[
            _card(card, stands, cards, place, None if medicare is None else on, kidney=kidney)
            for card, stands in zip(cards, how, strict=True)
        ],
    )


def standing(card: Raw, day: str, counts_last: bool) -> int:
    """Whether a card counts on the day of service, or what of that is unknown."""
    kind = card["kind"]
    if card.get("enrolled") is False:
        return OUT
    if kind == "medicare":
        return IN
    last, start = card.get("last_covered_day"), card.get("effective")
    if kind in NOT_PLANS:
        return OUT if (start is not None and start > day) or (last is not None and last < day) else IN
    if last is not None and (last < day or (last == day and not counts_last)):
        return OUT
    if start is not None and start > day:
        return OUT
    end = IN if last is not None else OPEN_ENDED if "last_covered_day" in card else END_UNKNOWN
    return end if start is not None else START_UNKNOWN + end


def _card(
    card: Raw, stands: int, cards: list[Raw], place: dict[Any, int], medicare_on: Day | None, *, kidney: bool
) -> Part:
    """One card: what it is, how it stands, whose it is and, where Medicare asks, from which job."""
    kind = card["kind"]
    if not stands:
        return kind
    tied = (_tied_to(card, cards)) if "carve_out_of" in card or "supplements" in card else None
    if kind not in COMMERCIAL:
        return (kind, stands, tied)
    tribal = card.get("tribal") if kind == "tribal_self_funded" else None
    return (
        kind,
        stands,
        tied,
        place.get(card.get("subscriber")),
        card.get("relationship"),
        card.get("continuation"),
        _job(card, medicare_on, kidney=kidney) if medicare_on is not None and kind in GROUP else None,
        (tribal.get("last_resort"), tribal.get("ihs_may_bill")) if tribal else None,
    )


def _tied_to(card: Raw, cards: list[Raw]) -> Part:
    ids = [other["id"] for other in cards]
    part, base = card.get("carve_out_of"), card.get("supplements")
    return None if part is None else ids.index(part), None if base is None else ids.index(base)


def _job(card: Raw, on: Day, *, kidney: bool) -> Part:
    """The subscriber's employment and the size of the employer, as far as Medicare asks."""
    job, employer = card.get("employment") or NOTHING, card.get("employer") or NOTHING
    status, last = job.get("status"), job.get("last_day")
    size = employer.get("size")
    finer = _counts(employer, on) if len(employer) > (size is not None) else None
    return (
        status,
        None if last is None else last if last == "never" else _last_day(last, on, kidney=kidney),
        None if status is None or status == "working" or status == "retired" else _standing_at_work(job, status, on),
        size,
        finer,
        card.get("paid_after_medicare_before_esrd") if kidney else None,
    )


def _counts(employer: Raw, on: Day) -> Part:
    week: Any = employer.get("twentieth_week_ends")
    if week is not None and week != "never":
        year = int(week[:4]) - on.day.year
        week = (week <= on.text) if year == 0 else "last year" if year == -1 else "another year"
    return (
        week,
        employer.get("meets_20_this_year"),
        employer.get("meets_20_last_year"),
        employer.get("meets_100_last_year"),
        employer.get("largest_member"),
        employer.get("small_employer_exception"),
    )


def _last_day(last: str, on: Day, *, kidney: bool) -> Part:
    """Before the visit or not; the kidney rules also ask about the eve of a month."""
    if not kidney:
        return on.text <= last
    day = date.fromisoformat(last)
    return on.text <= last, month_of(day) - on.month, (day + timedelta(days=1)).day == 1


def _standing_at_work(job: Raw, status: str, on: Day) -> Part:
    """The one further fact that decides for this status."""
    if status in JOB_HELD:
        return job.get("on_ssdi")
    if status == "rehired_retiree":
        return job.get("rehired_qualifies")
    if status in ("self_employed", "director"):
        net = job.get("prior_year_net_cents")
        return None if net is None else net >= on.numbers["msp.self_employed.cents"]
    started = job.get("disability_pay_start") if status == "disability_pay" else None
    if started is None or started == "never":
        return started
    begun = date.fromisoformat(started)
    return begun <= on.day < add_months(begun, on.numbers["msp.disability_pay.months"])


def _medicare(case: Raw, medicare: Raw, on: Day, *, kidney: bool) -> Part:
    """Which parts are in force, why the patient has them, and what that has to do with age."""
    born = case["people"][case["patient"]].get("birth_date")
    aged: int | None = None
    if born is not None:
        years = on.numbers["msp.aged.years"]
        aged = (int(born[:4]) + years) * 12 + int(born[5:7]) - 1 - (born[8:] == "01") - on.month
    award = medicare.get("retro_award_date")
    return (
        case["claim"].get("service") or "professional",
        _part(medicare, "part_a", on.text),
        _part(medicare, "part_b", on.text),
        medicare.get("premium_free_part_a"),
        _kidney_months(medicare, aged, on) if kidney else _bases(medicare["basis"], aged, on),
        award if award is None or award == "never" else on.text < award,
    )


def _part(medicare: Raw, name: str, day: str) -> Part:
    """In force, not in force, or what of that is unknown."""
    if name not in medicare:
        return None
    part = medicare[name]
    if part is None:
        return False
    began, ends = part.get("from"), part.get("to")
    if (ends is not None and ends < day) or (began is not None and began > day):
        return False
    return began is not None, ends is not None or "to" in part


def _bases(basis: Raw, aged: int | None, on: Day) -> Part:
    """Aged or not, disabled or not. Without a date of birth the month on file for age stands in for it."""
    began = basis.get("age")
    by_age = aged <= 0 if aged is not None else None
    if aged is None and began is not None and parse_month(began) <= on.month:
        by_age = True
    since = basis.get("disability")
    return by_age, "disability" in basis and (since is None or parse_month(since) <= on.month), "disability" in basis


def _kidney_possible(medicare: Raw) -> bool:
    """Whether kidney failure may be in the picture: held as a basis, dated, or not excluded."""
    basis, kidney = medicare.get("basis"), medicare.get("esrd")
    if not basis or "esrd" in basis:
        return True
    return kidney is not None and any(value is not None and value != "never" for value in kidney.values())


def _kidney_months(medicare: Raw, aged: int | None, on: Day) -> Part:
    """Every month the kidney rules count, from the month of service. Where a date is unknown the others stay whole:
    what is tried for it depends on them.
    """
    basis, kidney = medicare.get("basis") or NOTHING, medicare.get("esrd") or NOTHING
    held = [None if basis[name] is None else parse_month(basis[name]) - on.month for name in sorted(basis)]
    dates = [kidney.get(name) for name in KIDNEY_DATES]
    known = [value for value in dates if value is not None and value != "never"]
    months: list[Hashable]
    if known and any(value is None for value in dates[:3] + dates[4:5]):
        months = [*dates, on.text[:7]]
    else:
        months = [_months_from(value, on) for value in dates]
        months += _same_month_order(kidney.get("new_period_from"), kidney.get("transplant"))
        months += _same_month_order(kidney.get("transplant"), kidney.get("preop_admission"))
    return (aged, tuple(sorted(basis)), tuple(held), tuple(months))


def _months_from(value: str | None, on: Day) -> Part:
    return value if value is None or value == "never" else parse_month(value) - on.month


def _same_month_order(one: str | None, other: str | None) -> list[Part]:
    """Which of two days is the later one, where both are known; they may lie in one month."""
    known = one is not None and other is not None and "never" not in (one, other)
    return [known and other > one]  # type: ignore[operator]


def _by_kind(case: Raw, kinds: set[str], on: Day) -> Part:
    """Facts read only where a card of some kind is on file."""
    said: list[Part] = []
    if "va" in kinds:
        said.append((case.get("va") or NOTHING).get("authorised"))
    if "tricare" in kinds:
        capacity = (case.get("military") or NOTHING).get("beneficiary")
        young = capacity is None and _is_young(case, on)
        said.append((None if capacity is None else capacity == "adsm", young))
        said.append(case["claim"].get("category") == "early_intervention")
    if not kinds.isdisjoint(PAYS_FOR):
        said.append(_accident(case, on))
    return tuple(said)


def _is_young(case: Raw, on: Day) -> bool:
    age = years_old(case, on.text)
    return age is not None and age < on.numbers["military.enlistment.years"]


def _accident(case: Raw, on: Day) -> Part:
    """What the visit is for and where each claim for the injury stands."""
    related = case["claim"].get("related_to")
    if related == ["none"]:
        return "none"
    accident = case.get("accident") or NOTHING
    comp = accident.get("workers_comp") or NOTHING
    benefits = accident.get("no_fault") or NOTHING
    liability = accident.get("liability") or NOTHING
    paid, ended = benefits.get("paid_to_date_cents"), benefits.get("exhausted_on")
    asked = case["claim"].get("as_of") or on.text
    return (
        None if related is None else tuple(sorted(related)),
        accident.get("state"),
        (comp.get("status"), comp.get("provider_authorised"), _late(comp, asked, on)),
        benefits.get("election"),
        None if paid is None else paid >= on.numbers["accidents.massachusetts.cents"],
        ended if ended is None or ended == "never" else ended < on.text,
        _late(benefits, asked, on),
        (liability.get("status"), _late(liability, asked, on, always=True)),
    )


def _late(claim: Raw, asked: str, on: Day, *, always: bool = False) -> bool:
    """Whether a claim has waited longer than is prompt; a liability claim at the latest from the visit on."""
    filed = claim.get("claim_filed_on")
    if filed is None or filed == "never":
        filed = on.text if always else None
    elif always:
        filed = min(filed, on.text)
    if filed is None:
        return False
    waited = date.fromisoformat(asked) - date.fromisoformat(filed)
    return waited.days > on.numbers["accidents.promptly.days"]
