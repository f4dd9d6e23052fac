"""A rejection that answers nothing on file is placed by a person, or said to be nothing of ours. What came stays."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from cob.audit.append_only import append_only, triggers_again

# Going back, SQLite makes the table anew.
BEFORE, AFTER = triggers_again("claims_acknowledgement")


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0020_sendings_carry_their_group_and_set"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BEFORE,
        migrations.AddField(
            model_name="acknowledgement",
            name="placed_from",
            field=models.ForeignKey(blank=True, db_index=False, help_text="The same as it came, which answered nothing on file; a person said which sending it is about.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="claims.acknowledgement"),
        ),
        migrations.AddIndex(
            model_name="acknowledgement",
            index=models.Index(condition=models.Q(("claim", None), ("inquiry_file", None), ("said", "rejected")), fields=["file"], name="acknowledgement_unmatched"),
        ),
        AFTER,
        migrations.CreateModel(
            name="AckReply",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("acknowledgement", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="reply", to="claims.acknowledgement")),
                ("reply", models.CharField(choices=[("placed", "Placed with the claim"), ("not_ours", "Not ours"), ("dealt_with", "Dealt with")], max_length=10)),
                ("submission", models.ForeignKey(blank=True, help_text="The sending a person chose; all that left with it may be answered.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="claims.submission")),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ("at",),
                "constraints": [models.CheckConstraint(condition=models.Q(("reply", "placed"), ("submission__isnull", False)) | models.Q(models.Q(("reply", "placed"), _negated=True), ("submission", None), models.Q(("reason", ""), _negated=True)), name="ack_reply_names_sending_or_reason")],
            },
        ),
        append_only("claims_ackreply"),
    ]
