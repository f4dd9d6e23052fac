"""Roles as code: what a person at this desk may do, reviewable in one page.

A permission is a string `area.verb`; a role is a label, a sentence and a set of them. Row limits (which site) are
not permissions: see `visible_to` on the querysets.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    VIEW_PATIENTS = "patients.view"
    EDIT_PATIENTS = "patients.edit"
    DETERMINE = "order.determine"
    OVERRIDE_ORDER = "order.override"
    VIEW_CLAIMS = "claims.view"
    SUBMIT_CLAIMS = "claims.submit"
    WAIVE_EDITS = "claims.waive"
    IMPORT_FILES = "imports.run"
    POST_PAYMENTS = "postings.post"
    TAKE_PAYMENTS = "patient_money.take"
    SEND_STATEMENTS = "statements.send"
    APPROVE_REFUND = "patient_money.approve_refund"
    VIEW_QUEUES = "queues.view"
    WORK_ITEMS = "queues.work"
    ASSIGN_ITEMS = "queues.assign"
    APPROVE_WRITE_OFF = "denials.approve_write_off"
    VIEW_KPIS = "kpi.view"
    LOG_DECISIONS = "kpi.decide"
    VIEW_AUDIT = "audit.view"
    VIEW_JOBS = "jobs.view"
    RUN_JOBS = "jobs.run"
    MANAGE_USERS = "users.manage"
    MANAGE_SETTINGS = "settings.manage"


class Role(StrEnum):
    FRONT_DESK = "front_desk"
    BILLER = "biller"
    DENIALS = "denials"
    POSTER = "poster"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class RoleCard:
    label: str
    sentence: str
    permissions: frozenset[Permission]
    all_sites: bool = False


P = Permission
_SEE = {P.VIEW_PATIENTS, P.VIEW_CLAIMS, P.VIEW_QUEUES}

ROLES: dict[Role, RoleCard] = {
    Role.FRONT_DESK: RoleCard(
        "Front desk",
        "Captures coverages, asks the one question that matters, and gets the verdict.",
        frozenset(_SEE | {P.EDIT_PATIENTS, P.DETERMINE, P.WORK_ITEMS, P.TAKE_PAYMENTS}),
    ),
    Role.BILLER: RoleCard(
        "Biller",
        "Brings files in, sends secondary claims and statements, and works the submission queues.",
        frozenset(
            _SEE
            | {P.EDIT_PATIENTS, P.DETERMINE, P.SUBMIT_CLAIMS, P.IMPORT_FILES, P.WORK_ITEMS, P.VIEW_JOBS}
            | {P.TAKE_PAYMENTS, P.SEND_STATEMENTS}
        ),
    ),
    Role.DENIALS: RoleCard(
        "Denial specialist",
        "Puts refused claims right and closes them with evidence.",
        frozenset(_SEE | {P.EDIT_PATIENTS, P.DETERMINE, P.SUBMIT_CLAIMS, P.WORK_ITEMS}),
    ),
    Role.POSTER: RoleCard(
        "Payment poster",
        "Posts remittances and clears what does not balance.",
        frozenset(_SEE | {P.IMPORT_FILES, P.POST_PAYMENTS, P.TAKE_PAYMENTS, P.WORK_ITEMS, P.VIEW_JOBS}),
    ),
    Role.SUPERVISOR: RoleCard(
        "Supervisor",
        "Assigns work, approves write-offs, reads the measures and logs decisions.",
        frozenset(set(P) - {P.MANAGE_USERS}),
    ),
    Role.AUDITOR: RoleCard(
        "Auditor",
        "Reads everything at every site and writes nothing.",
        frozenset(_SEE | {P.VIEW_KPIS, P.VIEW_AUDIT, P.VIEW_JOBS}),
        all_sites=True,
    ),
    Role.ADMINISTRATOR: RoleCard(
        "Administrator",
        "Manages people, sites, settings and jobs; sees no patient.",
        frozenset({P.MANAGE_USERS, P.MANAGE_SETTINGS, P.VIEW_AUDIT, P.VIEW_JOBS, P.RUN_JOBS}),
        all_sites=True,
    ),
}


def may(role: str, permission: str) -> bool:
    """Whether a role holds a permission; an unknown role holds none."""
    card = ROLES.get(Role(role)) if role in set(Role) else None
    return card is not None and permission in card.permissions
