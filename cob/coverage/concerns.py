"""For which coverages of a case an option can matter. Where it matters for none, it stays out of the case.

Read from the case alone, never from what one claim says of its visit, so that a case on file and the case of today
name the same options. Rather one coverage too many than one too few.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cob.coverage.models import Kind
from cob.rules.frontdesk.picture import CHILDREN

Case = Mapping[str, Any]
Entry = Mapping[str, Any]

COMMERCIAL: Final = frozenset(
    {Kind.EMPLOYER, Kind.UNION, Kind.FEHB, Kind.GOVERNMENT, Kind.HRA, Kind.TRIBAL, Kind.INDIVIDUAL, Kind.STUDENT}
)
YOUNGEST_LIMIT: Final = 26
ACCIDENT_BENEFITS: Final = frozenset({Kind.NO_FAULT, Kind.MEDPAY})


def in_play(case: Case) -> list[Entry]:
    """The coverages that were taken up and have not ended before the day of service."""
    day = case["claim"]["dos"]
    return [e for e in case["coverages"] if e.get("enrolled", True) and not (e.get("last_covered_day") or day) < day]


def of_kind(case: Case, *kinds: str) -> list[Entry]:
    """Those of some kinds."""
    return [entry for entry in in_play(case) if entry["kind"] in kinds]


def with_a_last_day(case: Case) -> list[Entry]:
    """Those whose last day is on file; when one of them is the day of service itself, only those: the others are in
    force either way.
    """
    day = case["claim"]["dos"]
    ending = [e for e in in_play(case) if e.get("last_covered_day") and e["kind"] != Kind.MEDICARE]
    return [e for e in ending if e["last_covered_day"] == day] or ending


def of_a_child(case: Case) -> list[Entry]:
    """Commercial plans that cover the patient as somebody's child, or may."""
    return [entry for entry in of_kind(case, *COMMERCIAL) if _may_be_child(case, entry)]


def ending_by_age(case: Case) -> list[Entry]:
    """Those a child leaves by age: no last day on file, and not a student's plan or an account."""
    by_age = [e for e in of_a_child(case) if e["kind"] not in (Kind.STUDENT, Kind.HRA)]
    return [entry for entry in by_age if not entry.get("last_covered_day")]


def ends_today(case: Case) -> bool:
    """Whether some plan's last day is the day of service, where its choice decides."""
    return any(entry.get("last_covered_day") == case["claim"]["dos"] for entry in with_a_last_day(case))


def is_near_the_age(case: Case) -> bool:
    """Whether the patient is old enough for the age limit to be worth a word: the year before it, or later."""
    born = case["people"][case["patient"]].get("birth_date")
    return born is None or int(case["claim"]["dos"][:4]) - int(born[:4]) >= YOUNGEST_LIMIT - 1


def always(_case: Case) -> bool:
    """Wherever it concerns a coverage at all."""
    return True


def under_a_decree(case: Case) -> list[Entry]:
    """A child's plans when a court order names one parent, or may."""
    return of_a_child(case) if _decree(case) in (None, "one_parent", "financial_only") else []


def under_a_money_decree(case: Case) -> list[Entry]:
    """A child's plans when the court order speaks of money only."""
    return of_a_child(case) if _decree(case) == "financial_only" else []


def of_a_married_child(case: Case) -> list[Entry]:
    """Plans of others that cover the patient, when some may be a parent's and some a spouse's."""
    others = [entry for entry in of_kind(case, *COMMERCIAL) if not _is_own(case, entry)]
    some_child = any(_may_be_child(case, entry) for entry in others)
    some_spouse = any(entry.get("relationship") not in CHILDREN for entry in others)
    return others if some_child and some_spouse else []


def individual_beside_group(case: Case) -> list[Entry]:
    """Commercial plans when an individual policy stands beside another."""
    plans = of_kind(case, *COMMERCIAL)
    kinds = {entry["kind"] for entry in plans}
    return plans if Kind.INDIVIDUAL in kinds and len(kinds) > 1 else []


def of_an_accident(case: Case) -> list[Entry]:
    """No-fault and medical payments cover."""
    return of_kind(case, *ACCIDENT_BENEFITS)


def of_liability(case: Case) -> list[Entry]:
    """Somebody else's liability cover."""
    return of_kind(case, Kind.LIABILITY)


def of_medicaid(case: Case) -> list[Entry]:
    """Medicaid beside another payer."""
    return of_kind(case, Kind.MEDICAID) if len(in_play(case)) > 1 else []


def of_child_support(case: Case) -> list[Entry]:
    """Medicaid in a child-support case."""
    return of_medicaid(case) if case.get("medicaid", {}).get("child_support_case") is True else []


def medigap_beside_commercial(case: Case) -> list[Entry]:
    """A Medigap policy and the commercial plans beside it."""
    medigap, plans = of_kind(case, Kind.MEDIGAP), of_kind(case, *COMMERCIAL)
    return [*medigap, *plans] if medigap and plans else []


def on_active_duty(case: Case) -> list[Entry]:
    """TRICARE beside Medicare, of somebody on active duty or perhaps so."""
    duty = case.get("military", {}).get("beneficiary")
    return of_kind(case, Kind.TRICARE) if "medicare" in case and duty in (None, "adsm") else []


def nobody(_case: Case) -> list[Entry]:
    """No rule reads the option, so it concerns no coverage."""
    return []


def _decree(case: Case) -> str | None:
    terms: str | None = case.get("child", {}).get("decree", {}).get("terms")
    return terms


def _is_own(case: Case, entry: Entry) -> bool:
    return entry.get("relationship") == "self" or entry.get("subscriber") == case["patient"]


def _may_be_child(case: Case, entry: Entry) -> bool:
    said = entry.get("relationship")
    return said in CHILDREN or (said is None and not _is_own(case, entry))
