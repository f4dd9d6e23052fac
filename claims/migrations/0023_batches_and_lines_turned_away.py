"""A 277CA answers a batch (BHT03) a claim really left in, whoever wrote it, and may turn away a line of a claim it takes.

What others wrote before is known by its file's result, where that names one batch. What a line was turned away with
stands in its acknowledgement.
"""

from __future__ import annotations

from django.db import migrations, models


def fill(apps, schema_editor):
    """Batches of files with one transaction, and lines turned away."""
    EdiFile, Submission = apps.get_model("claims", "EdiFile"), apps.get_model("claims", "Submission")
    for file in EdiFile.objects.filter(kind="837P", result__isnull=False).only("pk", "result").iterator():
        transactions = file.result.get("transactions") or []
        if len(transactions) == 1:
            batch = transactions[0].get("trace", "")[:50]
            Submission.objects.filter(seen_in=file.pk).update(batch=batch)
    heard = apps.get_model("claims", "Acknowledgement").objects.filter(level="line", said="rejected")
    for ack in heard.exclude(submission=None).order_by("-on", "-position").iterator():
        Submission.objects.filter(pk=ack.submission_id).update(
            line_rejected_on=ack.on, line_rejection=ack.in_words[:300]
        )


class Migration(migrations.Migration):
    dependencies = [("claims", "0022_acks_placed_when_claims_come")]

    operations = [
        migrations.AddField("submission", "batch", models.CharField(blank=True, db_index=True, default="", help_text="BHT03.", max_length=50), preserve_default=False),
        migrations.AddField("submission", "line_rejected_on", models.DateField(blank=True, help_text="277CA: a line of it was turned away.", null=True)),
        migrations.AddField("submission", "line_rejection", models.CharField(blank=True, default="", max_length=300), preserve_default=False),
        migrations.AddIndex("submission", models.Index(condition=models.Q(("line_rejected_on__isnull", False)), fields=["claim_payer"], name="submission_line_rejected")),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
