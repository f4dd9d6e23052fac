"""People: list, add, change, close and open an account; links to set a password."""

from __future__ import annotations

from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cob.accounts.access import DeskRequest, may
from cob.accounts.models import User
from cob.accounts.roles import Permission
from cob.people import actions
from cob.people.forms import PersonForm

REFUSED = 422
require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@may(Permission.MANAGE_USERS)
def person_list(request: DeskRequest) -> HttpResponse:
    """Everybody, those whose account is closed last."""
    people = User.objects.prefetch_related("sites").order_by("-is_active", "last_name", "first_name", "username")
    return render(request, "people/list.html", {"people": people})


@require_form
@may(Permission.MANAGE_USERS)
def person_add(request: DeskRequest) -> HttpResponse:
    """A new account, then the link with which the person sets a password."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.add_person(person=form.save(commit=False), sites=form.cleaned_data["sites"])
        except actions.NameTaken as taken:
            form.add_error("username", str(taken))
        else:
            messages.success(request, f"{person} is added. Make a link and hand it over.")
            return redirect("people:person-page", person.pk)
    status = REFUSED if form.is_bound else 200
    return render(request, "people/person_add.html", {"form": form}, status=status)


@require_form
@may(Permission.MANAGE_USERS)
def person_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One person: the form, and what else can be done with the account."""
    person = _person(pk)
    form = PersonForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_person(person=form.save(commit=False), sites=form.cleaned_data["sites"])
        except actions.LastAdministrator as refused:
            form.add_error("role", str(refused))
        except actions.NameTaken as taken:
            form.add_error("username", str(taken))
        else:
            messages.success(request, f"{person} is saved.")
            return redirect("people:person-page", pk)
    status = REFUSED if form.is_bound else 200
    return render(request, "people/person.html", _shown(request, pk, form), status=status)


def _shown(request: DeskRequest, pk: UUID, form: PersonForm) -> dict[str, object]:
    person = _person(pk)  # as it is on file, whatever the form was filled in with
    has_second_step = is_mfa_enabled(person)
    return {"person": person, "form": form, "has_second_step": has_second_step, "is_self": person.pk == request.user.pk}


@require_POST
@may(Permission.MANAGE_USERS)
def person_close(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Close the account, unless it is one's own or the last administrator's."""
    person = _person(pk)
    try:
        actions.close_account(person=person, by=request.user)
    except (actions.OwnAccount, actions.LastAdministrator) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{person} can no longer sign in.")
    return redirect("people:person-page", pk)


@require_POST
@may(Permission.MANAGE_USERS)
def person_open(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Let the person sign in again."""
    person = _person(pk)
    actions.open_account(person=person)
    messages.success(request, f"{person} can sign in again.")
    return redirect("people:person-page", pk)


@require_POST
@may(Permission.MANAGE_USERS)
def person_link(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The link to set a password, on the answer itself: it is shown once and kept nowhere."""
    person = _person(pk)
    if not person.is_active:
        messages.error(request, "The account is closed. Open it first.")
        return redirect("people:person-page", pk)
    link = request.build_absolute_uri(actions.password_link(person=person))
    return render(request, "people/link.html", {"person": person, "link": link})


@require_POST
@may(Permission.MANAGE_USERS)
def person_second_step(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Take the second step off, for a lost telephone."""
    person = _person(pk)
    if actions.remove_second_step(person=person):
        messages.success(request, f"{person} signs in without a second step until a new one is set up.")
    return redirect("people:person-page", pk)


def _person(pk: UUID) -> User:
    person: User = get_object_or_404(User.objects.prefetch_related("sites"), pk=pk)
    return person
