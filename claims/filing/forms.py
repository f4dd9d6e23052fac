"""The forms that keep a payer's filing limit, and whether its first claim names the others."""

from __future__ import annotations

from typing import Any

from django import forms

from claims.filing.limit import BASIS_WORDS, Basis, Limit, Unit
from claims.models.filing import POSITIONS
from cob.coverage.inputs import DayField
from cob.states import STATES

_SOURCE = {"required": "Say where it stands, so that somebody else can check."}
_DAY = {"required": "Give the first day of service it holds for, as mm/dd/yyyy."}


class LimitForm(forms.Form):
    """One limit; without a length it withdraws."""

    position = forms.ChoiceField(label="For", choices=[(p.value, words) for p, words in POSITIONS.items()])
    length = forms.IntegerField(
        label="Length", required=False, min_value=1, max_value=1100,
        help_text="Empty: withdraw what was kept, so that the built-in limit holds.",
    )  # fmt: skip
    unit = forms.ChoiceField(label="In", choices=[(u.value, u.value) for u in Unit], initial=Unit.DAYS.value)
    basis = forms.ChoiceField(label="Counted from", choices=[(b.value, words) for b, words in BASIS_WORDS.items()])
    cap_days = forms.IntegerField(label="At most, days after the service", required=False, min_value=1, max_value=1100)
    silent_days = forms.IntegerField(
        label="Without an answer of the payer before, from day", required=False, min_value=0, max_value=1100,
        help_text="Only for a later payer that takes a claim when the one before stays silent.",
    )  # fmt: skip
    rolls = forms.BooleanField(label="A weekend or holiday moves it to the next business day", required=False)
    effective_on = DayField(label="From day of service", error_messages=_DAY)
    source = forms.CharField(
        label="Where it stands", max_length=200, help_text="Contract and page, provider manual, bulletin, call.",
        error_messages=_SOURCE,
    )  # fmt: skip

    def limit(self) -> Limit | None:
        """What was typed; None withdraws."""
        said: dict[str, Any] = self.cleaned_data
        if said["length"] is None:
            return None
        return Limit(
            basis=Basis(said["basis"]),
            length=said["length"],
            unit=Unit(said["unit"]),
            cap_days=said["cap_days"],
            rolls=said["rolls"],
            silent_days=said["silent_days"],
        )


class ProgramForm(forms.Form):
    """Whose program a Medicaid payer is."""

    state = forms.ChoiceField(
        label="The state whose program it is",
        required=False,
        choices=[("", "The state of the practice"), *STATES.items()],
        help_text="Its limits are that state’s, wherever the practice is.",
    )


class OthersForm(forms.Form):
    """Whether the first claim names the other coverages."""

    is_named = forms.ChoiceField(
        label="A claim to this payer as the first",
        choices=[("yes", "Names the other coverages"), ("no", "Names none")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it names them."},
    )
    effective_on = DayField(label="From day of service", error_messages=_DAY)
    source = forms.CharField(label="Where it stands", max_length=200, error_messages=_SOURCE)
