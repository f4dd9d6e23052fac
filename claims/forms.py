"""Shape of what is asked of claims, files and remittances; no rule is here."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from claims.models import Claim, EobScan
from claims.models.ack_reply import Replied
from claims.models.claim import PayerState
from claims.models.undo import UndoKind
from claims.paper.actions import check_masks
from cob.accounts.models import Site, User
from cob.cents import NotDollars, parse_dollars
from cob.coverage.models import Payer
from cob.one_line import OneLine

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_RANKS = [("", "Any place"), ("1", "Primary"), ("2", "Secondary"), ("3", "Tertiary")]


class DollarsField(forms.CharField):
    """An amount as people write it; cleaned, whole cents, or None where it was left empty."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 10}), **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_dollars(text)
        except NotDollars as error:
            raise forms.ValidationError(f"{error}.") from error


class _Span(forms.Form):
    """A payer and a span of days, all optional; wrong values are left out rather than argued about."""

    payer = forms.ModelChoiceField(Payer.objects.all(), required=False, empty_label="Any payer")
    since = forms.DateField(label="From", required=False, widget=_DAY)
    until = forms.DateField(label="To", required=False, widget=_DAY)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "This is before the first day.")
        return cleaned


class ClaimFilter(_Span):
    """What the claim list is narrowed to."""

    patient = forms.UUIDField(required=False, widget=forms.HiddenInput)
    state = forms.ChoiceField(required=False, choices=[("", "Any state"), *PayerState.choices])
    rank = forms.ChoiceField(label="Place", required=False, choices=_RANKS)

    field_order = ("payer", "rank", "state", "since", "until", "patient")


class NumberForm(forms.Form):
    """A claim number, ours or a payer's. It is posted, so that it stands in no address."""

    number = OneLine(
        label="Claim number", max_length=50, error_messages={"required": "Type a claim number, ours or the payer's."}
    )


class SiteForm(forms.Form):
    """For which of the person's sites; not asked where there is one."""

    site = forms.ModelChoiceField(Site.objects.none(), empty_label=None)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = Site.objects.filter(pk__in=user.site_ids()).order_by("name")
        field = cast("forms.ModelChoiceField[Site]", self.fields["site"])
        field.queryset = sites
        if len(sites) == 1:
            field.widget, field.initial = forms.HiddenInput(), sites[0].pk


class BeginEobForm(SiteForm):
    """A paper EOB to type, with its scan or without."""

    scan = forms.FileField(
        label="Scan of the EOB",
        required=False,
        help_text="PDF, JPEG or PNG, up to 25 MiB. Without one, type from the paper in your hand.",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(
        label="Why", max_length=200, min_length=3, error_messages={"required": "Say in a few words why."}
    )


class SetAsideForm(ReasonForm):
    """Why a rejection is of no sending here."""

    replied = forms.ChoiceField(
        label="Why it is placed nowhere",
        choices=[
            (Replied.NOT_OURS, "Not ours: what it answers was never sent from here"),
            (Replied.DEALT_WITH, "Dealt with: it is ours, and what it asks for was done another way"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Say which of the two it is."},
    )
    all_of_file = forms.BooleanField(label="The same for all of this file that still wait", required=False)
    field_order = ("replied", "reason", "all_of_file")


class UndoForm(ReasonForm):
    """What becomes of an answer that is taken out of the ledger."""

    kind = forms.ChoiceField(
        label="What is wrong",
        choices=[
            (UndoKind.UNMATCHED, "It belongs to another claim: match it anew"),
            (UndoKind.UNPOSTED, "The claim is right, the posting has to wait: post it again later"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what is wrong."},
    )
    field_order = ("kind", "reason")


MASK_ROWS = 12


class MaskForm(forms.Form):
    """Rectangles in percent of the page, and the claim the page goes to."""

    number = forms.CharField(label="Claim number it goes to", max_length=38, required=False)
    is_alone = forms.BooleanField(label="This page shows nobody but this patient", required=False)

    def __init__(self, user: User, scan: EobScan, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user, self._scan = user, scan

    def rows(self) -> list[list[tuple[str, str, str]]]:
        """Per rectangle its four inputs as (name, label, value)."""
        edges = ("left", "top", "width", "height")
        return [
            [(f"m{n}-{edge}", edge, str(self.data.get(f"m{n}-{edge}", ""))) for edge in edges] for n in range(MASK_ROWS)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["masks"] = self._masks()
        number = cleaned.get("number", "").strip()
        seen = Claim.objects.visible_to(self._user).filter(site=self._scan.site)
        cleaned["claim"] = seen.filter(control_number__iexact=number).first() if number else None
        if number and cleaned["claim"] is None:
            self.add_error("number", "No claim of this site has this number.")
        return cleaned

    def _masks(self) -> list[tuple[int, int, int, int]]:
        made = []
        for n, row in enumerate(self.rows(), 1):
            texts = [value.strip().rstrip("%") for _, _, value in row]
            if not any(texts):
                continue
            try:
                left, top, width, height = (round(float(text) * 100) for text in texts)
                check_masks([(left, top, width, height)])
            except (ValueError, OverflowError):
                self.add_error(
                    None,
                    f"Rectangle {n}: give left, top, width and height in percent of the page; left and width, top and "
                    "height add up to at most 100.",
                )
                continue
            made.append((left, top, width, height))
        return made


class RemittanceFilter(_Span):
    """What the remittance list is narrowed to."""

    unmatched = forms.BooleanField(label="With unmatched claims", required=False)

    field_order = ("payer", "since", "until", "unmatched")


class MatchForm(forms.Form):
    """What finds the claim an answer belongs to. Posted, for it names a patient."""

    q = OneLine(label="Claim number, patient, birth date or member id", max_length=120, required=False)
    service_on = forms.DateField(label="Day of service", required=False, widget=_DAY)
    charge = DollarsField(label="Charge", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.get(name) for name in ("q", "service_on", "charge")):
            self.add_error("q", "Type a claim number, a name, a birth date or a member id, a day or a charge.")
        return cleaned


class UploadForm(forms.Form):
    """The files to import; the files themselves are checked one by one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Declared here because the name is also that of a form's uploads, which the type checker knows.
        self.fields["files"] = forms.Field(label="Files", required=False, widget=forms.FileInput(attrs={"id": "files"}))


class SendForm(forms.Form):
    """How the claim is sent to a payer that has answered before."""

    frequency = forms.ChoiceField(
        label="Send as", choices=[("7", "Replacement of the claim they answered (7)"), ("8", "Void it (8)")]
    )


class AlignmentForm(forms.Form):
    """How far a printer is off, in millimetres."""

    right = forms.FloatField(required=False, min_value=-30, max_value=30)
    down = forms.FloatField(required=False, min_value=-30, max_value=30)
