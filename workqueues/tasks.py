"""When the queues are asked: after each event that may change an answer, and of everything at night."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Count, Q, QuerySet

from claims import expecting
from claims.exchange import register_counter
from claims.given import register_given
from claims.models import Adjudication, EdiFile, Remittance
from cob.accounts.models import User
from cob.audit.acting import acting
from cob.audit.models import Event, EventPatient
from cob.audit.subscribers import subscribe
from cob.coverage.models import EligibilityAnswer
from cob.jobs.kinds import job_kind
from cob.jobs.progress import Progress
from cob.patients.models import Patient
from denials import actions as denials
from workqueues import handing_out, ladder, membership, notices
from workqueues.asks import filing_risk
from workqueues.asks.asking import EVERYTHING, Scope, about
from workqueues.membership import Changes
from workqueues.models import Item

AUTHOR = "work queues"
CHUNK = 2_000
VERBS = (
    "remittance posted",
    "claims imported",
    "claim submitted",
    "claims acknowledged",
    "rejection placed",
    "rejection set aside",
    "file not delivered",
    "file delivered",
    "order applied",
    "matched answer",
    "adjudication matched",
    "demand entered",
    "demand changed",
    "provider entry explained",
    "payer reopened",
    "payer's answer stands",
    "credit found",
    "credit settled",
    "credit decided",
    "refund opened",
    "refund sent",
    "refund acknowledged",
    "refund came back",
    "refund goes out again",
    "posting undone",
    "crossover failed",
    "crossover confirmed",
    "deposits changed",
    "registered",
    "changed chart of",
    "coverage changed",
    "facts told",
    "asked, not known",
    "determined",
    "overrode order",
    "verified",
    "payer answered",
    "eligibility answered",
    "answered offer",
    "recorded denials",
    "resolved denial",
    "reopened denial",
    "statement held",
    "statement hold lifted",
    "statement hold changed",
    "dispute changed",
    "patient paid",
    "patient payment reversed",
    "refund proposed",
    "refund refused",
    "refund approved",
    "refund sent",
    "patient refund taken back",
    "expected payment reckoned",
)


def look_again(subject: models.Model) -> Changes:
    """Ask the queues again of one subject. Doing it twice, or not at all, ends in the same after the night."""
    return _ask(scope_of(subject))


def scope_of(subject: models.Model) -> Scope:
    """What a subject has to do with: its patient, its claim's patient, or all patients of a file."""
    if isinstance(subject, EdiFile):
        return of_file(subject)
    if isinstance(subject, Remittance):
        return of_file(subject.file)
    if isinstance(subject, Adjudication):
        patients = [subject.claim.patient_id] if subject.claim else []
        return about(patients=patients, files=[subject.remittance.file_id])
    if isinstance(subject, Patient):
        return about(patients=[subject.pk])
    return about(patients=[getattr(getattr(subject, "claim", subject), "patient_id")])  # noqa: B009  of any row of a claim


def of_file(file: EdiFile) -> Scope:
    """The file itself and every patient whose claim it brought or answered, or of whom it says something."""
    answered = Adjudication.objects.filter(remittance__file=file, claim__isnull=False)
    heard = file.acknowledgements.filter(claim__isnull=False)
    told = EligibilityAnswer.objects.filter(source_file=file.pk, patient__isnull=False)
    patients = {
        *answered.values_list("claim__patient", flat=True),
        *file.claims.values_list("patient", flat=True),
        *heard.values_list("claim__patient", flat=True),
        *told.values_list("patient", flat=True),
    }
    return about(patients=patients, files=[file.pk])


def _ask(scope: Scope) -> Changes:
    """In parts, so that a file of ten thousand claims makes no statement of ten thousand ids."""
    done = Changes()
    patients = sorted(scope.patients or ())
    for start in range(0, max(len(patients), 1), CHUNK):
        files, deposits = (scope.files or (), scope.deposits or ()) if start == 0 else ((), ())
        done += membership.ask(about(patients=patients[start : start + CHUNK], files=files, deposits=deposits))
    return done


@subscribe(*VERBS, "imported")
def look_at_events(events: list[Event]) -> None:
    """The patients and the files that one act touched, asked together."""
    with acting(AUTHOR, request_id=events[0].request_id):
        _ask(about(patients=_patients(events), files=_files(events), deposits=_deposits(events)))


