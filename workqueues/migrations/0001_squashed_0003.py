"""Migrations 1 to 3 in one: a new desk makes each table once. A desk that ran some of them runs the rest of them."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from cob.audit.append_only import append_only
from cob.migrating import CreateModels


class Migration(migrations.Migration):

    replaces = [('workqueues', '0001_work_to_do'), ('workqueues', '0002_append_only'), ('workqueues', '0003_terms_notices_and_exceptions')]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('claims', '0001_squashed_0018'),
        ('coverage', '0001_squashed_0012'),
        ('patients', '0002_marital_and_employment_status'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Item',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('queue', models.CharField(help_text='Slug of its queue.', max_length=30)),
                    ('subject_type', models.CharField(max_length=40)),
                    ('subject_id', models.UUIDField()),
                    ('reason', models.CharField(help_text='Why it is here, in words.', max_length=300)),
                    ('reason_codes', models.JSONField(blank=True, default=list)),
                    ('state', models.CharField(choices=[('new', 'New'), ('assigned', 'Handed over'), ('in_progress', 'In progress'), ('waiting', 'Set aside'), ('resolved', 'Waits for approval'), ('closed', 'Closed')], default='new', max_length=12)),
                    ('amount_cents', models.BigIntegerField(default=0, help_text='Money at risk.')),
                    ('limit_on', models.DateField(blank=True, help_text='The nearest hard limit set by others.', null=True)),
                    ('needed_on', models.DateField(blank=True, help_text='A visit for which it must be done before.', null=True)),
                    ('attempt', models.PositiveSmallIntegerField(default=1)),
                    ('is_harmful', models.BooleanField(default=False, help_text='A patient is being harmed now.')),
                    ('has_legal_clock', models.BooleanField(default=False)),
                    ('entered_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('first_touch_due_at', models.DateTimeField()),
                    ('due_at', models.DateTimeField(help_text='Our own promise: the end of its last business day.')),
                    ('first_touched_at', models.DateTimeField(blank=True, null=True)),
                    ('touched_at', models.DateTimeField(help_text='Last worked on; at first, when it came in.')),
                    ('priority', models.PositiveIntegerField(default=4004)),
                    ('priority_parts', models.JSONField(blank=True, default=dict)),
                    ('escalation_level', models.PositiveSmallIntegerField(default=0)),
                    ('next_action', models.CharField(blank=True, max_length=200)),
                    ('next_action_on', models.DateField(blank=True, null=True)),
                    ('waiting_for', models.CharField(blank=True, max_length=120)),
                    ('waiting_until', models.DateField(blank=True, null=True)),
                    ('waiting_since', models.DateField(blank=True, null=True)),
                    ('waited_days', models.PositiveSmallIntegerField(default=0, help_text='Business days its clock stood still.')),
                    ('root_cause', models.CharField(blank=True, choices=[('card_not_captured', 'Second coverage not captured'), ('coverage_outdated', 'Coverage outdated'), ('order_wrong', 'We billed in the wrong order'), ('fact_unknown', 'A fact was not known'), ('payer_file_stale', "Payer's file out of date"), ('eob_not_sent', "Earlier payer's answer not sent along"), ('data_entry', 'Typing or data error'), ('sent_late', 'Sent late'), ('posting', 'Posting'), ('payer_error', "Payer's error"), ('patient_silent', 'Patient did not answer'), ('crossover', 'Crossover failed'), ('normal_work', 'Normal work, no error')], max_length=20)),
                    ('closure_code', models.CharField(blank=True, choices=[('done', 'Put right'), ('sent', 'Sent to the payer'), ('appealed', 'Appealed'), ('not_needed', 'Nothing to do, reason stated'), ('write_off', 'Written off'), ('reason_gone', 'Its reason has gone')], max_length=12)),
                    ('closed_at', models.DateTimeField(blank=True, null=True)),
                    ('closed_because', models.CharField(blank=True, max_length=300)),
                    ('reopened_at', models.DateTimeField(blank=True, null=True)),
                    ('reopened_count', models.PositiveSmallIntegerField(default=0)),
                    ('failed_closures', models.PositiveSmallIntegerField(default=0, help_text='Closings that did not hold for 30 days.')),
                    ('handed_out_at', models.DateTimeField(blank=True, help_text='When the desk itself gave it to somebody.', null=True)),
                    ('taken_at', models.DateTimeField(blank=True, help_text='When its owner took it; empty once worked on.', null=True)),
                    ('claim', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='claims.claim')),
                    ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('handed_by', models.ForeignKey(blank=True, help_text='Who handed it over.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to=settings.AUTH_USER_MODEL)),
                    ('patient', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='patients.patient')),
                    ('payer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='coverage.payer')),
                    ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='accounts.site')),
                ],
                options={
                    'ordering': ('priority', 'due_at', 'id'),
                    'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['queue', 'owner', 'priority', 'due_at', 'id'], name='item_mine'), models.Index(condition=models.Q(('closed_at', None)), fields=['queue', 'priority', 'due_at', 'id'], name='item_queue'), models.Index(condition=models.Q(('closed_at', None), ('owner', None)), fields=['queue', 'priority', 'due_at', 'id'], name='item_unowned'), models.Index(condition=models.Q(('closed_at', None)), fields=['owner', 'priority', 'due_at', 'id'], name='item_my_work'), models.Index(condition=models.Q(('closed_at', None)), fields=['queue', 'entered_at', 'amount_cents'], name='item_aging'), models.Index(condition=models.Q(('closed_at', None)), fields=['due_at'], name='item_due'), models.Index(fields=['subject_id', 'queue'], name='item_of_subject'), models.Index(fields=['claim'], name='item_of_claim'), models.Index(condition=models.Q(('closed_at', None), _negated=True), fields=['closed_at', 'queue'], name='item_closed')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('queue', 'subject_id'), name='item_open_once_per_subject'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed'), models.Q(('closure_code', ''), _negated=True)), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at', None)), _connector='OR'), name='item_closed_says_when_and_how'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'waiting'), ('waiting_since__isnull', False), ('waiting_until__isnull', False), models.Q(('waiting_for', ''), _negated=True)), models.Q(('state', 'waiting'), _negated=True), _connector='OR'), name='item_set_aside_says_for_whom_and_until'), models.CheckConstraint(condition=models.Q(('owner__isnull', False), models.Q(('state__in', ('assigned', 'in_progress', 'waiting', 'resolved')), _negated=True), _connector='OR'), name='item_being_worked_has_an_owner'), models.CheckConstraint(condition=models.Q(('site__isnull', False), ('patient', None), _connector='OR'), name='item_of_patient_has_site')],
                },
            ),
            migrations.CreateModel(
                name='Evidence',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('kind', models.CharField(choices=[('determination', 'Determination on file'), ('plan_answers', 'Answers of both plans'), ('stated_reason', "Reason why one plan's answer was enough"), ('accepted_claim', 'Acceptance of the claim (277CA)'), ('appeal_receipt', 'Receipt of the appeal'), ('approved_write_off', 'Approved write-off'), ('eob_stored', 'EOB on file'), ('primary_answer', 'Answer of the first payer'), ('claim_status', 'Claim status answer'), ('next_payer_answer', 'Answer of the next payer'), ('payer_confirmation', "Payer's confirmation with reference"), ('outreach_log', 'Outreach log, cadence used up'), ('refund_proof', 'Proof of the refund or offset'), ('validity_decision', 'Decision on the demand'), ('balanced', 'Posted in balance'), ('exception_reason', 'Reason of the exception'), ('not_a_credit', 'Why it is no credit'), ('coverage_verified', 'New coverage verified'), ('uninsured', 'Patient recorded as uninsured'), ('limit_proof', 'Limit computed anew, with proof'), ('release_check', 'Release checklist passed'), ('billed', 'Claim billed'), ('not_billable', 'Reason why it cannot be billed'), ('corrected_claim', 'Corrected claim'), ('authorization', 'Authorization or decision letter'), ('benefit_proof', 'Proof of the benefit'), ('accident_answer', "Accident payer's answer or worksheet"), ('decision', 'Decision received'), ('patient_answer', 'Corrected statement, letter or refund')], max_length=20)),
                    ('reference', models.CharField(help_text='Claim number, document id, determination, call reference.', max_length=200)),
                    ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='workqueues.item')),
                ],
                options={
                    'ordering': ('-at',),
                    'abstract': False,
                    'indexes': [models.Index(fields=['item', 'kind'], name='evidence_of_item')],
                },
            ),
            migrations.CreateModel(
                name='Escalation',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('round', models.PositiveSmallIntegerField(default=0, help_text='How often the item had been opened again.')),
                    ('level', models.PositiveSmallIntegerField()),
                    ('reason', models.CharField(max_length=200)),
                    ('to_whom', models.CharField(max_length=80)),
                    ('at', models.DateTimeField()),
                    ('told', models.ForeignKey(blank=True, help_text='Who was told, by name.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='escalations', to='workqueues.item')),
                ],
                options={
                    'ordering': ('-at', '-level'),
                    'indexes': [models.Index(fields=['at'], name='escalation_by_time')],
                    'constraints': [models.UniqueConstraint(fields=('item', 'round', 'level'), name='escalation_each_level_once'), models.CheckConstraint(condition=models.Q(('level__gte', 1), ('level__lte', 4)), name='escalation_level_1_to_4')],
                },
            ),
            migrations.CreateModel(
                name='Contact',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('channel', models.CharField(choices=[('phone', 'Telephone'), ('portal', 'Payer portal'), ('letter', 'Letter'), ('email', 'Secure message'), ('visit', 'In person')], max_length=10)),
                    ('party', models.CharField(help_text='Payer, patient or other; and who answered.', max_length=80)),
                    ('outcome', models.CharField(choices=[('reached', 'Reached'), ('no_answer', 'No answer'), ('left_message', 'Left a message'), ('promised', 'Something was promised'), ('refused', 'Refused')], max_length=14)),
                    ('reference', models.CharField(blank=True, max_length=60)),
                    ('text', models.CharField(blank=True, max_length=1000)),
                    ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='workqueues.item')),
                ],
                options={
                    'ordering': ('-at',),
                    'abstract': False,
                    'indexes': [models.Index(fields=['item', 'at'], name='contact_of_item')],
                },
            ),
            migrations.CreateModel(
                name='Closure',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('code', models.CharField(choices=[('done', 'Put right'), ('sent', 'Sent to the payer'), ('appealed', 'Appealed'), ('not_needed', 'Nothing to do, reason stated'), ('write_off', 'Written off'), ('reason_gone', 'Its reason has gone')], max_length=12)),
                    ('root_cause', models.CharField(blank=True, choices=[('card_not_captured', 'Second coverage not captured'), ('coverage_outdated', 'Coverage outdated'), ('order_wrong', 'We billed in the wrong order'), ('fact_unknown', 'A fact was not known'), ('payer_file_stale', "Payer's file out of date"), ('eob_not_sent', "Earlier payer's answer not sent along"), ('data_entry', 'Typing or data error'), ('sent_late', 'Sent late'), ('posting', 'Posting'), ('payer_error', "Payer's error"), ('patient_silent', 'Patient did not answer'), ('crossover', 'Crossover failed'), ('normal_work', 'Normal work, no error')], max_length=20)),
                    ('because', models.CharField(blank=True, max_length=300)),
                    ('entered_at', models.DateTimeField(help_text='When this round began.')),
                    ('is_in_time', models.BooleanField(help_text="Inside our own promise, the clock's pauses taken off.")),
                    ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closures', to='workqueues.item')),
                ],
                options={
                    'ordering': ('-at',),
                    'indexes': [models.Index(fields=['at'], name='closure_by_time')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('code', 'write_off'), _negated=True), models.Q(('approved_by__isnull', False), models.Q(('approved_by', models.F('by')), _negated=True)), _connector='OR'), name='closure_write_off_has_a_second_person')],
                },
            ),
            migrations.CreateModel(
                name='LoggedException',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('what', models.CharField(choices=[('file_missing', 'A file or remittance did not come'), ('file_wrong', 'A file came wrong or twice'), ('crossover', 'A crossover did not arrive'), ('payer_down', "Payer's portal or line was down"), ('hand_off', 'Work was not handed on in time'), ('step_skipped', 'A step was skipped'), ('wrong_answer', 'We were told something wrong'), ('other', 'Something else')], max_length=14)),
                    ('text', models.CharField(max_length=300)),
                    ('happened_on', models.DateField()),
                    ('expected_on', models.DateField(help_text='By when it should be right: the expected turnaround.')),
                    ('verify_how', models.CharField(help_text='The step that shows it is right.', max_length=200)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('verified_at', models.DateTimeField(blank=True, null=True)),
                    ('found', models.CharField(blank=True, help_text='What the check showed.', max_length=300)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='exceptions', to='workqueues.item')),
                    ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exceptions', to='accounts.site')),
                    ('verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ('-at',),
                    'indexes': [models.Index(condition=models.Q(('verified_at', None)), fields=['site', 'expected_on'], name='exception_open')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('found', ''), ('verified_at', None), ('verified_by', None)), models.Q(('verified_at__isnull', False), ('verified_by__isnull', False), models.Q(('found', ''), _negated=True)), _connector='OR'), name='exception_verified_says_by_whom_and_what'), models.CheckConstraint(condition=models.Q(('expected_on__gte', models.F('happened_on'))), name='exception_expected_after_it')],
                },
            ),
            migrations.CreateModel(
                name='Note',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('text', models.CharField(max_length=1000)),
                    ('about', models.CharField(blank=True, max_length=80)),
                    ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='workqueues.item')),
                ],
                options={
                    'ordering': ('-at',),
                    'abstract': False,
                    'indexes': [models.Index(fields=['item', 'at'], name='note_of_item')],
                },
            ),
            migrations.CreateModel(
                name='Notice',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('queue', models.CharField(max_length=30)),
                    ('level', models.PositiveSmallIntegerField()),
                    ('count', models.PositiveIntegerField()),
                    ('at', models.DateTimeField()),
                    ('seen_at', models.DateTimeField(blank=True, null=True)),
                    ('mailed_at', models.DateTimeField(blank=True, null=True)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ('-at', '-level', 'queue'),
                    'indexes': [models.Index(condition=models.Q(('seen_at', None)), fields=['user', 'at'], name='notice_unseen'), models.Index(condition=models.Q(('mailed_at', None)), fields=['at'], name='notice_not_mailed')],
                    'constraints': [models.UniqueConstraint(fields=('user', 'queue', 'level', 'at'), name='notice_once')],
                },
            ),
            migrations.CreateModel(
                name='QueueSetting',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=40)),
                    ('queue', models.CharField(blank=True, help_text='Slug of the queue it is about.', max_length=30)),
                    ('value', models.JSONField(blank=True, null=True)),
                    ('effective_on', models.DateField()),
                    ('because', models.CharField(max_length=200)),
                    ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('set_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.site')),
                ],
                options={
                    'ordering': ('name', 'effective_on', 'created_at'),
                    'indexes': [models.Index(fields=['name', 'effective_on'], name='queue_setting_by_name')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('queue', ''), ('site', None), _connector='OR'), name='queue_setting_of_queue_or_site'), models.CheckConstraint(condition=models.Q(('because', ''), _negated=True), name='queue_setting_says_why')],
                },
            ),
            migrations.CreateModel(
                name='SavedView',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('queue', models.CharField(max_length=30)),
                    ('name', models.CharField(max_length=40)),
                    ('query', models.CharField(blank=True, help_text='The address after the question mark.', max_length=300)),
                    ('is_shared', models.BooleanField(default=False)),
                    ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ('name',),
                    'constraints': [models.UniqueConstraint(fields=('user', 'queue', 'name'), name='saved_view_name_once')],
                },
            ),
        ]),
        append_only('workqueues_closure'),
        append_only('workqueues_escalation'),
        append_only('workqueues_queuesetting'),
    ]
