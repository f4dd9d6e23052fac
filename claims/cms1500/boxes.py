"""A claim as addressed to one payer, as the boxes of the paper form.

Boxes 4, 7, 9 and 11 mean other things to Medicare than to everybody else (Medicare Claims Processing Manual ch. 26):
there 11 is about the plan before Medicare, here about the plan the form goes to. So there are two layouts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from claims.cms1500.positions import DIAGNOSES, SERVICES, spot_of
from cob.x12.parts import Address, Party, reference
from cob.x12.t837p import RANKS, Claim837P, Line837P, OtherCoverage, Provider, Subscriber

Boxes = dict[str, str]
_ON_FILE = "SIGNATURE ON FILE"
# What box 1 asks; anything else is a group plan where it has a group number, and "other" where it has none.
_KIND = {"MA": "medicare", "MB": "medicare", "MC": "medicaid", "CH": "tricare", "VA": "champva"}
_MEDICARE = frozenset({"MA", "MB"})
_MEDIGAP_IDS = range(55_000, 60_000)  # COBA's claim-based Medigap ids
_RELATION = {"18": "self", "01": "spouse", "19": "child"}
_REFERRING = ("DN", "DK", "DQ")
# HI also carries condition codes (BG) and anesthesia procedures (BP), which are no diagnoses.
_DIAGNOSIS = frozenset({"ABK", "ABF", "BK", "BF"})
_CONDITION = frozenset({"BG"})
_CUT = ("payer.", "2", "4", "5.", "7.", "9", "9d", "11c", "17", "19", "32.", "33.", "31")


class NotOnPaper(ValueError):
    """The claim does not fit the form; `str()` names the box, what is in it and what fits."""


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet of the form."""

    number: int
    of: int
    boxes: Boxes


def pages(claim: Claim837P, patient_phone: str = "") -> list[Page]:
    """The sheets of a claim, six services each; totals stand on the last. Raises NotOnPaper."""
    if (count := len(_codes(claim, _DIAGNOSIS))) > DIAGNOSES:
        raise NotOnPaper(f"Box 21 takes {DIAGNOSES} diagnoses, and the claim has {count}.")
    sheets = [claim.lines[start : start + SERVICES] for start in range(0, len(claim.lines), SERVICES)] or [()]
    head = _head(claim, patient_phone)
    result = []
    for number, lines in enumerate(sheets, start=1):
        boxes = dict(head)
        for place, line in enumerate(lines, start=1):
            boxes.update(_service(place, line, claim))
        if number == len(sheets):
            boxes.update(_totals(claim))
        result.append(Page(number, len(sheets), _fitting(boxes)))
    return result


def is_to_medicare(claim: Claim837P) -> bool:
    """Whether Medicare's own layout applies."""
    return claim.subscriber.filing_code in _MEDICARE


def _head(claim: Claim837P, patient_phone: str) -> Boxes:
    boxes: Boxes = {}
    boxes.update(_payer(claim))
    boxes.update(_patient(claim, patient_phone))
    boxes.update(_medicares(claim) if is_to_medicare(claim) else _everybodys(claim))
    boxes.update(_accident(claim))
    boxes.update(_visit(claim))
    boxes.update(_providers(claim))
    return {box: text for box, text in boxes.items() if text}


def _payer(claim: Claim837P) -> Iterator[tuple[str, str]]:
    yield "payer.name", claim.payer.party.name
    address = claim.payer.address
    yield "payer.line1", address.line1
    yield "payer.line2", address.line2
    yield "payer.town", _town(address)
    insured = claim.subscriber
    yield f"1.{_KIND.get(insured.filing_code) or ('group' if insured.group_number else 'other')}", "X"
    yield "1a", claim.subscriber.party.id


def _patient(claim: Claim837P, phone: str) -> Iterator[tuple[str, str]]:
    who = claim.patient or claim.subscriber
    yield "2", _name(who.party)
    yield from _day("3", who.born_on)
    yield from _sex("3", who.sex)
    yield from _address("5", who.address)
    digits = "".join(c for c in phone if c.isdigit())
    if len(digits) == 10:
        yield "5.area", digits[:3]
        yield "5.phone", digits[3:]
    yield "12", _ON_FILE if claim.release == "Y" else ""
    yield "13", _ON_FILE if claim.benefits_assigned == "Y" else ""


