"""What payers answered, as they answered it: remittance, claim, line, adjustment. Nothing here is ever changed but
the match of an answer to a claim on file."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.models.claim import Claim, ClaimPayer, Line
from claims.models.edi_file import EdiFile
from cob.accounts.models import Site
from cob.audit.models import Audited, AuditedQuerySet
from cob.coverage.models import Payer
from cob.x12.t835 import METHODS


class Source(models.TextChoices):
    """How an answer reached us."""

    ELECTRONIC = "835", "Electronic (835)"
    PAPER = "paper", "Paper EOB"


class RemittanceQuerySet(AuditedQuerySet):
    def counted(self) -> Self:
        """All but what somebody typed wrongly and took back whole."""
        return self.filter(withdrawn_at=None)


class Remittance(Audited):
    """One 835 transaction: one check or transfer and all it explains. `key` makes it post once."""

    audit_patient_path = None

    file = models.ForeignKey(EdiFile, on_delete=models.PROTECT, related_name="remittances")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="remittances")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="remittances")
    key = models.CharField(max_length=64, unique=True, help_text="Hash of payer, trace, amount, date and payee.")
    trace = models.CharField(max_length=50, help_text="TRN02: the check or transfer number.")
    originator = models.CharField(max_length=20, blank=True, help_text="TRN03.")
    paid_cents = models.BigIntegerField(help_text="BPR02, negative when debited.")
    paid_on = models.DateField(help_text="BPR16.")
    method = models.CharField(max_length=3, blank=True, help_text="BPR04: ACH, CHK, NON …")
    plb_cents = models.BigIntegerField(
        default=0, help_text="Sum of provider adjustments; positive lowered the payment."
    )
    source = models.CharField(max_length=5, choices=Source, default=Source.ELECTRONIC)
    withdrawn_at = models.DateTimeField(
        null=True, blank=True, help_text="Typed wrongly and taken back whole: it counts nowhere, its key is free again."
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = RemittanceQuerySet.as_manager()

    class Meta:
        ordering = ("-paid_on", "trace")
        indexes = [
            models.Index(fields=["payer", "trace"], name="remittance_by_trace"),
            models.Index(fields=["site", "paid_on"], name="remittance_by_day"),
        ]

    @property
    def method_in_words(self) -> str:
        """How it was paid; a code nobody knows as it is."""
        return METHODS.get(self.method, self.method)

    def __str__(self) -> str:
        return self.trace


class ProviderAdjustment(Audited):
    """One PLB entry: provider-level money that belongs to no single claim."""

    audit_patient_path = None

    remittance = models.ForeignKey(Remittance, on_delete=models.PROTECT, related_name="provider_adjustments")
    reason = models.CharField(max_length=4)
    reference = models.CharField(max_length=60, blank=True)
    provider = models.CharField(max_length=50, blank=True)
    period_on = models.DateField()
    amount_cents = models.BigIntegerField(help_text="As the payer signed it: positive lowers the payment.")

    def __str__(self) -> str:
        return f"{self.reason} {self.reference}"


class AdjudicationQuerySet(AuditedQuerySet):
    site_path = "remittance__site"

    def as_heard(self) -> Self:
        """Oldest first; of one day, in the order they came in, which is that of their keys within a moment."""
        return self.order_by("answered_on", "remittance__created_at", "pk")

    def with_adjustments(self) -> Self:
        """Each with its adjustments, in the order in which the payer sent them."""
        return self.prefetch_related(models.Prefetch("adjustments", ReportedAdjustment.objects.order_by("pk")))


class Adjudication(Audited):
    """One CLP: what one payer said of one claim. Without a `claim` it is unmatched, its money kept and visible."""

    audit_patient_path = "claim__patient_id"

    # Keys whose index is the beginning of one in Meta need none of their own.
    remittance = models.ForeignKey(Remittance, on_delete=models.PROTECT, related_name="adjudications", db_index=False)
    position = models.PositiveIntegerField(help_text="Place in the remittance, from 1.")
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="adjudications", db_index=False
    )
    claim_payer = models.ForeignKey(
        ClaimPayer, on_delete=models.PROTECT, null=True, blank=True, related_name="adjudications"
    )
    matched_how = models.CharField(max_length=120, blank=True, help_text="Which signs matched it to the claim.")
    match_score = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How much agreed when it was matched, of 100; see claims/weighing.py."
    )
    control_number = models.CharField(max_length=38, help_text="CLP01.")
    status = models.CharField(max_length=2, help_text="CLP02: how it was processed, not whether it was paid.")
    charge_cents = models.BigIntegerField()
    paid_cents = models.BigIntegerField()
    patient_cents = models.BigIntegerField(null=True, blank=True, help_text="CLP05; null when left out.")
    payer_control_number = models.CharField(max_length=50, blank=True, help_text="CLP07.")
    remarks = models.JSONField(default=list, blank=True, help_text="RARCs of MOA and MIA.")
    forwarded_by = models.JSONField(default=list, blank=True, help_text="Every sign that it crossed over.")
    forwarded_to = models.CharField(max_length=80, blank=True)
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by")
    exceptions = models.JSONField(default=list, blank=True, help_text="Why a person should look, in words.")
    posted_at = models.DateTimeField(
        null=True, blank=True, help_text="Empty: its money is kept here and not in the ledger; see exceptions."
    )
    content = models.JSONField(help_text="The claim of the 835 as read.")
    answered_on = models.DateField(help_text="BPR16 of its remittance, for lists.")

    objects: ClassVar = AdjudicationQuerySet.as_manager()

    class Meta:
        ordering = ("remittance", "position")
        constraints = [
            models.UniqueConstraint(fields=["remittance", "position"], name="adjudication_place_in_remittance"),
        ]
        indexes = [
            models.Index(fields=["control_number"], name="adjudication_by_control_number"),
            models.Index(fields=["claim", "answered_on"], name="adjudication_of_claim"),
            models.Index(fields=["answered_on"], name="adjudication_unmatched", condition=Q(claim=None)),
            models.Index(fields=["claim"], name="adjudication_not_posted", condition=Q(posted_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.control_number} {self.status}"

    @property
    def is_reversal(self) -> bool:
        return self.status == "22"

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.claim.patient_id] if self.claim else []


class AdjudicatedLine(Audited):
    """One SVC. Without a `line` it could not be tied to a service on file."""

    audit_patient_path = "adjudication__claim__patient_id"

    adjudication = models.ForeignKey(Adjudication, on_delete=models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveSmallIntegerField()
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, blank=True, related_name="adjudications")
    procedure = models.CharField(max_length=48, help_text="SVC01: the code the payer adjudicated.")
    modifiers = models.CharField(max_length=20, blank=True)
    submitted_procedure = models.CharField(max_length=48, blank=True, help_text="SVC06, when it differs.")
    charge_cents = models.BigIntegerField()
    paid_cents = models.BigIntegerField()
    allowed_cents = models.BigIntegerField(null=True, blank=True, help_text="AMT*B6: information, balances nothing.")
    units = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    service_on = models.DateField(null=True, blank=True)
    control_number = models.CharField(max_length=50, blank=True, help_text="REF*6R.")
    remarks = models.JSONField(default=list, blank=True, help_text="RARCs of LQ*HE.")

    class Meta:
        ordering = ("position",)
        constraints = [models.UniqueConstraint(fields=["adjudication", "position"], name="adjudicated_line_place")]

    def __str__(self) -> str:
        return f"{self.position} {self.procedure}"


class ReportedAdjustment(Audited):
    """One CAS triplet as the payer sent it, at claim level (no `line`) or line level. Append-only."""

    audit_patient_path = "adjudication__claim__patient_id"

    adjudication = models.ForeignKey(Adjudication, on_delete=models.PROTECT, related_name="adjustments")
    line = models.ForeignKey(
        AdjudicatedLine, on_delete=models.PROTECT, null=True, blank=True, related_name="adjustments"
    )
    group = models.CharField(max_length=2)
    reason = models.CharField(max_length=5, help_text="CARC.")
    amount_cents = models.BigIntegerField()
    quantity = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["reason", "group"], name="adjustment_by_reason")]

    def __str__(self) -> str:
        return f"{self.group}-{self.reason}"
