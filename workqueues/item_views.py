"""One item: what it is, why, by when, what was done; and every act on it as a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.attachments.queries import of_item
from claims.models import Adjudication, ClaimPayer
from claims.rejections import unplaced_in
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from denials.models import Denial
from denials.playbooks import PLAYBOOKS
from workqueues import actions, clocks, forms, presenters, queries
from workqueues.asks import disputes, flags
from workqueues.models import EvidenceKind, Item, State
from workqueues.terms import held
from workqueues.write_offs import may_approve

REFUSED = 422


def _item(request: DeskRequest, pk: UUID) -> Item:
    rows = queries.shown(Item.objects.visible_to(request.user)).select_related("closed_by", "resolved_by")
    item: Item = get_object_or_404(rows, pk=pk)
    return item


@require_safe
@may(Permission.VIEW_QUEUES)
def item_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Everything about one item."""
    item = _item(request, pk)
    record_view("work item", [item.patient_id], site_id=item.site_id)
    return render(request, "workqueues/item.html", context_of(item, request) | _papers(item))


def _papers(item: Item) -> dict[str, Any]:
    """What was attached while working on it or to its claim, and the packets made of the claim."""
    packets = item.claim.packets.select_related("by") if item.claim else ()
    # Work about no patient lists none: which it belongs to is what a browser said, at whatever site.
    documents = of_item(item.pk, item.claim, item.patient_id) if item.patient_id else ()
    return {"documents": documents, "packets": packets}


def context_of(item: Item, request: DeskRequest) -> dict[str, Any]:
    """What the item's page, or its pane beside a list, shows."""
    queue, today = actions.queue_of(item), timezone.localdate()
    row = presenters.Row(item, today)
    score = clocks.rank(item, queue, today)
    denial = Denial.objects.filter(pk=item.subject_id).first() if item.subject_type == "denials.denial" else None
    takes = sorted(queue.closes_with)
    return {
        "item": item,
        "row": row,
        "queue": queue,
        "score": score,
        "tier": presenters.TIERS[score.tier],
        "parts": presenters.parts(score),
        "clocks": presenters.clock_rows(row),
        "places": presenters.places(item, rank=_rank(item), remittance=_remittance(item), rejection=_rejection(item)),
        "denial": denial,
        "flag": flags.behind(item, today),
        "playbook": PLAYBOOKS.get(denial.playbook) if denial else None,
        "takes": [EvidenceKind(kind).label for kind in takes],
        "also": presenters.rows(queries.also_open(item, request.user), today),
        "notes": item.notes.select_related("by"),
        "contacts": item.contacts.select_related("by"),
        "evidences": item.evidences.select_related("by"),
        "events": presenters.timeline(item, queries.history(item), queue),
        **_allowed(item, request),
    }


def _allowed(item: Item, request: DeskRequest) -> dict[str, bool]:
    """Which buttons this person is shown; the actions decide again."""
    user = request.user
    works, assigns = user.has_perm(Permission.WORK_ITEMS), user.has_perm(Permission.ASSIGN_ITEMS)
    is_mine = item.owner_id == user.pk
    was_handed = is_mine and item.state == State.ASSIGNED and item.handed_by_id is not None
    return {
        "can_take": works and item.is_open and (item.owner_id is None or (is_mine and item.state == State.ASSIGNED)),
        "can_move": works and item.is_open and item.state not in (State.NEW, State.RESOLVED) and (is_mine or assigns),
        "can_hand_over": works and item.is_open and item.state != State.RESOLVED and (is_mine or assigns),
        "can_write": works and item.is_open,
        "can_reopen": works and not item.is_open,
        "can_approve": item.is_open and may_approve(user, item, held.today()),
        "can_decline": works and was_handed,
        "can_put_back": works and item.is_open and is_mine and item.state in (State.ASSIGNED, State.IN_PROGRESS),
    }


def _rank(item: Item) -> int | None:
    if item.subject_type != "claims.claimpayer":
        return None
    return ClaimPayer.objects.filter(pk=item.subject_id).values_list("rank", flat=True).first()


def _remittance(item: Item) -> UUID | None:
    if item.subject_type != "claims.adjudication":
        return None
    return Adjudication.objects.filter(pk=item.subject_id).values_list("remittance", flat=True).first()


def _rejection(item: Item) -> UUID | None:
    """The first that waits in a file of acknowledgements."""
    if item.subject_type != "claims.edifile" or item.queue != "rejected-claims":
        return None
    first = unplaced_in(item.subject_id).first()
    return first.pk if first else None


# --- acts of one button -----------------------------------------------------------------------------------------------


