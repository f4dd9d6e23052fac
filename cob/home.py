"""Where a person lands after signing in: the page their role starts the day with."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import NoReverseMatch
from django.views.decorators.http import require_safe

from cob.accounts.models import User
from cob.accounts.roles import Role

STARTS = {
    Role.FRONT_DESK: "patients:search",
    Role.SUPERVISOR: "kpi:dashboard",
    Role.AUDITOR: "audit:history",
    Role.ADMINISTRATOR: "jobs:job-list",
}


@require_safe
def start(request: HttpRequest) -> HttpResponseRedirect:
    """Front desk: patient search. Those who work queues: their own work. Managers: the measures."""
    role = request.user.role if isinstance(request.user, User) else ""
    try:
        return redirect(STARTS.get(Role(role), "workqueues:my-work") if role in set(Role) else "patients:search")
    except NoReverseMatch:
        return redirect("account_logout")
