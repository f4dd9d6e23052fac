"""The kinds of job: look at every hold anew at night, and send statements to many."""

from __future__ import annotations

from typing import Any

from claims.models import Claim
from claims.patient_billing import following  # noqa: F401  importing is subscribing, in the order of the apps
from claims.patient_billing.holding import follow
from claims.patient_billing.models import StatementRun
from claims.patient_billing.statements.running import JOB, send_all
from cob.jobs.kinds import job_kind
from cob.jobs.progress import Progress


@job_kind("patient_billing.follow_holds", title="Look at every statement hold anew")
def follow_holds(_args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Daily, before the queues are asked: what an event may have missed."""
    progress.of(1, "Holds")
    changed = follow(Claim.objects.all())
    progress.step()
    return {"changed": changed}


@job_kind(JOB, title="Send statements")
def send_statements(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """`run`: the id of its row. The outcome carries counts; who got one is on the run's page."""
    run = StatementRun.objects.select_related("site", "asked_by").get(pk=args["run"])
    return dict(send_all(run, progress))