@require_POST
@may(Permission.WORK_ITEMS)
def item_take(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Taken from a list, it opens beside that list, which stays where it was."""
    return _press(request, pk, "It is yours.", lambda item: actions.take(item=item, by=request.user))


@require_POST
@may(Permission.WORK_ITEMS)
def item_resume(request: DeskRequest, pk: UUID) -> HttpResponse:
    return _press(request, pk, "Picked up again.", lambda item: actions.resume(item=item, by=request.user))


@require_POST
@may(Permission.WORK_ITEMS)
def item_approve(request: DeskRequest, pk: UUID) -> HttpResponse:
    return _press(request, pk, "The write-off is approved.", lambda item: actions.approve(item=item, by=request.user))


def _press(request: DeskRequest, pk: UUID, done: str, act: Callable[[Item], object]) -> HttpResponse:
    """Do it and say so, or say who was quicker; either way the item is shown as it is now."""
    item = _item(request, pk)
    try:
        act(item)
        messages.success(request, done)
    except actions.Refused as refusal:
        messages.warning(request, str(refusal))
    if "query" in request.POST:
        return redirect(presenters.worklist(item.queue, request.POST["query"], item.pk))
    return redirect("workqueues:item-page", pk)


# --- acts with a form -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """One form page: its words, its form and what pressing the button does."""

    title: str
    button: str
    form: type[forms.ItemForm]
    act: Callable[[Item, DeskRequest, dict[str, Any]], object]
    done: str
    goes_on: bool = False  # the item leaves my hands: offer the next one
    hint: str = ""


def _form_page(request: DeskRequest, pk: UUID, page: Page) -> HttpResponse:
    """The page and its answer: a refusal keeps what was typed and says why."""
    item = _item(request, pk)
    form = page.form(request.POST if request.method == "POST" else None, item=item, user=request.user)
    if form.is_valid():
        try:
            page.act(item, request, form.cleaned_data)
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, page.done)
            return _onward(request, item, page)
    record_view("work item form", [item.patient_id], site_id=item.site_id)
    context = {"page": page, "form": form, "item": item, "row": presenters.Row(item, timezone.localdate())}
    context |= {
        "queue": actions.queue_of(item),
        "takes": _takes(item),
        "evidences": item.evidences.select_related("by"),
    }
    return render(request, "workqueues/item_form.html", context, status=REFUSED if form.is_bound else 200)


def _takes(item: Item) -> list[str]:
    return [EvidenceKind(kind).label for kind in sorted(actions.queue_of(item).closes_with)]


def _onward(request: DeskRequest, item: Item, page: Page) -> HttpResponse:
    """“Save and next”: the next of my items of this queue, then of any; then the next one nobody has; else my work."""
    if not page.goes_on or request.POST.get("then") != "next":
        return redirect("workqueues:item-page", item.pk)
    mine = queries.my_items(request.user).exclude(state=State.WAITING).exclude(pk=item.pk)
    found = mine.filter(queue=item.queue).first() or mine.first()
    found = found or actions.take_next(by=request.user, queues=(item.queue,))
    return redirect("workqueues:item-page", found.pk) if found else redirect("workqueues:my-work")


def _page(page: Page) -> Callable[..., HttpResponse]:
    @require_http_methods(["GET", "HEAD", "POST"])
    @may(Permission.WORK_ITEMS)
    def view(request: DeskRequest, pk: UUID) -> HttpResponse:
        return _form_page(request, pk, page)

    return view


item_hand_over = _page(
    Page(
        "Hand over",
        "Hand over",
        forms.HandOverForm,
        lambda item, request, told: actions.hand_over(item=item, by=request.user, **told),
        "Handed over.",
        goes_on=True,
    )
)
item_decline = _page(
    Page(
        "Do not accept",
        "Give back",
        forms.ReasonForm,
        lambda item, request, told: actions.decline(item=item, by=request.user, reason=told["reason"]),
        "It went back to whoever handed it over.",
        goes_on=True,
    )
)
item_put_back = _page(
    Page(
        "Put back",
        "Put back",
        forms.ReasonForm,
        lambda item, request, told: actions.put_back(item=item, by=request.user, reason=told["reason"]),
        "It is nobody’s again.",
        goes_on=True,
        hint="Whoever is free takes it next.",
    )
)
item_set_aside = _page(
    Page(
        "Set aside",
        "Set aside",
        forms.SetAsideForm,
        lambda item, request, told: actions.set_aside(item=item, by=request.user, **told),
        "Set aside; it returns by itself.",
        goes_on=True,
        hint="Our own clock stands still meanwhile. Limits set by others do not.",
    )
)
_CLOSE = Page(
    "Close",
    "Close",
    forms.CloseForm,
    lambda item, request, told: actions.close(item=item, by=request.user, **told),
    "Done.",
    goes_on=True,
)
item_reopen = _page(
    Page(
        "Open again",
        "Open again",
        forms.ReasonForm,
        lambda item, request, told: actions.reopen(item=item, by=request.user, reason=told["reason"]),
        "It is open again and yours.",
        hint="Within 30 days of closing this counts as a closing that did not hold.",
    )
)
item_note = _page(
    Page(
        "Add a note",
        "Save note",
        forms.NoteForm,
        lambda item, request, told: actions.add_note(item=item, by=request.user, **told),
        "Noted.",
    )
)
item_contact = _page(
    Page(
        "Log a contact",
        "Save contact",
        forms.ContactForm,
        lambda item, request, told: actions.add_contact(item=item, by=request.user, **told),
        "The contact is logged.",
    )
)
item_evidence = _page(
    Page(
        "Add proof",
        "Save proof",
        forms.EvidenceForm,
        lambda item, request, told: actions.add_evidence(item=item, by=request.user, **told),
        "The proof is on the item.",
    )
)
item_plan = _page(
    Page(
        "Plan the next step",
        "Save plan",
        forms.PlanForm,
        lambda item, request, told: actions.plan(item=item, by=request.user, **told),
        "Planned.",
    )
)
_SEND_BACK = Page(
    "Send back",
    "Send back",
    forms.ReasonForm,
    lambda item, request, told: actions.send_back(item=item, by=request.user, note=told["reason"]),
    "Sent back to its worker.",
)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.WORK_ITEMS)
def item_close(request: DeskRequest, pk: UUID) -> HttpResponse:
    """A dispute is closed on its own page, and its item with it."""
    item = _item(request, pk)
    if item.is_open and item.subject_type == disputes.SUBJECT and request.method != "POST":
        return redirect("billing:dispute-close", item.subject_id)
    return _form_page(request, pk, _CLOSE)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.WORK_ITEMS)
def item_send_back(request: DeskRequest, pk: UUID) -> HttpResponse:
    return _form_page(request, pk, _SEND_BACK)
