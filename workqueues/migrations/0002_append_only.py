"""Escalations and closings stay as they were written: triggers refuse changing and deleting."""

from __future__ import annotations

from django.db import migrations

from cob.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("workqueues", "0001_work_to_do")]
    operations = [append_only("workqueues_escalation"), append_only("workqueues_closure")]
