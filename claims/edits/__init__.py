"""What must hold before a claim leaves: one question a file, all asked, each answered with an objection or nothing.

An edit is a pure function of a `Sending`. The tuple below is the rule book; the order is the one people read them in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from claims.edits.amounts_balance import amounts_balance
from claims.edits.answers_not_newer import answers_not_newer
from claims.edits.coverage_active import coverage_active
from claims.edits.coverage_complete import coverage_complete
from claims.edits.crossover_not_pending import crossover_not_pending
from claims.edits.decision_dates import decision_dates
from claims.edits.earlier_answers_stand import earlier_answers_stand
from claims.edits.earlier_payers_answered import earlier_payers_answered
from claims.edits.facts import Objection, Order, Place, Sending, Severity
from claims.edits.file_checks import file_checks
from claims.edits.file_complete import file_complete
from claims.edits.filing_limit_open import filing_limit_open
from claims.edits.medicare_on_paper import medicare_on_paper
from claims.edits.msp_type_given import msp_type_given
from claims.edits.not_sent_before import not_sent_before
from claims.edits.numbers_check import numbers_check
from claims.edits.order_as_billed import order_as_billed
from claims.edits.order_settled import order_settled
from claims.edits.payer_is_billable import payer_is_billable
from claims.edits.replacement_names_its_claim import replacement_names_its_claim
from claims.edits.services_tied import services_tied

__all__ = ["EDITS", "Objection", "Order", "Place", "Sending", "Severity", "objections"]

Edit = Callable[[Sending], Objection | None]

EDITS: tuple[Edit, ...] = (
    payer_is_billable,
    not_sent_before,
    order_settled,
    order_as_billed,
    crossover_not_pending,
    earlier_payers_answered,
    earlier_answers_stand,
    answers_not_newer,
    services_tied,
    amounts_balance,
    decision_dates,
    filing_limit_open,
    coverage_active,
    coverage_complete,
    msp_type_given,
    medicare_on_paper,
    replacement_names_its_claim,
    file_complete,
    numbers_check,
    file_checks,
)


def objections(sending: Sending, *, waived: Collection[str] = ()) -> list[Objection]:
    """What all edits say, stops first; an edit `waived` by name still speaks, but only warns."""
    said = [
        replace(objection, edit=edit.__name__, severity=_severity(edit, objection, waived))
        for edit in EDITS
        if (objection := edit(sending))
    ]
    return sorted(said, key=lambda objection: not objection.stops)


def _severity(edit: Edit, objection: Objection, waived: Collection[str]) -> Severity:
    return Severity.WARN if edit.__name__ in waived else objection.severity
