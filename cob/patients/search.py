"""What somebody types to find a patient, word by word."""

from __future__ import annotations

import re
from datetime import date

from django.db.models import Exists, OuterRef, Q

_US = re.compile(r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$")
_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")


def typed_date(word: str) -> date | None:
    """A date as staff or systems write it; None when it is not one."""
    try:
        if us := _US.match(word):
            return date(int(us[3]), int(us[1]), int(us[2]))
        if iso := _ISO.match(word):
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
    except ValueError:
        return None
    return None


def conditions(words: str) -> list[Q | Exists]:
    """One condition a word, all of which must hold; at most six words, the rest is noise."""
    from cob.patients.models import squash

    found: list[Q | Exists] = []
    for word in words.replace(",", " ").split()[:6]:
        if born := typed_date(word):
            found.append(Q(birth_on=born))
        elif key := squash(word):
            found.append(_named_or_numbered(key, word))
    return found


def _named_or_numbered(key: str, word: str) -> Q:
    from django.apps import apps

    condition = Q(search_last__startswith=key) | Q(search_first__startswith=key) | Q(chart_number__iexact=word)
    if any(char.isdigit() for char in key):
        coverages = apps.get_model("coverage", "Coverage").objects.filter(patient=OuterRef("pk"), search_member=key)
        condition |= Q(Exists(coverages))
    return condition
