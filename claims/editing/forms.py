"""The form that writes an edit without code: rows of field, comparison and value, joined by and / or."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from claims.editing.writing import Wording
from claims.edits.written import COMPARISONS, FIELDS, BadCondition, Condition, Groups, checked
from claims.edits.written.conditions import MOST_CONDITIONS, from_stored, shown
from claims.models import StaffEdit
from cob.accounts.models import Site
from cob.coverage.models import Payer

ROWS = 6
_SOME = {"required": "Write this; staff read it before they send."}


class EditForm(forms.Form):
    """Name, scope, what it says, and up to six conditions; more are kept from an edit that has more."""

    name = forms.CharField(label="Name", max_length=60, error_messages={"required": "Give it a short name."})
    payer = forms.ModelChoiceField(Payer.objects.all(), label="Payer", required=False, empty_label="Every payer")
    site = forms.ModelChoiceField(Site.objects.none(), label="Site", required=False, empty_label="Every site")
    severity = forms.ChoiceField(
        label="It", choices=[("warn", "Warns"), ("stop", "Stops the claim")], widget=forms.RadioSelect, initial="warn"
    )
    message = forms.CharField(label="What is wrong", max_length=300, error_messages=_SOME)
    fix = forms.CharField(label="How to put it right", max_length=300, error_messages=_SOME)
    is_waivable = forms.BooleanField(label="A supervisor may waive it for one claim", required=False, initial=True)
    source = forms.CharField(
        label="Why there is such a rule", max_length=200, help_text="Provider manual and page, denial pattern, call.",
        error_messages={"required": "Say why, so that somebody else can check."},
    )  # fmt: skip

    def __init__(self, *args: Any, rows: int = ROWS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Site]", self.fields["site"]).queryset = Site.objects.order_by("name")
        self.count = min(max(rows, ROWS), MOST_CONDITIONS)
        fields = [("", "—"), *((name, known.label) for name, known in FIELDS.items())]
        for at in range(1, self.count + 1):
            joins = [("and", "and"), ("or", "or")]
            self.fields[f"join{at}"] = forms.ChoiceField(choices=joins, required=False, initial="and")
            self.fields[f"field{at}"] = forms.ChoiceField(choices=fields, required=False)
            self.fields[f"is{at}"] = forms.ChoiceField(
                choices=[(one.value, words) for one, words in COMPARISONS.items()], required=False
            )
            self.fields[f"values{at}"] = forms.CharField(max_length=400, required=False)

    def rows(self) -> list[dict[str, Any]]:
        """The conditions' fields row by row, for the page."""
        parts = ("join", "field", "is", "values")
        return [{"at": at, **{part: self[f"{part}{at}"] for part in parts}} for at in range(1, self.count + 1)]

    def wording_fields(self) -> list[Any]:
        """All other fields."""
        names = ("name", "payer", "site", "severity", "message", "fix", "is_waivable", "source")
        return [self[name] for name in names]

    when: Groups = ()

    def clean(self) -> dict[str, Any]:
        """`when` becomes the conditions; what is wrong with one is said at its field."""
        said = super().clean() or self.cleaned_data
        groups: list[list[Condition]] = []
        for at in range(1, self.count + 1):
            if not said.get(f"field{at}") and not (said.get(f"values{at}") or "").strip():
                continue
            condition = self._condition(at, said)
            if condition is None:
                continue
            if groups and said.get(f"join{at}") != "or":
                groups[-1].append(condition)
            else:
                groups.append([condition])
        self.when = tuple(tuple(group) for group in groups)
        if not groups and not self.errors:
            self.add_error("field1", "Condition 1: choose what is compared; an edit without a condition never speaks.")
        return said

    def _condition(self, at: int, said: dict[str, Any]) -> Condition | None:
        typed = said.get(f"values{at}") or ""
        # An amount has commas of its own; everything else is a list with commas between.
        known = FIELDS.get(said.get(f"field{at}") or "")
        values = typed.split(";") if known is not None and known.kind == "money" else typed.split(",")
        try:
            return checked(at, said.get(f"field{at}") or "", said.get(f"is{at}") or "", values)
        except BadCondition as bad:
            self.add_error(f"{bad.part}{at}", str(bad))
            return None

    def wording(self) -> Wording:
        """The rest."""
        said = self.cleaned_data
        return Wording(**{name: said[name] for name in Wording.__slots__})


def form_of(edit: StaffEdit) -> EditForm:
    """The form filled with a version, to write the next."""
    groups = from_stored(edit.when)
    filled: dict[str, Any] = {name: getattr(edit, name) for name in Wording.__slots__}
    filled |= {"payer": edit.payer_id, "site": edit.site_id}
    at = 0
    for group in groups:
        for first, condition in enumerate(group):
            at += 1
            known = FIELDS[condition.field]
            separator = "; " if known.kind == "money" else ", "
            filled |= {
                f"join{at}": "and" if first else "or",
                f"field{at}": condition.field,
                f"is{at}": condition.compare.value,
                f"values{at}": separator.join(shown(known, value) for value in condition.values),
            }
    return EditForm(initial=filled, rows=at + 1)
