"""The forms that keep a plan's terms, a contract, and fees from a day on."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from cob.accounts.models import Site
from cob.cents import NotDollars, dollars, parse_dollars
from cob.coverage.inputs import DayField
from cob.coverage.models import Kind
from cob.coverage.payment_terms import OnFile

NOT_KNOWN = "Not known"
METHODS = {
    "standard": "Standard: up to the whole allowable expense",
    "standard_pr": "Standard: up to the patient’s share the earlier payer left",
    "basic": "Basic: up to its own allowed amount",
    "mob": "Maintenance of benefits",
    "carve_out": "Carve-out, non-duplication: its own benefit less what was paid",
    "wraparound": "Wraparound, gap: fills deductible, coinsurance or copays up to its limits",
    "flat": "A set amount a claim",
    "pays_remaining_pr": "Pays all that is left to the patient",
    "fehb": "Federal employee plan",
    "none": "Pays nothing behind another plan",
}
EXPENSES = {
    "highest_contracted": "The highest negotiated fee",
    "lowest_contracted": "The lowest negotiated fee",
    "highest_ucr": "The highest of the plans’ usual charges",
    "primary_allowed": "What the first plan allows",
    "secondary_allowed": "What this plan allows",
    "billed": "The charge",
    "primary_cost_share": "Payments and patient’s share of the first plan",
}
CAPS = {
    "lowest_contracted": "The lowest contracted fee",
    "highest_contracted": "The highest contracted fee",
    "primary_allowed": "What the first plan allows",
    "secondary_allowed": "What this plan allows",
    "billed": "The charge",
    "zero": "Nothing",
}
POLICIES = {"lesser_of": "The lesser of cost share and its own rate", "full": "The whole cost share", "none": "Nothing"}
WAIVERS = {"none": "None", "coinsurance": "Coinsurance and copays", "all": "Coinsurance, copays and deductible"}
YES_NO = {"yes": "Yes", "no": "No"}
MOST_BYTES = 2_000_000


class MoneyField(forms.CharField):
    """Dollars as staff write them, cents as the desk keeps them; empty is None."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            cents = parse_dollars(text)
        except NotDollars as wrong:
            raise forms.ValidationError(str(wrong)[:1].upper() + str(wrong)[1:] + ".") from None
        if not 0 <= cents <= 9_999_999_999:
            raise forms.ValidationError("Expected an amount from 0.00 to 99,999,999.99.")
        return cents


def _choice(label: str, words: dict[str, str], help_text: str = "", unknown: str = NOT_KNOWN) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", unknown), *words.items()], help_text=help_text)


def _source() -> forms.CharField:
    return forms.CharField(
        label="Where it stands",
        max_length=200,
        help_text="Plan document and page, contract, bulletin, call with reference.",
        error_messages={"required": "Say where it stands, so that somebody else can check."},
    )


def _from_day() -> DayField:
    return DayField(
        label="From day of service",
        error_messages={"required": "Give the first day of service it holds for, as mm/dd/yyyy."},
    )


_GAP = ("covers_deductible_cents", "covers_coinsurance_cents", "covers_copay_cents")
_PLAN = (
    "method", "allowable_expense_rule", "plan_percent", "copay_cents", "deductible_is_met", "flat_payment_cents",
    *_GAP, "most_cents",
)  # fmt: skip
_MEDICAID = ("medicaid_policy", "medicaid_by_claim", "medicaid_copay_cents", "medicaid_enrolled")
_ALWAYS = ("copay_cents", "medicaid_copay_cents", "tolerance_cents")
# Money that is left empty where nobody has told it.
_MAYBE = ("flat_payment_cents", *_GAP, "most_cents", "visit_copay_cents")
# What is asked of a payer by what its coverages usually are; of a payer of no known kind everything is.
ASKED: dict[str, tuple[str, ...]] = {
    Kind.MEDICARE: ("otaf_when_zero_paid",),
    Kind.MEDICAID: _MEDICAID,
    Kind.CHIP: _MEDICAID,
    Kind.MEDIGAP: ("medigap_letter", "visit_copay_cents"),
    Kind.TRICARE: ("tricare_participating", "plan_percent", "copay_cents", "deductible_is_met"),
    Kind.CHAMPVA: ("deductible_is_met",),
    Kind.FEHB: (*_PLAN, "fehb_waiver"),
}
OF_EVERYBODY = ("plan_name", "patient_cap_rule", "tolerance_cents", "effective_on", "source")


