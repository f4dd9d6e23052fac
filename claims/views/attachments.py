"""Documents: brought from the patient's or a claim's page, looked at as pixels, enclosed, withdrawn."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims import documents
from claims.attachments import actions, queries
from claims.attachments.forms import BringForm, EncloseForm, WithdrawForm
from claims.models import Attachment, AttachmentKind, Claim, Enclosure, Report, Transmission
from claims.packets.cover import GOES_BY_HAND, cover_of
from claims.views.lookups import attachment_or_404, claim_or_404
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.models import record
from cob.audit.reads import record_view
from cob.coverage.lookups import patient_or_404
from cob.patients.models import Patient

REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_PATIENTS, Permission.EDIT_PATIENTS)
def patient_attach(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Bring a document of a patient."""
    return _bring(request, patient_or_404(request.user, pk), None)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.EDIT_PATIENTS)
def claim_attach(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Bring a document about a claim."""
    claim = claim_or_404(request.user, pk)
    return _bring(request, claim.patient, claim)


def _bring(request: DeskRequest, patient: Patient, claim: Claim | None) -> HttpResponse:
    is_sent = request.method == "POST"
    record_view("documents", [patient.pk], site_id=patient.site_id)
    form = BringForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        patient=patient,
        initial={"item": request.GET.get("item", "")},
    )
    if is_sent and form.is_valid() and (row := _kept(request, patient, claim, form)):
        return redirect("claims:attachment-page", row.pk)
    context = {"form": form, "patient": patient, "claim": claim}
    return render(request, "claims/attach.html", context, status=REFUSED if form.errors else 200)


def _kept(request: DeskRequest, patient: Patient, claim: Claim | None, form: BringForm) -> Attachment | None:
    said = form.cleaned_data
    about = actions.About(
        coverages=[said["coverage"]] if said["coverage"] else [], claims=[claim] if claim else [], item=said["item"]
    )
    try:
        row, is_new = actions.bring(
            patient=patient,
            stream=said["file"],
            kind=AttachmentKind(said["kind"]),
            about=about,
            words=said["about"],
            dated_on=said["dated_on"],
            is_alone=said["is_alone"],
            by=request.user,
        )
    except actions.AttachmentRefused as refused:
        form.add_error(refused.field or None, str(refused))
        return None
    if is_new:
        messages.success(request, "The document is on file.")
    else:
        messages.warning(request, "This very document was on file already; it is linked here as well.")
    return row


@require_safe
@may(Permission.VIEW_PATIENTS)
def document_list(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Every document of a patient."""
    patient = patient_or_404(request.user, pk)
    record_view("documents", [patient.pk], site_id=patient.site_id)
    return render(request, "claims/documents.html", {"patient": patient, "documents": queries.of_patient(patient)})


@require_safe
@may(Permission.VIEW_PATIENTS)
def attachment_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """What is known of a document, and its pages as pictures."""
    return _page(request, attachment_or_404(request.user, pk), WithdrawForm())


def _page(request: DeskRequest, row: Attachment, form: WithdrawForm) -> HttpResponse:
    record("saw", row, patients=[row.patient_id], site_id=row.patient.site_id)
    context = {
        "document": row,
        "links": row.links.select_related("coverage__payer", "claim", "by").defer("claim__content"),
        "pages": range(1, row.pages + 1),
        "form": form,
    }
    return render(request, "claims/attachment.html", context, status=REFUSED if form.errors else 200)


@require_safe
@may(Permission.VIEW_PATIENTS)
def attachment_picture(request: DeskRequest, pk: UUID, page: int) -> HttpResponse:
    """One page as a PNG drawn anew; who looked is on the trail."""
    row = attachment_or_404(request.user, pk)
    if not 1 <= page <= row.pages:
        raise Http404
    record("saw", row, patients=[row.patient_id], site_id=row.patient.site_id, after={"page": page})
    data = documents.drawn_png(str(row.kept.name), documents.Kind(row.media), page)
    return HttpResponse(data, content_type="image/png", headers=_guarded("inline"))


@require_safe
@may(Permission.VIEW_PATIENTS)
def attachment_original(request: DeskRequest, pk: UUID) -> FileResponse:
    """The bytes as they came, only to be saved: a browser opens none of them here."""
    row = attachment_or_404(request.user, pk)
    record("downloaded", row, patients=[row.patient_id], site_id=row.patient.site_id)
    media = documents.Kind(row.media)
    name = f"document-{row.pk.hex[:8]}.{media}"
    sent = FileResponse(row.kept.open("rb"), content_type=documents.MEDIA_TYPES[media])
    for header, value in _guarded(f'attachment; filename="{name}"').items():
        sent[header] = value
    return sent


def _guarded(disposition: str) -> dict[str, str]:
    return {
        "Content-Disposition": disposition,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }


@require_POST
@may(Permission.VIEW_PATIENTS, Permission.EDIT_PATIENTS)
def attachment_withdraw(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Show a document to nobody any more."""
    row, form = attachment_or_404(request.user, pk), WithdrawForm(request.POST)
    if form.is_valid():
        try:
            actions.withdraw(attachment=row, because=form.cleaned_data["because"], by=request.user)
        except actions.AttachmentRefused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, "The document is shown to nobody any more.")
        return redirect("claims:document-list", row.patient_id)
    return _page(request, row, form)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.SUBMIT_CLAIMS)
def claim_enclose(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Let the claim to one payer name a document from its next sending on."""
    claim = claim_or_404(request.user, pk)
    record_view("documents", [claim.patient_id], site_id=claim.site_id)
    form = EncloseForm(request.POST if request.method == "POST" else None, claim=claim)
    if form.is_valid():
        said = form.cleaned_data
        report, transmission = Report(said["report"]), Transmission(said["transmission"])
        try:
            row = actions.enclose(
                attachment=said["attachment"],
                payer=said["payer"],
                report=report,
                transmission=transmission,
                by=request.user,
            )
        except actions.AttachmentRefused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            messages.success(request, _named(row))
            return redirect("claims:claim-page", claim.pk)
    return render(
        request, "claims/enclose.html", {"form": form, "claim": claim}, status=REFUSED if form.errors else 200
    )


def _named(row: Enclosure) -> str:
    cover = " Its cover sheet is under Documents." if row.transmission in GOES_BY_HAND else ""
    return f"The next sending names it under {row.control_number}.{cover}"


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.SUBMIT_CLAIMS)
def enclosure_take_out(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The next sending names the document no more."""
    mine = Claim.objects.visible_to(request.user).values("pk")
    row = get_object_or_404(Enclosure.objects.filter(claim__in=mine), pk=pk)
    if actions.take_out(enclosure=row, by=request.user):
        messages.success(request, "The next sending names it no more.")
    else:
        messages.warning(request, "Somebody else has taken it out already.")
    return redirect("claims:claim-page", row.claim_id)


@require_safe
@may(Permission.VIEW_CLAIMS, Permission.SUBMIT_CLAIMS)
def enclosure_cover(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The cover sheet of a document that goes by fax or mail, as PDF."""
    mine = Claim.objects.visible_to(request.user).values("pk")
    rows = Enclosure.objects.filter(claim__in=mine, withdrawn_at=None, transmission__in=GOES_BY_HAND)
    rows = rows.select_related("claim__site", "claim__patient", "claim_payer__payer", "attachment")
    row = get_object_or_404(rows, pk=pk)
    record("downloaded", row, patients=[row.claim.patient_id], site_id=row.claim.site_id)
    name = f'inline; filename="cover-{row.control_number}.pdf"'
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return HttpResponse(cover_of(row), content_type="application/pdf", headers=headers)
