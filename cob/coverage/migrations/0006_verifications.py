"""What payers said about the order, and the evidence behind an order decided by a person; both stay as written."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from cob.audit.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('coverage', '0005_filing_indicator_follows_kind'),
        ('patients', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OverrideEvidence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('call', 'Call with the payer'), ('portal', 'Payer portal'), ('271', 'Eligibility answer (271)'), ('letter', 'Letter from the payer'), ('court_order', 'Court order'), ('contract', 'Plan document or contract'), ('agency', 'Word of an agency (Medicare’s coordination contractor, state Medicaid)'), ('other', 'Other document')], max_length=12)),
                ('reference', models.CharField(help_text='Call reference, trace number, name of the document.', max_length=80)),
                ('dated_on', models.DateField(help_text='Day of the call, the answer or the document.')),
                ('determination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidences', to='coverage.determination')),
            ],
            options={
                'ordering': ('dated_on', 'kind'),
                'constraints': [models.CheckConstraint(condition=models.Q(('reference', ''), _negated=True), name='override_evidence_can_be_found')],
            },
        ),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('first_day', models.DateField(help_text='First day of service it speaks of.')),
                ('last_day', models.DateField(blank=True, help_text='Last one; empty: from then on.', null=True)),
                ('says', models.CharField(choices=[('agrees', 'Agrees with our order'), ('disagrees', 'Shows another order'), ('not_known', 'Does not know of another plan')], max_length=10)),
                ('own_position', models.PositiveSmallIntegerField(blank=True, help_text='The place the payer shows for itself.', null=True)),
                ('primary_named', models.CharField(blank=True, help_text='The same, when it is no coverage on file.', max_length=80)),
                ('is_active', models.BooleanField(blank=True, help_text='Whether its coverage is in force on these days.', null=True)),
                ('shown_since', models.DateField(blank=True, help_text='Since when the payer shows this order.', null=True)),
                ('shown_source', models.CharField(blank=True, help_text='Where the payer has it from.', max_length=120)),
                ('has_all_since', models.DateField(blank=True, help_text='Since when the payer has had all it needs to decide.', null=True)),
                ('spoken_with', models.CharField(blank=True, max_length=80)),
                ('method', models.CharField(choices=[('call', 'Call to the payer'), ('portal', 'Payer portal'), ('271', 'Eligibility answer (271)'), ('letter', 'Letter from the payer')], max_length=6)),
                ('reference', models.CharField(blank=True, help_text='Call reference, trace number.', max_length=60)),
                ('said_on', models.DateField()),
                ('note', models.CharField(blank=True, max_length=300)),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('coverage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verifications', to='coverage.coverage')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verifications', to='patients.patient')),
                ('primary', models.ForeignKey(blank=True, help_text='Whom it shows as primary.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coverage.coverage')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-recorded_at',),
                'indexes': [models.Index(fields=['patient', 'coverage', '-recorded_at'], name='verification_latest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day', None), ('last_day__gte', models.F('first_day')), _connector='OR'), name='verification_span_in_order'), models.CheckConstraint(condition=models.Q(('method', 'letter'), models.Q(('reference', ''), _negated=True), _connector='OR'), name='verification_can_be_checked_by_its_reference'), models.CheckConstraint(condition=models.Q(('own_position', None), ('own_position__gte', 1), _connector='OR'), name='verification_place_counts_from_one'), models.CheckConstraint(condition=models.Q(models.Q(('own_position', None), ('primary', None), ('primary_named', ''), ('says', 'not_known')), models.Q(models.Q(('says', 'not_known'), _negated=True), models.Q(('own_position__isnull', False), ('primary__isnull', False), models.Q(('primary_named', ''), _negated=True), ('is_active', False), _connector='OR')), _connector='OR'), name='verification_says_what_the_payer_shows')],
            },
        ),
        append_only("coverage_verification"),
        append_only("coverage_overrideevidence"),
    ]
