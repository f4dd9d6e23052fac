"""What an audit of payer order is asked over, and what is supposed in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from cob.accounts.models import Site, User
from cob.coverage.inputs import DayField
from cob.coverage.models import Payer, Scope
from cob.coverage.option_catalogue import SPECS, STATE_AGE, Effect, in_words
from cob.coverage.supposing import AsIf, BadSupposition, suppose
from cob.rules.parameters import parameters
from cob.states import STATES

# Ages states are known to set beyond the federal 26; any other can be asked with the command.
AGES = (29, 30, 31)


class ScopeForm(forms.Form):
    """Which claims are asked about."""

    site = forms.ModelChoiceField(Site.objects.none(), required=False, empty_label="All my sites")
    since = DayField(label="Services from", required=False)
    until = DayField(label="to", required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        cast("forms.ModelChoiceField[Site]", self.fields["site"]).queryset = _sites_of(user)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        # No site named is every site, which is not what somebody without one may ask about.
        if not self.user.sees_all_sites and not self.user.site_ids():
            raise ValidationError("You have no site. Ask an administrator for one.")
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "This is before the first day.")
        return cleaned

    def sites(self) -> list[Site]:
        """The site chosen, else every site of the person; none named for whoever sees all."""
        if chosen := self.cleaned_data["site"]:
            return [chosen]
        return [] if self.user.sees_all_sites else list(_sites_of(self.user))

    def as_if(self) -> AsIf:
        """Nothing is supposed."""
        return AsIf()


class WhatIfForm(ScopeForm):
    """A number of the law, or a choice, that is not in force."""

    number = forms.ChoiceField(label="Number of the law", required=False)
    number_value = forms.CharField(
        label="would be", required=False, max_length=9, widget=forms.TextInput({"inputmode": "numeric", "size": "6"})
    )
    choice = forms.ChoiceField(label="Choice", required=False)
    payer = forms.ModelChoiceField(Payer.objects.all(), label="made by the payer", required=False, empty_label="—")
    state = forms.ChoiceField(label="or by the state", required=False, choices=[("", "—"), *STATES.items()])

    field_order = ("number", "number_value", "choice", "payer", "state", "site", "since", "until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = sorted((known.label, name) for name, known in parameters().items())
        labelled = [(name, label) for label, name in numbers]
        cast(forms.ChoiceField, self.fields["number"]).choices = [("", "—"), *labelled]
        cast(forms.ChoiceField, self.fields["choice"]).choices = [("", "—"), *_choices()]
        self._supposed = AsIf()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        if not cleaned["number"] and not cleaned["choice"]:
            raise ValidationError("Choose a number of the law, or a choice, to suppose.")
        if bool(cleaned["number"]) != bool(cleaned["number_value"]):
            self.add_error("number_value", "Give the number and what it would be, or neither.")
            return cleaned
        if cleaned["payer"] and cleaned["state"]:
            self.add_error("state", "A choice is a payer’s or a state’s, not both.")
            return cleaned
        written = dict(self._written(cleaned))
        for field, text in written.items():
            self._try(field, text)
        if not self.errors:
            self._supposed = suppose(written.values())
        return cleaned

    def _try(self, field: str, text: str) -> None:
        """What is wrong stands at its field, so the name the command writes before it goes."""
        try:
            suppose([text])
        except BadSupposition as bad:
            why = str(bad).removeprefix(f"{text.partition('=')[0]}: ")
            self.add_error(field, why[:1].upper() + why[1:])

    def _written(self, cleaned: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Each supposition as the command takes it, by the field it is put right in."""
        if cleaned["number"]:
            yield "number_value", f"{cleaned['number']}={cleaned['number_value']}"
        if cleaned["choice"]:
            payer, state = cleaned["payer"], cleaned["state"]
            whose = f"payer:{payer.edi_id}:" if payer else f"state:{state}:" if state else ""
            yield "choice", whose + cleaned["choice"]

    def as_if(self) -> AsIf:
        return self._supposed


def _sites_of(user: User) -> Any:
    return Site.objects.all() if user.sees_all_sites else Site.objects.filter(pk__in=user.site_ids())


def _choices() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Every option that can change an order, each with its values as `name=value`."""
    for name, spec in SPECS.items():
        if spec.effect is not Effect.ORDER or not spec.is_settable:
            continue
        offered: list[tuple[str, str]] = []
        for value, words in spec.choices:
            if value == STATE_AGE:
                offered += [(f"{name}={made}", in_words(name, made)) for age in AGES if (made := f"STATE_AGE({age})")]
            else:
                offered.append((f"{name}={_written(value)}", words))
        whose = ", ".join(Scope(scope).label.lower() for scope in spec.scopes)
        yield f"{spec.label} ({whose})", offered


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
