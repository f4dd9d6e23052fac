"""What a practice watches besides the lists: notices, exceptions, hand-offs between stages, and what comes back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cob.accounts.access import DeskRequest, may
from cob.accounts.models import Site, User
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from cob.coverage.inputs import DayField
from cob.one_line import past_a_form
from workqueues import exceptions, handoffs, notices, repeats
from workqueues.models import Item, LoggedException, RootCause, What
from workqueues.moving import Refused
from workqueues.queues import BY_SLUG

REFUSED = 422
MOST = 100


class ExceptionForm(forms.Form):
    """What happened, and by when and how it is known to be right again."""

    site = forms.ModelChoiceField(Site.objects.none(), label="Site", empty_label=None)
    what = forms.ChoiceField(label="What went another way", choices=What.choices)
    text = forms.CharField(label="In a sentence", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    happened_on = DayField(label="On")
    expected_on = DayField(label="Right again by", help_text="The turnaround you expect.")
    verify_how = forms.CharField(
        label="How it will be checked", max_length=200, help_text="The step that shows it: the posted file, a call."
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data, initial={"happened_on": timezone.localdate()})
        sites = self.fields["site"]
        if isinstance(sites, forms.ModelChoiceField):
            sites.queryset = Site.objects.filter(pk__in=user.site_ids())


@require_safe
@may(Permission.VIEW_QUEUES)
def exception_list(request: DeskRequest) -> HttpResponse:
    """What is not right yet, the earliest first, and what was checked."""
    rows = LoggedException.objects.visible_to(request.user).select_related("site", "by", "verified_by", "item")
    still, done = rows.open().order_by("expected_on", "at")[:MOST], rows.filter(verified_at__isnull=False)[:20]
    record_view("exceptions", [row.item.patient_id for row in [*still, *done] if row.item])
    context = {"still": still, "done": done, "today": timezone.localdate()}
    return render(request, "workqueues/exceptions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.WORK_ITEMS)
def exception_log(request: DeskRequest) -> HttpResponse:
    """Write one down, about an item or about nothing that has one."""
    form = ExceptionForm(request.POST or None, user=request.user)
    item = _item(request)
    if request.method == "POST" and form.is_valid():
        try:
            exceptions.log(by=request.user, item=item, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Written down.")
            return redirect("workqueues:exception-list")
    if item:
        record_view("exception form", [item.patient_id], site_id=item.site_id)
    context = {"form": form, "item": item}
    return render(request, "workqueues/exception_form.html", context, status=REFUSED if form.is_bound else 200)


def _item(request: DeskRequest) -> Item | None:
    """The item an exception is about, when its page was opened from one."""
    try:
        pk = UUID(request.GET.get("item", ""))
    except ValueError:
        return None
    found: Item = get_object_or_404(Item.objects.visible_to(request.user), pk=pk)
    return found


@require_POST
@may(Permission.WORK_ITEMS)
def exception_verify(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The check was done."""
    entry = get_object_or_404(LoggedException.objects.visible_to(request.user), pk=pk)
    try:
        exceptions.verify(entry=entry, found=past_a_form(request.POST.get("found"), 300), by=request.user)
        messages.success(request, "Checked.")
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("workqueues:exception-list")


@require_safe
@may(Permission.VIEW_QUEUES)
def handoff_list(request: DeskRequest) -> HttpResponse:
    """What one stage owes the next, with what waits at it."""
    return render(request, "workqueues/handoffs.html", {"rows": handoffs.kept(request.user)})


@require_safe
@may(Permission.ASSIGN_ITEMS)
def repeat_list(request: DeskRequest) -> HttpResponse:
    """What came back after a fix. It names payers and codes, and opens the queue; patients stand there."""
    rows = [
        {"repeat": one, "queue": BY_SLUG[one.queue], "cause": dict(RootCause.choices).get(one.root_cause, "")}
        for one in repeats.found(request.user)
    ]
    return render(request, "workqueues/repeats.html", {"rows": rows, "days": repeats.LOOK_BACK_DAYS})


@require_POST
@may(Permission.VIEW_QUEUES)
def notices_seen(request: DeskRequest) -> HttpResponse:
    """All notices that were shown are seen."""
    notices.see(request.user)
    return redirect("workqueues:my-work")