@register_counter
def items_of_file(file: EdiFile) -> dict[str, int]:
    """What a file brought in to do, for the import's answer."""
    scope = of_file(file)
    answers = Adjudication.objects.filter(remittance__file=file)
    heard = file.acknowledgements.filter(claim__isnull=False)
    claims = Q(claim__in=answers.values("claim")) | Q(claim__file=file) | Q(claim__in=heard.values("claim"))
    claims |= Q(subject_id__in=answers.values("pk"))
    beside = Q(subject_id=file.pk) | Q(claim=None, patient__in=scope.patients or ())
    # Timely filing only says of other queues' items that they are urgent.
    shown = Item.objects.open().exclude(queue=filing_risk.SLUG)
    counted = shown.filter(claims | beside).order_by().values_list("queue").annotate(n=Count("pk"))
    return dict(counted)


@register_given
def files_in_hand(user: User) -> QuerySet[Any]:
    """Of no site and for posters, a file is also for whoever was given the work about it."""
    mine = Item.objects.visible_to(user).open().of(user).filter(subject_type="claims.edifile")
    ids: QuerySet[Any] = mine.order_by().values("subject_id")
    return ids


def _patients(events: list[Event]) -> set[uuid.UUID]:
    """In parts: SQLite takes a limited number of values in one statement."""
    found: set[uuid.UUID] = set()
    for start in range(0, len(events), CHUNK):
        part = EventPatient.objects.filter(event__in=[event.pk for event in events[start : start + CHUNK]])
        found.update(part.values_list("patient_id", flat=True))
    return found


def _files(events: list[Event]) -> set[uuid.UUID]:
    """The files the events are about, or that their remittances came in."""
    files = {uuid.UUID(e.subject_id) for e in events if e.subject_type == "claims.edifile" and e.subject_id}
    remittances = [e.subject_id for e in events if e.subject_type == "claims.remittance" and e.subject_id]
    for start in range(0, len(remittances), CHUNK):
        part = Remittance.objects.filter(pk__in=remittances[start : start + CHUNK])
        files.update(part.values_list("file", flat=True))
    return files


def _deposits(events: list[Event]) -> set[uuid.UUID]:
    """The deposits that came, were tied or whose day was closed."""
    changed = [e.after or {} for e in events if e.subject_type == "claims.deposit"]
    return {uuid.UUID(pk) for after in changed for pk in after.get("deposits", ())}


@job_kind("workqueues.nightly", title="Ask every queue anew")
def nightly(_args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Everything an event may have missed: denials first, because queues ask about them."""
    progress.of(7, "Denials")
    recorded, settled, moved = denials.record_missed(), denials.settle(), denials.refresh_limits()
    progress.step(what="Expected payments")
    reckoned = expecting.refresh_all()
    progress.step(what="Queues")
    changes = membership.ask(EVERYTHING)
    progress.step(what="Set aside until today")
    resumed = ladder.resume_due()
    progress.step(what="Ladder")
    escalated = ladder.escalate()
    progress.step(what="Giving out")
    released, given = handing_out.release_idle(), handing_out.give_out()
    progress.step(what="Mail")
    notices.mail_unsent()
    progress.step()
    return {
        "denials_recorded": recorded,
        "denials_settled": settled,
        "limits_moved": moved,
        "expected_reckoned": reckoned,
        "opened": changes.opened,
        "reopened": changes.reopened,
        "changed": changes.changed,
        "closed": changes.closed,
        "picked_up": resumed,
        "escalated": escalated,
        "released": released,
        "given_out": given,
    }


@job_kind("workqueues.escalate", title="Escalate what is late", quiet=True)
def escalate(_args: dict[str, Any], _progress: Progress) -> dict[str, Any] | None:
    """Every 15 minutes; late or twice makes no difference."""
    resumed, escalated = ladder.resume_due(), ladder.escalate()
    released, given, mailed = handing_out.release_idle(), handing_out.give_out(), notices.mail_unsent()
    done = {"picked_up": resumed, "escalated": escalated, "released": released, "given_out": given, "mailed": mailed}
    return done if any(done.values()) else None
