"""One question a screen: the one that matters most first, and none that cannot change the order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from cob.accounts.models import User
from cob.coverage import actions, catalogue
from cob.coverage.answers import answer_field
from cob.coverage.cases import NeedsKind, payer_names, people_names
from cob.coverage.catalogue import Way
from cob.coverage.deciding import KindUnknown, preview
from cob.coverage.forms import kind_choices
from cob.coverage.models import Determination
from cob.coverage.questionnaires import HOW, WHO, Offered
from cob.coverage.visits import AskedOnce, Visit
from cob.coverage.wording import answered, readable, say
from cob.coverage.wording import asked as in_words
from cob.one_line import OneLine
from cob.patients.models import Patient

MOST_OUTCOMES = 4
NOBODY_SAID = "Patient"


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask now, in plain words; which one it is, and how many there may be. `answer`: what was said before."""

    path: str
    ask: str
    why: str
    number: int = 1
    about: int = 1
    outcomes: tuple[tuple[str, list[str]], ...] = ()
    is_again: bool = False
    answer: Any = None

    @property
    def open(self) -> int:
        """How many are not asked yet, this one among them."""
        return self.about - self.number + 1

    @property
    def progress(self) -> str:
        """Where in the interview this is. An answer may open one more question, so the count is about right."""
        if self.path.endswith(".kind") and not self.is_again:
            return f"Question {self.number}. What the plan is decides what else to ask"
        if self.is_again:
            return f"Question {self.number}, asked again"
        is_last = self.about <= self.number
        return f"Question {self.number}{', likely the last' if is_last else f' of about {self.about}'}"


class AnswerForm(forms.Form):
    """The answer to one question, and who gave it."""

    told_by = forms.CharField(label="Told by", max_length=80, initial="Patient", error_messages={"required": WHO})
    told_how = forms.ChoiceField(label="How", choices=[(how, how.capitalize()) for how in HOW])

    def __init__(self, data: Mapping[str, Any] | None = None, *, question: Question, offered: Offered) -> None:
        super().__init__(data)
        self.path = path = question.path
        entry = catalogue.entry(path)
        if entry is None:
            raise LookupError(f"The catalogue does not say how {path} is answered.")
        field = answer_field(entry, offered=offered.to(path), as_cards=True)
        if path.endswith(".kind"):
            field.choices = kind_choices()  # type: ignore[attr-defined]
        field.label, field.required, field.initial = question.ask, True, question.answer
        field.error_messages["required"] = "Choose an answer, or say that the patient does not know."
        self.fields["value"] = field
        self.order_fields(["value", "told_by", "told_how"])
        self.names_people = entry.way is Way.PERSON
        if data is None and self.shape == "field":
            widget = field.widget.widgets[0] if isinstance(field.widget, forms.MultiWidget) else field.widget
            widget.attrs["autofocus"] = True

    @property
    def shape(self) -> str:
        """How the answers are shown: the kinds of plan in groups, all answers at once, or one field."""
        if self.path.endswith(".kind"):
            return "kinds"
        widget = self.fields["value"].widget
        return "cards" if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple) else "field"


def next_question(patient: Patient, visit: Visit) -> Question | None:
    """What to ask now: what somebody went back to, else the best question not yet put. None when nothing is left.

    Raises Malformed.
    """
    if visit.back is not None:
        return _again(patient, visit, visit.back)
    return open_question(patient, visit)


def open_question(patient: Patient, visit: Visit, path: str = "") -> Question | None:
    """The best open question that was not put yet, or the one about `path` if it is open. Raises Malformed."""
    try:
        now = preview(patient, visit.on)
    except KindUnknown as unknown:
        return _kind_question(unknown.needs, visit, path)
    asked = {entry.path for entry in visit.asked}
    left = [entry for entry in now.verdict["questions"] if entry["fact"] not in asked]
    wanted = next((entry for entry in left if path in ("", entry["fact"])), None)
    if wanted is None:
        return None
    names = now.on_file.names
    told, number = (
        readable(wanted | {"ask": in_words(wanted, now.on_file.case["people"], names)}, names),
        len(asked) + 1,
    )
    about = len(asked) + len(left)
    ways = outcomes(now.verdict, names, told["fact"])
    return Question(told["fact"], told["ask"], told["why"], number, about, ways)


def question_for(patient: Patient, visit: Visit, path: str, by: User) -> Question | None:
    """The question an answer belongs to: open now, or put by this interview before. None: it is settled.

    What a colleague has told since is written over only by somebody who went back to it on purpose. Raises Malformed.
    """
    before = visit.was_asked(path)
    if before is None:
        return open_question(patient, visit, path) if path else None
    held = patient.facts.as_of(visit.on).get(path)
    is_anothers = held is not None and held.value is not None and held.recorded_by_id != by.pk
    return None if is_anothers and visit.back != before else _again(patient, visit, before)


def settled_as(patient: Patient, visit: Visit, path: str) -> str:
    """What is on file under a path and who told us, for somebody who came too late; empty when nothing is."""
    fact = patient.facts.as_of(visit.on).get(path)
    if fact is None or fact.value is None:
        return ""
    names = payer_names(list(patient.coverages.select_related("payer"))) | people_names(list(patient.people.all()))
    return f"{catalogue.label(path)}: {say(path, fact.value, names)}, told by {fact.told_by}."


