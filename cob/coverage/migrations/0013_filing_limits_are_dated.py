"""The days to file with a later payer are rows with a day and a source now; claims keeps them."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('coverage', '0001_squashed_0012'),
        ('claims', '0001_squashed_0018'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='payer',
            name='secondary_limit_days',
        ),
    ]