class TermsForm(forms.Form):
    """A plan's terms. What is not known stays so: expected payment then shows both ends."""

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind:
            asked = {*OF_EVERYBODY, *ASKED.get(kind, _PLAN)}
            for name in [name for name in self.fields if name not in asked]:
                del self.fields[name]

    plan_name = forms.CharField(
        label="Plan", max_length=80, required=False, help_text="Empty: all plans of this payer."
    )
    method = _choice("Behind another plan", METHODS)
    allowable_expense_rule = _choice(
        "Allowable expense", EXPENSES, "What the plan may count.", "By the standards for the payers at hand"
    )
    patient_cap_rule = _choice(
        "Collected in all, at most", CAPS, "By our contracts.", "By the standards for the payers at hand"
    )
    plan_percent = forms.IntegerField(
        label="Pays, percent of its allowed amount", required=False, min_value=0, max_value=100
    )
    copay_cents = MoneyField(label="Copay", required=False)
    flat_payment_cents = MoneyField(label="Set amount a claim", required=False, help_text="Where it pays a set amount.")
    covers_deductible_cents = MoneyField(
        label="Fills of the deductible, at most", required=False, help_text="Wraparound; a claim. Empty: not covered."
    )
    covers_coinsurance_cents = MoneyField(label="Fills of the coinsurance, at most", required=False)
    covers_copay_cents = MoneyField(label="Fills of copays, at most", required=False)
    most_cents = MoneyField(label="Pays at most, a claim", required=False, help_text="Empty: no maximum known.")
    deductible_is_met = forms.BooleanField(
        label="Take its deductible as met", required=False, help_text="Until its own answer says what it took."
    )
    medicaid_policy = _choice("Medicaid pays", POLICIES, "Medicaid only.")
    medicaid_by_claim = forms.BooleanField(label="Medicaid compares whole claims", required=False)
    medicaid_copay_cents = MoneyField(label="Medicaid copay", required=False)
    medicaid_enrolled = forms.BooleanField(
        label="We are enrolled with this Medicaid", required=False, initial=True, help_text="If not, it pays nothing."
    )
    medigap_letter = _choice("Medigap letter", {letter: letter for letter in "ABCDFGKLMN"}, "Medigap only.")
    visit_copay_cents = MoneyField(
        label="Copay of a visit", required=False, help_text="Letter N: up to 20.00, emergency 50.00."
    )
    tricare_participating = _choice("We participate with TRICARE", YES_NO, "TRICARE only.")
    fehb_waiver = _choice("Waives after Medicare", WAIVERS, "Federal employee plans only.")
    otaf_when_zero_paid = forms.BooleanField(
        label="Contract amount counts where the first plan paid nothing", required=False, initial=True,
        help_text="Medicare as second payer; some equipment contractors say it does not.",
    )  # fmt: skip
    tolerance_cents = MoneyField(label="Difference that opens no work", required=False, help_text="Empty: 1.00.")
    effective_on = _from_day()
    source = _source()

    def clean(self) -> dict[str, Any]:
        """A method needs the figures it reckons with."""
        said = super().clean() or self.cleaned_data
        if said.get("method") == "flat" and said.get("flat_payment_cents") is None:
            self.add_error("flat_payment_cents", "Give the set amount this plan pays.")
        if said.get("method") == "wraparound" and all(said.get(name) is None for name in _GAP):
            self.add_error(_GAP[0], "Say what it fills: of the deductible, the coinsurance or copays, and up to what.")
        return said

    def kept(self) -> OnFile:
        """What goes on file."""
        said = self.cleaned_data
        choices = (
            "method", "allowable_expense_rule", "patient_cap_rule", "medicaid_policy", "medigap_letter", "fehb_waiver"
        )  # fmt: skip
        flags = ("deductible_is_met", "medicaid_by_claim", "medicaid_enrolled", "otaf_when_zero_paid")
        values: dict[str, Any] = {name: said.get(name) or None for name in choices}
        values |= {name: said[name] for name in flags if name in said}
        for name in (*_ALWAYS, *_MAYBE):
            if said.get(name) is not None:
                values[name] = said[name]
        participating = {"yes": True, "no": False}.get(said.get("tricare_participating", ""))
        return OnFile.model_validate(
            values | {"plan_percent": said.get("plan_percent"), "tricare_participating": participating}
        )


