"""Filing limits and naming of other payers from a day on, edits written by staff, and waivers of edits."""

import datetime

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from cob.audit.append_only import append_only

BUILT_IN_BEFORE = 180


def keep_limits(apps, schema_editor):
    """What a payer's own setting said becomes a row of a limit; Medicare's is the law's."""
    payers = apps.get_model('coverage', 'Payer').objects.exclude(secondary_limit_days=BUILT_IN_BEFORE)
    limits = apps.get_model('claims', 'FilingLimit').objects
    limits.bulk_create([
        limits.model(
            payer=payer,
            position='later',
            basis='earlier_answer',
            length=payer.secondary_limit_days,
            unit='days',
            effective_on=datetime.date(2000, 1, 1),
            source='the setting of the payer before limits were dated; confirm it',
        )
        for payer in payers.exclude(kind='medicare').filter(secondary_limit_days__gt=0)
    ])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('claims', '0016_acks_of_questions'),
        ('coverage', '0012_elig_rejected_and_placed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EditWaiver',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('edit', models.CharField(max_length=60)),
                ('said', models.CharField(help_text='What the edit had said.', max_length=400)),
                ('version', models.CharField(max_length=64)),
                ('reason', models.CharField(max_length=300)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waivers', to='claims.claim')),
                ('claim_payer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waivers', to='claims.claimpayer')),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-at',),
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='edit_waiver_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='edit_waiver_withdrawn_by_somebody'), models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('claim_payer', 'edit', 'version'), name='edit_waiver_once_per_version')],
            },
        ),
        migrations.CreateModel(
            name='FilingLimit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('effective_on', models.DateField(help_text='The first day of service it holds for.')),
                ('source', models.CharField(help_text='Where it stands, so that somebody else can check.', max_length=200)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('position', models.CharField(choices=[('primary', 'As the first payer'), ('later', 'As a later payer'), ('corrected', 'A corrected claim'), ('taken_back', 'After another payer took its money back')], max_length=10)),
                ('basis', models.CharField(blank=True, choices=[('service', 'service'), ('month_end', 'month_end'), ('year_end', 'year_end'), ('earlier_answer', 'earlier_answer'), ('own_answer', 'own_answer'), ('taken_back', 'taken_back')], max_length=14)),
                ('length', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('unit', models.CharField(choices=[('days', 'days'), ('months', 'months'), ('years', 'years')], default='days', max_length=6)),
                ('cap_days', models.PositiveSmallIntegerField(blank=True, help_text='Days after the service, at the latest.', null=True)),
                ('rolls', models.BooleanField(default=False, help_text='A weekend or holiday moves it to the next business day.')),
                ('silent_days', models.PositiveSmallIntegerField(blank=True, help_text='Days without an answer of the payer before, after which it takes the claim.', null=True)),
                ('payer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='filing_limits', to='coverage.payer')),
                ('set_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('payer', 'position', 'effective_on', 'created_at'),
                'indexes': [models.Index(fields=['payer', 'effective_on'], name='filing_limit_by_payer')],
                'constraints': [models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='filing_limit_names_its_source'), models.CheckConstraint(condition=models.Q(('length', None), models.Q(('length__gt', 0), models.Q(('basis', ''), _negated=True)), _connector='OR'), name='filing_limit_has_its_basis')],
            },
        ),
        migrations.CreateModel(
            name='OthersNamed',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('effective_on', models.DateField(help_text='The first day of service it holds for.')),
                ('source', models.CharField(help_text='Where it stands, so that somebody else can check.', max_length=200)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('is_named', models.BooleanField()),
                ('payer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='others_named', to='coverage.payer')),
                ('set_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('payer', 'effective_on', 'created_at'),
                'indexes': [models.Index(fields=['payer', 'effective_on'], name='others_named_by_payer')],
                'constraints': [models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='others_named_names_its_source')],
            },
        ),
        migrations.CreateModel(
            name='StaffEdit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('family', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('name', models.CharField(max_length=60)),
                ('when', models.JSONField()),
                ('message', models.CharField(max_length=300)),
                ('fix', models.CharField(max_length=300)),
                ('severity', models.CharField(choices=[('stop', 'Stop'), ('warn', 'Warning')], default='warn', max_length=4)),
                ('is_waivable', models.BooleanField(default=True)),
                ('source', models.CharField(help_text='Why there is such a rule, and where it stands.', max_length=200)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('tried_at', models.DateTimeField(blank=True, null=True)),
                ('tried_count', models.PositiveIntegerField(blank=True, help_text='Recent sendings it was tried against.', null=True)),
                ('tried_hits', models.PositiveIntegerField(blank=True, null=True)),
                ('on_from', models.DateField(blank=True, null=True)),
                ('off_from', models.DateField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('payer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coverage.payer')),
                ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.site')),
            ],
            options={
                'ordering': ('name', '-version'),
                'constraints': [models.UniqueConstraint(fields=('family', 'version'), name='staff_edit_version_once'), models.CheckConstraint(condition=models.Q(('on_from', None), ('tried_at__isnull', False), _connector='OR'), name='staff_edit_tried_before_on'), models.CheckConstraint(condition=models.Q(('off_from', None), ('off_from__gte', models.F('on_from')), _connector='OR'), name='staff_edit_off_after_on')],
            },
        ),
        migrations.RunPython(keep_limits, migrations.RunPython.noop),
        append_only('claims_filinglimit'),
        append_only('claims_othersnamed'),
    ]
