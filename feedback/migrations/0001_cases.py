"""Tables of feedback and the triggers that keep them."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from audit.triggers import InstallTriggers


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('disclosures', '0001_initial'),
        ('organizations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='case number')),
                ('kind', models.CharField(choices=[('opinion', 'Opinion or suggestion'), ('question', 'Question'), ('problem', 'Problem to be looked into'), ('complaint', 'Complaint'), ('site_error', 'Error on this website'), ('disclosure_request', 'Request to disclose something')], max_length=20, verbose_name='kind')),
                ('sender_kind', models.CharField(choices=[('member', 'Party member'), ('public', 'Public')], max_length=10, verbose_name='sender')),
                ('is_named', models.BooleanField(verbose_name='gave a name or contact')),
                ('text', models.TextField(verbose_name='text of the opinion')),
                ('state', models.CharField(choices=[('received', 'Received'), ('accepted', 'Accepted'), ('investigating', 'Under investigation'), ('answered', 'Answered'), ('rectifying', 'Being put right'), ('rectified', 'Put right, to be verified'), ('verified', 'Verified'), ('declined', 'Declined'), ('closed', 'Closed')], default='received', max_length=15, verbose_name='state')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='version')),
                ('token_digest', models.CharField(max_length=64, unique=True)),
                ('code_digest', models.CharField(max_length=64, unique=True)),
                ('received_at', models.DateTimeField(verbose_name='received at')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted at')),
                ('declined_at', models.DateTimeField(blank=True, null=True, verbose_name='declined at')),
                ('decline_reason', models.TextField(blank=True, verbose_name='reason for declining')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('declined_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='disclosures.item', verbose_name='disclosure item')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='organizations.unit', verbose_name='handling unit')),
            ],
            options={
                'verbose_name': 'case',
                'verbose_name_plural': 'cases',
                'ordering': ['received_at', 'id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Identity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ciphertext', models.BinaryField()),
                ('nonce', models.BinaryField(max_length=12)),
                ('key_id', models.CharField(max_length=16)),
                ('sealed_at', models.DateTimeField()),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='identity', to='feedback.case')),
            ],
            options={
                'verbose_name': 'sealed identity',
                'verbose_name_plural': 'sealed identities',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Investigation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField(verbose_name='started at')),
                ('findings', models.TextField(blank=True, verbose_name='findings')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished at')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='investigations', to='feedback.case')),
                ('investigator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='investigator')),
            ],
            options={
                'ordering': ['started_at', 'id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('is_from_sender', models.BooleanField()),
                ('text', models.TextField(verbose_name='text')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('token_digest', models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='feedback.case')),
            ],
            options={
                'ordering': ['at', 'id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Rectification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('problem', models.TextField(verbose_name='problem')),
                ('measure', models.TextField(verbose_name='measure')),
                ('due_on', models.DateField(verbose_name='due on')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rectifications', to='feedback.case')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('responsible_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rectifications', to='organizations.unit', verbose_name='responsible unit')),
            ],
            options={
                'verbose_name': 'rectification',
                'verbose_name_plural': 'rectifications',
                'ordering': ['recorded_at', 'id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Proof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='proof')),
                ('filename', models.CharField(blank=True, max_length=150, verbose_name='file name')),
                ('done_at', models.DateTimeField(verbose_name='reported done at')),
                ('done_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosures.storedfile')),
                ('rectification', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proofs', to='feedback.rectification')),
            ],
            options={
                'ordering': ['done_at', 'id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text', models.TextField(verbose_name='answer to the sender')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('published_question', models.TextField(blank=True, verbose_name='question as published')),
                ('published_text', models.TextField(blank=True, verbose_name='answer as published')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='feedback.case')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['at', 'id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_ok', models.BooleanField(verbose_name='put right')),
                ('remark', models.TextField(blank=True, verbose_name='remark')),
                ('verified_at', models.DateTimeField(verbose_name='verified at')),
                ('proof', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='verification', to='feedback.proof')),
                ('verified_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['verified_at', 'id'],
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['unit', 'state', 'received_at'], name='case_by_unit_state'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['item', 'received_at'], name='case_by_item'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['opinion', 'question', 'problem', 'complaint', 'site_error', 'disclosure_request']), ('sender_kind__in', ['member', 'public']), ('state__in', ['received', 'accepted', 'investigating', 'answered', 'rectifying', 'rectified', 'verified', 'declined', 'closed'])), name='case_words_known', violation_error_message='Choose one of the values offered.'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', True), ('accepted_by__isnull', True)), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False)), _connector='OR'), name='case_acceptance_has_person_and_time', violation_error_message='An acceptance needs a person and a time.'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True)), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), models.Q(models.Q(('state', 'closed'), ('closed_at__isnull', False)), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at__isnull', True)), _connector='OR')), name='case_closing_has_person_and_time', violation_error_message='A closed case needs a person and a time.'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('declined_at__isnull', False), ('declined_by__isnull', False), ('state', 'declined'), models.Q(('decline_reason', ''), _negated=True)), models.Q(models.Q(('state', 'declined'), _negated=True), ('decline_reason', ''), ('declined_at__isnull', True), ('declined_by__isnull', True)), _connector='OR'), name='case_declining_has_person_time_and_reason', violation_error_message='A declined case needs a person, a time and a reason.'),
        ),
        migrations.AddConstraint(
            model_name='investigation',
            constraint=models.UniqueConstraint(condition=models.Q(('finished_at__isnull', True)), fields=('case',), name='one_open_investigation_a_case'),
        ),
        migrations.AddConstraint(
            model_name='investigation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('findings', ''), ('finished_at__isnull', True)), models.Q(('finished_at__gte', models.F('started_at')), ('finished_at__isnull', False), models.Q(('findings', ''), _negated=True)), _connector='OR'), name='finished_investigation_has_findings', violation_error_message='A finished investigation needs its findings.'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('by__isnull', True), ('is_from_sender', True), ('token_digest__isnull', False)), models.Q(('by__isnull', False), ('is_from_sender', False), ('token_digest__isnull', True)), _connector='OR'), name='message_is_of_sender_or_office', violation_error_message='A message comes from the sender or from a person of the office.'),
        ),
        migrations.AddConstraint(
            model_name='proof',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('file__isnull', True), ('filename', '')), models.Q(('file__isnull', False), models.Q(('filename', ''), _negated=True)), _connector='OR'), name='proof_file_has_name', violation_error_message='A file needs its name.'),
        ),
        migrations.AddIndex(
            model_name='reply',
            index=models.Index(fields=['-published_at', '-id'], name='reply_newest_published'),
        ),
        migrations.AddConstraint(
            model_name='reply',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('published_by__isnull', True)), models.Q(('published_at__isnull', False), ('published_by__isnull', False), models.Q(('published_question', ''), _negated=True), models.Q(('published_text', ''), _negated=True)), _connector='OR'), name='published_reply_has_both_texts', violation_error_message='A published answer needs its question and its text.'),
        ),
        migrations.AddConstraint(
            model_name='verification',
            constraint=models.CheckConstraint(condition=models.Q(('is_ok', True), models.Q(('remark', ''), _negated=True), _connector='OR'), name='failed_verification_says_why', violation_error_message='Say what is not put right yet.'),
        ),
        InstallTriggers('feedback'),
    ]
