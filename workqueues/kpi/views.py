"""The dashboard, one measure over time, and the rows behind one figure."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from workqueues.kpi import presenters, queries
from workqueues.kpi.forms import SliceForm
from workqueues.kpi.measures import BY_SLUG, MEASURES, Measure
from workqueues.kpi.periods import BadWeek, Week

WEEKS = 26


def last_full_week() -> Week:
    """The week that ended last Sunday: a week still running would look like an improvement."""
    return Week.of(timezone.localdate()).back(1)


def _measure(slug: str) -> Measure:
    try:
        return BY_SLUG[slug]
    except KeyError as missing:
        raise Http404 from missing


@require_safe
@may(Permission.VIEW_KPIS)
def dashboard(request: DeskRequest) -> HttpResponse:
    """All measures for the last full week, with half a year behind each."""
    form = SliceForm(request.GET or {}, user=request.user)
    part = form.part()
    cards = [
        presenters.card(measure, queries.figures(measure, part, last_full_week(), WEEKS), form.filters())
        for measure in MEASURES
    ]
    open_count, open_days = queries.open_age(part, timezone.localdate())
    context = {"form": form, "cards": cards, "week": last_full_week(), "open_count": open_count, "open_days": open_days}
    return render(request, "kpi/dashboard.html", context)


@require_safe
@may(Permission.VIEW_KPIS)
def measure(request: DeskRequest, slug: str) -> HttpResponse:
    """One measure: definition, a year of weeks, the table under the chart."""
    asked = _measure(slug)
    form = SliceForm(request.GET or {}, user=request.user)
    figures = queries.figures(asked, form.part(), last_full_week(), 52)
    return render(request, "kpi/measure.html", {"form": form, "card": presenters.card(asked, figures, form.filters())})


@require_safe
@may(Permission.VIEW_KPIS, Permission.VIEW_CLAIMS)
def rows(request: DeskRequest, slug: str, week: str) -> HttpResponse:
    """The cases behind one week's figure, each a link to its claim."""
    asked = _measure(slug)
    try:
        of_week = Week.parse(week)
    except BadWeek as bad:
        raise Http404 from bad
    form = SliceForm(request.GET or {}, user=request.user)
    only = request.GET.get("only") == "counted"
    found = queries.behind(asked, form.part(), of_week, only_counted=only)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    shown = asked.shown(only_counted=only)
    record_view(f"rows of {asked.name}", {c.patient_id for row in page if (c := presenters.claim_of(shown, row))})
    (figure,) = queries.figures(asked, form.part(), of_week, 1)
    context = {
        "measure": asked,
        "week": of_week,
        "page": page,
        "figure": presenters.WeekRow(figure, ""),
        "only": only,
        "lines": [presenters.case_line(shown, row) for row in page],
        "form": form,
    }
    return render(request, "kpi/rows.html", context)


@require_safe
@may(Permission.VIEW_KPIS)
def definitions(request: DeskRequest) -> HttpResponse:
    """What each measure counts, of what, by which date, leaving out what."""
    return render(request, "kpi/definitions.html", {"measures": MEASURES})
