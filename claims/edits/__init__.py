"""What must hold before a claim leaves: one question a file, all asked, each answered with an objection or nothing.

An edit is a pure function of a `Sending`. The tuple below is the rule book; the order is the one people read them in.
Staff write further ones as conditions (`written`); a person may set some aside for one claim as it stands (`waivable`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from claims.edits.amounts_balance import amounts_balance
from claims.edits.answers_not_newer import answers_not_newer
from claims.edits.authorization_given import authorization_given
from claims.edits.codes_published import codes_published
from claims.edits.coverage_active import coverage_active
from claims.edits.coverage_complete import coverage_complete
from claims.edits.crossover_not_pending import crossover_not_pending
from claims.edits.decision_dates import decision_dates
from claims.edits.earlier_answers_stand import earlier_answers_stand
from claims.edits.earlier_payers_answered import earlier_payers_answered
from claims.edits.facts import Objection, Order, Place, Sending, Severity, Waived, WrittenEdit
from claims.edits.file_checks import file_checks
from claims.edits.file_complete import file_complete
from claims.edits.filing_limit_open import filing_limit_open
from claims.edits.medicare_on_paper import medicare_on_paper
from claims.edits.msp_type_given import msp_type_given
from claims.edits.not_on_another_claim import not_on_another_claim
from claims.edits.not_sent_before import not_sent_before
from claims.edits.numbers_check import numbers_check
from claims.edits.one_primary import one_primary
from claims.edits.order_as_billed import order_as_billed
from claims.edits.order_settled import order_settled
from claims.edits.payer_is_billable import payer_is_billable
from claims.edits.replacement_names_its_claim import replacement_names_its_claim
from claims.edits.services_tied import services_tied
from claims.edits.telehealth_place import telehealth_place
from claims.edits.version import version_of
from claims.edits.waivable import ground
from claims.edits.written import holds, seen_in

__all__ = [
    "EDITS",
    "Objection",
    "Order",
    "Place",
    "Sending",
    "Severity",
    "Waived",
    "WrittenEdit",
    "ground",
    "objections",
    "version_of",
]

Edit = Callable[[Sending], Objection | None]

EDITS: tuple[Edit, ...] = (
    payer_is_billable,
    not_sent_before,
    not_on_another_claim,
    order_settled,
    order_as_billed,
    one_primary,
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
    codes_published,
    telehealth_place,
    authorization_given,
    file_checks,
)
# A void takes the claim back: what is asked of a claim for money is not asked of it.
NOT_OF_A_VOID = frozenset(
    (
        payer_is_billable,
        not_on_another_claim,
        order_settled,
        order_as_billed,
        crossover_not_pending,
        earlier_payers_answered,
        earlier_answers_stand,
        answers_not_newer,
        services_tied,
        filing_limit_open,
        coverage_active,
        telehealth_place,
        authorization_given,
        medicare_on_paper,
    )
)


def objections(sending: Sending, *, waived: Collection[str] = ()) -> list[Objection]:
    """What all edits say, stops first; one waived by name, or by a person for the claim as it stands, only warns."""
    asked = [edit for edit in EDITS if not (sending.is_void and edit in NOT_OF_A_VOID)]
    said = [replace(found, edit=edit.__name__) for edit in asked if (found := edit(sending))]
    said += [] if sending.is_void else _written(sending)
    said = [replace(one, severity=Severity.WARN) if one.edit in waived else one for one in said]
    if sending.waived and any(one.stops for one in said):
        said = _set_aside(said, sending)
    return sorted(said, key=lambda objection: not objection.stops)


def _written(sending: Sending) -> list[Objection]:
    """What staff-written edits say."""
    if not sending.written:
        return []
    to = sending.to
    seen = seen_in(sending.claim, rank=to.place, kind=to.kind, service_on=sending.service_from)
    return [
        Objection(one.severity, one.message, one.fix, "claim", one.name)
        for one in sending.written
        if holds(one.when, seen)
    ]


def _set_aside(said: list[Objection], sending: Sending) -> list[Objection]:
    """Waivers given for just this version of the claim turn their stops into warnings that name them."""
    version = version_of(sending)
    given = {waiver.edit: waiver for waiver in sending.waived if waiver.version == version}
    return [
        replace(one, severity=Severity.WARN, waived=given[one.edit])
        if one.edit in given and ground(one, sending)
        else one
        for one in said
    ]
