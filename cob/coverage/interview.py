"""One question a screen: the one that matters most first, and none that cannot change the order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from cob.accounts.models import User
from cob.audit.models import record
from cob.coverage import actions, catalogue
from cob.coverage.answers import answer_field
from cob.coverage.cases import NeedsKind, payer_names
from cob.coverage.catalogue import Way
from cob.coverage.deciding import KindUnknown, preview
from cob.coverage.forms import kind_choices
from cob.coverage.models import Determination
from cob.coverage.questionnaires import HOW, WHO, Offered
from cob.coverage.visits import Visit
from cob.coverage.wording import answered, asked, readable
from cob.patients.models import Patient

MOST_OUTCOMES = 4


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask now, in plain words, and how many more may follow."""

    path: str
    ask: str
    why: str
    open: int
    outcomes: tuple[tuple[str, list[str]], ...] = ()


class AnswerForm(forms.Form):
    """The answer to one question, and who gave it."""

    told_by = forms.CharField(label="Told by", max_length=80, initial="Patient", error_messages={"required": WHO})
    told_how = forms.ChoiceField(label="How", choices=[(how, how.capitalize()) for how in HOW])

    def __init__(self, data: Mapping[str, Any] | None = None, *, path: str, ask: str, offered: Offered) -> None:
        super().__init__(data)
        self.path = path
        entry = catalogue.entry(path)
        if entry is None:
            raise LookupError(f"The catalogue does not say how {path} is answered.")
        field = answer_field(entry, offered=offered.to(path), as_cards=True)
        if path.endswith(".kind"):
            field.choices = kind_choices()  # type: ignore[attr-defined]
        field.label, field.required = ask, True
        field.error_messages["required"] = "Choose an answer, or say that the patient does not know."
        self.fields["value"] = field
        self.order_fields(["value", "told_by", "told_how"])
        self.names_people = entry.way is Way.PERSON

    @property
    def shape(self) -> str:
        """How the answers are shown: the kinds of plan in groups, all answers at once, or one field."""
        if self.path.endswith(".kind"):
            return "kinds"
        widget = self.fields["value"].widget
        return "cards" if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple) else "field"


def next_question(patient: Patient, visit: Visit) -> Question | None:
    """The best question the patient has not failed to answer; None when nothing is left to ask. Raises Malformed."""
    try:
        now = preview(patient, visit.on)
    except KindUnknown as unknown:
        return _kind_question(unknown.needs, visit)
    open_ones = [entry for entry in now.verdict["questions"] if entry["fact"] not in visit.skipped]
    if not open_ones:
        return None
    names = now.on_file.names
    told = readable(open_ones[0] | {"ask": asked(open_ones[0], now.on_file.case["people"], names)}, names)
    return Question(told["fact"], told["ask"], told["why"], len(open_ones), _outcomes(now.verdict, names))


def _outcomes(verdict: Mapping[str, Any], names: Mapping[str, str]) -> tuple[tuple[str, list[str]], ...]:
    """Every way the order may come out; of very many, the shortest to each order."""
    asked = {entry["fact"] for entry in verdict["questions"]}
    branches = sorted(verdict["branches"], key=lambda branch: len(branch["assuming"]))
    if len(branches) > MOST_OUTCOMES:
        branches = list({tuple(branch["order"]): branch for branch in reversed(branches)}.values())
    return tuple(_outcome(branch, asked, names) for branch in branches)


def _outcome(branch: Mapping[str, Any], asked: set[str], names: Mapping[str, str]) -> tuple[str, list[str]]:
    """What would have to be true, and who would then pay in which order."""
    told = [one for one in branch["assuming"] if one["fact"] in asked] or branch["assuming"]
    said = [(catalogue.label(one["fact"]), answered(one["fact"], one["value"], names)) for one in told]
    when = said[0][1] if len(said) == 1 else "; ".join(f"{label}: {value}" for label, value in said)
    return when, [names.get(one, one) for one in branch["order"]]


def _kind_question(needs: NeedsKind, visit: Visit) -> Question | None:
    left = [row for row in needs.coverages if f"coverages.{row.pk}.kind" not in visit.skipped]
    if not left:
        return None
    why = "Every rule starts from what kind of plan it is. Look at the card; the payer’s name alone does not say."
    return Question(f"coverages.{left[0].pk}.kind", f"What kind of plan is {left[0].payer}?", why, len(left))


def offered_to(patient: Patient) -> Offered:
    """Who and what this patient's answers can name."""
    people = tuple((str(row.pk), str(row)) for row in patient.people.all())
    names = payer_names(list(patient.coverages.select_related("payer")))
    return Offered(people=(("P", "The patient"), *people), coverages=tuple(names.items()))


def answer(patient: Patient, visit: Visit, form: AnswerForm, by: User) -> None:
    """Keep a valid answer. What is said of one visit holds for its day alone. Raises BadFact."""
    actions.tell_fact(
        patient=patient,
        path=form.path,
        value=storable(form.path, form.cleaned_data["value"]),
        told_by=form.cleaned_data["told_by"],
        told_how=form.cleaned_data["told_how"],
        true_from=visit.on if form.path.startswith("claim.") else None,
        by=by,
    )


def not_known(patient: Patient, visit: Visit, path: str) -> None:
    """The patient does not know: nothing is stored as a fact, the attempt is on the trail."""
    record("asked, not known", patient, patients=[patient.pk], site_id=patient.site_id, after={"path": path})
    visit.skip(path)


def conclude(patient: Patient, visit: Visit, by: User) -> Determination | None:
    """Put the verdict on file when nothing is left to ask; None while something is. Raises KindUnknown, Malformed."""
    if next_question(patient, visit) is not None:
        return None
    visit.finish()
    return actions.determine(patient=patient, service_on=visit.on, by=by)


def storable(path: str, value: Any) -> Any:
    """An answer as it is kept: where the contract's null is an answer, the word "never" stands for it."""
    return "never" if value is None and catalogue.NULL_MEANS_NEVER.fullmatch(path) else value
