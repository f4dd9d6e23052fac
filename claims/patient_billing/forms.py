"""What people fill in about a patient's money: payments, holds, answers, refunds, disputes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from claims.models import Claim
from claims.patient_billing.models import Cause, DisputeOutcome, Method
from claims.patient_billing.paying import MOST_CENTS
from claims.patient_billing.standing import ClaimStanding
from cob.accounts.models import Site
from cob.accounts.roles import Role
from cob.cents import NotDollars, dollars, parse_dollars
from cob.coverage.inputs import DayField
from cob.once import once_field

HOW = (
    ("in person", "In person"),
    ("by telephone", "By telephone"),
    ("by letter", "By letter"),
    ("by message", "By secure message"),
)


class DollarsField(forms.Field):
    """Dollars as people write them, cents inside. Empty gives None."""

    widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "size": "12", "maxlength": "16"})

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return parse_dollars(text)
        except NotDollars as error:
            raise ValidationError(f"{error}.") from error


if TYPE_CHECKING:
    _OfClaims = forms.ModelChoiceField[Claim]
else:  # Django's own class takes no parameter
    _OfClaims = forms.ModelChoiceField


class ClaimField(_OfClaims):
    """A claim as patients know it: by its visit."""

    def label_from_instance(self, obj: Claim) -> str:
        return f"Visit on {obj.service_from:%m/%d/%Y}, claim {obj.control_number}"


class PaymentForm(forms.Form):
    """One payment. Each claim something is owed on has a field of its own; what is left over stays on the account."""

    amount = DollarsField(label="Amount")
    method = forms.ChoiceField(label="How", choices=Method.choices)
    received_on = DayField(label="Received on", is_past=True)
    reference = forms.CharField(label="Check or card reference", max_length=60, required=False)
    service_on = DayField(
        label="For the visit on",
        required=False,
        help_text="For money taken at the desk before the plans have answered: it waits for that visit’s claim.",
    )
    once = once_field()

    def __init__(self, *args: Any, owing: Iterable[ClaimStanding] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = timezone.localdate()
        self.owing = list(owing)
        for one in self.owing:
            self.fields[f"claim_{one.claim.pk}"] = DollarsField(
                label=f"For {one.claim.service_from:%m/%d/%Y}, claim {one.claim.control_number}",
                help_text=f"${dollars(one.due_cents)} is owed.",
                required=False,
            )

    @property
    def for_claims(self) -> list[forms.BoundField]:
        return [self[f"claim_{one.claim.pk}"] for one in self.owing]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("amount") is not None and cleaned["amount"] <= 0:
            self.add_error("amount", "More than 0 has to be paid.")
        if cleaned.get("service_on") and self.amounts():
            self.add_error("service_on", "Either for a visit whose plans have not answered, or for claims: not both.")
        return cleaned

    def amounts(self) -> dict[Any, int]:
        """Cents by claim: as they were named, or, where nothing was, the oldest first."""
        named = ((one.claim.pk, self.cleaned_data.get(f"claim_{one.claim.pk}")) for one in self.owing)
        told = {claim: cents for claim, cents in named if cents}
        if told or self.cleaned_data.get("service_on"):
            return told
        rest = self.cleaned_data.get("amount") or 0
        for one in self.owing:
            part = min(rest, one.due_cents)
            if part > 0:
                told[one.claim.pk] = part
                rest -= part
        return told


class LayForm(forms.Form):
    """On which claim money is laid that lies on none, and how much of it."""

    claim = ClaimField(label="Claim", queryset=Claim.objects.none(), empty_label="Choose the claim")
    amount = DollarsField(label="Amount")
    once = once_field()

    def __init__(self, *args: Any, claims: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("ClaimField", self.fields["claim"]).queryset = claims


class ReasonForm(forms.Form):
    """One sentence that says why."""

    because = forms.CharField(label="Why", max_length=300, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, label: str = "Why", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["because"].label = label


class HoldForm(ReasonForm):
    """Why it waits, until when, and who looks after it."""

    until = DayField(label="Until", help_text="At most 90 days; somebody looks on that day.")
    role = forms.ChoiceField(
        label="Looked after by",
        choices=[
            (str(r), r.replace("_", " ").capitalize())
            for r in (Role.BILLER, Role.POSTER, Role.DENIALS, Role.FRONT_DESK)
        ],
    )


class ExtendForm(ReasonForm):
    """A later day, and why."""

    until = DayField(label="Until")


def _is_a_copay(cents: int) -> None:
    if not 0 <= cents <= MOST_CENTS:
        raise ValidationError(f"Give an amount from 0 to ${dollars(MOST_CENTS)}.")


class AnswerForm(forms.Form):
    """The answer to a question of a share. `choices` are its answers in words."""

    value = forms.ChoiceField(label="Answer", widget=forms.RadioSelect)
    cents = DollarsField(label="Amount", required=False, validators=[_is_a_copay])
    told_by = forms.CharField(label="Who told us", max_length=80, help_text="Patient, payer, chart, contract file.")
    source = forms.CharField(label="Where it stands", max_length=200, required=False)

    def __init__(
        self, *args: Any, choices: Sequence[tuple[str, str]], ask: str, of_payer: bool, cents: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["value"]).choices = choices
        self.fields["value"].label = ask
        self.fields["source"].required = of_payer
        if of_payer:
            self.fields["source"].help_text = "Kept for every claim of this payer, so somebody else has to find it."
        if cents:
            del self.fields["value"]
            self.fields["cents"].required, self.fields["cents"].label = True, ask
        else:
            del self.fields["cents"]


class RefundSentForm(forms.Form):
    """How the money went back."""

    method = forms.ChoiceField(label="How", choices=Method.choices)
    reference = forms.CharField(label="Check or card reference", max_length=60, required=False)
    sent_on = DayField(label="Sent on", is_past=True)


class DisputeForm(forms.Form):
    """What the patient says. Without a claim it is about the whole statement, or everything owed."""

    text = forms.CharField(
        label="What is wrong, in the patient’s words", max_length=1000, widget=forms.Textarea({"rows": 3})
    )
    told_by = forms.CharField(label="Who told us", max_length=80, initial="Patient")
    told_how = forms.ChoiceField(label="How", choices=HOW)
    received_on = DayField(label="Received on", is_past=True)
    cause = forms.ChoiceField(label="Cause, as far as is known", choices=Cause.choices)
    about = ClaimField(
        label="About", queryset=Claim.objects.none(), required=False, empty_label="Everything that is asked for"
    )
    once = once_field()

    def __init__(self, *args: Any, claims: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("ClaimField", self.fields["about"]).queryset = claims
        self.fields["received_on"].initial = timezone.localdate()


class DisputeCloseForm(forms.Form):
    """Why it came to be, and how it ended."""

    # Nothing is chosen beforehand: the measure of disputes counts by cause.
    cause = forms.ChoiceField(
        label="Cause", choices=[("", "Choose the cause"), *(c for c in Cause.choices if c[0] != Cause.UNKNOWN)]
    )
    outcome = forms.ChoiceField(label="Outcome", choices=[("", "Choose how it ended"), *DisputeOutcome.choices])
    text = forms.CharField(label="What the patient was told", max_length=300, widget=forms.Textarea({"rows": 2}))


class RunForm(forms.Form):
    """For which site statements are sent."""

    site = forms.ModelChoiceField(
        label="Site", queryset=Site.objects.none(), required=False, empty_label="All my sites"
    )

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Site]", self.fields["site"]).queryset = sites
