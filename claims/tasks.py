"""The kinds of job: import a kept file, look into the watched folder, hold the balances against the postings, audit
the payer order.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from claims.auditing.running import JOB as AUDIT_JOB
from claims.auditing.running import do_part
from claims.exchange.importing import import_file
from claims.exchange.inbox import look
from claims.exchange.opening import JOB
from claims.ledger_check import check_all
from claims.models import Claim, EdiFile
from claims.redetermining import JOB as REDETERMINE
from claims.redetermining import at_employer, redetermine
from cob.audit.models import record
from cob.jobs.kinds import job_kind
from cob.jobs.progress import Progress
from cob.patients.models import Patient

MOST_NAMED = 200


@job_kind(JOB, title="Import a file")
def import_kept_file(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """`edi_file`: the id of its row. The outcome carries counts, never claim numbers or names."""
    result = import_file(EdiFile.objects.get(pk=args["edi_file"]), progress)
    return {"outcome": result["outcome"], "kind": result["kind"], "work_items": result["work_items"]}


@job_kind("claims.watch_inbox", title="Look into the watched folder", quiet=True)
def watch_inbox(_args: dict[str, Any], _progress: Progress) -> dict[str, Any] | None:
    """Every fifteen seconds; forgotten when there was nothing."""
    found = asdict(look())
    return found if any(found.values()) else None


@job_kind("claims.check_ledger", title="Hold the balances against the postings")
def check_ledger(_args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Daily: each claim whose ledger breaks a rule gets an event, which queues may follow."""
    found = check_all(progress)
    named = list(found.broken.items())[:MOST_NAMED]
    rows = Claim.objects.in_bulk([pk for pk, _ in named])
    for pk, broken in named:
        if pk in rows:
            said = {"broken": [asdict(b) for b in broken]}
            record(
                "ledger does not add up", rows[pk], patients=[rows[pk].patient_id], site_id=rows[pk].site_id, after=said
            )
    return {
        "checked": found.claims,
        "broken": len(found.broken),
        "credits": found.credits,
        "claims": [{"claim": str(pk), "rules": sorted({b.rule for b in broken})} for pk, broken in named],
    }


@job_kind(AUDIT_JOB, title="Audit the payer order")
def audit_order(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """`part`: the id of a part of a run. The outcome carries counts; what was found is on the run's page."""
    return do_part(args["part"], progress)


@job_kind(REDETERMINE, title="Order after an employer’s size was told")
def redetermine_at_employer(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """`employer`: the id of its row. Every patient covered through it who has claims."""
    patients = list(Patient.objects.filter(pk__in=at_employer(UUID(args["employer"]))))
    progress.of(len(patients), "Patients")
    changed = 0
    for patient in patients:
        changed += redetermine(patient)
        progress.step()
    return {"patients": len(patients), "days": changed}
