"""From raw JSON values to terms, or one line that says which field is wrong, what was expected and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import AliasChoices, BaseModel, ValidationError

from cob.rules.order.intake import BadCase
from cob.rules.payment.amounts import money
from cob.rules.payment.needs import REQUIRED, needed
from cob.rules.payment.standing import MEDICARE
from cob.rules.payment.terms import NAMES_OF_DAY, PLACES, Adjustment, Later, Obligations, Primary, Raw, Terms
from cob.rules.payment.totals import POOLS

MOST_LINES = 999
_INSTEAD = {
    "missing": "this key is required; add it",
    "literal_error": "use one of the listed words",
    "bool_type": "expected true or false",
    "string_type": "expected text in quotation marks",
    "dict_type": "expected an object in braces",
    "model_type": "expected an object in braces",
    "model_attributes_type": "expected an object in braces",
    "list_type": "expected a list in brackets",
    "tuple_type": "expected a list in brackets",
    "string_pattern_mismatch": "correct the text",
}
# Of the claim's terms these are amounts of one line or of the whole, so a line does not take them from the claim.
_OWN = frozenset({"allowed", "gross_payable", "deductible_plus_coinsurance", "flat_payment", "limiting_charge"})
_OWN_BOUND = frozenset({"otaf", "limiting_charge", "patient_prepaid"})


def _names(*shapes: type[BaseModel]) -> Iterator[str]:
    for shape in shapes:
        for name, field in shape.model_fields.items():
            yield name
            if isinstance(field.validation_alias, AliasChoices):
                yield from (str(choice) for choice in field.validation_alias.choices)


_READ = frozenset(_names(Terms, Primary, Adjustment, Later, Obligations))


def read_terms(raw: Any) -> Terms:
    """Checked terms. Takes the `inputs` of a case, or the case itself. Raises BadCase."""
    if isinstance(raw, Terms):
        return raw
    if isinstance(raw, dict) and isinstance(raw.get("inputs"), dict):
        raw = raw["inputs"]
    try:
        _no_numbers(raw, ())
    except RecursionError:
        raise BadCase("the case: nested too deeply; send one case as the contract shows it") from None
    terms = _validated(_with_lines(raw) if isinstance(raw, dict) and "lines" in raw else raw)
    for problem in (*_problems(terms, ""), *_sums(terms)):
        raise BadCase(problem)
    return terms


def not_read(terms: Terms) -> tuple[str, ...]:
    """The keys that stood in the case and play no part, so that a slip of spelling is not passed over in silence."""
    return tuple(dict.fromkeys(_extra(terms, "")))


def _extra(shape: BaseModel, path: str) -> Iterator[str]:
    yield from (f"{path}{name}" for name in shape.model_extra or () if name not in ("id", "shared"))
    for name in type(shape).model_fields:
        value = getattr(shape, name)
        if isinstance(value, BaseModel):
            yield from _extra(value, f"{path}{name}.")
        elif isinstance(value, list | tuple):
            for at, one in enumerate(value):
                if isinstance(one, BaseModel):
                    yield from _extra(one, f"{path}{name}.{at}.")


def _no_numbers(value: Any, path: tuple[str, ...]) -> None:
    """Money and rates are text: a number has been through somebody's binary rounding, or may have been. What is not
    read may be anything."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise BadCase(
            f'{".".join(path) or "the case"}: expected text in quotation marks, such as "120.00"; '
            "numbers without quotation marks may have been rounded on the way"
        )
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in _READ or path[-1:] == ("covers",):
                _no_numbers(inner, (*path, str(key)))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            _no_numbers(inner, (*path, str(at)))


def _validated(raw: Any) -> Terms:
    try:
        return Terms.model_validate(raw)
    except ValidationError as refused:
        first = refused.errors(include_url=False, include_input=False)[0]
        steps = [str(step) for step in first["loc"] if not str(step).startswith(("function-", "constrained-"))]
        said = first["msg"].removeprefix("Value error, ").partition(" or instance of ")[0]
        more = refused.error_count() - 1
        also = f" (and {more} more)" if more else ""
        hint = _INSTEAD.get(first["type"], "correct the value")
        raise BadCase(" ".join(f"{'.'.join(steps) or 'the case'}: {said}; {hint}{also}".split())) from None


def _with_lines(raw: Raw) -> Raw:
    """The claim's terms handed down to its lines, and its sums taken from them where they are not stated."""
    lines = raw["lines"]
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise BadCase("lines: expected a list of objects; write one object a line")
    if not 1 <= len(lines) <= MOST_LINES:
        raise BadCase(f"lines: expected 1 to {MOST_LINES} lines, got {len(lines)}; leave the key out for a single line")
    for at, line in enumerate(lines):
        if "lines" in line:
            raise BadCase(f"lines.{at}.lines: a line has no lines of its own; remove the key")
        if "billed" not in line or "primary" not in line:
            missing = "billed" if "billed" not in line else "primary"
            raise BadCase(f"lines.{at}.{missing}: this key is required; add it")
    handed = [_handed_down(raw, line) for line in lines]
    checked = [_line(at, line) for at, line in enumerate(handed)]
    stated = {name: value for name, value in raw.items() if name != "lines"}
    stated.setdefault("billed", money(sum(line.billed for line in checked)))
    stated.setdefault("primary", lines[0]["primary"] | {"paid": money(sum(one.primary.paid for one in checked))})
    stated.setdefault("secondary", handed[0].get("secondary", {"payer_type": "none", "method": "none"}))
    return stated | {"lines": tuple(checked)}


