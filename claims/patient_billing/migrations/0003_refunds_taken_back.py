"""A refund that was approved and not sent can be taken back, with who did so and why."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def as_refused(apps: Any, _schema_editor: Any) -> None:
    """Before this a refund that does not go out was a refused one; any other state counts as money on its way."""
    refunds = apps.get_model("patient_billing", "PatientRefund")._base_manager
    refunds.filter(state="withdrawn").update(state="refused", decided_because=F("withdrawn_because"))


class Migration(migrations.Migration):
    dependencies = [
        ("patient_billing", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="patientrefund",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="patientrefund",
            name="withdrawn_because",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="patientrefund",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="patientrefund",
            name="state",
            field=models.CharField(
                choices=[
                    ("proposed", "Waits for approval"),
                    ("approved", "Approved, to be sent"),
                    ("sent", "Sent"),
                    ("refused", "Not approved"),
                    ("withdrawn", "Taken back, not sent"),
                ],
                default="proposed",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="patientrefund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), _negated=True),
                    models.Q(
                        ("sent_on", None),
                        ("withdrawn_by__isnull", False),
                        models.Q(("withdrawn_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="refund_withdrawn_says_why",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, as_refused),
    ]
