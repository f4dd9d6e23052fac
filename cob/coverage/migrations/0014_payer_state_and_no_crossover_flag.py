"""A Medicaid program's limits are those of its own state, whichever state the practice is in; and whether a payer gets
copies stands in its dated crossover terms, so the flag beside its name, which nobody read, goes."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coverage", "0013_filing_limits_are_dated")]

    operations = [
        migrations.RemoveField("payer", "crosses_over"),
        migrations.AddField(
            "payer",
            "state",
            models.CharField(
                blank=True,
                default="",
                help_text="Whose program it is (Medicaid, CHIP); empty: the state of the practice.",
                max_length=2,
            ),
            preserve_default=False,
        ),
    ]
