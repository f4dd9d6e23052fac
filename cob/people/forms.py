"""What an administrator fills in about a person, a site or a key: shape only."""

from __future__ import annotations

from typing import Any

from django import forms

from cob.accounts.models import Site, User
from cob.accounts.roles import ROLES, Role
from cob.ids import is_npi
from cob.once import fingerprint, refuse_unseen, seen_field

EVERY_SITE = ", ".join(card.label.lower() + "s" for card in ROLES.values() if card.all_sites)


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who, as what, and where."""

    role = forms.ChoiceField(
        choices=[(role.value, f"{card.label}: {card.sentence}") for role, card in ROLES.items()],
        widget=forms.RadioSelect,
    )
    sites = forms.ModelMultipleChoiceField(
        queryset=Site.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=f"Whose patients this person sees. Not for {EVERY_SITE}: they see every site.",
    )
    seen = seen_field()

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "role", "sites", "absent_until")
        widgets = {"absent_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        labels = {"username": "Sign-in name", "absent_until": "Absent until"}
        help_texts = {
            "username": "Letters, digits and @ . + - _ only.",
            "absent_until": "New work goes to others until this day.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_name"].required = self.fields["last_name"].required = True
        self.initial["seen"] = self._on_file()

    def _on_file(self) -> str:
        """The person and their sites; that somebody signed in meanwhile changes neither."""
        person = self.instance
        sites = [] if person._state.adding else sorted(person.sites.values_list("code", flat=True))
        return fingerprint(person, but=("last_login", "password")) + "".join(sites)

    def clean_username(self) -> str:
        """ "Ana" and "ana" would be two accounts that look like one."""
        name: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Somebody signs in with this name already.")
        return name

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        role = told.get("role")
        if role in set(Role) and not ROLES[Role(role)].all_sites and not told.get("sites"):
            self.add_error("sites", "Choose at least one site; without one this person sees nothing.")
        refuse_unseen(self, self._on_file())
        return told


class SiteForm(forms.ModelForm):  # type: ignore[type-arg]
    """A practice location and how files name it."""

    seen = seen_field()

    class Meta:
        model = Site
        fields = ("name", "code", "npi", "tax_id", "taxonomy", "address", "city", "state", "zip_code", "phone")
        labels = {"npi": "Billing NPI", "tax_id": "Tax id", "zip_code": "ZIP code"}
        help_texts = {
            "code": "A short word for lists and addresses, such as main.",
            "npi": "Ten digits. Claim files say by it whose they are.",
            "tax_id": "Nine digits, no dash.",
            "zip_code": "Nine digits, no dash: 837 files want all nine for the billing provider.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = fingerprint(self.instance)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        refuse_unseen(self)
        return told

    def clean_npi(self) -> str:
        npi: str = self.cleaned_data["npi"]
        if not is_npi(npi):
            raise forms.ValidationError("This is no NPI: it has ten digits and the last one checks the others.")
        return npi


class KeyForm(forms.Form):
    """A machine's key: whom it acts as, what it is for, for how long."""

    user = forms.ModelChoiceField(
        queryset=User.objects.filter(is_active=True),
        label="Acts as",
        help_text="The key may do what this person may, at this person’s sites, and the trail names them.",
    )
    name = forms.CharField(max_length=60, label="What it is for", help_text="The system that holds it.")
    days = forms.IntegerField(min_value=1, max_value=730, initial=365, label="Days until it expires")