def _line(at: int, raw: Raw) -> Terms:
    try:
        return _validated(raw)
    except BadCase as refused:
        raise BadCase(f"lines.{at}.{refused}") from None


def _handed_down(claim: Raw, line: Raw) -> Raw:
    handed = dict(line)
    for place in PLACES:
        above, own = claim.get(place), line.get(place)
        if isinstance(above, dict) and (own is None or isinstance(own, dict)):
            own = own or {}
            taken = {name: value for name, value in above.items() if name not in _OWN}
            shared = [name for name in POOLS if name in taken and name not in own]
            handed[place] = taken | own | {"shared": tuple(shared)}
    above, own = claim.get("obligations"), line.get("obligations", {})
    if isinstance(above, dict) and isinstance(own, dict):
        handed["obligations"] = {name: value for name, value in above.items() if name not in _OWN_BOUND} | own
    for name in NAMES_OF_DAY:
        if name in claim and name not in line:
            handed[name] = claim[name]
    return handed


def _problems(terms: Terms, where: str) -> Iterator[str]:
    """What cannot be reckoned with: missing figures, an answer that does not add up, payers in an impossible place."""
    whole = terms.secondary.formula == "msp_part_a" or terms.secondary.level == "claim"
    for at, line in enumerate(terms.lines):
        if whole:  # the terms are the claim's: of a line only what was answered is read
            yield from _answer(line.primary, line.billed, f"lines.{at}.primary")
        else:
            yield from _problems(line, f"lines.{at}.")
    if not terms.lines:
        yield from _answer(terms.primary, terms.billed, f"{where}primary")
    if terms.lines and not whole:
        return
    kinds = {terms.primary.payer_type}
    for place, payer in zip(PLACES, terms.later, strict=False):
        yield from _missing(terms, payer, f"{where}{place}", [getattr(line, place) for line in terms.lines])
        if payer.formula == "medigap" and not kinds & MEDICARE:
            yield f"{where}{place}.method: medigap pays after Medicare only; name Medicare before it"
        kinds.add(payer.payer_type)
    otaf = terms.obligations.otaf
    if otaf is not None and otaf > terms.billed:
        yield f"{where}obligations.otaf: {money(otaf)} is more than the charge of {money(terms.billed)}; correct one"


def _missing(terms: Terms, payer: Later, where: str, lines: list[Later | None]) -> Iterator[str]:
    for name in needed(payer, terms):
        if name in REQUIRED and getattr(payer, name) is None:
            if name == "allowed" and lines and all(one is not None and one.allowed is not None for one in lines):
                continue  # the claim's is the sum of its lines'
            method = "expected payment" if payer.formula == "unknown" else payer.formula
            yield f"{where}.{name}: {method} cannot be reckoned without it; add it"
    if payer.formula == "medigap" and payer.medigap_letter is None and payer.covers_part_b_coinsurance is None:
        yield f"{where}.medigap_letter: expected the policy's letter or covers_part_b_coinsurance; add one of them"


def _answer(primary: Primary, billed: int, where: str) -> Iterator[str]:
    """A payer accounts for the whole charge: paid and adjustments add up to it, or the answer was read wrongly."""
    paid = primary.paid
    if primary.cas is None:
        paid += primary.paid_to_patient or 0
        if paid > billed:
            yield f"{where}.paid: {money(paid)} is more than the charge of {money(billed)}; add the reason under cas"
        return
    sent = sum(one.amount for one in primary.cas if (one.group, one.carc) == ("PR", "100"))
    told = primary.paid_to_patient
    if told is not None and sent and told != sent:
        yield f"{where}.paid_to_patient: {money(told)} but PR-100 in cas is {money(sent)}; correct one of the two"
    adjusted = sum(one.amount for one in primary.cas) + (0 if sent else told or 0)
    if paid + adjusted != billed:
        if paid > billed:
            yield f"{where}.paid: {money(paid)} is more than the charge of {money(billed)}; add the reason under cas"
        yield (
            f"{where}.cas: paid {money(paid)} and adjustments of {money(adjusted)} make {money(paid + adjusted)}, "
            f"not the charge of {money(billed)}; add or correct an adjustment"
        )


def _sums(terms: Terms) -> Iterator[str]:
    if not terms.lines:
        return
    billed = sum(line.billed for line in terms.lines)
    if terms.billed != billed:
        yield f"billed: {money(terms.billed)} but the lines add up to {money(billed)}; correct one of them"
    paid = sum(line.primary.paid for line in terms.lines)
    if terms.primary.paid != paid:
        yield f"primary.paid: {money(terms.primary.paid)} but the lines add up to {money(paid)}; correct one of them"
