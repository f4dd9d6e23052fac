"""What is on these tables stays as written: triggers refuse changing and deleting."""

from __future__ import annotations

from django.db import migrations

from cob.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_initial")]
    operations = [append_only("claims_posting"), append_only("claims_reportedadjustment"), ]
