"""Who pays, and who employs: asked once, used by every coverage that names them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cob.audit.models import Audited
from cob.coverage.models.kind import Kind
from cob.patients.models import squash


class Payer(Audited):
    """Who pays: a name, the id files name it by, and the settings that differ from payer to payer."""

    audit_patient_path = None

    name = models.CharField(max_length=80)
    edi_id = models.CharField(max_length=20, unique=True, help_text="NM109/N104 in files; also SVD01.")
    kind = models.CharField(max_length=24, choices=Kind, blank=True, help_text="What its coverages usually are.")
    filing_indicator = models.CharField(
        max_length=2, blank=True, help_text="SBR09 when this payer wants its own; empty: by kind of coverage."
    )
    state = models.CharField(
        max_length=2, blank=True, help_text="Whose program it is (Medicaid, CHIP); empty: the state of the practice."
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