def initial_of(terms: OnFile) -> dict[str, Any]:
    """Terms as the form shows them, so that a change starts from what holds."""
    shown = terms.model_dump()
    for name in (*_ALWAYS, *_MAYBE):
        shown[name] = "" if shown[name] is None else dollars(shown[name])
    participating = {True: "yes", False: "no", None: ""}
    return shown | {"tricare_participating": participating[terms.tricare_participating]}


class _OfSite(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Site]", self.fields["site"]).queryset = Site.objects.order_by("name")


class ContractForm(_OfSite):
    """Whether we have a contract with the payer."""

    site = forms.ModelChoiceField(Site.objects.none(), label="Site", required=False, empty_label="All sites")
    is_in_network = forms.ChoiceField(
        label="Contract", choices=[("yes", "In network"), ("no", "No contract")], widget=forms.RadioSelect,
        error_messages={"required": "Say whether we have a contract."},
    )  # fmt: skip
    effective_on = _from_day()
    source = _source()


class FeesForm(_OfSite):
    """A fee schedule, one procedure or a file of them."""

    site = forms.ModelChoiceField(Site.objects.none(), label="Site", required=False, empty_label="All sites")
    procedure = forms.CharField(label="Procedure", required=False, max_length=48)
    modifiers = forms.CharField(label="Modifiers", required=False, max_length=11)
    fee = forms.CharField(label="Fee", required=False, max_length=20)
    coinsurance_percent = forms.CharField(
        label="Coinsurance, percent", required=False, max_length=3, help_text="Medicare: 20, or 0 for laboratory."
    )
    file = forms.FileField(
        label="Or a file of fees (CSV)", required=False,
        help_text="First line: procedure, modifiers, fee, coinsurance_percent. An empty fee withdraws one.",
    )  # fmt: skip
    effective_on = _from_day()
    source = _source()

    schedule = ""

    def clean(self) -> dict[str, Any]:
        """`schedule` becomes the CSV: of the file, or of the one line typed."""
        said = super().clean() or self.cleaned_data
        if not self.errors:
            self.schedule = self._from_file(said) if said["file"] else self._from_line(said)
        return said

    def _from_file(self, said: dict[str, Any]) -> str:
        if said["procedure"]:
            raise forms.ValidationError("Give one procedure or a file, not both.")
        if said["file"].size > MOST_BYTES:
            raise forms.ValidationError("The file is larger than 2 MB; split it.")
        try:
            return str(said["file"].read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError("The file is not text in UTF-8; save it as CSV UTF-8.") from None

    def _from_line(self, said: dict[str, Any]) -> str:
        if not said["procedure"]:
            raise forms.ValidationError("Give a procedure with its fee, or a file.")
        values = (said["procedure"], said["modifiers"], said["fee"].replace(",", ""), said["coinsurance_percent"])
        return "procedure,modifiers,fee,coinsurance_percent\n" + ",".join(value.strip() for value in values)
