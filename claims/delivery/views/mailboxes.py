"""Settings: the mailboxes, and whether each can be reached."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.delivery import queries
from claims.delivery.checking import check
from claims.delivery.forms import MailboxForm
from claims.delivery.models import Mailbox
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission

REFUSED = 422


@require_safe
@may(Permission.MANAGE_SETTINGS)
def mailbox_list(request: DeskRequest) -> HttpResponse:
    """Every mailbox with when it was last looked into and what is wrong."""
    return render(request, "delivery/mailboxes.html", {"mailboxes": list(queries.mailboxes())})


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.MANAGE_SETTINGS)
def mailbox_new(request: DeskRequest) -> HttpResponse:
    """Set one up."""
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.MANAGE_SETTINGS)
def mailbox_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Change one, or take it out of use: files on their way through it stay on file."""
    return _form(request, get_object_or_404(queries.mailboxes(), pk=pk))


@require_POST
@may(Permission.MANAGE_SETTINGS)
def mailbox_check(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Open it, look into its folders, write a passing name and take it away again."""
    mailbox = get_object_or_404(Mailbox, pk=pk)
    trouble = check(mailbox)
    if trouble:
        messages.error(request, trouble)
    else:
        messages.success(request, f"{mailbox} can be reached, read and written.")
    return redirect("delivery:mailbox-page", mailbox.pk)


def _form(request: DeskRequest, mailbox: Mailbox | None) -> HttpResponse:
    form = MailboxForm(request.POST or None, instance=mailbox)
    if request.method == "POST" and form.is_valid():
        kept = form.save()
        messages.success(request, f"{kept} is kept. Check now whether it can be reached.")
        return redirect("delivery:mailbox-page", kept.pk)
    context = {"form": form, "mailbox": mailbox}
    return render(request, "delivery/mailbox.html", context, status=REFUSED if form.is_bound else 200)