def _everybodys(claim: Claim837P) -> Iterator[tuple[str, str]]:
    """4, 6, 7 and 11 are of the plan that gets the form; 9 is of the other one."""
    sub = claim.subscriber
    yield "4", _name(sub.party)
    yield f"6.{_RELATION.get(claim.patient.relationship if claim.patient else '18', 'other')}", "X"
    yield from _address("7", sub.address)
    yield "11", sub.group_number
    yield from _day("11a", sub.born_on)
    yield from _sex("11a", sub.sex)
    if number := reference((*sub.references, *(claim.patient.references if claim.patient else ())), "Y4"):
        yield "11b.qualifier", "Y4"
        yield "11b", number
    yield "11c", sub.plan_name or claim.payer.party.name
    yield "10d", "   ".join(_codes(claim, _CONDITION))
    other = _other(claim)
    if other is None:
        yield "11d.no", "X"
        return
    yield "11d.yes", "X"
    yield "9", _name(other.subscriber.party)
    yield "9a", other.subscriber.group_number or other.subscriber.party.id
    yield "9d", other.subscriber.plan_name or (other.payer.party.name if other.payer else "")


def _medicares(claim: Claim837P) -> Iterator[tuple[str, str]]:
    """First: NONE in 11 and 4 empty. Not first: 4, 6, 7 and 11 are of the plan before. 11d stays empty, and so does 22:
    Medicare corrects a claim by reopening it. 10d says who is on Medicaid."""
    before = _before(claim)
    medicaid = next((o.subscriber for o in claim.other_coverages if o.subscriber.filing_code == "MC"), None)
    yield "10d", f"MCD{medicaid.party.id}" if medicaid else ""
    medigap = _medigap(claim)
    if medigap is not None and medigap.payer is not None:
        own = medigap.subscriber
        yield "9", _name(own.party)
        yield "9a", f"MEDIGAP {own.party.id or own.group_number}"
        yield "9d", medigap.payer.party.id
    if before is None:
        yield "11", "NONE"
        return
    sub = before.subscriber
    yield "4", _name(sub.party)
    yield f"6.{_RELATION.get(sub.relationship, 'other')}", "X"
    yield from _address("7", sub.address)
    yield "11", sub.group_number or sub.party.id
    yield from _day("11a", sub.born_on)
    yield from _sex("11a", sub.sex)
    yield "11c", sub.plan_name or (before.payer.party.name if before.payer else "")


def _accident(claim: Claim837P) -> Iterator[tuple[str, str]]:
    causes = set(claim.related_causes)
    for box, cause in (("10a", "EM"), ("10b", "AA"), ("10c", "OA")):
        yield f"{box}.{'yes' if cause in causes else 'no'}", "X"
    if "AA" in causes:
        yield "10b.state", claim.accident_state


def _visit(claim: Claim837P) -> Iterator[tuple[str, str]]:
    dates = {d.qualifier: d.on for d in claim.dates}
    begun = next(((q, dates[q]) for q in ("439", "431", "484") if q in dates), None)
    if begun:
        # An accident's day is the onset; the form knows 431 (onset) and 484 (last menstrual period).
        yield "14.qualifier", "484" if begun[0] == "484" else "431"
        yield from _day("14", begun[1])
    if "454" in dates:
        yield "15.qualifier", "454"
        yield from _day("15", dates["454"])
    yield from _day("18.from", dates.get("435"))
    yield from _day("18.until", dates.get("096"))
    yield "19", claim.note
    yield "20.no", "X"
    diagnoses = _codes(claim, _DIAGNOSIS)
    yield "21.indicator", "0" if diagnoses else ""
    for letter, code in zip("ABCDEFGHIJKL", diagnoses, strict=False):
        yield f"21.{letter}", code
    if claim.frequency in {"7", "8"} and not is_to_medicare(claim):
        yield "22.code", claim.frequency
        yield "22.number", claim.payer_control_number
    yield "23", claim.prior_authorization or claim.referral


def _codes(claim: Claim837P, kinds: frozenset[str]) -> list[str]:
    """What HI says of these kinds, in its order."""
    return [d.code.replace(".", "") for d in claim.diagnoses if d.qualifier in kinds]


def _providers(claim: Claim837P) -> Iterator[tuple[str, str]]:
    for role in _REFERRING:
        if found := claim.provider(role):
            yield "17.qualifier", role
            yield "17", _natural(found.party)
            yield "17b", found.npi
            break
    billing = claim.billing
    yield "25", billing.tax_id.replace("-", "")
    yield ("25.ssn" if any(r.qualifier == "SY" for r in billing.references) else "25.ein"), "X"
    yield "26", claim.control_number
    yield ("27.yes" if claim.assignment == "A" else "27.no"), "X"
    yield "31", _ON_FILE if claim.provider_signature == "Y" else ""
    yield from _place("32", claim.provider("77"))
    yield from _place("33", billing)
    phones = [number for c in billing.contacts for q, number in c.numbers if q == "TE"]
    if phones and len(phones[0]) == 10:
        yield "33.area", phones[0][:3]
        yield "33.phone", f"{phones[0][3:6]}-{phones[0][6:]}"


