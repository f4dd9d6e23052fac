"""What if: `NAME=VALUE` as people write it, into numbers of the law and choices that are tried and never stored.

`msp.working_aged.employees=25` is a number set by law, `medigap_vs_retiree=RETIREE_FIRST` a choice of the practice,
`payer:60054:term_date_is_last_day=false` a payer's, by its id in files or its name, `state:NJ:nf_order=NJ_ELECTION` a
state's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from cob.coverage.models import Payer, Scope
from cob.coverage.option_catalogue import SPECS, Effect, default, problem_with
from cob.coverage.options import OptionsOnFile, Supposed
from cob.rules.parameters import parameters, trying
from cob.states import STATES

# Past a century no answer differs any more, and past the calendar's end there is none.
MOST = {"years": 150, "months": 1_200, "days": 36_525}


class BadSupposition(ValueError):
    """A supposition that cannot be tried: names it, what was expected, and what to do."""


@dataclass(frozen=True, slots=True)
class AsIf:
    """What is supposed: `written` as it came, numbers by name, choices with whose they are."""

    written: tuple[str, ...] = ()
    numbers: tuple[tuple[str, int], ...] = ()
    choices: tuple[Supposed, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.written)

    @contextmanager
    def law(self) -> Iterator[None]:
        """The law as supposed, for the code inside."""
        with trying(dict(self.numbers)):
            yield

    def options(self, on_file: OptionsOnFile) -> OptionsOnFile:
        """The choices on file, with those supposed in front of them."""
        return on_file.as_if(self.choices) if self.choices else on_file


def suppose(written: Iterable[str]) -> AsIf:
    """Read what is supposed. Raises BadSupposition."""
    texts = tuple(dict.fromkeys(text.strip() for text in written if text.strip()))
    numbers: dict[str, int] = {}
    choices: dict[tuple[str, str, str], Supposed] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        name, value = name.strip(), value.strip()
        if not equals or not name or not value:
            raise BadSupposition(f"{text}: expected NAME=VALUE, such as msp.working_aged.employees=25.")
        if name in parameters():
            is_twice = name in numbers
            numbers[name] = _number(name, value)
        else:
            choice = _choice(name, value)
            key = (choice.name, choice.scope, choice.owner)
            is_twice = key in choices
            choices[key] = choice
        if is_twice:
            raise BadSupposition(f"{name}: two values are supposed; give one, and ask about the other by itself.")
    return AsIf(texts, tuple(numbers.items()), tuple(choices.values()))


def _number(name: str, value: str) -> int:
    unit = parameters()[name].unit
    most = MOST.get(unit)
    if not value.isascii() or not value.isdigit() or len(value) > 9 or (most is not None and int(value) > most):
        up_to = f" to {most}" if most is not None else ""
        raise BadSupposition(f"{name}: expected a whole number of {unit}, from 0{up_to}, and not “{value}”.")
    return int(value)


def _choice(name: str, value: str) -> Supposed:
    *way, option = name.split(":")
    spec = SPECS.get(option)
    if spec is None:
        raise BadSupposition(
            f"{name}: there is no such number or option. Options are {', '.join(sorted(SPECS))}; "
            f"numbers are listed in docs/rules.md."
        )
    if spec.effect is Effect.NOTHING:
        raise BadSupposition(f"{name}: no rule reads this option yet, so nothing can depend on it.")
    if spec.effect is Effect.PAYMENT:
        raise BadSupposition(f"{name}: this option is about what is paid, so no order can depend on it.")
    scope, owner = _owner(name, way)
    if scope not in spec.scopes:
        raise BadSupposition(f"{name}: {spec.label} is not for {scope.label.lower()} to choose.")
    read = _value(option, value)
    if problem := problem_with(option, read):
        raise BadSupposition(f"{name}: {problem}")
    return Supposed(option, read, scope, owner)


def _owner(name: str, way: list[str]) -> tuple[Scope, str]:
    match way:
        case []:
            return Scope.PRACTICE, ""
        case ["state", code]:
            if code.upper() not in STATES:
                raise BadSupposition(f"{name}: {code} is no state; write two letters, such as state:NJ:….")
            return Scope.STATE, code.upper()
        case ["payer", *words]:
            return Scope.PAYER, _payer(name, ":".join(words))
    raise BadSupposition(f"{name}: expected an option alone, or behind payer:NAME: or state:XX:.")


def _payer(name: str, wanted: str) -> str:
    found = list(Payer.objects.filter(Q(edi_id__iexact=wanted) | Q(name__iexact=wanted))[:2])
    if len(found) == 1:
        return str(found[0].pk)
    problem = "several payers are called" if found else "no payer is called"
    raise BadSupposition(f"{name}: {problem} “{wanted}”. Write the id files name it by.")


def _value(option: str, value: str) -> Any:
    """As the option is written: yes and no and numbers as JSON has them, everything else as it stands."""
    if isinstance(default(option), str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value
