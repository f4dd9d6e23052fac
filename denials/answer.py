"""What a payer said of one line or claim, in the shape the triage reads: codes, and what is known around them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from cob.cents import NotDollars, parse_dollars

GROUPS = ("CO", "PR", "OA", "PI", "CR")


class AnswerWrong(ValueError):
    """Input that cannot be read; names the field, what was expected and what to do."""


def _cents(value: Any) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, str):
        try:
            return parse_dollars(value)
        except NotDollars as wrong:
            raise ValueError(str(wrong)) from wrong
    raise ValueError("an amount is whole cents (3000) or dollars in quotes (“30.00”), never a decimal number")


def _adjustments(value: Any) -> Any:
    """Each adjustment is [group, reason], [group, reason, amount], or an object with those names."""
    if not isinstance(value, list):
        raise ValueError('a list is expected, such as [["CO", "22"]]')
    return [_adjustment(entry) for entry in value]


def _adjustment(entry: Any) -> tuple[str, str, int | None]:
    if isinstance(entry, dict):
        reason = entry.get("reason", entry.get("carc"))
        entry = [entry.get("group"), reason, entry.get("amount_cents")]
    if not isinstance(entry, list | tuple) or len(entry) not in (2, 3) or not all(entry[:2]):
        raise ValueError('each adjustment is a group and a reason, such as ["CO", "22"] or ["OA", "23", 3000]')
    group, reason = _text(entry[0]).upper(), _text(entry[1]).upper()
    if group not in GROUPS:
        raise ValueError(f'"{group}" is no group code; expected {", ".join(GROUPS)}')
    return group, reason, _cents(entry[2]) if len(entry) == 3 else None


def _remarks(value: Any) -> Any:
    if isinstance(value, list):
        return [_text(code).upper() for code in value]
    raise ValueError('a list is expected, such as ["N598"]')


def _text(value: Any) -> str:
    """A code or a word; JSON writes some codes as whole numbers."""
    if isinstance(value, str) or type(value) is int:
        return str(value).strip()
    raise ValueError("text in quotation marks is expected, such as “22” or “N598”")


def _text_if_known(value: Any) -> str:
    return "" if value is None else _text(value)


class Answer(BaseModel):
    """The codes of one line, with those of its claim. Fields nobody knows are left out."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    clp02: Annotated[str, BeforeValidator(_text_if_known)] = ""
    cas: Annotated[tuple[tuple[str, str, int | None], ...], BeforeValidator(_adjustments)] = ()
    rarc: Annotated[tuple[str, ...], BeforeValidator(_remarks)] = ()
    payer_kind: Annotated[str, BeforeValidator(lambda value: _text_if_known(value).lower().replace(" ", "_"))] = ""
    paid_cents: Annotated[int | None, BeforeValidator(_cents)] = None
    charge_cents: Annotated[int | None, BeforeValidator(_cents)] = None
    rank: int | None = Field(default=None, ge=1, le=11)  # the place we billed it at
    worked_before: bool = False  # these very codes went through a COB playbook on this claim already

    @property
    def is_unpaid(self) -> bool:
        """Known to have paid nothing; an unknown payment counts only where the codes themselves say so."""
        if self.paid_cents is not None:
            return self.paid_cents == 0
        return self.clp02 == "4" or any(reason == "23" for _, reason, _ in self.cas)

    @property
    def named(self) -> tuple[str, ...]:
        """Every code as the trade writes it, each once: CO-22, N598."""
        return tuple(dict.fromkeys([*(f"{group}-{reason}" for group, reason, _ in self.cas), *self.rarc]))

    def spoken(self, code: str) -> str:
        """A reason with its group, a remark alone."""
        return next((f"{group}-{reason}" for group, reason, _ in self.cas if reason == code), code)


def read_answer(raw: Any) -> Answer:
    """An answer from JSON. Raises AnswerWrong."""
    if not isinstance(raw, dict):
        raise AnswerWrong('an object is expected, such as {"clp02": "4", "cas": [["CO", "22"]], "rarc": []}')
    try:
        return Answer.model_validate(raw)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "the object"
        raise AnswerWrong(f"{field}: {first['msg'].removeprefix('Value error, ')}") from wrong
