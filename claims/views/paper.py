"""Paper EOBs: the list, the typing page beside the scan, the look before posting, posting, taking back."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from claims.exchange import CannotUndo
from claims.forms import BeginEobForm, ReasonForm
from claims.models import PaperEob
from claims.models.paper import EobState
from claims.paper import actions, typed
from claims.paper.laying_out import laid_out, not_on_file, only_totals
from claims.paper.reckoning import Reckoned, reckon
from claims.paper.scans import ScanRefused, keep_scan
from claims.presenters.paper import difference_words, view_of
from claims.presenters.previews import preview_rows
from claims.presenters.words import reasons
from claims.queries import claims_like, claims_with_everything, eobs_seen_by, payers_to_choose
from claims.views.lookups import claim_or_404, eob_or_404
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from cob.one_line import past_a_form
from cob.uuids import is_id

PAGE, REFUSED = 50, 422


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def paper_list(request: DeskRequest) -> HttpResponse:
    """EOBs being typed and those posted; bring a scan and begin."""
    form = BeginEobForm(request.user, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            site, file, scan = form.cleaned_data["site"], form.cleaned_data["scan"], None
            if file:
                scan, is_new = keep_scan(file.name, file, site=site, by=request.user)
                if not is_new:
                    messages.info(request, "This document is on file already; the EOB is typed beside it.")
            return redirect("claims:paper-page", actions.begin(site=site, by=request.user, scan=scan).pk)
        except ScanRefused as error:
            form.add_error("scan", str(error))
    page = Paginator(eobs_seen_by(request.user), PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page}
    return render(request, "claims/paper_list.html", context, status=REFUSED if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def paper_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The typing page. Every button saves first, so nothing typed is ever lost."""
    eob = eob_or_404(request.user, pk)
    if eob.state != EobState.DRAFT:
        return _ended(request, eob)
    if request.method != "POST":
        return _page(request, eob, typed.load(eob.content))
    content = typed.from_form(request.POST)
    try:
        actions.keep(eob=eob, content=content, version=_version(request), by=request.user)
    except actions.SomebodyElse as error:
        messages.warning(request, str(error))
        return redirect("claims:paper-page", eob.pk)
    return _do(request, eob, content)


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def paper_keep(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Saved while typing; the answer is every difference as it stands now."""
    eob = eob_or_404(request.user, pk)
    content = typed.from_form(request.POST)
    found = reckon(content, timezone.localdate())
    problem = ""
    try:
        actions.keep(eob=eob, content=content, version=_version(request), by=request.user)
    except actions.SomebodyElse as error:
        problem = str(error)
    view = view_of(content, found, [], show_errors=False)
    context = {"eob": eob, "view": view, "said": difference_words(found.difference_cents), "problem": problem}
    return render(request, "claims/eob_reckoned.html", context | {"is_live": True})


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def paper_preview(request: DeskRequest, pk: UUID) -> HttpResponse:
    """What posting would do, claim by claim; posting it does that."""
    eob = eob_or_404(request.user, pk)
    if request.method == "POST":
        return _post(request, eob)
    if eob.state != EobState.DRAFT:
        return redirect("claims:paper-page", eob.pk)
    try:
        found, preview = actions.look_ahead(eob=eob, by=request.user)
    except actions.EobRefused as error:
        messages.error(request, str(error))
        return redirect("claims:paper-page", eob.pk)
    if not found.may_post:
        return HttpResponseRedirect(reverse("claims:paper-page", args=[eob.pk]) + "?check=1")
    record_view("paper EOB before posting", preview.patients, site_id=eob.site_id)
    context = {"eob": eob, "preview": preview, "payments": preview_rows(preview, request.user), "found": found}
    return render(request, "claims/paper_preview.html", context)


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def paper_discard(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Give a draft up."""
    eob = eob_or_404(request.user, pk)
    try:
        actions.discard(eob=eob, by=request.user)
        messages.success(request, "Discarded. It can still be read.")
    except actions.SomebodyElse as error:
        messages.warning(request, str(error))
    return redirect("claims:paper-list")


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def paper_withdraw(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Take a posted EOB back whole and type it anew."""
    eob = eob_or_404(request.user, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            fresh = actions.withdraw(eob=eob, reason=form.cleaned_data["reason"], by=request.user)
        except CannotUndo as error:
            form.add_error(None, str(error))
        except actions.SomebodyElse as error:
            messages.warning(request, str(error))
            return redirect("claims:paper-page", eob.pk)
        else:
            messages.success(request, "Taken back by mirror entries. Here is a copy to put right.")
            return redirect("claims:paper-page", fresh.pk)
    return render(request, "claims/paper_withdraw.html", {"eob": eob, "form": form}, status=422 if form.errors else 200)


# --- the typing page --------------------------------------------------------------------------------------------------


def _page(
    request: DeskRequest, eob: PaperEob, content: typed.Eob, found: object = None, query: str = "", *, status: int = 200
) -> HttpResponse:
    reckoned: Reckoned = reckon(content, timezone.localdate())
    record_view("paper EOB", eob.audit_patients(), site_id=eob.site_id)
    view = view_of(
        content,
        reckoned,
        payers_to_choose(),
        show_errors="check" in request.GET,
        spare_provider="provider" in request.GET,
    )
    page = _number(request.GET.get("page") or request.POST.get("page"), eob.scan.pages if eob.scan else 1)
    context = {
        "eob": eob,
        "view": view,
        "said": difference_words(reckoned.difference_cents),
        "found": found,
        "query": query,
        "page": page,
        "pages": range(1, eob.scan.pages + 1) if eob.scan else (),
        "focus": request.GET.get("focus", ""),
        "reasons": sorted(reasons().items(), key=lambda item: (len(item[0]), item[0])),
    }
    return render(request, "claims/eob.html", context, status=status)


def _do(request: DeskRequest, eob: PaperEob, content: typed.Eob) -> HttpResponse:
    """The button that was pressed, after its page was saved."""
    what, _, about = request.POST.get("do", "check").partition(":")
    here = reverse("claims:paper-page", args=[eob.pk])
    page = request.POST.get("page", "1")
    if what == "find":
        return _find(request, eob, content)
    if what == "preview":
        return redirect("claims:paper-preview", eob.pk)
    if what == "page":
        return HttpResponseRedirect(f"{here}?page={_number(about, 9999)}")
    if what == "provider":
        return HttpResponseRedirect(f"{here}?provider=1&focus=p{len(content.provider)}-reason&page={page}")
    focus = _change(request, content, what, about)
    if focus:
        actions.keep(eob=eob, content=content, version=eob.version, by=request.user)
        return HttpResponseRedirect(f"{here}?focus={focus}&page={page}")
    return HttpResponseRedirect(f"{here}?check=1&page={page}")


def _change(request: DeskRequest, content: typed.Eob, what: str, about: str) -> str:
    """Claims and lines added or taken out; the field to go on with, empty where nothing was to do."""
    number = _number(about, 9999) - 1
    if (what == "add" and len(content.claims) >= typed.MOST_CLAIMS) or (
        what in ("add", "lines", "line") and not content.has_room
    ):
        messages.warning(request, f"An EOB holds up to {typed.MOST_CLAIMS} claims and {typed.MOST_ROWS} lines.")
        return ""
    if what == "add":
        content.claims.append(_chosen(request, content, about))
        return f"c{len(content.claims) - 1}-l0-{'service_on' if about == 'unknown' else 'allowed'}"
    if what == "totals" and number < len(content.claims):
        content.claims[number] = only_totals(content.claims[number])
        return f"c{number}-t-allowed"
    if what == "lines" and number < len(content.claims):
        content.claims[number] = _its_lines(request, content, content.claims[number])
        return f"c{number}-l0-allowed"
    if what == "line" and number < len(content.claims) and len(content.claims[number].lines) < typed.MOST_LINES:
        content.claims[number].lines.append(typed.Line())
        return f"c{number}-l{len(content.claims[number].lines) - 1}-service_on"
    if what == "drop" and number < len(content.claims):
        del content.claims[number]
        return "find"
    if what == "drop-line":
        claim, _, line = about.partition(".")
        at, k = _number(claim, 9999) - 1, _number(line, 9999) - 1
        if at < len(content.claims) and k < len(content.claims[at].lines):
            del content.claims[at].lines[k]
            return f"c{at}-l{max(k - 1, 0)}-allowed"
    return ""


def _chosen(request: DeskRequest, content: typed.Eob, about: str) -> typed.Claim:
    if about == "unknown":
        return not_on_file(past_a_form(request.POST.get("find"), 38))
    if not is_id(about):
        raise Http404
    claim = claim_or_404(request.user, UUID(about))
    whole = claims_with_everything([claim.pk])[0]
    record_view("claim laid out for a paper EOB", [whole.patient_id], site_id=whole.site_id)
    return laid_out(whole, UUID(content.payer) if is_id(content.payer) else None)


def _its_lines(request: DeskRequest, content: typed.Eob, claim: typed.Claim) -> typed.Claim:
    """Back from totals to lines, as billed where the claim is ours; what was typed of the claim stays."""
    lines = _chosen(request, content, claim.claim).lines if claim.claim else [typed.Line()]
    return replace(claim, lines=lines, totals=None)


def _find(request: DeskRequest, eob: PaperEob, content: typed.Eob) -> HttpResponse:
    query = past_a_form(request.POST.get("find"), 120)
    found = [c for c in claims_like(request.user, query) if c.site_id == eob.site_id] if query else []
    record_view("claims for a paper EOB", [claim.patient_id for claim in found])
    return _page(request, eob, content, found, query, status=200 if found else REFUSED)


def _post(request: DeskRequest, eob: PaperEob) -> HttpResponse:
    try:
        remittance = actions.post(eob=eob, version=_version(request), by=request.user)
    except (actions.EobRefused, actions.SomebodyElse) as error:
        messages.warning(request, str(error))
        return redirect("claims:paper-page", eob.pk)
    messages.success(request, "Posted.")
    return redirect("claims:remittance-page", remittance.pk)


def _ended(request: DeskRequest, eob: PaperEob) -> HttpResponse:
    """A draft no more: what was typed, to read."""
    content = typed.load(eob.content)
    record_view("paper EOB", eob.audit_patients(), site_id=eob.site_id)
    view = view_of(content, reckon(content, timezone.localdate()), payers_to_choose(), show_errors=False)
    return render(request, "claims/paper_ended.html", {"eob": eob, "view": view, "content": content})


def _version(request: DeskRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _number(text: str | None, most: int) -> int:
    return min(max(int(text), 1), most) if text and text.isdecimal() and len(text) < 6 else 1
