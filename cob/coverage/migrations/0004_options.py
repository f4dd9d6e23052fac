"""Options of practice, payer and state, append-only; the filing indicator of a payer may be left to its kind."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from cob.audit.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('coverage', '0003_kinds_in_american_spelling'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='payer',
            name='filing_indicator',
            field=models.CharField(blank=True, help_text='SBR09 when this payer wants its own; empty: by kind of coverage.', max_length=2),
        ),
        migrations.CreateModel(
            name='Option',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40)),
                ('scope', models.CharField(choices=[('practice', 'The practice'), ('state', 'A state'), ('payer', 'A payer')], max_length=8)),
                ('state', models.CharField(blank=True, max_length=2)),
                ('value', models.JSONField(blank=True, null=True)),
                ('effective_on', models.DateField(help_text='The first day of service it holds for.')),
                ('source', models.CharField(help_text='Where it stands, so that somebody else can check.', max_length=200)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('payer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='options', to='coverage.payer')),
                ('set_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('name', 'effective_on', 'created_at'),
                'indexes': [models.Index(fields=['name', 'effective_on'], name='option_by_name')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('payer', None), ('scope', 'practice'), ('state', '')), models.Q(('payer__isnull', False), ('scope', 'payer'), ('state', '')), models.Q(('payer', None), ('scope', 'state'), models.Q(('state', ''), _negated=True)), _connector='OR'), name='option_scope_names_its_owner'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='option_names_its_source')],
            },
        ),
        append_only('coverage_option'),
    ]
