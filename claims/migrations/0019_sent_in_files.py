"""A file may carry many claims: its number is unique among files, and the sending names the file."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0001_squashed_0018'),
        ('delivery', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='submission',
            name='submission_interchange_never_reused',
        ),
        migrations.AddField(
            model_name='submission',
            name='sent_in',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='delivery.outgoingfile'),
        ),
        migrations.AlterField(
            model_name='submission',
            name='interchange',
            field=models.CharField(blank=True, db_index=True, max_length=9),
        ),
        migrations.AlterField(
            model_name='submission',
            name='kept',
            field=models.FileField(blank=True, help_text='Where it holds this claim alone: file or form.', max_length=200, upload_to='out/%Y/%m'),
        ),
    ]
