"""Two pages that hold no patient: all rules, filtered in the address, and one rule."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cob.rulebook import presenters
from cob.rules.entries import entries


@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    """Every rule by chapter and every number set by law, or those that hold the words asked for."""
    asked = presenters.Asked(request.GET.get("q", "").strip(), request.GET.get("sure", ""))
    chapters, numbers = presenters.chapters(asked), presenters.numbers(asked)
    context = {"asked": asked, "chapters": chapters, "numbers": numbers, "found": presenters.found(chapters, numbers)}
    return render(request, "rules/list.html", context)


@require_safe
def rule_page(request: HttpRequest, rule_id: str) -> HttpResponse:
    """One rule: what it says, where it stands, since when, what it reads, and the cases that come out by it."""
    entry = entries().get(rule_id)
    if entry is None:
        raise Http404
    return render(request, "rules/page.html", {"page": presenters.page(entry)})
