"""A claim: what happened, once. To whom it was sent is a submission; who answers for it is a ClaimPayer."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.models.edi_file import EdiFile
from cob.accounts.models import Site
from cob.audit.models import Audited, AuditedQuerySet
from cob.coverage.models import Coverage, Payer
from cob.patients.models import Patient


class ClaimQuerySet(AuditedQuerySet):
    pass


class Claim(Audited):
    """The services of one encounter at full charge, as the practice's own system billed them.

    `content` is the 837P claim as read (`cob.x12.t837p.Claim837P` as JSON), from which every later payer's claim is
    projected. The four balances are sums of postings, kept beside them in the same transaction and checked nightly:
    charge = paid + written_off + insurer_open + patient.
    """

    # Keys whose index is the beginning of one in Meta need none of their own.
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="claims", db_index=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="claims", db_index=False)
    control_number = models.CharField(max_length=38, help_text="CLM01: ours, returned in CLP01.")
    service_from = models.DateField()
    service_to = models.DateField()
    charge_cents = models.BigIntegerField()
    paid_cents = models.BigIntegerField(default=0, help_text="By all payers, to the provider.")
    written_off_cents = models.BigIntegerField(default=0)
    insurer_open_cents = models.BigIntegerField(default=0, help_text="Still expected from a payer.")
    patient_cents = models.BigIntegerField(default=0, help_text="The patient's, once every payer has answered.")
    rendering_npi = models.CharField(max_length=10, blank=True)
    related_to = models.JSONField(default=list, blank=True, help_text="Contract words: work, auto, other_accident.")
    is_void = models.BooleanField(default=False)
    content = models.JSONField()
    file = models.ForeignKey(EdiFile, on_delete=models.PROTECT, related_name="claims", null=True, blank=True)
    billed_on = models.DateField(help_text="When the practice first sent it: BHT04 of its file.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ("-service_from", "control_number")
        constraints = [
            models.UniqueConstraint(fields=["site", "control_number"], name="claim_control_number_once_per_site"),
            models.CheckConstraint(condition=Q(charge_cents__gte=0), name="claim_charge_not_negative"),
            models.CheckConstraint(condition=Q(service_to__gte=models.F("service_from")), name="claim_span_in_order"),
            models.CheckConstraint(
                condition=Q(
                    charge_cents=models.F("paid_cents")
                    + models.F("written_off_cents")
                    + models.F("insurer_open_cents")
                    + models.F("patient_cents")
                ),
                name="claim_balances_add_up",
            ),
        ]
        indexes = [
            models.Index(fields=["control_number"], name="claim_by_control_number"),
            models.Index(fields=["site", "-service_from", "control_number"], name="claim_newest_per_site"),
            models.Index(fields=["patient", "-service_from"], name="claim_of_patient"),
        ]

    def __str__(self) -> str:
        return self.control_number


class Line(Audited):
    """One service on a claim."""

    audit_patient_path = "claim__patient_id"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="lines", db_index=False)
    number = models.PositiveSmallIntegerField(help_text="LX01.")
    control_number = models.CharField(max_length=50, blank=True, help_text="REF*6R, which the remittance repeats.")
    procedure = models.CharField(max_length=48)
    modifiers = models.CharField(max_length=20, blank=True, help_text="Up to four, joined by a blank.")
    service_on = models.DateField()
    charge_cents = models.BigIntegerField()
    units = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=["claim", "number"], name="line_number_once_per_claim")]

    def __str__(self) -> str:
        return f"{self.number} {self.procedure}"


class PayerState(models.TextChoices):
    """Where a claim stands with one payer."""

    EXPECTED = "expected", "Not sent"
    SUBMITTED = "submitted", "Sent"
    FORWARDED = "forwarded", "Crossed over"
    REJECTED = "rejected", "Rejected"
    ADJUDICATED = "adjudicated", "Answered"
    DENIED = "denied", "Denied"
    REVERSED = "reversed", "Taken back"
    REOPENED = "reopened", "Reopened"
    NOT_BILLABLE = "not_billable", "Not billable"


class ClaimPayer(Audited):
    """One payer in a claim's paying order and how far it is."""

    audit_patient_path = "claim__patient_id"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="payers", db_index=False)
    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, related_name="claim_payers")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="claim_payers", db_index=False)
    rank = models.PositiveSmallIntegerField()
    rank_from = models.CharField(
        max_length=12, choices=[("billed", "As billed"), ("determined", "Determined")], default="billed"
    )
    state = models.CharField(max_length=12, choices=PayerState, default=PayerState.EXPECTED)
    submitted_on = models.DateField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True, help_text="BPR16 of the remittance that answered.")
    payer_control_number = models.CharField(max_length=50, blank=True, help_text="CLP07.")
    crossover_until = models.DateField(null=True, blank=True, help_text="Wait for the forwarded copy until this day.")

    class Meta:
        ordering = ("rank",)
        constraints = [
            models.UniqueConstraint(fields=["claim", "rank"], name="claim_payer_one_per_rank"),
            models.UniqueConstraint(fields=["claim", "coverage"], name="claim_payer_one_per_coverage"),
        ]
        indexes = [
            models.Index(fields=["payer", "payer_control_number"], name="claim_payer_by_their_number"),
            models.Index(fields=["state", "rank", "answered_on"], name="claim_payer_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.rank} {self.payer}"

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.claim.patient_id]

    def audit_site(self) -> uuid.UUID | None:
        return self.claim.site_id
