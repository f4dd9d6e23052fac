"""Whose answer it is: by our trace number; else by member id and date of birth together; never by a name alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cob.coverage.models import Coverage, Inquiry, Payer
from cob.patients.models import squash
from cob.x12.t271 import Answer271, Person


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer belongs; without a coverage, why it belongs nowhere."""

    coverage: Coverage | None = None
    inquiry: Inquiry | None = None
    why: str = ""


class Places:
    """Where a chunk of answers belongs: three queries, however many there are."""

    def __init__(self, answers: Sequence[Answer271]) -> None:
        traces = {trace for answer in answers for trace in _traces(answer)}
        asked = Inquiry.objects.filter(trace__in=traces).select_related("coverage__payer", "coverage__patient__site")
        self._asked = {row.trace: row for row in asked}
        numbers = {_number(answer) for answer in answers} - {""}
        self._held: dict[str, list[Coverage]] = {}
        rows = Coverage.objects.filter(search_member__in=numbers).select_related("payer", "patient__site")
        for row in rows.order_by("created_at", "pk"):
            self._held.setdefault(row.search_member, []).append(row)
        self._payers = {row.edi_id: row for row in Payer.objects.filter(edi_id__in={a.payer.id for a in answers})}

    def payer(self, answer: Answer271) -> Payer | None:
        """The payer that answers, when it is one of ours."""
        return self._payers.get(answer.payer.id)

    def of(self, answer: Answer271) -> Place:
        """The coverage an answer is about."""
        inquiry = next((self._asked[trace] for trace in _traces(answer) if trace in self._asked), None)
        if inquiry is not None:
            if _is_somebody_else(answer, inquiry.coverage):
                why = "Its trace number is ours, but member id and date of birth are another person’s."
                return Place(why=f"{why} Ask the payer.")
            return Place(inquiry.coverage, inquiry)
        return self._by_number(answer)

    def _by_number(self, answer: Answer271) -> Place:
        person, number = answer.person, _number(answer)
        if not number or person is None or person.born_on is None:
            return Place(why="No question from here has its trace number, and it names no member id with a birth date.")
        held = [row for row in self._held.get(number, []) if row.patient.birth_on == person.born_on]
        if not held:
            return Place(why="No coverage on file has its member id together with its date of birth.")
        held = _narrowed(held, person, answer)
        if len({row.patient_id for row in held}) > 1:
            return Place(why="Several patients have its member id and date of birth; say whose it is from the chart.")
        if len(held) > 1:
            return Place(why="Several coverages of the patient have its member id, and none is this payer’s.")
        return Place(held[0])


def _narrowed(held: list[Coverage], person: Person, answer: Answer271) -> list[Coverage]:
    """Twins share number and birth date, one person may have the number twice: the first name and the payer tell."""
    same_name = [row for row in held if squash(row.patient.first_name) == squash(person.party.first)]
    held = same_name or held
    return [row for row in held if answer.payer.id in (row.payer.edi_id, *row.payer.remit_ids)] or held


def _is_somebody_else(answer: Answer271, coverage: Coverage) -> bool:
    """A payer corrects a number or a birth date; both at once are another person."""
    person, number = answer.person, _number(answer)
    if person is None or person.born_on is None or not number:
        return False
    return person.born_on != coverage.patient.birth_on and number != coverage.search_member


def _traces(answer: Answer271) -> tuple[str, ...]:
    """The numbers a question is found by; a question refused before any person has only that of its transaction."""
    return answer.traces or ((answer.reference,) if answer.reference else ())


def _number(answer: Answer271) -> str:
    return squash(answer.subscriber.party.id)[:30] if answer.subscriber else ""
