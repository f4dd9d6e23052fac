"""The texts made of a verdict on file: which there are, what each is called, and where it stands."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse

from cob.coverage.models import Determination

TITLES: Final = {"phone": "For the phone", "appeal": "For an appeal", "patient": "For the patient"}


def tabs(determination: Determination, current: str) -> list[dict[str, Any]]:
    """The card and each text as a tab; all are plain links."""
    card = reverse("coverage:determination-page", args=[determination.pk])
    texts = [
        (title, reverse(f"coverage:determination-{style}", args=[determination.pk]), style)
        for style, title in TITLES.items()
    ]
    return [
        {"label": label, "url": url, "is_current": style == current, "count": None}
        for label, url, style in [("Verdict", card, ""), *texts]
    ]


def telephone(digits: str) -> str:
    """Ten digits as people write them; anything else as it is on file."""
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}" if len(digits) == 10 and digits.isdigit() else digits


def zip_code(digits: str) -> str:
    """Five digits and, with a dash, the four behind them."""
    return f"{digits[:5]}-{digits[5:]}" if len(digits) == 9 and digits.isdigit() else digits
