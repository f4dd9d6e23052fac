"""Payers and coverages, the facts an order rests on with who told us, and determinations, which never change."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cob.accounts.models import User
from cob.audit.models import Audited, AuditedQuerySet
from cob.patients.models import Patient, RelatedPerson, squash


class Kind(models.TextChoices):
    """What a coverage is, in the words of the determination contract."""

    EMPLOYER = "employer", "Employer plan"
    UNION = "union_multiemployer", "Union or multi-employer plan"
    FEHB = "fehb", "Federal employee plan"
    GOVERNMENT = "government_employer", "State or local government plan"
    INDIVIDUAL = "individual", "Individual policy"
    STUDENT = "student", "Student plan"
    MEDICARE = "medicare", "Medicare"
    MEDICARE_ADVANTAGE = "medicare_advantage", "Medicare Advantage"
    MEDIGAP = "medigap", "Medigap"
    MEDICAID = "medicaid", "Medicaid"
    CHIP = "chip", "CHIP"
    TRICARE = "tricare", "TRICARE"
    TRICARE_SUPPLEMENT = "tricare_supplement", "TRICARE supplement"
    CHAMPVA = "champva", "CHAMPVA"
    CHAMPVA_SUPPLEMENT = "champva_supplement", "CHAMPVA supplement"
    VA = "va", "Veterans Affairs"
    IHS = "ihs", "Indian Health Service"
    TRIBAL = "tribal_self_funded", "Tribal self-funded plan"
    WORKERS_COMP = "workers_comp", "Workers' compensation"
    BLACK_LUNG = "black_lung", "Black lung program"
    NO_FAULT = "no_fault", "No-fault auto"
    MEDPAY = "medpay", "Medical payments (auto or home)"
    LIABILITY = "liability", "Liability"
    RYAN_WHITE = "ryan_white", "Ryan White"
    TITLE_V = "title_v", "Title V"
    CRIME_VICTIM = "crime_victim", "Crime victim fund"
    WTC = "wtc", "World Trade Center program"
    SCHOOL = "school_program", "School program"
    WIC = "wic", "WIC"
    PACE = "pace", "PACE"
    HRA = "hra", "Health reimbursement arrangement"
    FEDERAL_GRANT = "federal_grant", "Federal grant"
    ACCIDENT_ONLY = "accident_only", "Accident-only policy"
    FIXED_INDEMNITY = "fixed_indemnity", "Fixed indemnity policy"
    SPECIFIED_DISEASE = "specified_disease", "Specified disease policy"
    SHARING = "sharing_ministry", "Sharing ministry"
    DISCOUNT = "discount_card", "Discount card"


MEDICARE_KINDS = (Kind.MEDICARE, Kind.MEDICARE_ADVANTAGE)


class Payer(Audited):
    """Who pays: a name, the id files name it by, and the settings that differ from payer to payer."""

    audit_patient_path = None

    name = models.CharField(max_length=80)
    edi_id = models.CharField(max_length=20, unique=True, help_text="NM109/N104 in files; also SVD01.")
    kind = models.CharField(max_length=24, choices=Kind, blank=True, help_text="What its coverages usually are.")
    filing_indicator = models.CharField(max_length=2, default="CI", help_text="SBR09 when we bill it.")
    crosses_over = models.BooleanField(default=False, help_text="Receives claims from Medicare by itself.")
    secondary_limit_days = models.PositiveSmallIntegerField(
        default=180, help_text="Days from the primary's answer to file."
    )
    # The 835 names a payer by name and id; some use another id than the 837 does.
    remit_ids = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Employer(Audited):
    """An employer, whose size decides whether Medicare waits; asked once, used for everybody who works there."""

    audit_patient_path = None

    name = models.CharField(max_length=80)
    search_name = models.CharField(max_length=80, editable=False, unique=True)
    size_band = models.CharField(
        max_length=6, blank=True, choices=[("<20", "Under 20"), ("20-99", "20 to 99"), ("100+", "100 or more")]
    )
    size_as_of = models.DateField(null=True, blank=True)
    size_told_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                condition=Q(size_band="") | (Q(size_as_of__isnull=False) & ~Q(size_told_by="")),
                name="employer_size_names_its_source",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.search_name = squash(self.name)[:80]
        super().save(*args, **kwargs)


class CoverageQuerySet(AuditedQuerySet):
    site_path = "patient__site"

    def in_force(self, day: date) -> Self:
        """Coverages whose dates include the day; an unknown start counts as begun: asking is cheaper than losing it."""
        return self.filter(
            Q(effective_on=None) | Q(effective_on__lte=day), Q(ended_on=None) | Q(ended_on__gte=day), enrolled=True
        )


class Coverage(Audited):
    """One plan covering one patient for a span.

    What the rules read beyond these columns are `Fact` rows, so that every one of them says who told us and when.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="coverages")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="coverages")
    # Empty: a file named the coverage but not what it is; the desk is asked before any rule is read.
    kind = models.CharField(max_length=24, choices=Kind, blank=True)
    plan_name = models.CharField(max_length=80, blank=True)
    member_id = models.CharField(max_length=30, blank=True)
    group_number = models.CharField(max_length=30, blank=True)
    # Empty subscriber and relationship "self": the patient is the subscriber.
    subscriber = models.ForeignKey(
        RelatedPerson, on_delete=models.PROTECT, null=True, blank=True, related_name="coverages"
    )
    relationship = models.CharField(
        max_length=20,
        blank=True,
        help_text="Of the patient to the subscriber; empty means nobody said.",
        choices=[
            (value, value.replace("_", " ").capitalize())
            for value in (
                "self",
                "spouse",
                "common_law_spouse",
                "divorced_spouse",
                "domestic_partner",
                "child",
                "stepchild",
                "foster_child",
                "adopted_child",
                "ward",
                "parent",
                "sibling",
                "other",
            )
        ],
    )
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, blank=True, related_name="coverages")
    enrolled = models.BooleanField(default=True, help_text="Unticked: offered and refused.")
    effective_on = models.DateField(null=True, blank=True)
    # Three states: a day; none and open_ended (known to go on); none and not open_ended (nobody said).
    ended_on = models.DateField(null=True, blank=True, help_text="Last covered day.")
    open_ended = models.BooleanField(default=False)
    source = models.CharField(
        max_length=80, default="front desk", help_text="Who told us: patient, card, 837P file, 271."
    )
    search_member = models.CharField(max_length=30, editable=False, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    verified_how = models.CharField(
        max_length=80, blank=True, help_text="Call with reference number, portal, 271, letter."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar = CoverageQuerySet.as_manager()

    class Meta:
        ordering = ("created_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(effective_on=None) | Q(ended_on__gte=models.F("effective_on")),
                name="coverage_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(open_ended=False), name="coverage_with_an_end_is_not_open_ended"
            ),
            models.CheckConstraint(
                condition=(Q(verified_on=None) & Q(verified_how=""))
                | (Q(verified_on__isnull=False) & ~Q(verified_how="")),
                name="coverage_verification_says_how",
            ),
        ]
        indexes = [
            models.Index(fields=["search_member"], name="coverage_by_member"),
            models.Index(fields=["patient", "payer"], name="coverage_by_patient_payer"),
        ]

    def __str__(self) -> str:
        return f"{self.payer} ({self.get_kind_display()})"

    def save(self, *args: object, **kwargs: object) -> None:
        self.search_member = squash(self.member_id)[:30]
        super().save(*args, **kwargs)

    def audit_site(self) -> uuid.UUID | None:
        return self.patient.site_id


class FactQuerySet(AuditedQuerySet):
    site_path = "patient__site"

    def as_of(self, day: date) -> dict[str, Fact]:
        """The facts that hold on a day, by path: of those true by then, the one true latest, then told latest."""
        known = self.filter(Q(true_from=None) | Q(true_from__lte=day)).order_by(
            models.F("true_from").asc(nulls_first=True), "told_at"
        )
        return {fact.path: fact for fact in known}


class Fact(Audited):
    """One thing a rule may rest on, as somebody told it; a correction is a later row, never an edit.

    `path` is the determination contract's own, with row ids for coverages and people:
    `coverages.<id>.employer.size`, `medicare.part_a`, `child.custodial_parent`. `value` is the contract's JSON;
    null takes an earlier answer back ("we thought we knew").
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="facts")
    path = models.CharField(max_length=120)
    value = models.JSONField(null=True, blank=True)
    true_from = models.DateField(
        null=True, blank=True, help_text="The first day it holds; empty: as far back as we know."
    )
    told_by = models.CharField(max_length=80)
    told_how = models.CharField(max_length=80, blank=True)
    told_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar = FactQuerySet.as_manager()

    class Meta:
        ordering = ("told_at",)
        indexes = [models.Index(fields=["patient", "path", "told_at"], name="fact_by_path")]

    def __str__(self) -> str:
        return self.path

    def audit_site(self) -> uuid.UUID | None:
        return self.patient.site_id


class DeterminationQuerySet(AuditedQuerySet):
    site_path = "patient__site"

    def current(self) -> Self:
        """Those no later one supersedes."""
        return self.filter(superseded_by=None)


class Determination(Audited):
    """A verdict on file: the facts, the answer, the rule book it came from, and who asked. Append-only."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="determinations")
    service_on = models.DateField()
    case = models.JSONField()
    verdict = models.JSONField()
    status = models.CharField(max_length=16)
    rules_version = models.CharField(max_length=64)
    decided_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_how = models.CharField(
        max_length=10, choices=[("rules", "By the rules"), ("person", "By a person")], default="rules"
    )
    reason = models.CharField(max_length=300, blank=True)
    evidence = models.CharField(max_length=300, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    objects: ClassVar = DeterminationQuerySet.as_manager()

    class Meta:
        ordering = ("-decided_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_how="rules") | (Q(decided_by__isnull=False) & ~Q(reason="") & ~Q(evidence="")),
                name="determination_by_a_person_has_reason_and_evidence",
            )
        ]
        indexes = [models.Index(fields=["patient", "-service_on", "-decided_at"], name="determination_latest")]

    def __str__(self) -> str:
        return f"{self.service_on}: {self.status}"

    def audit_site(self) -> uuid.UUID | None:
        return self.patient.site_id

    @property
    def is_settled(self) -> bool:
        return self.status in ("determined", "likely", "tie")

    @property
    def order(self) -> list[str]:
        """Coverage ids (as text) in paying order."""
        ids: list[str] = self.verdict.get("order", [])
        return ids


class Rank(Audited):
    """One step of a determination as a row, so that lists and queues can join to it. Append-only."""

    audit_patient_path = "determination__patient_id"

    determination = models.ForeignKey(Determination, on_delete=models.PROTECT, related_name="ranks")
    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, related_name="ranks")
    rank = models.PositiveSmallIntegerField(help_text="1 pays first.")
    rule = models.CharField(max_length=40)
    because = models.CharField(max_length=300)

    class Meta:
        ordering = ("rank",)
        constraints = [
            models.UniqueConstraint(fields=["determination", "coverage"], name="rank_one_per_coverage"),
            models.UniqueConstraint(fields=["determination", "rank"], name="rank_one_per_place"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}: {self.coverage_id}"

    def audit_site(self) -> uuid.UUID | None:
        return self.determination.patient.site_id
