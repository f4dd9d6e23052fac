"""The one question a claim's share waits for, and writing off what may not be billed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from claims.models import Claim
from claims.patient_billing import asking, protecting, telling, write_off_reversal
from claims.patient_billing.forms import AnswerForm, ReasonForm
from claims.patient_billing.grounds import open_question, payer_of
from claims.patient_billing.models import BillingFact
from claims.patient_billing.picture import Picture
from claims.patient_billing.reading import pictures_of
from claims.patient_billing.views.forming import Sheet, answered, tried
from claims.views.lookups import claim_or_404
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from cob.cents import dollars

YES, NO = "yes", "no"


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.EDIT_PATIENTS)
def question(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Answer it once; both outcomes stand beside it."""
    claim = claim_or_404(request.user, pk)
    record_view("question of a claim", [claim.patient_id], site_id=claim.site_id)
    picture, back = pictures_of([claim])[claim.pk], reverse("claims:claim-page", args=[claim.pk])
    fact = open_question(picture)
    if fact is None:
        messages.info(request, "Nothing has to be asked about this claim any more.")
        return redirect(back)
    words, payer, in_cents = asking.asked(fact), payer_of(picture, fact), fact == "state_copay_cents"
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        choices=[(YES, "Yes"), (NO, "No")],
        ask=asking.question_words(fact, payer),
        of_payer=words.of == "payer",
        cents=in_cents,
    )

    def keep(told: dict[str, Any]) -> None:
        value = told["cents"] if in_cents else told["value"] == YES
        telling.answer(
            claim=claim, fact=fact, value=value, told_by=told["told_by"], source=told["source"], by=request.user
        )

    sheet = Sheet("Before a statement can go out", "Keep the answer", claim.patient, back, lede=words.hint)
    more = {"outcomes": outcomes(picture, fact), "claim": claim}
    return answered(request, form, sheet, keep, refusals=telling.NotTold, done="The answer is kept.", more=more,
                    template="billing/question.html")  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.EDIT_PATIENTS)
def answer_back(request: DeskRequest, pk: UUID, told: UUID) -> HttpResponse:
    """Take an answer of the claim back, when it turned out otherwise; it is asked anew."""
    claim = claim_or_404(request.user, pk)
    record_view("answer of a claim", [claim.patient_id], site_id=claim.site_id)
    row = get_object_or_404(BillingFact, pk=told, claim=claim)
    form = ReasonForm(request.POST if request.method == "POST" else None, label="What turned out otherwise")
    sheet = Sheet("Take the answer back", "Take it back", claim.patient, reverse("claims:claim-page", args=[pk]),
                  lede=f"{asking.question_words(row.name)} {row.told_by}: "
                       f"{asking.answer_words(row.name, row.value)}.")  # fmt: skip
    return answered(
        request,
        form,
        sheet,
        lambda said: telling.take_back(told=row, because=said["because"], by=request.user),
        refusals=telling.NotTold,
        done="The answer was taken back; what the patient owes is worked out anew.",
    )


def outcomes(picture: Picture, fact: str) -> list[tuple[str, int]]:
    """What the whole claim comes to for each answer: in words, and in cents."""
    asked_lines = [share for share in picture.shares.values() if share.question and share.question.fact == fact]
    sure = sum(share.owes_cents or 0 for share in picture.shares.values())
    payer = payer_of(picture, fact)
    found: dict[Any, int] = {}
    for share in asked_lines:
        seen = set()
        for outcome in share.outcomes:
            value = dict(outcome.given).get(fact)
            if value not in seen:
                seen.add(value)
                found[value] = found.get(value, sure) + outcome.owes_cents
    return [(asking.answer_words(fact, value, payer), cents) for value, cents in found.items()]


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def not_billed(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Write off what a contract or the law forbids to ask of the patient."""
    claim: Claim = claim_or_404(request.user, pk)
    forbidden = sum(pictures_of([claim])[claim.pk].to_write_off.values())
    return tried(
        request,
        lambda: protecting.write_off(claim=claim, by=request.user),
        reverse("claims:claim-page", args=[claim.pk]),
        refusals=protecting.NothingToProtect,
        done=f"${dollars(forbidden)} was written off; the patient is not asked for it.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def not_billed_back(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Take such a write-off back, when a fact turned out otherwise."""
    claim: Claim = claim_or_404(request.user, pk)
    record_view("write-off of a claim", [claim.patient_id], site_id=claim.site_id)
    form = ReasonForm(request.POST if request.method == "POST" else None, label="What turned out otherwise")
    sheet = Sheet("Take the write-off back", "Take it back", claim.patient, reverse("claims:claim-page", args=[pk]))
    return answered(
        request,
        form,
        sheet,
        lambda told: protecting.take_back(claim=claim, because=told["because"], by=request.user),
        refusals=protecting.NothingToProtect,
        done="The write-off was taken back; what the patient owes is worked out anew.",
    )


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def write_off_reverse(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Give way to a later payer that allows more than the earlier ones left standing."""
    claim: Claim = claim_or_404(request.user, pk)
    beyond = sum(part.cents for part in write_off_reversal.to_reverse(pictures_of([claim])[claim.pk]))
    return tried(
        request,
        lambda: write_off_reversal.reverse(claim=claim, by=request.user),
        reverse("claims:claim-page", args=[claim.pk]),
        refusals=write_off_reversal.NothingToReverse,
        done=f"${dollars(beyond)} of the earlier write-off was reversed.",
    )