def _again(patient: Patient, visit: Visit, before: AskedOnce) -> Question:
    paths = [entry.path for entry in visit.asked]
    fact = patient.facts.as_of(visit.on).get(before.path) if before.is_known else None
    number = paths.index(before.path) + 1
    held = fact.value if fact else None
    return Question(before.path, before.ask, before.why, number, len(paths), is_again=True, answer=held)


def outcomes(
    verdict: Mapping[str, Any], names: Mapping[str, str], question: str = ""
) -> tuple[tuple[str, list[str]], ...]:
    """Every way the order may come out; of very many, the shortest to each order. `question`: the fact that is being
    asked, whose answer alone need not say what it answers.
    """
    asked = {entry["fact"] for entry in verdict["questions"]}
    branches = sorted(verdict["branches"], key=lambda branch: len(branch["assuming"]))
    if len(branches) > MOST_OUTCOMES:
        branches = list({tuple(branch["order"]): branch for branch in reversed(branches)}.values())
    return tuple(_outcome(branch, asked, names, question) for branch in branches)


def _outcome(
    branch: Mapping[str, Any], asked: set[str], names: Mapping[str, str], question: str
) -> tuple[str, list[str]]:
    """What would have to be true, and who would then pay in which order."""
    told = [one for one in branch["assuming"] if one["fact"] in asked] or branch["assuming"]
    said = {one["fact"]: answered(one["fact"], one["value"], names) for one in told}
    named = "; ".join(f"{_of_whom(fact, names)}: {value}" for fact, value in said.items())
    return said[question] if [*said] == [question] else named, [names.get(one, one) for one in branch["order"]]


def _of_whom(path: str, names: Mapping[str, str]) -> str:
    """A fact in words, with the plan or the person it is about: of two plans the same may be open."""
    about = names.get(catalogue.owner_and_key(path)[0])
    return f"{catalogue.label(path)} ({about})" if about else catalogue.label(path)


def _kind_question(needs: NeedsKind, visit: Visit, path: str) -> Question | None:
    asked = {entry.path for entry in visit.asked}
    left = [row for row in needs.coverages if f"coverages.{row.pk}.kind" not in asked]
    row = next((row for row in left if path in ("", f"coverages.{row.pk}.kind")), None)
    if row is None:
        return None
    why = "Every rule starts from what kind of plan it is. Look at the card; the payer’s name alone does not say."
    number = len(asked) + 1
    return Question(
        f"coverages.{row.pk}.kind", f"What kind of plan is {row.payer}?", why, number, len(asked) + len(left)
    )


def offered_to(patient: Patient) -> Offered:
    """Who and what this patient's answers can name."""
    people = tuple((str(row.pk), str(row)) for row in patient.people.all())
    names = payer_names(list(patient.coverages.select_related("payer")))
    return Offered(people=(("P", "The patient"), *people), coverages=tuple(names.items()))


def answer(patient: Patient, visit: Visit, question: Question, form: AnswerForm, by: User) -> None:
    """Keep a valid answer. What is said of one visit holds for its day alone. Raises BadFact."""
    actions.tell_fact(
        patient=patient,
        path=form.path,
        value=storable(form.path, form.cleaned_data["value"]),
        told_by=form.cleaned_data["told_by"],
        told_how=form.cleaned_data["told_how"],
        true_from=_day_of(form.path, visit),
        for_day=visit.on,
        by=by,
    )
    visit.put(AskedOnce(question.path, question.ask, question.why, is_known=True))


def not_known(patient: Patient, visit: Visit, question: Question, who: Mapping[str, str], by: User) -> None:
    """The patient does not know: the attempt is on file, and what this interview took for an answer is not."""
    told_by, told_how = _teller(who.get("told_by", "")), who.get("told_how", "")
    told_how = told_how if told_how in HOW else ""
    before = visit.was_asked(question.path)
    with transaction.atomic():
        if before and before.is_known:
            actions.tell_fact(
                patient=patient,
                path=question.path,
                value=None,
                told_by=told_by,
                true_from=_day_of(question.path, visit),
                for_day=visit.on,
                by=by,
            )
        actions.note_not_known(
            patient=patient, service_on=visit.on, path=question.path, told_by=told_by, told_how=told_how, by=by
        )
    visit.put(AskedOnce(question.path, question.ask, question.why, is_known=False))


def _teller(said: str) -> str:
    """Who was asked, as a form takes a name; the patient where nothing is said that can be kept."""
    try:
        return OneLine(required=False).clean(said[:80]) or NOBODY_SAID
    except ValidationError:
        return NOBODY_SAID


def _day_of(path: str, visit: Visit) -> date | None:
    return visit.on if path.startswith("claim.") else None


def conclude(patient: Patient, visit: Visit, by: User) -> Determination | None:
    """Put the verdict on file when nothing is left to ask; None while something is. Raises KindUnknown, Malformed."""
    if open_question(patient, visit) is not None:
        return None
    determination = actions.determine(patient=patient, service_on=visit.on, by=by)
    visit.finish()
    return determination


def storable(path: str, value: Any) -> Any:
    """An answer as it is kept: where the contract's null is an answer, the word "never" stands for it."""
    return "never" if value is None and catalogue.NULL_MEANS_NEVER.fullmatch(path) else value
