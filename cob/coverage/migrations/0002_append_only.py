"""What is on these tables stays as written: triggers refuse changing and deleting."""

from __future__ import annotations

from django.db import migrations

from cob.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("coverage", "0001_initial")]
    operations = [append_only("coverage_fact"), append_only("coverage_determination"), append_only("coverage_rank"), ]
