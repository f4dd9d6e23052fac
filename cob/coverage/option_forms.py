"""The form that chooses one option: whose, what, from which day of service, and where it stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from django import forms

from cob.coverage.inputs import DayField
from cob.coverage.models import Payer, Scope
from cob.coverage.option_catalogue import OLDEST, STATE_AGE, Spec
from cob.states import STATES

WITHDRAW = "withdraw"
YOUNGEST = 26
WHOSE = {Scope.PAYER: "One payer’s plans", Scope.STATE: "One state", Scope.PRACTICE: "The practice, everywhere else"}


class OptionForm(forms.Form):
    """One choice of one option. Values travel as text and come back as the catalogue's own, so that no stays false."""

    scope = forms.ChoiceField(
        label="Whose choice", widget=forms.RadioSelect, error_messages={"required": "Say whose choice it is."}
    )
    payer = forms.ModelChoiceField(
        Payer.objects.all(), label="Payer", required=False, empty_label="Choose a payer",
        help_text="With “One payer’s plans”.",
    )  # fmt: skip
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "Choose a state"), *STATES.items()],
        help_text="With “One state”.",
    )
    value = forms.ChoiceField(
        label="What holds", widget=forms.RadioSelect, error_messages={"required": "Choose what holds."}
    )
    age = forms.IntegerField(
        label="Age",
        required=False,
        min_value=YOUNGEST,
        max_value=OLDEST,
        help_text="Only with “a later birthday”.",
        error_messages={
            "min_value": "Federal law keeps a child covered until 26; give an age from 26 on.",
            "max_value": f"Give an age up to {OLDEST}.",
            "invalid": "Give the age in whole years, such as 30.",
        },
    )
    effective_on = DayField(
        label="From day of service",
        help_text="A day to come is fine. With a past day, verdicts on file stay as they are.",
        error_messages={"required": "Give the first day of service it holds for, as mm/dd/yyyy."},
    )
    source = forms.CharField(
        label="Where it stands",
        max_length=200,
        help_text="Contract and page, bulletin, state text, call with reference.",
        error_messages={"required": "Say where it stands, so that somebody else can check."},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, spec: Spec, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.spec = spec
        cast(forms.ChoiceField, self.fields["scope"]).choices = [(str(one), WHOSE[one]) for one in spec.scopes]
        self.offered = {as_text(value): value for value, _ in spec.choices} | {WITHDRAW: None}
        offered = [(as_text(value), words) for value, words in spec.choices]
        withdraw = (WITHDRAW, "Withdraw: from then on the next wider choice holds, or the built-in default")
        cast(forms.ChoiceField, self.fields["value"]).choices = [*offered, withdraw]
        if len(spec.scopes) == 1:
            self._belongs_to(spec.scopes[0])
        for name, is_needed in (
            ("payer", Scope.PAYER in spec.scopes),
            ("state", Scope.STATE in spec.scopes),
            ("age", spec.has_age),
        ):
            if not is_needed:
                del self.fields[name]

    def _belongs_to(self, scope: Scope) -> None:
        """Only one kind of owner can choose, so nobody is asked which."""
        self.fields["scope"].initial = str(scope)
        if owner := self.fields.get(str(scope)):
            owner.required, owner.help_text = True, ""
            owner.error_messages["required"] = f"Choose the {scope} whose choice it is."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        scope = cleaned.get("scope")
        for name, of in (("payer", Scope.PAYER), ("state", Scope.STATE)):
            if name in self.fields and scope and name not in self.errors:
                self._check_owner(name, is_given=bool(cleaned.get(name)), is_needed=scope == of)
        if self.spec.has_age and "age" not in self.errors:
            self._check_age(cleaned)
        return cleaned

    def _check_owner(self, name: str, *, is_given: bool, is_needed: bool) -> None:
        if is_needed and not is_given:
            self.add_error(name, f"Choose the {name} whose choice it is.")
        if is_given and not is_needed:
            self.add_error(name, f"Leave this empty, or say above that it is one {name}’s choice.")

    def _check_age(self, cleaned: dict[str, Any]) -> None:
        is_later = self._chosen(cleaned) == STATE_AGE
        if is_later and not cleaned.get("age"):
            self.add_error("age", "Give the age, from 26 on, such as 30.")
        if not is_later and cleaned.get("age"):
            self.add_error("age", "Leave this empty, or choose “a later birthday” above.")

    def _chosen(self, cleaned: dict[str, Any]) -> Any:
        return self.offered[cleaned.get("value", WITHDRAW)]

    def choice(self) -> dict[str, Any]:
        """What `set_option` is asked to keep."""
        said = self.cleaned_data
        value = self._chosen(said)
        return {
            "scope": said["scope"],
            "payer": said.get("payer"),
            "state": said.get("state") or "",
            "value": f"{STATE_AGE}({said['age']})" if value == STATE_AGE else value,
            "effective_on": said["effective_on"],
            "source": said["source"],
        }


def as_text(value: Any) -> str:
    """A value as it travels in a form."""
    return value if isinstance(value, str) else json.dumps(value)
