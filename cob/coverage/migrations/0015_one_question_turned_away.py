"""A 999 turns away one question of a file and takes the others: a rejection is of a place in the file."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from cob.audit.append_only import triggers_again

BEFORE, AFTER = triggers_again("coverage_inquiryrejection")


class Migration(migrations.Migration):
    dependencies = [("coverage", "0014_payer_state_and_no_crossover_flag")]

    operations = [
        BEFORE,
        migrations.AddField(
            "inquiryrejection",
            "place",
            models.PositiveIntegerField(
                default=0, help_text="Of the question in its file (ST02); 0: all of them."
            ),
        ),
        migrations.AlterField(
            "inquiryrejection",
            "file",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rejections",
                to="coverage.inquiryfile",
            ),
        ),
        migrations.AddConstraint(
            "inquiryrejection",
            models.UniqueConstraint(fields=("file", "place"), name="inquiry_rejected_once"),
        ),
        AFTER,
    ]
