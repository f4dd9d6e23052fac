"""Scans page by page for who posts payments; their masked pages for whoever may see the claim."""

from __future__ import annotations

import base64
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.forms import MaskForm
from claims.models import EobScan
from claims.paper import actions
from claims.paper.scans import masked_png, page_png
from claims.views.lookups import claim_page_or_404, scan_or_404
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.models import record
from cob.audit.reads import record_view

REFUSED = 422


@require_safe
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def scan_page(request: DeskRequest, pk: UUID, page: int) -> HttpResponse:
    """One page of the original; who looked is on the trail."""
    scan = scan_or_404(request.user, pk)
    try:
        data = page_png(scan, page)
    except IndexError as error:
        raise Http404 from error
    record("saw", scan, site_id=scan.site_id, after={"page": page})
    return _png(data)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def scan_mask(request: DeskRequest, pk: UUID, page: int) -> HttpResponse:
    """Mask other patients on a page, look at the result, attach it to one claim."""
    scan = scan_or_404(request.user, pk)
    if not 1 <= page <= scan.pages:
        raise Http404
    form = MaskForm(request.user, scan, request.POST if request.method == "POST" else None)
    shown = ""
    if request.method == "POST" and form.is_valid():
        if "attach" in request.POST:
            if done := _attach(request, scan, page, form):
                return done
        else:
            shown = base64.b64encode(masked_png(scan, page, form.cleaned_data["masks"])).decode()
    record("saw", scan, site_id=scan.site_id, after={"page": page})
    context = {"scan": scan, "page": page, "form": form, "shown": shown, "masks": form.rows()}
    return render(request, "claims/mask.html", context, status=REFUSED if form.errors else 200)


def _attach(request: DeskRequest, scan: EobScan, page: int, form: MaskForm) -> HttpResponse | None:
    wanted = form.cleaned_data
    if not wanted["claim"]:
        form.add_error("number", "Say which claim the page goes to.")
        return None
    try:
        actions.attach_page(
            scan=scan,
            page=page,
            claim=wanted["claim"],
            masks=wanted["masks"],
            is_alone=wanted["is_alone"],
            by=request.user,
        )
    except actions.EobRefused as error:
        form.add_error(None, str(error))
        return None
    messages.success(request, "The masked page is with the claim.")
    return redirect("claims:claim-page", wanted["claim"].pk)


@require_safe
@may(Permission.VIEW_CLAIMS)
def claim_eob_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """A claim's masked page."""
    page = claim_page_or_404(request.user, pk)
    record_view("EOB page", [page.claim.patient_id], site_id=page.claim.site_id)
    with page.kept.open("rb") as source:
        return _png(source.read())


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def claim_eob_page_withdraw(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Take a page off its claim, such as one whose mask missed somebody."""
    page = claim_page_or_404(request.user, pk)
    actions.withdraw_page(page=page, by=request.user)
    messages.success(request, "The page is shown to nobody any more.")
    return redirect("claims:claim-page", page.claim_id)


def _png(data: bytes) -> HttpResponse:
    answer = HttpResponse(data, content_type="image/png")
    answer["Cache-Control"] = "no-store"
    answer["Content-Disposition"] = "inline"
    return answer
