"""Which part of the practice the measures are asked for."""

from __future__ import annotations

from typing import Any

from django import forms

from cob.accounts.models import Site
from cob.coverage.models import Payer
from workqueues.kpi.measures import Slice


class SliceForm(forms.Form):
    site = forms.ModelChoiceField(Site.objects.none(), required=False, empty_label="All my sites")
    payer = forms.ModelChoiceField(Payer.objects.all(), required=False, empty_label="All payers")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        sites = Site.objects.all() if user.sees_all_sites else Site.objects.filter(pk__in=user.site_ids())
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]

    def part(self) -> Slice:
        """What was asked; anything unknown in the address asks for everything the person may see."""
        cleaned = self.cleaned_data if self.is_valid() else {}
        return Slice(self.user, cleaned.get("site"), cleaned.get("payer"))

    def filters(self) -> dict[str, str]:
        """For carrying along in links."""
        if not self.is_valid():
            return {}
        return {name: str(value.pk) for name, value in self.cleaned_data.items() if value}
