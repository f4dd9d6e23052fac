"""Keeping terms, contracts and fees from a day on: one row, one author, one event on the trail."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from cob.accounts.models import Site, User
from cob.audit.acting import doing
from cob.cents import NotDollars, parse_dollars
from cob.coverage.models import Contract, Fee, Payer, PlanTerms
from cob.coverage.payment_terms import OnFile, latest
from cob.turns import Turn, wait_for

MOST_ROWS = 20_000
COLUMNS = ("procedure", "modifiers", "fee", "coinsurance_percent")


class BadTerms(ValueError):
    """Terms that cannot be kept; `field` names what is wrong with them."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def set_terms(
    *, payer: Payer, plan_name: str, terms: OnFile, effective_on: date, source: str, by: User | None
) -> PlanTerms:
    """From that day of service on the plan pays so. Raises BadTerms."""
    source = _stated(source)
    with transaction.atomic():
        wait_for(Turn.PAYMENT_TERMS)
        before = latest(PlanTerms.objects.filter(payer=payer, plan_name=plan_name.strip()), effective_on)
        kept = _checked(terms)
        if before is not None and before.terms == kept and before.source == source:
            raise BadTerms("effective_on", f"Just this already holds, since {before.effective_on:%m/%d/%Y}.")
        row = PlanTerms(
            payer=payer,
            plan_name=plan_name.strip(),
            terms=kept,
            effective_on=effective_on,
            source=source,
            set_by=by,
        )
        with doing("payment terms set"):
            row.save()
    return row


def _checked(terms: OnFile) -> dict[str, Any]:
    """As they are kept; a copy with a value changed was checked by nobody, and what is kept is read at every share."""
    kept = terms.model_dump(mode="json", warnings=False)
    try:
        OnFile.model_validate(kept)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise BadTerms(str(first["loc"][0]), f"{first['msg']}.") from wrong
    return kept


def set_contract(
    *, payer: Payer, site: Site | None, is_in_network: bool, effective_on: date, source: str, by: User | None
) -> Contract:
    """From that day of service on we have a contract with the payer there, or none. Raises BadTerms."""
    source = _stated(source)
    with transaction.atomic():
        wait_for(Turn.PAYMENT_TERMS)
        before = latest(Contract.objects.filter(payer=payer, site=site), effective_on)
        if before is not None and before.is_in_network == is_in_network:
            raise BadTerms("is_in_network", f"This already holds, since {before.effective_on:%m/%d/%Y}.")
        row = Contract(
            payer=payer, site=site, is_in_network=is_in_network, effective_on=effective_on, source=source, set_by=by
        )
        with doing("contract set"):
            row.save()
    return row


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One service of a schedule; a fee of None withdraws it."""

    procedure: str
    modifiers: str
    amount_cents: int | None
    coinsurance_percent: int | None


def set_fees(
    *, payer: Payer, site: Site | None, fees: list[FeeLine], effective_on: date, source: str, by: User | None
) -> int:
    """Keep a schedule from a day on; how many rows are new. A fee that already holds is not written again."""
    source = _stated(source)
    with transaction.atomic():
        wait_for(Turn.PAYMENT_TERMS)
        held: dict[tuple[str, str], Fee] = {}
        rows = Fee.objects.filter(payer=payer, site=site, effective_on__lte=effective_on)
        for row in rows.order_by("effective_on", "created_at"):
            held[row.procedure, row.modifiers] = row
        new = [fee for fee in fees if not _is_held(held.get((fee.procedure, fee.modifiers)), fee)]
        if new:
            with doing("fees set"):
                Fee.objects.bulk_create(
                    [
                        Fee(
                            payer=payer,
                            site=site,
                            procedure=fee.procedure,
                            modifiers=fee.modifiers,
                            amount_cents=fee.amount_cents,
                            coinsurance_percent=fee.coinsurance_percent,
                            effective_on=effective_on,
                            source=source,
                            set_by=by,
                        )
                        for fee in new
                    ],
                    batch_size=500,
                )
    return len(new)


def _is_held(row: Fee | None, fee: FeeLine) -> bool:
    if row is None:
        return fee.amount_cents is None
    return (row.amount_cents, row.coinsurance_percent) == (fee.amount_cents, fee.coinsurance_percent)


def _stated(source: str) -> str:
    if not source.strip():
        raise BadTerms("source", "Say where it stands, so that somebody else can check.")
    return source.strip()[:200]


def read_schedule(text: str) -> list[FeeLine]:
    """A fee schedule from CSV with a heading. Raises BadTerms with the line, what was expected and what to do."""
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    names = [name.strip().lower() for name in rows.fieldnames or ()]
    if "procedure" not in names or "fee" not in names:
        raise BadTerms("file", f"Expected a first line that names the columns: {', '.join(COLUMNS)}.")
    if unknown := [name for name in names if name not in COLUMNS]:
        raise BadTerms("file", f"Line 1: column “{unknown[0]}” is not known; use {', '.join(COLUMNS)}.")
    rows.fieldnames = names
    found = list(_lines(rows))
    seen: dict[tuple[str, str], int] = {}
    for number, fee in enumerate(found, start=2):
        before = seen.setdefault((fee.procedure, fee.modifiers), number)
        if before != number:
            raise BadTerms("file", f"Line {number}: {fee.procedure} {fee.modifiers} is on line {before} too; keep one.")
    if not found:
        raise BadTerms("file", "There is no fee under the heading; add one line for each procedure.")
    return found


def _lines(rows: Any) -> Iterator[FeeLine]:
    for number, row in enumerate(rows, start=2):
        if number > MOST_ROWS + 1:
            raise BadTerms("file", f"More than {MOST_ROWS:,} lines; split the file.")
        if None in row:
            raise BadTerms("file", f"Line {number}: more values than columns; put text with commas in quotation marks.")
        yield _line(number, {name: (value or "").strip() for name, value in row.items()})


def _line(number: int, row: dict[str, str]) -> FeeLine:
    procedure = row["procedure"].upper()
    if not procedure.isalnum() or len(procedure) > 48:
        raise BadTerms(
            "file", f"Line {number}: expected a procedure code such as 99213, got “{row['procedure'][:20]}”."
        )
    modifiers = " ".join(row.get("modifiers", "").upper().split())
    if any(not one.isalnum() or len(one) != 2 for one in modifiers.split()) or len(modifiers) > 11:
        raise BadTerms("file", f"Line {number}: expected up to four modifiers of two characters, such as “25 GT”.")
    try:
        cents = parse_dollars(row["fee"]) if row["fee"] else None
    except NotDollars as wrong:
        raise BadTerms("file", f"Line {number}: {wrong}.") from None
    if cents is not None and cents < 0:
        raise BadTerms("file", f"Line {number}: a fee is not below zero; correct it.")
    return FeeLine(procedure, modifiers, cents, _percent(number, row.get("coinsurance_percent", "")))


def _percent(number: int, text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 3 or int(text) > 100:
        raise BadTerms(
            "file", f"Line {number}: expected the coinsurance as a whole number from 0 to 100, got “{text[:10]}”."
        )
    return int(text)
