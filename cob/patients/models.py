"""Patients and the people around them who hold coverage or decide about a child."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone

from cob.accounts.models import Site
from cob.audit.models import Audited, AuditedQuerySet


def squash(text: str) -> str:
    """Names and ids as they are searched: upper case, letters and digits only ("O'Neil-Diaz" → "ONEILDIAZ")."""
    return "".join(char for char in text.upper() if char.isalnum())


class PatientQuerySet(AuditedQuerySet):
    def matching(self, words: str) -> Self:
        """Search by any mix of name parts, birth date (mm/dd/yyyy or yyyy-mm-dd), chart number or member id."""
        from cob.patients.search import conditions

        found = self
        for condition in conditions(words):
            found = found.filter(condition)
        return found


SEXES = [("F", "Female"), ("M", "Male"), ("U", "Unknown")]


class MaritalStatus(models.TextChoices):
    """As a claim and a payer's questionnaire ask for it."""

    SINGLE = "single", "Single"
    MARRIED = "married", "Married"
    COMMON_LAW = "common_law", "Common-law marriage"
    DOMESTIC_PARTNER = "domestic_partner", "Domestic partner"
    SEPARATED = "separated", "Separated"
    DIVORCED = "divorced", "Divorced"
    WIDOWED = "widowed", "Widowed"


class EmploymentStatus(models.TextChoices):
    """The patient's own standing; that of a subscriber with the plan's employer is a fact about the coverage."""

    WORKING = "working", "Working"
    SELF_EMPLOYED = "self_employed", "Self-employed"
    ON_LEAVE = "on_leave", "On leave"
    LAID_OFF = "laid_off", "Laid off"
    NOT_WORKING = "not_working", "Not working"
    STUDENT = "student", "Student"
    RETIRED = "retired", "Retired"
    DISABLED = "disabled", "Unable to work"


class Patient(Audited):
    """One person cared for at one site."""

    audit_patient_path = "pk"

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="patients")
    chart_number = models.CharField(max_length=20)
    last_name = models.CharField(max_length=60)
    first_name = models.CharField(max_length=35)
    middle_name = models.CharField(max_length=25, blank=True)
    birth_on = models.DateField()
    sex = models.CharField(max_length=1, choices=SEXES, default="U")
    address = models.CharField(max_length=80, blank=True)
    city = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=2, blank=True)
    zip_code = models.CharField(max_length=9, blank=True)
    phone = models.CharField(max_length=15, blank=True)
    next_visit_on = models.DateField(null=True, blank=True)
    comes_weekly = models.BooleanField(default=False, help_text="Recurring care: comes every week or more often.")
    marital_status = models.CharField(max_length=20, choices=MaritalStatus, blank=True)
    employment_status = models.CharField(max_length=20, choices=EmploymentStatus, blank=True)
    died_on = models.DateField(null=True, blank=True)
    search_last = models.CharField(max_length=60, editable=False)
    search_first = models.CharField(max_length=35, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar = PatientQuerySet.as_manager()

    class Meta:
        ordering = ("last_name", "first_name", "birth_on")
        constraints = [
            models.UniqueConstraint("site", Upper("chart_number"), name="patient_chart_number_once_per_site"),
        ]
        indexes = [
            models.Index(fields=["site", "search_last", "search_first"], name="patient_by_name"),
            models.Index(fields=["search_last", "search_first"], name="patient_by_name_all_sites"),
            models.Index(fields=["birth_on"], name="patient_by_birth"),
        ]

    def __str__(self) -> str:
        return f"{self.last_name}, {self.first_name}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.search_last, self.search_first = squash(self.last_name)[:60], squash(self.first_name)[:35]
        super().save(*args, **kwargs)

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.pk]


class Relation(models.TextChoices):
    """Who this person is to the patient, in the words of the determination contract."""

    MOTHER = "mother", "Mother"
    FATHER = "father", "Father"
    PARENT = "parent", "Parent"
    STEPPARENT = "stepparent", "Step-parent"
    GUARDIAN = "guardian", "Guardian"
    GRANDPARENT = "grandparent", "Grandparent"
    SPOUSE = "spouse", "Spouse"
    COMMON_LAW_SPOUSE = "common_law_spouse", "Common-law spouse"
    DOMESTIC_PARTNER = "domestic_partner", "Domestic partner"
    DIVORCED_SPOUSE = "divorced_spouse", "Divorced spouse"
    CHILD = "child", "Child"
    SIBLING = "sibling", "Brother or sister"
    OTHER = "other", "Other"


class RelatedPerson(Audited):
    """Somebody beside the patient: a subscriber, a parent, a guardian, a spouse."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="people")
    last_name = models.CharField(max_length=60)
    first_name = models.CharField(max_length=35, blank=True)
    relation = models.CharField(max_length=20, choices=Relation, blank=True, help_text="Empty means nobody said.")
    birth_on = models.DateField(null=True, blank=True)
    birth_month_day = models.CharField(max_length=5, blank=True, help_text="MM-DD, when only the birthday is known.")
    sex = models.CharField(max_length=1, blank=True)
    spouse_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    address = models.CharField(max_length=80, blank=True)
    city = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=2, blank=True)
    zip_code = models.CharField(max_length=9, blank=True)

    class Meta:
        ordering = ("last_name", "first_name")

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def audit_site(self) -> uuid.UUID | None:
        return self.patient.site_id
