"""The kinds of job: import a kept file, look into the watched folder, hold the balances against the postings, audit
the payer order.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from typing import Any
from uuid import UUID

from claims.auditing.running import JOB as AUDIT_JOB
from claims.auditing.running import do_part
from claims.crossover.ending import end_lapsed
from claims.eligibility.visits import JOB as CHECK_VISITS
from claims.eligibility.visits import check
from claims.exchange.importing import import_file
from claims.exchange.inbox import look
from claims.exchange.opening import JOB
from claims.ledger_check import LEDGER_LOOK, check_all, keep
from claims.ledger_rules import RULES
from claims.models import Claim, EdiFile, LedgerBreach
from claims.recoupment.watching import at_night
from claims.redetermining import JOB as REDETERMINE
from claims.redetermining import at_employer, redetermine
from cob.audit.acting import person
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


@job_kind(LEDGER_LOOK, title="Hold the balances against the postings")
def check_ledger(_args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Nightly and on demand: what breaks a rule is kept with since when; a claim that newly does gets an event, which
    queues may follow."""
    found = check_all(progress)
    _tell(keep(found))
    broken = found.broken
    named = [(str(pk), sorted({b.rule for b in faults}, key=int)) for pk, faults in broken.items() if pk][:MOST_NAMED]
    return {
        "checked": found.claims,
        "broken": len(broken),
        "credits": found.credits,
        "rules": found.by_rule,
        "claims": [{"claim": claim, "rules": rules} for claim, rules in named],
    }


def _tell(fresh: list[LedgerBreach]) -> None:
    """One event for a claim, however many rules it breaks."""
    by_claim: dict[UUID, list[LedgerBreach]] = defaultdict(list)
    for row in fresh:
        if row.claim_id and not RULES[row.rule].is_credit:
            by_claim[row.claim_id].append(row)
    for pk, claim in Claim.objects.in_bulk(list(by_claim)[:MOST_NAMED]).items():
        said = {"broken": [{"rule": str(row.rule), "why": row.why} for row in by_claim[pk]]}
        record("ledger does not add up", claim, patients=[claim.patient_id], site_id=claim.site_id, after=said)


@job_kind("claims.find_credits", title="Look for money paid twice")
def find_credits(_args: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    """Daily, before the queues ask: remittances from before the provider's ledger, then credits."""
    return at_night()


@job_kind("claims.end_crossovers", title="End the wait for copies that never came", quiet=True)
def end_crossovers(_args: dict[str, Any], _progress: Progress) -> dict[str, Any] | None:
    """Daily, before statements are held and the queues ask."""
    ended = end_lapsed()
    return {"ended": ended} if ended else None


@job_kind(AUDIT_JOB, title="Audit the payer order")
def audit_order(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """`part`: the id of a part of a run. The outcome carries counts; what was found is on the run's page."""
    return do_part(args["part"], progress)


@job_kind(CHECK_VISITS, title="Ask payers about coming visits")
def check_visits(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """`sites`: ids of sites, absent: all. Done again after being killed it asks nobody twice."""
    sites = [UUID(one) for one in args["sites"]] if "sites" in args else None
    return check(sites, progress, by=person())


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
