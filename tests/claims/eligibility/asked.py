"""Jane Doe’s payer is asked about her, and answers."""

from __future__ import annotations

from datetime import date

from claims.eligibility.sending import ask
from cob.audit.acting import acting
from cob.coverage.eligibility.reading import offers_to
from cob.coverage.models import (
    Coverage,
)
from cob.x12.hints271 import Hint
from tests.x12.eligibility import about, file_271

MONDAY = date(2026, 3, 2)

BORN = date(1980, 5, 14)

BETA = "EB*R**30~DTP*290*RD8*20260101-20261231~LS*2120~NM1*PRP*2*BETA MUTUAL*****PI*BETA1~LE*2120"

ACME = ("ACME HEALTH", "60054")


def asked(patient, by, *, on=MONDAY, send=True):
    rows = Coverage.objects.filter(patient=patient).select_related("patient__site", "payer", "subscriber")
    with acting(by):
        return ask(list(rows.order_by("created_at", "payer__name")), on, by=by, send=send)


def answers(bring, said, *, trace, member="MEM1", name="a.271"):
    return bring(file_271(about(said, trace=trace, member=member), payer=ACME), name)


def offer(patient, hint=Hint.OTHER_PAYER):
    return next(one for one in offers_to(patient) if one.said.hint is hint)


def _due(plans):
    return [plan.coverage for plan in plans if plan.may_ask]
