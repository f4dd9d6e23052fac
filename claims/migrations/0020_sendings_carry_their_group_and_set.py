"""A 999 answers the group (GS06) and the set (ST02) a claim really left in; the interchange's number is another one.

What was written here had one number for interchange and group, and one set. What others wrote before stays without:
nothing on file says what their envelopes said.
"""

from __future__ import annotations

from django.db import migrations, models


def fill(apps, schema_editor):
    """Ours only."""
    Submission = apps.get_model("claims", "Submission")
    for row in Submission.objects.exclude(interchange="").only("pk", "interchange").iterator():
        Submission.objects.filter(pk=row.pk).update(group_control=row.interchange.lstrip("0"), set_control="1")


class Migration(migrations.Migration):
    dependencies = [("claims", "0019_sent_in_files")]

    operations = [
        migrations.AddField("submission", "group_control", models.CharField(blank=True, db_index=True, help_text="GS06, no leading zeros.", max_length=9, default=""), preserve_default=False),
        migrations.AddField("submission", "set_control", models.CharField(blank=True, help_text="ST02, no leading zeros.", max_length=9, default=""), preserve_default=False),
        migrations.AlterField("submission", "interchange", models.CharField(blank=True, db_index=True, help_text="ISA13.", max_length=9)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
