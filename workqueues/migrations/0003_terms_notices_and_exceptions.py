"""What a manager sets from a day on, who was told what, saved filters, exceptions; who handed an item over."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


from cob.audit.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('workqueues', '0002_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='escalation',
            name='told',
            field=models.ForeignKey(blank=True, help_text='Who was told, by name.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='item',
            name='handed_by',
            field=models.ForeignKey(blank=True, help_text='Who handed it over.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='item',
            name='handed_out_at',
            field=models.DateTimeField(blank=True, help_text='When the desk itself gave it to somebody.', null=True),
        ),
        migrations.AddField(
            model_name='item',
            name='taken_at',
            field=models.DateTimeField(blank=True, help_text='When its owner took it; empty once worked on.', null=True),
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
        append_only("workqueues_queuesetting"),
    ]
