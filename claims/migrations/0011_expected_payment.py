"""What payers should have paid, beside what they paid."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0010_fewer_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExpectedPayment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('low_cents', models.BigIntegerField()),
                ('high_cents', models.BigIntegerField()),
                ('paid_cents', models.BigIntegerField()),
                ('difference_cents', models.BigIntegerField(help_text='Paid less expected: below zero too little. 0 within a range.')),
                ('tolerance_cents', models.BigIntegerField()),
                ('unconfirmed', models.BooleanField(default=False)),
                ('because', models.CharField(max_length=300)),
                ('answered_on', models.DateField()),
                ('computed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('claim_payer', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='expected', to='claims.claimpayer')),
            ],
            options={
                'indexes': [models.Index(fields=['difference_cents'], name='expected_by_difference')],
            },
        ),
    ]
