"""What was told, paid, sent and noted stays as written: triggers refuse changing and deleting."""

from __future__ import annotations

from django.db import migrations

from cob.audit.append_only import append_only

TABLES = (
    "billingfact", "holdchange", "patientpayment", "allocation", "statement", "statementclaim", "statementrunresult",
    "disputenote",
)


class Migration(migrations.Migration):
    dependencies = [("patient_billing", "0001_patient_billing_rows")]
    operations = [append_only(f"patient_billing_{table}") for table in TABLES]
