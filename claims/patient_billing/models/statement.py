"""A statement as it was sent, for good: what it said, which claims, how much; and the runs that sent many."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.models import Claim
from cob.accounts.models import Site, User
from cob.audit.models import Audited, AuditedQuerySet
from cob.coverage.models import Payer
from cob.jobs.models import Job
from cob.patients.models import Patient


class StatementRun(Audited):
    """One press of the button for many patients; `day` is the day all its statements bear."""

    audit_patient_path = None

    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="statement_runs")
    day = models.DateField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at",)

    def __str__(self) -> str:
        return f"Statements of {self.day:%m/%d/%Y}"


class StatementQuerySet(AuditedQuerySet):
    pass


class Statement(Audited):
    """Append-only. `content` is everything on the paper; the PDF is made from it once and kept beside it."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="statements")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="statements")
    # By which lists and measures reach a claim and a payer; all claims are in `StatementClaim`.
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="+", help_text="The first claim on it.")
    last_payer = models.ForeignKey(
        Payer, on_delete=models.PROTECT, related_name="+", help_text="Who answered that claim last."
    )
    number = models.CharField(max_length=20, help_text="One series per site.")
    issued_on = models.DateField()
    due_on = models.DateField()
    amount_cents = models.BigIntegerField(help_text="What it asks for.")
    content = models.JSONField()
    pdf = models.FileField(upload_to="statements/%Y/%m", max_length=200)
    pdf_sha256 = models.CharField(max_length=64)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by")
    run = models.ForeignKey(StatementRun, on_delete=models.PROTECT, null=True, blank=True, related_name="statements")
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = StatementQuerySet.as_manager()

    class Meta:
        ordering = ("-issued_on", "-created_at")
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="statement_number_once_per_site"),
            # A run that is done again after a crash sends nobody a second one.
            models.UniqueConstraint(fields=["run", "patient"], name="statement_once_per_run_and_patient"),
            models.CheckConstraint(condition=Q(amount_cents__gte=0), name="statement_asks_for_nothing_or_more"),
        ]
        indexes = [
            models.Index(fields=["patient", "-issued_on"], name="statement_of_patient"),
            models.Index(fields=["issued_on"], name="statement_by_day"),
        ]

    def __str__(self) -> str:
        return self.number


class StatementClaimQuerySet(AuditedQuerySet):
    site_path = "claim__site"


class StatementClaim(Audited):
    """One claim on a statement and what it asked for. Append-only."""

    audit_patient_path = "claim__patient_id"

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="claims")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="statements")
    amount_cents = models.BigIntegerField()

    objects: ClassVar = StatementClaimQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "claim"], name="statement_names_a_claim_once")]

    def __str__(self) -> str:
        return f"{self.amount_cents}"


class RunResultQuerySet(AuditedQuerySet):
    site_path = "patient__site"


class StatementRunResult(Audited):
    """What a run did for one patient: a statement, or why none. Append-only."""

    run = models.ForeignKey(StatementRun, on_delete=models.PROTECT, related_name="results")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    why_not = models.CharField(max_length=300, blank=True)

    objects: ClassVar = RunResultQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "patient"], name="run_result_once_per_patient")]

    def __str__(self) -> str:
        return self.why_not or "sent"
