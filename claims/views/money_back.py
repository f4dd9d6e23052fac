"""What the pages of demands, credits and refunds share: rows by address, and a verb tried with a form."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404

from claims.models import Credit, Recoupment, Refund
from claims.recoupment.credits import CreditRefused
from claims.recoupment.letters import LetterRefused
from claims.recoupment.queries import credits_seen_by, demands_seen_by, refunds_seen_by
from claims.recoupment.refunds import RefundRefused
from cob.accounts.access import DeskRequest
from cob.accounts.models import User

REFUSED = 422


def demand_or_404(user: User, pk: UUID) -> Recoupment:
    found: Recoupment = get_object_or_404(demands_seen_by(user), pk=pk)
    return found


def credit_or_404(user: User, pk: UUID) -> Credit:
    found: Credit = get_object_or_404(credits_seen_by(user), pk=pk)
    return found


def refund_or_404(user: User, pk: UUID) -> Refund:
    found: Refund = get_object_or_404(refunds_seen_by(user), pk=pk)
    return found


def tried(request: DeskRequest, form: forms.Form, verb: Callable[[dict[str, object]], object], done: str) -> bool:
    """Whether the form was right and the verb went through; what stood against it is on the form."""
    if not form.is_valid():
        return False
    try:
        verb(form.cleaned_data)
    except (LetterRefused, CreditRefused, RefundRefused) as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, done)
    return True
