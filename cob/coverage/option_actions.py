"""Choosing an option from a day on, or withdrawing a choice: one row, one author, one event on the trail."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from cob.accounts.models import User
from cob.audit.acting import doing
from cob.coverage.models import Option, Payer, Scope
from cob.coverage.option_catalogue import SPECS, in_words, problem_with
from cob.states import STATES
from cob.turns import Turn, wait_for


class BadOption(ValueError):
    """A choice that cannot be kept; `field` names what is wrong with it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def set_option(
    *,
    name: str,
    scope: str,
    value: Any,
    effective_on: date,
    source: str,
    by: User | None,
    payer: Payer | None = None,
    state: str = "",
    seen: int | None = None,
) -> Option:
    """From that day of service on the choice holds; a value of None withdraws the one before it.

    `seen` is how many choices about this option the person had before them: who chooses after another is told, and
    chooses again. Verdicts on file stay as they are. Raises BadOption.
    """
    source = source.strip()
    _check(name, scope, payer, state, source)
    if value is not None and (problem := problem_with(name, value)):
        raise BadOption("value", problem)
    with transaction.atomic():
        wait_for(Turn.OPTIONS)
        _check_seen(name, seen)
        _check_news(name, scope, payer, state, value, effective_on)
        option = Option(
            name=name,
            scope=scope,
            payer=payer,
            state=state,
            value=value,
            effective_on=effective_on,
            source=source[:200],
            set_by=by,
        )
        with doing("option withdrawn" if value is None else "option set"):
            option.save()
    return option


def _check(name: str, scope: str, payer: Payer | None, state: str, source: str) -> None:
    spec = SPECS.get(name)
    if spec is None or not spec.is_settable:
        raise BadOption("name", f"{name} is no option that can be set.")
    if scope not in spec.scopes:
        allowed = ", ".join(str(Scope(one).label).lower() for one in spec.scopes)
        raise BadOption("scope", f"This is chosen by: {allowed}.")
    if (scope == Scope.PAYER) != (payer is not None):
        raise BadOption(
            "payer", "Choose the payer whose choice it is." if payer is None else "Only for a payer’s choice."
        )
    if (scope == Scope.STATE) != bool(state):
        raise BadOption("state", "Choose the state whose choice it is." if not state else "Only for a state’s choice.")
    if state and state not in STATES:
        raise BadOption("state", "Expected the two letters of a state, such as IL.")
    if not source:
        raise BadOption("source", "Say where it stands, so that somebody else can check.")


def _check_seen(name: str, seen: int | None) -> None:
    rows = Option.objects.filter(name=name)
    if seen is None or rows.count() <= seen:
        return
    newest = rows.select_related("set_by", "payer").latest("created_at")
    who, whose = newest.set_by or "Somebody", newest.payer or STATES.get(newest.state, "the practice")
    said = f"“{in_words(name, newest.value)}”" if newest.value is not None else "to withdraw"
    raise BadOption(
        "",
        f"{who} chose {said} for {whose} from {newest.effective_on:%m/%d/%Y} while this page was open. "
        "It stands above; press Keep again if your choice still holds.",
    )


def _check_news(name: str, scope: str, payer: Payer | None, state: str, value: Any, day: date) -> None:
    """Known again is not written again, and nothing is withdrawn that does not hold."""
    rows = Option.objects.filter(name=name, scope=scope, payer=payer, state=state)
    before = rows.filter(effective_on__lte=day).newest_first().first()
    held = before.value if before else None
    if held != value or type(held) is not type(value):
        return
    if before is None or value is None:
        raise BadOption("value", f"On {day:%m/%d/%Y} nothing is set here that could be withdrawn.")
    since = f"since {before.effective_on:%m/%d/%Y}"
    raise BadOption("value", f"“{in_words(name, value)}” already holds on {day:%m/%d/%Y}, {since}.")
