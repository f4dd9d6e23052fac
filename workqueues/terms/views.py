"""Settings of the queues: promises, people, ladder, calendars, buckets and sums, each from a day on."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from workqueues.queues import BY_SLUG
from workqueues.terms import held, presenters
from workqueues.terms.actions import BadTerm, set_term
from workqueues.terms.forms import TermForm
from workqueues.terms.specs import SPECS, Spec, in_words

REFUSED = 422


@require_safe
@may(Permission.MANAGE_SETTINGS)
def term_list(request: DeskRequest) -> HttpResponse:
    """Everything that can be set, with what holds today."""
    terms, people = held.today(), presenters.names()
    context = {
        "groups": presenters.groups(terms, people),
        "queues": presenters.by_queue(terms, people),
        "heads": [SPECS[name].label for name in presenters.IN_TABLE],
        "changes": presenters.changes(people),
    }
    return render(request, "workqueues/terms.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.MANAGE_SETTINGS)
def term_page(request: DeskRequest, name: str) -> HttpResponse:
    """One setting: what held and holds, and a new value from a day on."""
    spec = SPECS.get(name)
    slug = request.GET.get("queue", "")
    if spec is None or (spec.of == "queue") != (slug in BY_SLUG):
        raise Http404
    value = held.today().of(name, queue=slug)
    form = TermForm(request.POST or None, spec=spec, value=value)
    if request.method == "POST" and form.is_valid() and _is_kept(request, spec, slug, form):
        return redirect(presenters.url_of(spec, slug))
    people, queue = presenters.names(), BY_SLUG.get(slug)
    context = {
        "spec": spec,
        "queue": queue,
        "form": form,
        "history": presenters.history(spec, slug, people),
        "holds": in_words(spec, value, people),
        "built_in": in_words(spec, spec.default(queue), people),
        "others": presenters.of_queue(held.today(), queue, people) if queue else [],
    }
    return render(request, "workqueues/term.html", context, status=REFUSED if form.is_bound else 200)


def _is_kept(request: DeskRequest, spec: Spec, slug: str, form: TermForm) -> bool:
    try:
        row = set_term(name=spec.name, queue=slug, by=request.user, **form.told())
    except BadTerm as bad:
        form.add_error(bad.field if bad.field in form.fields else None, str(bad))
        return False
    messages.success(request, f"{spec.label}: kept, from {row.effective_on:%m/%d/%Y}.")
    return True