def _service(place: int, line: Line837P, claim: Claim837P) -> Boxes:
    at = f"24.{place}."
    rendering = next((p for p in line.providers if p.party.role == "82"), None) or claim.provider("82")
    until = line.service_until or line.service_on
    boxes = {
        **{at + name: text for name, text in _short_day("from", line.service_on)},
        **{at + name: text for name, text in _short_day("until", until)},
        at + "place": line.place or claim.place,
        at + "emergency": "Y" if line.is_emergency else "",
        at + "code": line.procedure.code,
        at + "modifiers": " ".join(line.procedure.modifiers),
        at + "pointers": "".join("ABCDEFGHIJKL"[p - 1] for p in line.pointers if 1 <= p <= DIAGNOSES),
        at + "charge": money(line.charge_cents),
        at + "units": f"{line.units.normalize():f}" if line.units is not None else "1",
        at + "epsdt": "Y" if line.epsdt else "",
        at + "npi": rendering.npi if rendering else "",
        at + "note": line.note,
    }
    return {box: text for box, text in boxes.items() if text}


def _totals(claim: Claim837P) -> Boxes:
    """29 takes only the patient's payments for Medicare; other payers' are added for everybody else."""
    paid = claim.patient_paid_cents or 0
    if not is_to_medicare(claim):
        paid += sum(other.paid_cents or 0 for other in claim.other_coverages)
    return {"28": money(claim.charge_cents), "29": money(paid)}


def _other(claim: Claim837P) -> OtherCoverage | None:
    """The form has room for one other plan: the first in the order."""
    return min(claim.other_coverages, key=lambda o: _rank(o.subscriber), default=None)


def _before(claim: Claim837P) -> OtherCoverage | None:
    """The first plan before the one that gets the form."""
    own = _rank(claim.subscriber)
    return min(
        (o for o in claim.other_coverages if _rank(o.subscriber) < own), key=lambda o: _rank(o.subscriber), default=None
    )


def _medigap(claim: Claim837P) -> OtherCoverage | None:
    """A Medigap plan that wants the claim by its own COBA id on the form."""
    for other in claim.other_coverages:
        number = other.payer_id
        if number.isdecimal() and int(number) in _MEDIGAP_IDS and _rank(other.subscriber) > _rank(claim.subscriber):
            return other
    return None


def _rank(subscriber: Subscriber) -> int:
    return RANKS.find(subscriber.rank_code) if subscriber.rank_code else len(RANKS)


def money(cents: int) -> str:
    """150.00 as the form has it: dollars, a blank for the dotted line, cents."""
    return f"{cents // 100} {cents % 100:02d}"


def _name(party: Party) -> str:
    """LAST, FIRST, M as the form wants it."""
    last = f"{party.name} {party.suffix}".strip()
    return ", ".join(filter(None, (last, party.first, party.middle[:1])))


def _natural(party: Party) -> str:
    return " ".join(filter(None, (party.first, party.middle[:1], party.name, party.suffix)))


def _place(box: str, provider: Provider | None) -> Iterator[tuple[str, str]]:
    if provider is None:
        return
    party = provider.party
    yield f"{box}.name", _natural(party) if party.is_person else party.name
    yield f"{box}.street", " ".join(filter(None, (provider.address.line1, provider.address.line2)))
    yield f"{box}.town", _town(provider.address)
    yield f"{box}a", provider.npi


def _address(box: str, address: Address) -> Iterator[tuple[str, str]]:
    yield f"{box}.street", " ".join(filter(None, (address.line1, address.line2)))
    yield f"{box}.city", address.city
    yield f"{box}.state", address.state
    yield f"{box}.zip", _zip(address.postal_code)


def _town(address: Address) -> str:
    return " ".join(filter(None, (address.city, address.state, _zip(address.postal_code))))


def _zip(code: str) -> str:
    return f"{code[:5]}-{code[5:]}" if len(code) == 9 and code.isdecimal() else code


def _day(box: str, day: date | None) -> Iterator[tuple[str, str]]:
    if day:
        yield f"{box}.month", f"{day.month:02d}"
        yield f"{box}.day", f"{day.day:02d}"
        yield f"{box}.year", f"{day.year:04d}"


def _short_day(box: str, day: date | None) -> Iterator[tuple[str, str]]:
    for name, text in _day(box, day):
        yield name, text[-2:]


def _sex(box: str, sex: str) -> Iterator[tuple[str, str]]:
    if sex in {"M", "F"}:
        yield f"{box}.{sex}", "X"


def _fitting(boxes: Boxes) -> Boxes:
    """Names and addresses may be cut, as the form's own instructions have it; a number cut short is another number."""
    fitted = {}
    for box, text in boxes.items():
        width = spot_of(box).width
        plain = text.upper()
        if len(plain) > width and not (box in _CUT or box.startswith(tuple(c for c in _CUT if c.endswith(".")))):
            raise NotOnPaper(f"Box {box} takes {width} characters, and “{plain}” has {len(plain)}.")
        fitted[box] = plain[:width].rstrip()
    return fitted
