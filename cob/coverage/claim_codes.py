"""The codes that a verdict puts on a claim: SBR01 and SBR09 of each payer, SBR05 of Medicare, and what goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cob.coverage.models import Coverage, Determination, Kind
from cob.rules.codes import Raised, codes, filing, filing_code, why_second


@dataclass(frozen=True, slots=True)
class PayerCodes:
    """One payer's SBR segment, as far as the order decides it."""

    payer: str
    place: str
    filing: str
    second: str = ""
    remark: str = ""
    is_unconfirmed: bool = False
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class ClaimCodes:
    """The table on the verdict page; `why` and `letter` say Medicare's reason in words and as its files write it."""

    payers: tuple[PayerCodes, ...]
    second: str = ""
    why: str = ""
    letter: str = ""
    raises: tuple[Raised, ...] = ()
    is_conditional: bool = False


def claim_codes(determination: Determination, names: Mapping[str, str]) -> ClaimCodes:
    """The codes of a verdict on file; payers that want a filing indicator of their own are read from today's rows."""
    verdict, case = determination.verdict, determination.case
    kinds = {entry["id"]: entry["kind"] for entry in case["coverages"]}
    own = _own_indicators(verdict)
    code = verdict.get("msp_type") or ""
    second = why_second(code)
    conditional = codes().conditional if verdict.get("conditional") else None
    return ClaimCodes(
        payers=tuple(_payer(position, kinds, own, names, code) for position in verdict["positions"]),
        second=code,
        why=second.meaning if second else "",
        letter=conditional.letter if conditional else second.letter if second else "",
        raises=(*_raised(verdict, code), *(conditional.raises if conditional else ())),
        is_conditional=conditional is not None,
    )


def _own_indicators(verdict: Mapping[str, Any]) -> dict[str, str]:
    rows = Coverage.objects.filter(pk__in=verdict["order"]).values_list("pk", "payer__filing_indicator")
    return {str(pk): indicator for pk, indicator in rows}


def _payer(
    position: Mapping[str, Any], kinds: Mapping[str, str], own: Mapping[str, str], names: Mapping[str, str], code: str
) -> PayerCodes:
    one = position["coverage"]
    by_kind = filing(kinds[one])
    wanted = own.get(one, "") if own.get(one, "") != by_kind.code else ""
    is_second = kinds[one] == Kind.MEDICARE and position["position"] > 1
    return PayerCodes(
        payer=names.get(one, one),
        place=position["responsibility"],
        filing=filing_code(wanted, kinds[one]),
        second=code if is_second else "",
        remark="" if wanted else by_kind.remark,
        is_unconfirmed=by_kind.is_unconfirmed and not wanted,
        is_own=bool(wanted),
    )


def _raised(verdict: Mapping[str, Any], code: str) -> list[Raised]:
    """With Medicare second those of its reason; with Medicare first those the deciding rules call for."""
    second = why_second(code)
    if second:
        return [one for one in second.raises if one.when != codes().medicare_first]
    read = {entry["rule"] for entry in (*verdict["positions"], *verdict["pairs"])}
    every = [one for row in codes().medicare_second.values() for one in row.raises]
    return [one for one in every if read & set(one.because)]
