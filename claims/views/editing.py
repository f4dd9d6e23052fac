"""Settings: the edits there are, and those the practice writes itself: written, tried, switched on and off."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.editing.forms import EditForm, form_of
from claims.editing.trying import Trial
from claims.editing.writing import BadEdit, switch_off, switch_on, try_edit, write_edit
from claims.models import Claim, StaffEdit
from claims.presenters import editing as presenters
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view

REFUSED = 422


@require_safe
@may(Permission.MANAGE_SETTINGS)
def edit_list(request: DeskRequest) -> HttpResponse:
    """Staff-written edits with how they stand, and the built-in ones."""
    context = {"rows": presenters.newest_of_each(timezone.localdate()), "built_in": presenters.built_in()}
    return render(request, "claims/edit_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.MANAGE_SETTINGS)
def edit_new(request: DeskRequest) -> HttpResponse:
    """Write one."""
    form = EditForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        edit = write_edit(wording=form.wording(), when=form.when, by=request.user)
        messages.success(request, "Written. It asks nothing until it was tried and switched on.")
        return redirect("claims:edit-page", edit.family)
    return render(request, "claims/edit_new.html", {"form": form}, status=REFUSED if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.MANAGE_SETTINGS)
def edit_page(request: DeskRequest, family: UUID) -> HttpResponse:
    """One edit with its versions; posting writes the next."""
    newest = _newest_or_404(family)
    if request.method != "POST":
        return _page(request, newest, form_of(newest))
    form = EditForm(request.POST, rows=len([name for name in request.POST if name.startswith("field")]))
    if form.is_valid():
        try:
            edit = write_edit(wording=form.wording(), when=form.when, by=request.user, follows=newest)
        except BadEdit as bad:
            form.add_error(bad.field if bad.field in form.fields else None, str(bad))
        else:
            messages.success(request, f"Version {edit.version} written. The one before asks on until this is on.")
            return redirect("claims:edit-page", family)
    return _page(request, newest, form, status=REFUSED)


@require_POST
@may(Permission.MANAGE_SETTINGS)
def edit_try(request: DeskRequest, family: UUID) -> HttpResponse:
    """Hold the newest version against what was sent lately, and show what it would have spoken of."""
    newest = _newest_or_404(family)
    trial = try_edit(edit=newest)
    return _page(request, newest, form_of(newest), trial=trial)


@require_POST
@may(Permission.MANAGE_SETTINGS)
def edit_switch(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Switch a version on or off from today on."""
    edit = get_object_or_404(StaffEdit, pk=pk)
    is_on = request.POST.get("to") == "on"
    try:
        switch_on(edit=edit) if is_on else switch_off(edit=edit)
    except BadEdit as bad:
        messages.error(request, str(bad))
    else:
        messages.success(request, f"Version {edit.version} is {'on' if is_on else 'off'} from today.")
    return redirect("claims:edit-page", edit.family)


def _newest_or_404(family: UUID) -> StaffEdit:
    found: StaffEdit | None = (
        StaffEdit.objects.filter(family=family).select_related("payer", "site").order_by("-version").first()
    )
    if found is None:
        raise Http404
    return found


def _page(
    request: DeskRequest, newest: StaffEdit, form: EditForm, *, trial: Trial | None = None, status: int = 200
) -> HttpResponse:
    """Which claims a trial found is shown to whoever may see claims, of their own sites."""
    listed = []
    if trial and request.user.has_perm(Permission.VIEW_CLAIMS):
        mine = Claim.objects.visible_to(request.user).filter(pk__in=[row.claim_id for row in trial.listed])
        seen = set(mine.values_list("pk", flat=True))
        listed = [row for row in trial.listed if row.claim_id in seen]
        record_view("claims an edit was tried against", [row.claim.patient_id for row in listed])
    rows = presenters.versions_of(newest.family, timezone.localdate())
    context = {"edit": newest, "rows": rows, "newest": rows[0], "form": form, "trial": trial, "listed": listed}
    return render(request, "claims/edit_page.html", context, status=status)
