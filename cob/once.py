"""A form that is sent twice makes one record, and one that was opened before a colleague's change says so.

A second press, the browser's back button or a reload sends the same form again: it carries the id its record will have.
Scripts stop most of it, but money and coverage must not depend on that.
"""

from __future__ import annotations

import hashlib
import uuid
from typing import Any, cast

from django import forms
from django.db import models
from django.http import QueryDict


def once_field() -> forms.UUIDField:
    """The hidden field with that id; a form without it (a test, an old page) makes a new record each time."""
    return forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)


def seen_field() -> forms.CharField:
    """The hidden field with what the form saw of its row."""
    return forms.CharField(required=False, widget=forms.HiddenInput)


def fingerprint(row: models.Model, *, but: tuple[str, ...] = ()) -> str:
    """What a form saw of a row: equal as long as nobody saved another value in a column that begins with
    none of `but`."""
    names = [item.attname for item in row._meta.concrete_fields]
    text = "|".join(f"{name}={getattr(row, name)}" for name in names if not name.startswith(but))
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def refuse_unseen(form: forms.ModelForm[Any], now: str = "") -> None:
    """Called when a form is cleaned, before its row is touched: say that the row changed since the form was opened.
    Sent again, what stands in the form counts. `now`: what the form sees of it, where that is not the row alone.
    """
    seen, now = form.cleaned_data.get("seen"), now or fingerprint(form.instance)
    if form.instance._state.adding or not seen or seen == now:
        return
    form.add_error(
        None,
        "Somebody changed this while you were writing. Open the page again beside this one to see what; if what stands "
        "here holds, save again.",
    )
    sent = cast(QueryDict, form.data).copy()
    sent["seen"] = now
    form.data = sent
