"""The app of what patients owe and pay."""

from __future__ import annotations

from django.apps import AppConfig


class PatientBillingConfig(AppConfig):
    name = "claims.patient_billing"
    label = "patient_billing"
    verbose_name = "Patient billing"

    def ready(self) -> None:
        # It asks the ledger's rule of patient payments.
        from claims.patient_billing import ledger_rule  # noqa: F401  importing is registering
