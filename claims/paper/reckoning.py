"""What a typed EOB comes to: every column as adjustments by the group chosen, and the difference line by line to zero.

    line   billed − adjustments − paid = 0
    check  amount − (paid on its claims − provider adjustments) = 0

Nothing is guessed: an amount in a column without a group is an objection, not a write-off. Pure; whole cents.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from claims.paper.typed import Claim, Columns, Eob, Line, Other
from cob.cents import NotDollars, dollars, parse_dollars
from cob.x12.codes import GROUPS, has_carc_shape, has_rarc_shape
from cob.x12.parts import Adjustment, Procedure
from cob.x12.t835 import METHODS as ANY_METHOD
from cob.x12.t835 import STATUSES

# CARC by what the column says; the group is the EOB's, never ours.
DEDUCTIBLE, COINSURANCE, COPAY = "1", "2", "3"
METHODS = {code: ANY_METHOD[code] for code in ("CHK", "ACH", "FWT", "NON")}
_PROCEDURE = re.compile(r"[A-Z0-9]{4,7}")
_MODIFIER = re.compile(r"[A-Z0-9]{2}")
_NUMBER = re.compile(r"[A-Za-z0-9 ./-]{1,50}")
LATEST_YEARS = 10
MOST_REMARKS = 5  # MOA03 to MOA07


@dataclass(frozen=True, slots=True)
class LineSum:
    """One service reckoned up, in cents, or a claim's totals, which name no service. `difference_cents` is what nothing
    explains."""

    service_on: date | None
    procedure: Procedure
    billed_cents: int
    allowed_cents: int | None
    paid_cents: int
    adjustments: tuple[Adjustment, ...]
    remarks: tuple[str, ...]

    @property
    def difference_cents(self) -> int:
        return self.billed_cents - sum(a.amount_cents for a in self.adjustments) - self.paid_cents


@dataclass(frozen=True, slots=True)
class ClaimSum:
    """One claim: its lines, or its totals where the paper gives none, and what was adjusted for it as a whole."""

    lines: tuple[LineSum, ...]
    adjustments: tuple[Adjustment, ...]
    remarks: tuple[str, ...]
    totals: LineSum | None = None

    @property
    def rows(self) -> tuple[LineSum, ...]:
        """What was typed: lines, or totals."""
        return (self.totals,) if self.totals else self.lines

    @property
    def claim_adjustments(self) -> tuple[Adjustment, ...]:
        """CAS of the claim: of totals nothing belongs to a line."""
        return (*self.totals.adjustments, *self.adjustments) if self.totals else self.adjustments

    @property
    def billed_cents(self) -> int:
        return sum(row.billed_cents for row in self.rows)

    @property
    def paid_cents(self) -> int:
        """CLP04: what the rows paid less what was taken off the claim as a whole."""
        return sum(row.paid_cents for row in self.rows) - sum(a.amount_cents for a in self.adjustments)

    @property
    def responsibility_cents(self) -> int:
        every = [*self.adjustments, *(a for row in self.rows for a in row.adjustments)]
        return sum(a.amount_cents for a in every if a.group == "PR")

    @property
    def difference_cents(self) -> int:
        return sum(row.difference_cents for row in self.rows)


@dataclass(slots=True)
class Reckoned:
    """The EOB in cents, and what is wrong with it by the name of the field."""

    amount_cents: int = 0
    paid_on: date | None = None
    payer: UUID | None = None
    claims: list[ClaimSum] = field(default_factory=list)
    provider: list[tuple[str, str, int]] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def paid_cents(self) -> int:
        return sum(claim.paid_cents for claim in self.claims)

    @property
    def provider_cents(self) -> int:
        return sum(cents for _, _, cents in self.provider)

    @property
    def difference_cents(self) -> int:
        """What of the check is not explained yet; below zero: more is explained than was paid."""
        return self.amount_cents - (self.paid_cents - self.provider_cents)

    @property
    def lines_off(self) -> int:
        """How many lines do not come to zero."""
        return sum(1 for claim in self.claims for row in claim.rows if row.difference_cents)

    @property
    def is_in_balance(self) -> bool:
        return not self.difference_cents and not self.lines_off

    @property
    def may_post(self) -> bool:
        return self.is_in_balance and not self.errors


def reckon(eob: Eob, today: date) -> Reckoned:
    """Every field read, every objection named, every difference worked out. Never raises."""
    found = Reckoned()
    _check(eob, found, today)
    for n, claim in enumerate(eob.claims):
        found.claims.append(_claim(claim, eob.columns, f"c{n}-", found, today))
    for n, row in enumerate(eob.provider):
        cents = _cents(row.amount, f"p{n}-amount", found)
        if not row.reason or len(row.reason) > 2:
            found.errors[f"p{n}-reason"] = "Give the two-character code of the adjustment, such as WO or FB."
        found.provider.append((row.reason.upper()[:2], row.reference[:50], cents or 0))
    if not eob.claims and not eob.provider:
        found.errors["add-claim"] = "Add the first claim of the EOB."
    return found


def _check(eob: Eob, found: Reckoned, today: date) -> None:
    try:
        found.payer = UUID(eob.payer)
    except ValueError:
        found.errors["payer"] = "Choose who sent the EOB."
    if not _NUMBER.fullmatch(eob.number):
        found.errors["number"] = "Type the check or transfer number: letters and digits, up to 50."
    found.amount_cents = _cents(eob.amount, "amount", found, is_needed=True) or 0
    found.paid_on = _day(eob.paid_on, "paid_on", found, today)
    if eob.method not in METHODS:
        found.errors["method"] = "Choose how it was paid."
    if found.amount_cents < 0:
        found.errors["amount"] = "A check is not below zero; what was taken back stands in the claims or under PLB."


def _claim(claim: Claim, columns: Columns, at: str, found: Reckoned, today: date) -> ClaimSum:
    if not claim.number or len(claim.number) > 38:
        found.errors[f"{at}number"] = "Type the claim number as the EOB gives it, up to 38 characters."
    if claim.status not in STATUSES - {"25"}:
        found.errors[f"{at}status"] = "Choose how the payer processed the claim."
    if not claim.last:
        found.errors[f"{at}last"] = "Type the patient's last name as the EOB gives it."
    lines = [_line(line, columns, f"{at}l{n}-", found, today) for n, line in enumerate(claim.lines)]
    totals = _amounts(claim.totals, columns, f"{at}t-", found) if claim.totals else None
    if not claim.lines and not totals:
        found.errors[f"{at}number"] = "Add at least one line of this claim, or type its totals."
    adjustments = tuple(_others(claim.other, at, found))
    remarks = _remarks(claim.remarks, f"{at}remarks", found)
    if totals and len({*remarks, *totals.remarks}) > MOST_REMARKS:
        found.errors[f"{at}remarks"] = "Up to five remark codes, those beside its totals among them."
    return ClaimSum(tuple(lines), adjustments, remarks, totals)


def _line(line: Line, columns: Columns, at: str, found: Reckoned, today: date) -> LineSum:
    code = line.procedure.upper()
    if not _PROCEDURE.fullmatch(code):
        found.errors[f"{at}procedure"] = "Type the procedure code, four to seven letters and digits."
    modifiers = tuple(line.modifiers.upper().split())
    if len(modifiers) > 4 or not all(_MODIFIER.fullmatch(m) for m in modifiers):
        found.errors[f"{at}modifiers"] = "Up to four modifiers of two characters, with blanks between."
    day = _day(line.service_on, f"{at}service_on", found, today)
    return replace(_amounts(line, columns, at, found), service_on=day, procedure=Procedure(code, modifiers))


def _amounts(line: Line, columns: Columns, at: str, found: Reckoned) -> LineSum:
    billed = _cents(line.billed, f"{at}billed", found, is_needed=True) or 0
    allowed = _cents(line.allowed, f"{at}allowed", found)
    adjustments = [*_columns(line, columns, at, billed, allowed, found), *_others(line.other, at, found)]
    return LineSum(
        service_on=None,
        procedure=Procedure(""),
        billed_cents=billed,
        allowed_cents=allowed,
        paid_cents=_cents(line.paid, f"{at}paid", found) or 0,
        adjustments=tuple(adjustments),
        remarks=_remarks(line.remarks, f"{at}remarks", found),
    )


def _columns(
    line: Line, columns: Columns, at: str, billed: int, allowed: int | None, found: Reckoned
) -> list[Adjustment]:
    not_covered = _cents(line.not_covered, f"{at}not_covered", found) or 0
    above = billed - allowed - not_covered if allowed is not None else 0
    if above and (above < 0) != (billed < 0):
        found.errors[f"{at}allowed"] = (
            f"Allowed and not covered are {dollars(abs(above))} more than billed. If this payer counts what is not "
            "covered as allowed, type allowed less not covered."
        )
    cents = {
        name: _cents(getattr(line, name), f"{at}{name}", found) or 0 for name in ("deductible", "coinsurance", "copay")
    }
    wanted = [
        ("above", above, columns.above_group, columns.above_reason, "what is above the allowed amount"),
        ("deductible", cents["deductible"], columns.deductible_group, DEDUCTIBLE, "the deductible"),
        ("coinsurance", cents["coinsurance"], columns.coinsurance_group, COINSURANCE, "the coinsurance"),
        ("copay", cents["copay"], columns.copay_group, COPAY, "the copay"),
        ("not_covered", not_covered, columns.not_covered_group, columns.not_covered_reason, "what is not covered"),
    ]
    made = []
    for name, amount, group, reason, what in wanted:
        if amount:
            made.append(Adjustment(group.upper(), reason.upper(), amount))
            if group.upper() not in GROUPS:
                found.errors[f"columns-{name}_group"] = f"Choose the group code the EOB gives for {what}."
            if not has_carc_shape(reason.upper()):
                found.errors[f"columns-{name}_reason"] = f"Type the reason code the EOB gives for {what}, such as 45."
    return made


def _others(rows: list[Other], at: str, found: Reckoned) -> list[Adjustment]:
    made = []
    for n, row in enumerate(rows):
        group, reason = row.group.upper(), row.reason.upper()
        amount = _cents(row.amount, f"{at}o{n}-amount", found, is_needed=True) or 0
        if group not in GROUPS:
            found.errors[f"{at}o{n}-group"] = "Choose the group code: CO, PR, OA or PI."
        if not has_carc_shape(reason):
            found.errors[f"{at}o{n}-reason"] = "Type the reason code (CARC), such as 97."
        made.append(Adjustment(group, reason, amount))
    return made


def _remarks(text: str, name: str, found: Reckoned) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(text.upper().replace(",", " ").split()))
    if wrong := [code for code in codes if not has_rarc_shape(code)]:
        found.errors[name] = f"{wrong[0]} is no remark code; they look like N130, M15 or MA18."
    if len(codes) > MOST_REMARKS:
        found.errors[name] = "Up to five remark codes."
    return codes


def _cents(text: str, name: str, found: Reckoned, *, is_needed: bool = False) -> int | None:
    """An empty cell is no amount."""
    if not text:
        if is_needed:
            found.errors[name] = "Type the amount, 0 where there is none."
        return None
    try:
        return parse_dollars(text)
    except NotDollars as error:
        found.errors[name] = f"{error}."
        return None


def _day(text: str, name: str, found: Reckoned, today: date) -> date | None:
    day = read_day(text)
    if day is None:
        found.errors[name] = "Type the date as month/day/year."
    elif day > today:
        found.errors[name] = "This day has not come yet."
    elif day.year < today.year - LATEST_YEARS:
        found.errors[name] = f"This is more than {LATEST_YEARS} years ago."
    return day


def read_day(text: str) -> date | None:
    """2026-03-20 as browsers send it, 3/20/2026, 3/20/26 or 03202026 as people type it."""
    digits = re.sub(r"[^0-9]", " ", text).split()
    if len(digits) == 1 and len(digits[0]) == 8:
        digits = [digits[0][:2], digits[0][2:4], digits[0][4:]]
    if len(digits) != 3:
        return None
    year, month, day = digits if len(digits[0]) == 4 else (digits[2], digits[0], digits[1])
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None
