"""An acknowledgement that came before its claims is placed by the desk once they come in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from cob.audit.append_only import triggers_again

# SQLite makes the table anew.
BEFORE, AFTER = triggers_again("claims_ackreply")


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0021_acks_placed_by_hand"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="acknowledgement",
            name="placed_from",
            field=models.ForeignKey(blank=True, db_index=False, help_text="The same as it came, which answered nothing on file; it was placed later.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="claims.acknowledgement"),
        ),
        migrations.AddIndex(
            model_name="acknowledgement",
            index=models.Index(condition=models.Q(("claim", None), ("inquiry_file", None)), fields=["answers_to"], name="acknowledgement_waiting"),
        ),
        BEFORE,
        migrations.AlterField(
            model_name="ackreply",
            name="by",
            field=models.ForeignKey(blank=True, help_text="Nobody: the desk itself, when the claims came in after it.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name="ackreply",
            name="submission",
            field=models.ForeignKey(blank=True, help_text="The sending that is meant; all that left with it may be answered.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="claims.submission"),
        ),
        migrations.AddConstraint(
            model_name="ackreply",
            constraint=models.CheckConstraint(condition=models.Q(("reply", "placed"), ("by__isnull", False), _connector="OR"), name="ack_reply_set_aside_by_a_person"),
        ),
        AFTER,
    ]
