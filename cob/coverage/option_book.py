"""The page of options and codes, printed from their tables: `manage.py option_catalogue > docs/options.md`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Final

from cob.coverage.models import Kind, Scope
from cob.coverage.option_catalogue import SPECS, Spec, default, in_words
from cob.rules.codes import Raised, codes, filing

OPENING: Final = """# Options, and the codes of a claim

Printed by `python manage.py option_catalogue > docs/options.md`; a test compares the two.

## What an option is

Where the law leaves a choice, the practice, a payer or a state may have made it. Supervisors and administrators keep
such choices under Settings, each from a day of service on, with where it stands and who kept it. Rows are never changed
or deleted: another choice is a later row, and a row without a value withdraws. The trail has the verbs `option set` and
`option withdrawn`.

`case_for` puts into a case the options that matter for it and are not the built-in default, so a case nobody chose
anything about is as it was before. Each has a source: “Aetna, setting since 01/01/2025, provider manual p. 12”.
Verdicts on file are not changed; where a choice reaches back, the patient’s page and the claim say that the verdict on
file rests on another one.

## Which choice holds

1. Within one scope, the row with the latest day not after the day of service; of two with one day, the later written.
2. The narrower scope: the payer’s, else the state’s, else the practice’s, else the built-in default. What withdrew says
   nothing, so the next wider scope holds.
3. Which state: for accidents the state it happened in, and none where nobody knows it; for everything else the state
   the plan was issued in if that is on file, else the site’s. State law does not bind a self-funded plan (ERISA).
4. An answer told about this patient (`options.decree_rest`) goes before any choice.

## Several payers in one case

A case has one value for each option, and no payer’s choice is ever taken for another’s.

- An option read of each plan by itself holds when every plan it concerns comes to the same value.
- One read when two plans are compared holds when the payers that chose it agree, and of any two plans that are compared
  one has chosen it; the other, which chose nothing, goes along.
- Otherwise the state’s, the practice’s or the built-in value stands, and the case carries a sentence that names who
  differs; it is on the patient’s page and the verdict’s. For the plans behind one a court named the rules ask instead.

An option concerns only coverages it can matter for: the day a plan ends is read of the plans that end on the day of
service, the age limit of plans that cover a child and have no end date, and so on (`cob/coverage/concerns.py`). Where
it concerns none it is left out of the case.

## What if

`OptionsOnFile.read()` holds every choice after one query; `.as_if([Supposed("term_date_is_last_day", False)])` is the
same with choices nobody made, for `case_for(…, options=…)`. `cob.rules.parameters.trying({"msp.kidney.months": 33})`
does so for the numbers set by law, in one thread and for the code inside. Neither is ever stored: putting a verdict on
file under tried numbers is refused.
"""


def page() -> str:
    """The whole page in Markdown."""
    return "\n".join([OPENING, *_options(), *_fixed(), *_second(), *_filing()])


def _options() -> Iterator[str]:
    yield "## The options\n"
    for name, spec in SPECS.items():
        if spec.is_settable:
            yield _option(name, spec)


def _option(name: str, spec: Spec) -> str:
    built_in = in_words(name, default(name))
    values = "; ".join(
        f"{words} (`{value if isinstance(value, str) else json.dumps(value)}`)"
        + (", built in" if words == built_in else "")
        for value, words in spec.choices
    )
    chosen_by = ", ".join(str(Scope(scope).label).lower() for scope in spec.scopes)
    reads = f"{spec.reach}" + (f", one of them {Kind(spec.against).label}" if spec.against else "")
    lines = [
        f"### {spec.label} (`{name}`)",
        "",
        spec.sentence,
        "",
        f"- Values: {values}",
        *([f"- Built in: {built_in}"] if built_in not in values else []),
        f"- Chosen by: {chosen_by}." + (f" State: {spec.place}." if Scope.STATE in spec.scopes else ""),
        f"- Can change: {str(spec.effect)[0].lower()}{str(spec.effect)[1:]}. Reads: {reads}.",
        f"- Stands in: {spec.cite} ({_sure(spec.sure)}).",
        "",
    ]
    return "\n".join(lines)


def _fixed() -> Iterator[str]:
    yield "## Not to be set\n"
    yield "The rules know these names; nothing reads another value yet, so choosing one would change nothing.\n"
    yield "| option | says | built in | stands in |\n|---|---|---|---|"
    for name, spec in SPECS.items():
        if not spec.is_settable:
            cite = f"{spec.cite} ({_sure(spec.sure)})"
            yield f"| {spec.label} (`{name}`) | {spec.sentence} | {in_words(name, default(name))} | {cite} |"
    yield ""


def _second() -> Iterator[str]:
    table = codes()
    yield "## Why Medicare is not first\n"
    yield (
        "SBR05 on Medicare’s own SBR of an 837P, never on a payer that is first; on a UB-04 the value code of the same "
        "number. The letter is the one Medicare’s files use. OC occurrence, CC condition, VC value code. With several "
        "payers ahead of Medicare the code is that of the first of them (UNCONFIRMED), and all are listed.\n"
    )
    yield "| code | letter | meaning | from | raise besides |\n|---|---|---|---|---|"
    for code, row in table.medicare_second.items():
        yield f"| {code} | {row.letter} | {row.meaning} | {', '.join(row.produced_by)} | {_raised(row.raises)} |"
    later = table.conditional
    yield f"| — | {later.letter} | {later.meaning} | {', '.join(later.produced_by)} | {_raised(later.raises)} |"
    for letter, known in table.letters.items():
        yield f"| — | {letter} | {known.meaning} ({_sure(known.sure)}) | note only | |"
    yield f"\nBesides, on an institutional claim: {_raised(table.besides)}.\n"
    places = ", ".join(table.places)
    yield f"SBR01 says the place of a payer: {places} for the first to the eleventh, then {table.place_unknown}.\n"


def _filing() -> Iterator[str]:
    yield "## Claim filing indicator\n"
    yield (
        f"SBR09 follows the kind of coverage; a payer’s own setting goes before it (BL, 12 PPO, 13 POS, 14 EPO, HM, 15 "
        f"indemnity, 17 dental, DS disability). A kind not named here is {codes().filing_general}.\n"
    )
    yield "| kind | SBR09 | sure |\n|---|---|---|"
    for kind in codes().filing:
        row = filing(kind)
        also = f" ({row.institutional} on an institutional claim)" if row.institutional else ""
        remark = f"; {row.remark}" if row.remark else ""
        yield f"| {Kind(kind).label} | {row.code}{also} | {_sure(row.sure)}{remark} |"
    yield ""


def _raised(raises: Iterable[Raised]) -> str:
    return "; ".join(
        f"{one.code} {one.says}"
        + (f" (when: {one.when})" if one.when != "always" else "")
        + (" UNCONFIRMED" if one.is_unconfirmed else "")
        for one in raises
    )


def _sure(sure: str) -> str:
    return "UNCONFIRMED" if sure == "unconfirmed" else sure
