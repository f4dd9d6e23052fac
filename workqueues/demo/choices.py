"""What the invented payers chose where the law leaves a choice, and how they pay behind others: some for long, some of
this year, one to come. Of one payer nobody has found out yet.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from claims.editing.writing import Wording, switch_on, try_edit, write_edit
from claims.edits.written import checked
from claims.filing import Basis, Limit, Position
from claims.filing.keeping import set_limit, set_others_named
from cob.accounts.models import User
from cob.cents import pct
from cob.coverage.models import Payer, Scope
from cob.coverage.option_actions import set_option
from cob.coverage.payment_actions import FeeLine, set_contract, set_fees, set_terms
from cob.coverage.payment_terms import OnFile
from workqueues.demo.payers import PAYERS
from workqueues.demo.practice import EXTRA, OFFICE

TERMS: dict[str, OnFile] = {
    "medigap": OnFile(medigap_letter="F"),
    "medicaid": OnFile(medicaid_policy="lesser_of"),
    "meridian": OnFile(method="standard_pr", plan_percent=80),
    "individual": OnFile(method="standard_pr", plan_percent=100, deductible_is_met=True),
    "tricare": OnFile(tricare_participating=True, plan_percent=80, deductible_is_met=True),
}
IN_NETWORK = ("bluestem", "cascade", "meridian", "medicaid", "tricare")
FILING = ("bluestem", "cascade", "meridian", "union", "individual", "advantage", "medigap", "medicaid")
WITH_FEES = ("bluestem", "meridian", "individual", "medicaid", "tricare")


def choose(by: User, today: date) -> None:
    """Kept by the supervisor, each with where it stands. The payers are on file by then."""
    this_year, next_year = date(today.year, 1, 1), date(today.year + 1, 1, 1)
    _choose(by, "cascade", "dependent_age_end", "END_OF_MONTH", date(today.year - 2, 1, 1), "Provider manual, ch. 4")
    _choose(by, "bluestem", "dependent_age_end", "END_OF_MONTH", this_year, "Member handbook, p. 31")
    _choose(by, "meridian", "dependent_age_end", "END_OF_YEAR", next_year, "Notice to providers on next year’s plans")
    _choose(by, "bluestem", "term_date_is_last_day", False, this_year, "Call to provider services, reference 88-1402")
    _payment(by, date(today.year - 2, 1, 1))
    _filing(by, date(today.year - 2, 1, 1))
    _own_edits(by)


def _payment(by: User, since: date) -> None:
    """Terms, contracts and fees, so that what was paid can be held against what should have been."""
    rows = {key: Payer.objects.get(edi_id=PAYERS[key].edi_id) for key in {*TERMS, *IN_NETWORK, *WITH_FEES}}
    for key, terms in TERMS.items():
        set_terms(
            payer=rows[key], plan_name="", terms=terms, effective_on=since, source="Plan document, coordination", by=by
        )
    for key in IN_NETWORK:
        set_contract(
            payer=rows[key], site=None, is_in_network=True, effective_on=since, source="Provider agreement §3", by=by
        )
    for key in WITH_FEES:
        fees = [FeeLine(code, "", pct(cents, PAYERS[key].allowed), None) for code, cents in OFFICE + EXTRA]
        set_fees(payer=rows[key], site=None, fees=fees, effective_on=since, source="Fee schedule, exhibit B", by=by)


def _filing(by: User, since: date) -> None:
    """By when most payers must have a claim; of two nobody has looked it up, Medicare's is the law's."""
    for key in FILING:
        row, days = Payer.objects.get(edi_id=PAYERS[key].edi_id), PAYERS[key].limit_days
        first, later = Limit(Basis.SERVICE, days), Limit(Basis.EARLIER_ANSWER, days, cap_days=max(days, 365))
        for position, limit in ((Position.PRIMARY, first), (Position.LATER, later)):
            set_limit(
                payer=row, position=position, limit=limit, effective_on=since, source="Provider agreement §7", by=by
            )
    row = Payer.objects.get(edi_id=PAYERS["individual"].edi_id)
    source = "Provider manual, ch. 2: no other insurance on the first claim"
    set_others_named(payer=row, is_named=False, effective_on=since, source=source, by=by)


def _own_edits(by: User) -> None:
    """Two of the practice's own: one only written, one tried and on."""
    cascade = Payer.objects.get(edi_id=PAYERS["cascade"].edi_id)
    second = Wording(
        name="Cascade: group number",
        message="Cascade Mutual denies claims without a group number.",
        fix="Take the group number from the card and complete the coverage.",
        severity="warn",
        source="Denials of last quarter, CO-16 with N382",
        payer=cascade,
    )
    edit = write_edit(wording=second, when=((checked(1, "group_number", "missing", ()),),), by=by)
    try_edit(edit=edit)
    switch_on(edit=edit)
    third = Wording(
        name="High charge needs a second look",
        message="The charge of this claim is unusually high.",
        fix="Compare the units with the chart before sending.",
        severity="warn",
        source="Supervisor, after two typing errors",
    )
    write_edit(wording=third, when=((checked(1, "charge", "at_least", ("1,000.00",)),),), by=by)


def _choose(by: User, payer: str, name: str, value: Any, on: date, source: str) -> None:
    row = Payer.objects.get(edi_id=PAYERS[payer].edi_id)
    set_option(name=name, scope=Scope.PAYER, payer=row, value=value, effective_on=on, source=source, by=by)
