"""The days to file with a later payer are rows with a day and a source now; claims keeps them."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('coverage', '0012_elig_rejected_and_placed'),
        ('claims', '0017_filing_and_edits'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='payer',
            name='secondary_limit_days',
        ),
    ]
