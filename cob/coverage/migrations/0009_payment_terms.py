"""How payers pay behind others, our contracts with them, and what they allow: dated rows that are never changed."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from cob.audit.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('coverage', '0008_determination_expires_on'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Contract',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('effective_on', models.DateField(help_text='The first day of service it holds for.')),
                ('source', models.CharField(help_text='Where it stands, so that somebody else can check.', max_length=200)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('is_in_network', models.BooleanField()),
                ('payer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='coverage.payer')),
                ('set_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.site')),
            ],
            options={
                'ordering': ('payer', 'effective_on', 'created_at'),
                'indexes': [models.Index(fields=['payer', 'effective_on'], name='contract_by_payer')],
                'constraints': [models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='contract_names_its_source')],
            },
        ),
        migrations.CreateModel(
            name='Fee',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('effective_on', models.DateField(help_text='The first day of service it holds for.')),
                ('source', models.CharField(help_text='Where it stands, so that somebody else can check.', max_length=200)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('procedure', models.CharField(max_length=48)),
                ('modifiers', models.CharField(blank=True, help_text='Up to four, joined by a blank.', max_length=20)),
                ('amount_cents', models.BigIntegerField(blank=True, null=True)),
                ('coinsurance_percent', models.PositiveSmallIntegerField(blank=True, help_text='What Medicare leaves of it to the patient; empty: not said.', null=True)),
                ('payer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fees', to='coverage.payer')),
                ('set_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.site')),
            ],
            options={
                'ordering': ('payer', 'procedure', 'modifiers', 'effective_on', 'created_at'),
                'indexes': [models.Index(fields=['payer', 'procedure', 'effective_on'], name='fee_by_procedure')],
                'constraints': [models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='fee_names_its_source'), models.CheckConstraint(condition=models.Q(('amount_cents', None), ('amount_cents__gte', 0), _connector='OR'), name='fee_not_negative'), models.CheckConstraint(condition=models.Q(('coinsurance_percent', None), ('coinsurance_percent__lte', 100), _connector='OR'), name='fee_coinsurance_percent')],
            },
        ),
        migrations.CreateModel(
            name='PlanTerms',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('effective_on', models.DateField(help_text='The first day of service it holds for.')),
                ('source', models.CharField(help_text='Where it stands, so that somebody else can check.', max_length=200)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('plan_name', models.CharField(blank=True, help_text='Empty: every plan of the payer.', max_length=80)),
                ('terms', models.JSONField()),
                ('payer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plan_terms', to='coverage.payer')),
                ('set_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('payer', 'plan_name', 'effective_on', 'created_at'),
                'indexes': [models.Index(fields=['payer', 'effective_on'], name='plan_terms_by_payer')],
                'constraints': [models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='plan_terms_name_their_source')],
            },
        ),
        append_only('coverage_contract'),
        append_only('coverage_fee'),
        append_only('coverage_planterms'),
    ]
