"""Shape of what people type about demands, credits and refunds; whether it is allowed is the verbs' to say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from claims.models import Adjudication, Claim
from claims.models.recoupment import Decision, Ground
from claims.recoupment.plb import ACCOUNT_WORDS, Account
from cob.cents import NotDollars, dollars, parse_dollars
from cob.coverage.models import Payer
from cob.typed_day import EARLIEST, LATEST
from cob.x12.fields import LARGEST_CENTS

LETTER_BYTES_MAX = 10 * 1024 * 1024
_KINDS = {b"%PDF-": ".pdf", b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg", b"II*\x00": ".tif", b"MM\x00*": ".tif"}


class DayField(forms.DateField):
    """A day that is not in the future."""

    def __init__(self, label: str, *, may_be_ahead: bool = False, **more: Any) -> None:
        super().__init__(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)
        self._may_be_ahead = may_be_ahead

    def validate(self, value: Any) -> None:
        super().validate(value)
        # A browser takes a year typed as 26 for the year 26.
        if value and not EARLIEST <= value <= LATEST:
            raise forms.ValidationError("Check the year.")
        if value and not self._may_be_ahead and value > timezone.localdate():
            raise forms.ValidationError("This day is still to come.")


class DollarsField(forms.Field):
    """An amount above nothing, in cents."""

    def __init__(self, label: str, **more: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "maxlength": "20"}
        super().__init__(label=label, widget=forms.TextInput(attrs=attrs), **more)

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            cents = parse_dollars(text)
        except NotDollars as error:
            raise forms.ValidationError(str(error)) from error
        if cents <= 0:
            raise forms.ValidationError("Give an amount above nothing.")
        if cents > LARGEST_CENTS:
            raise forms.ValidationError(f"No payer can have paid more than ${dollars(LARGEST_CENTS)}.")
        return cents


if TYPE_CHECKING:
    _Choice = forms.ModelChoiceField[Adjudication]
else:
    _Choice = forms.ModelChoiceField


class AnswerChoice(_Choice):
    """The payer's answers that paid and stand, each by its payment."""

    def label_from_instance(self, obj: Adjudication) -> str:
        return (
            f"{obj.remittance.payer}, {obj.answered_on:%m/%d/%Y}, payment {obj.remittance.trace}: "
            f"paid ${dollars(obj.paid_cents)}"
        )


def answers_that_stand(claim: Claim) -> Any:
    """Answers of a claim that paid and that nothing has taken back."""
    rows = Adjudication.objects.filter(
        claim=claim, posted_at__isnull=False, paid_cents__gt=0, reversed_by=None, recoupment=None
    )
    return rows.exclude(status__in=("22", "25")).select_related("remittance__payer").order_by("-answered_on")


class LetterForm(forms.Form):
    """A demand as the letter states it. The letter itself is uploaded beside it."""

    payer = forms.ModelChoiceField(Payer.objects.none(), empty_label="Choose the payer")
    answer = AnswerChoice(
        Adjudication.objects.none(),
        label="Which payment it takes back",
        required=False,
        empty_label="None that is posted here",
        help_text="It is taken back on the claim’s ledger, as if the payer had sent a reversal.",
    )
    amount = DollarsField("Amount demanded")
    ground = forms.ChoiceField(label="Why they want it back", choices=Ground.choices)
    reference = forms.CharField(
        label="Their reference",
        max_length=60,
        help_text="The number on the letter; their offset may name it, or the claim.",
    )
    letter_on = DayField("Date of the letter")
    received_on = DayField("Received on")
    respond_by = DayField("Respond by", required=False, may_be_ahead=True)
    letter = forms.FileField(
        label="The letter",
        help_text="PDF, PNG, JPEG or TIFF, at most 10 MiB. It is kept, also as proof for a filing limit.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.tif,.tiff"}),
    )

    def __init__(self, data: Any = None, files: Any = None, *, claim: Claim) -> None:
        super().__init__(data, files)
        payers, answers = self.fields["payer"], self.fields["answer"]
        if isinstance(payers, forms.ModelChoiceField) and isinstance(answers, forms.ModelChoiceField):
            payers.queryset = Payer.objects.filter(claim_payers__claim=claim).distinct()
            answers.queryset = answers_that_stand(claim)
        if data is None:
            self.initial = {"received_on": timezone.localdate()}

    def clean_letter(self) -> Any:
        letter = self.cleaned_data["letter"]
        head = letter.read(8)
        letter.seek(0)
        kind = next((suffix for begin, suffix in _KINDS.items() if head.startswith(begin)), "")
        if not kind:
            raise forms.ValidationError("This is no PDF, PNG, JPEG or TIFF; scan or save the letter as one of them.")
        if letter.size > LETTER_BYTES_MAX:
            raise forms.ValidationError("The letter is larger than 10 MiB; scan it in black and white.")
        # Taken out again it is opened by its ending, so that is of what it is, whatever it was called.
        letter.name = Path(letter.name).with_suffix(kind).name
        return letter

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        answer, payer = said.get("answer"), said.get("payer")
        if answer and payer and answer.remittance.payer_id != payer.pk:
            self.add_error("answer", f"That payment is {answer.remittance.payer}’s; the letter is from {payer}.")
        if answer and said.get("amount") and said["amount"] > answer.paid_cents:
            self.add_error(
                "amount", f"That payment was ${dollars(answer.paid_cents)}; more cannot be taken back of it."
            )
        for name, what in (("received_on", "It cannot be received"), ("respond_by", "The answer cannot be due")):
            if said.get(name) and said.get("letter_on") and said[name] < said["letter_on"]:
                self.add_error(name, f"{what} before the date of the letter.")
        return said


def _because(label: str, hint: str = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=300, widget=forms.Textarea(attrs={"rows": 2}), help_text=hint)


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label="Is the demand right?",
        choices=[(Decision.VALID.value, "Valid"), (Decision.DISPUTED.value, "Disputed")],
        widget=forms.RadioSelect,
    )
    because = _because("Because", "What the order on file, the look-back and their evidence say.")


class AppealForm(forms.Form):
    reference = forms.CharField(label="Reference of the appeal", max_length=60)
    on = DayField("Appealed on")


class EndAppealForm(forms.Form):
    result = _because("What was decided")
    on = DayField("Decided on")
    is_withdrawn = forms.BooleanField(
        label="The payer withdraws its demand", required=False, help_text="Its payment is posted again as it was."
    )


class BecauseForm(forms.Form):
    because = _because("Because")


class RefundForm(forms.Form):
    amount = DollarsField("Amount to give back")
    because = _because("Because", "The second person decides on your words.")


class SendForm(forms.Form):
    check_number = forms.CharField(label="Check number", max_length=50)
    on = DayField("Sent on")


class AcknowledgedForm(forms.Form):
    letter = forms.CharField(label="Reference of their letter or statement", max_length=60)
    on = DayField("Acknowledged on")


class InquiryForm(forms.Form):
    since = DayField("Inquiry begun on")
    until = DayField("Ended on", required=False)


class ExplainForm(forms.Form):
    account = forms.ChoiceField(
        label="What it is", choices=[(a.value, ACCOUNT_WORDS[a]) for a in Account if a is not Account.UNEXPLAINED]
    )
    claim_number = forms.CharField(
        label="Claim it is about",
        max_length=38,
        required=False,
        help_text="Our number, where a claim’s payment was taken.",
    )
    note = _because("How you know", "What the reference or the payer said.")
