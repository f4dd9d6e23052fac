"""Forms that ask for facts: some contract paths together, and who told us. Only what was changed is told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils import timezone

from cob.coverage import catalogue
from cob.coverage.answers import answer_field
from cob.coverage.catalogue import Choices, Way
from cob.coverage.inputs import AHEAD, DayField
from cob.coverage.models import Kind

WHO = "Say who told us."
HOW = ("in person", "by telephone", "card or letter seen", "payer portal", "employer", "court order seen", "other")
GROUP = (Kind.EMPLOYER, Kind.UNION, Kind.FEHB, Kind.GOVERNMENT, Kind.HRA, Kind.TRIBAL)

MEDICARE_FACTS = (
    "medicare.part_a",
    "medicare.part_b",
    "medicare.basis",
    "medicare.premium_free_part_a",
    "medicare.esrd.first_dialysis",
    "medicare.esrd.self_training_start",
    "medicare.esrd.transplant",
    "medicare.esrd.preop_admission",
    "medicare.esrd.dialysis_end",
    "medicare.retro_award_date",
    "medicare.qmb",
)
CHILD_FACTS = (
    "child.parents_living_together",
    "child.custodial_parent",
    "child.decree.terms",
    "child.decree.responsible_parent",
    "child.disabled_dependent",
)
ACCIDENT_FACTS = (
    "claim.related_to",
    "accident.date",
    "accident.state",
    "accident.workers_comp.status",
    "accident.workers_comp.provider_authorised",
    "accident.workers_comp.claim_filed_on",
    "accident.no_fault.election",
    "accident.no_fault.paid_to_date_cents",
    "accident.no_fault.exhausted_on",
    "accident.no_fault.claim_filed_on",
    "accident.liability.status",
    "accident.liability.claim_filed_on",
)
_JOB = (
    "coverage.employment.status",
    "coverage.employment.last_day",
    "coverage.work_status",
    "coverage.continuation",
    "coverage.continuation_was",
    "coverage.employer.size",
)
_LENGTH = ("coverage.patient_covered_since", "coverage.subscriber_covered_since")
_TERMS = ("coverage.coordination", "coverage.funding", "coverage.state", "coverage.carrier_changed_only")
_CARD = MEDICARE_FACTS[:4]
_KIND_FACTS: dict[str, tuple[str, ...]] = {
    Kind.UNION: ("coverage.employer.largest_member", "coverage.employer.small_employer_exception"),
    Kind.TRIBAL: ("coverage.tribal.last_resort", "coverage.tribal.ihs_may_bill"),
    Kind.INDIVIDUAL: (*_LENGTH, *_TERMS),
    Kind.STUDENT: (*_LENGTH, *_TERMS),
    Kind.MEDICARE: _CARD,
    Kind.MEDICARE_ADVANTAGE: _CARD,
    Kind.MEDIGAP: ("coverage.supplements",),
    Kind.TRICARE: ("military.beneficiary",),
    Kind.TRICARE_SUPPLEMENT: ("coverage.supplements",),
    Kind.CHAMPVA_SUPPLEMENT: ("coverage.supplements",),
    Kind.VA: ("va.authorised",),
    Kind.MEDICAID: ("medicaid.child_support_case", "medicaid.unverified_other_cover"),
    Kind.WORKERS_COMP: tuple(path for path in ACCIDENT_FACTS if "no_fault" not in path and "liability" not in path),
    Kind.NO_FAULT: tuple(path for path in ACCIDENT_FACTS if "workers_comp" not in path and "liability" not in path),
    Kind.MEDPAY: tuple(path for path in ACCIDENT_FACTS if "workers_comp" not in path and "liability" not in path),
    Kind.LIABILITY: tuple(path for path in ACCIDENT_FACTS if "workers_comp" not in path and "no_fault" not in path),
}


def facts_for_kind(kind: str) -> tuple[str, ...]:
    """The facts a coverage of this kind brings along; `coverage.` stands for the coverage itself."""
    own = _KIND_FACTS.get(kind, ())
    return (*_JOB, *own, *_LENGTH, *_TERMS) if kind in GROUP else own


@dataclass(frozen=True, slots=True)
class Offered:
    """Who and what can be chosen: people keys and coverage ids with their names."""

    people: Choices = ()
    coverages: Choices = ()

    def to(self, path: str) -> Choices:
        """The choices for a path; empty where the catalogue's own are meant."""
        entry = catalogue.entry(path)
        if entry is None or entry.way not in (Way.PERSON, Way.COVERAGE):
            return ()
        if entry.way is Way.COVERAGE:
            return self.coverages
        if path == "child.custodial_parent":
            return (*self._relatives, ("equal", "Both parents equally"), ("none", "Does not apply (grown child)"))
        return self._relatives if path.startswith("child.") else self.people

    @property
    def _relatives(self) -> Choices:
        return tuple((key, name) for key, name in self.people if key != "P")


class FactsForm(forms.Form):
    """Facts by contract path, all optional, and who told us."""

    told_by = forms.CharField(label="Told by", max_length=80, initial="Patient", error_messages={"required": WHO})
    told_how = forms.ChoiceField(label="How", choices=[(how, how.capitalize()) for how in HOW])
    true_from = DayField(
        label="True since",
        required=False,
        help_text="Only if it changed on a known day.",
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        paths: Iterable[str],
        held: Mapping[str, Any],
        offered: Offered | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.paths = tuple(paths)
        for path in self.paths:
            entry = catalogue.ENTRIES[path.removeprefix("coverage.")]
            field = answer_field(entry, offered=(offered or Offered()).to(path))
            field.initial = held.get(path)
            self.fields[field_name(path)] = field
        self.initial["shown"] = json.dumps({path: held.get(path) for path in self.paths})

    def clean_true_from(self) -> date | None:
        """An answer of a year mistyped would be kept and never seen."""
        day: date | None = self.cleaned_data["true_from"]
        if day and day > timezone.localdate() + AHEAD:
            raise ValidationError("Give a day at most a year from now.")
        return day

    @property
    def facts(self) -> list[BoundField]:
        """The fields of the facts, without who told us."""
        return [self[field_name(path)] for path in self.paths]

    def told(self) -> dict[str, Any]:
        """What is not as the form showed it; a cleared field takes the answer back.

        Not as it is on file now: what a colleague answered meanwhile, and this person left alone, stays.
        """
        said = {path: self.cleaned_data.get(field_name(path)) for path in self.paths}
        before = {path: self.fields[field_name(path)].initial for path in self.paths} | self._shown()
        return {path: value for path, value in said.items() if value != before[path]}

    def _shown(self) -> dict[str, Any]:
        """What stood on the form when it was opened; nothing where it does not say."""
        try:
            shown = json.loads(self.cleaned_data.get("shown") or "{}")
        except ValueError:
            return {}
        return shown if isinstance(shown, dict) else {}

    def parts(self, *groups: Sequence[str]) -> list[list[BoundField]]:
        """The fields in groups of paths, empty groups left out."""
        shown = [[self[field_name(path)] for path in group if path in self.paths] for group in groups]
        return [group for group in shown if group]


class ChildForm(FactsForm):
    """Where a child lives and what a court said."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        terms = cleaned.get(field_name("child.decree.terms"))
        if cleaned.get(field_name("child.decree.responsible_parent")) and terms != "one_parent":
            self.add_error(
                field_name("child.decree.responsible_parent"),
                ValidationError("Only an order that makes one parent responsible names a parent."),
            )
        return cleaned


def field_name(path: str) -> str:
    """A contract path as the name of a form field."""
    return path.replace(".", "__")
