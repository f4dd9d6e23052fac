from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("claims", "0023_batches_and_lines_turned_away")]

    operations = [
        migrations.AddField("deposit", "withdrawn_at", models.DateTimeField(blank=True, help_text="Typed wrongly: it counts nowhere.", null=True)),
        migrations.AddField("deposit", "withdrawn_by", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
        migrations.AddField("deposit", "withdrawn_because", models.CharField(blank=True, default="", max_length=300), preserve_default=False),
        migrations.AddConstraint(
            "deposit",
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | (Q(bank_file=None, withdrawn_by__isnull=False) & ~Q(withdrawn_because="")),
                name="deposit_withdrawn_was_typed",
            ),
        ),
    ]
