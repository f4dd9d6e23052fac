"""What the invented payers chose where the law leaves a choice: some for long, some of this year, one to come."""

from __future__ import annotations

from datetime import date
from typing import Any

from cob.accounts.models import User
from cob.coverage.models import Payer, Scope
from cob.coverage.option_actions import set_option
from workqueues.demo.payers import PAYERS


def choose(by: User, today: date) -> None:
    """Kept by the supervisor, each with where it stands. The payers are on file by then."""
    this_year, next_year = date(today.year, 1, 1), date(today.year + 1, 1, 1)
    _choose(by, "cascade", "dependent_age_end", "END_OF_MONTH", date(today.year - 2, 1, 1), "Provider manual, ch. 4")
    _choose(by, "bluestem", "dependent_age_end", "END_OF_MONTH", this_year, "Member handbook, p. 31")
    _choose(by, "meridian", "dependent_age_end", "END_OF_YEAR", next_year, "Notice to providers on next year’s plans")
    _choose(by, "bluestem", "term_date_is_last_day", False, this_year, "Call to provider services, reference 88-1402")


def _choose(by: User, payer: str, name: str, value: Any, on: date, source: str) -> None:
    row = Payer.objects.get(edi_id=PAYERS[payer].edi_id)
    set_option(name=name, scope=Scope.PAYER, payer=row, value=value, effective_on=on, source=source, by=by)
