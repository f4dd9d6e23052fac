"""Questions to payers, their answers, and what people made of each; all of it stays as written."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from cob.audit.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('coverage', '0009_payment_terms'),
        ('patients', '0002_marital_and_employment_status'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Inquiry',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('trace', models.CharField(help_text='TRN02; comes back in the answer.', max_length=30, unique=True)),
                ('service_on', models.DateField(help_text='The day asked about.')),
                ('asked_with', models.CharField(help_text='Digest of what was sent: changed data are worth asking.', max_length=24)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('coverage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inquiries', to='coverage.coverage')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inquiries', to='patients.patient')),
            ],
            options={
                'ordering': ('-created_at',),
            },
        ),
        migrations.CreateModel(
            name='EligibilityAnswer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('payer_named', models.CharField(max_length=80)),
                ('payer_id_named', models.CharField(blank=True, max_length=30)),
                ('person_named', models.CharField(blank=True, max_length=120)),
                ('born_on', models.DateField(blank=True, null=True)),
                ('member_id', models.CharField(blank=True, max_length=80)),
                ('trace', models.CharField(blank=True, max_length=50)),
                ('answered_on', models.DateField(help_text='BHT04.')),
                ('service_on', models.DateField(help_text='The day it was asked about, else the day it was made.')),
                ('source_file', models.UUIDField()),
                ('position', models.PositiveIntegerField(help_text='Segment of its ST.')),
                ('part', models.PositiveIntegerField(default=0, help_text='Persons of one transaction, in turn.')),
                ('fingerprint', models.CharField(help_text='The same words sent again are kept once.', max_length=64, unique=True)),
                ('is_failed', models.BooleanField(default=False, help_text='AAA: the question was not answered.')),
                ('is_active', models.BooleanField(blank=True, help_text='Whether medical cover is in force; null: not said.', null=True)),
                ('inactive_since', models.DateField(blank=True, null=True)),
                ('has_news', models.BooleanField(default=False, help_text='It says more than that the coverage is in force.')),
                ('hints', models.JSONField(blank=True, default=list, help_text='What bears on payer order, with segment numbers.')),
                ('unmatched_because', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('coverage', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='eligibility_answers', to='coverage.coverage')),
                ('patient', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='eligibility_answers', to='patients.patient')),
                ('payer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coverage.payer')),
                ('inquiry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='coverage.inquiry')),
            ],
            options={
                'ordering': ('-created_at',),
            },
        ),
        migrations.CreateModel(
            name='InquiryFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('interchange', models.CharField(help_text='ISA13; claims count below 900000000.', max_length=9, unique=True)),
                ('receiver', models.CharField(help_text='ISA08.', max_length=15)),
                ('kept', models.FileField(max_length=200, upload_to='out/%Y/%m')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.site')),
            ],
            options={
                'ordering': ('-created_at',),
            },
        ),
        migrations.AddField(
            model_name='inquiry',
            name='file',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inquiries', to='coverage.inquiryfile'),
        ),
        migrations.CreateModel(
            name='OfferReply',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=24)),
                ('reply', models.CharField(choices=[('on_file', 'Put on file'), ('not_so', 'Not so'), ('ask', 'To ask the patient'), ('word', 'Kept as the payer’s word')], max_length=8)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='coverage.eligibilityanswer')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('coverage', models.ForeignKey(help_text='Whose payer said it.', on_delete=django.db.models.deletion.PROTECT, related_name='offer_replies', to='coverage.coverage')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offer_replies', to='patients.patient')),
                ('put_on_file', models.ForeignKey(blank=True, help_text='The coverage made of it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coverage.coverage')),
                ('verification', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coverage.verification')),
            ],
            options={
                'ordering': ('created_at',),
            },
        ),
        migrations.AddIndex(
            model_name='eligibilityanswer',
            index=models.Index(fields=['patient', '-created_at'], name='eligibility_of_patient'),
        ),
        migrations.AddIndex(
            model_name='eligibilityanswer',
            index=models.Index(fields=['source_file'], name='eligibility_of_file'),
        ),
        migrations.AddConstraint(
            model_name='eligibilityanswer',
            constraint=models.UniqueConstraint(fields=('source_file', 'position', 'part'), name='eligibility_answer_place_in_file'),
        ),
        migrations.AddConstraint(
            model_name='eligibilityanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('coverage__isnull', False), ('patient__isnull', False)), models.Q(('coverage', None), ('patient', None), models.Q(('unmatched_because', ''), _negated=True)), _connector='OR'), name='eligibility_answer_placed_or_says_why'),
        ),
        migrations.AddConstraint(
            model_name='eligibilityanswer',
            constraint=models.CheckConstraint(condition=models.Q(('is_failed', False), models.Q(('has_news', False), ('inactive_since', None), ('is_active', None)), _connector='OR'), name='eligibility_answer_failed_says_nothing'),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(fields=['coverage', '-created_at'], name='inquiry_of_coverage'),
        ),
        migrations.AddIndex(
            model_name='offerreply',
            index=models.Index(fields=['patient'], name='offer_reply_of_patient'),
        ),
        migrations.AddConstraint(
            model_name='offerreply',
            constraint=models.UniqueConstraint(condition=models.Q(('reply__in', ['on_file', 'not_so'])), fields=('coverage', 'key'), name='offer_settled_once'),
        ),
        migrations.AddConstraint(
            model_name='offerreply',
            constraint=models.UniqueConstraint(condition=models.Q(('reply', 'word')), fields=('coverage', 'key'), name='offer_word_kept_once'),
        ),
        append_only('coverage_inquiryfile'),
        append_only('coverage_inquiry'),
        append_only('coverage_eligibilityanswer'),
        append_only('coverage_offerreply'),
    ]
