"""Who is complained about, transfers, identities opened by two, answers published after a review, demands."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from audit.triggers import InstallTriggers


class Migration(migrations.Migration):

    dependencies = [
        ('disclosures', '0015_content_version'),
        ('feedback', '0003_sending'),
        ('organizations', '0003_substitutions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='IdentityDestruction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('destroyed_at', models.DateTimeField(verbose_name='destroyed at')),
                ('identity', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='destruction', to='feedback.identity')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='IdentityRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(verbose_name='reason')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='identity_requests', to='feedback.case')),
            ],
            options={
                'ordering': ['asked_at', 'id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='IdentityOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField(verbose_name='opened at')),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='opening', to='feedback.identityrequest')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='IdentityDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_granted', models.BooleanField(verbose_name='granted')),
                ('remark', models.TextField(blank=True, verbose_name='remark')),
                ('decided_at', models.DateTimeField(verbose_name='decided at')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='feedback.identityrequest')),
            ],
            options={
                'ordering': ['decided_at', 'id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('question', models.TextField(verbose_name='question as published')),
                ('text', models.TextField(verbose_name='answer as published')),
                ('digest', models.CharField(max_length=64)),
                ('findings', models.JSONField(default=list)),
                ('kept_because', models.TextField(blank=True, verbose_name='why what was found stays')),
                ('proposed_at', models.DateTimeField(verbose_name='proposed at')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reply', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='feedback.reply')),
            ],
            options={
                'ordering': ['proposed_at', 'id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='PublicationReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_ok', models.BooleanField(verbose_name='to be published')),
                ('remark', models.TextField(blank=True, verbose_name='remark')),
                ('reviewed_at', models.DateTimeField(verbose_name='reviewed at')),
                ('publication', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='review', to='feedback.publication')),
                ('reviewed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['reviewed_at', 'id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='RectificationDemand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('correction', 'Correct the item'), ('after', 'Disclose the result in an item of the phase “after”')], max_length=15, verbose_name='what has to be disclosed')),
                ('fulfilled_at', models.DateTimeField(blank=True, null=True, verbose_name='fulfilled at')),
                ('fulfilled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosures.item')),
                ('rectification', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='demand', to='feedback.rectification')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Retraction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('publication', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='retraction', to='feedback.publication')),
            ],
            options={
                'ordering': ['at', 'id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_name', models.CharField(blank=True, max_length=100, verbose_name='person complained about')),
                ('named_by', models.CharField(choices=[('sender', 'the sender'), ('office', 'the office')], max_length=10, verbose_name='named by')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='targets', to='feedback.case')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.unit', verbose_name='unit complained about')),
            ],
            options={
                'ordering': ['at', 'id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='feedback.case')),
                ('from_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.unit', verbose_name='from unit')),
                ('to_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.unit', verbose_name='to unit')),
            ],
            options={
                'ordering': ['at', 'id'],
                'default_permissions': (),
            },
        ),
        migrations.AddConstraint(
            model_name='identityrequest',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='identity_request_says_why', violation_error_message='Give the reason.'),
        ),
        migrations.AddConstraint(
            model_name='identitydecision',
            constraint=models.CheckConstraint(condition=models.Q(('is_granted', True), models.Q(('remark', ''), _negated=True), _connector='OR'), name='refused_identity_request_says_why', violation_error_message='Say why it is refused.'),
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('question', ''), _negated=True), models.Q(('text', ''), _negated=True)), name='publication_has_both_texts', violation_error_message='A published answer needs its question and its text.'),
        ),
        migrations.AddConstraint(
            model_name='publicationreview',
            constraint=models.CheckConstraint(condition=models.Q(('is_ok', True), models.Q(('remark', ''), _negated=True), _connector='OR'), name='returned_publication_says_why', violation_error_message='Say what has to be changed.'),
        ),
        migrations.AddConstraint(
            model_name='rectificationdemand',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('fulfilled_at__isnull', True), ('fulfilled_by__isnull', True)), models.Q(('fulfilled_at__isnull', False), ('fulfilled_by__isnull', False)), _connector='OR'), models.Q(models.Q(('fulfilled_at__isnull', True), ('item__isnull', True)), models.Q(('fulfilled_at__isnull', False), ('item__isnull', False)), _connector='OR')), name='fulfilled_demand_has_item_person_and_time', violation_error_message='A fulfilled demand needs its item, a person and a time.'),
        ),
        migrations.AddConstraint(
            model_name='retraction',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='retraction_says_why', violation_error_message='Give the reason.'),
        ),
        migrations.AddIndex(
            model_name='target',
            index=models.Index(fields=['person_name'], name='target_by_name'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.CheckConstraint(condition=models.Q(('unit__isnull', False), models.Q(('person_name', ''), _negated=True), ('person__isnull', False), _connector='OR'), name='target_names_someone', violation_error_message='Name a unit or a person.'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('by__isnull', True), ('named_by', 'sender')), models.Q(('by__isnull', False), ('named_by', 'office')), _connector='OR'), name='target_named_by_sender_or_a_person', violation_error_message='The office names somebody by one of its people.'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('from_unit', models.F('to_unit')), _negated=True), models.Q(('reason', ''), _negated=True)), name='transfer_leads_elsewhere_with_reason', violation_error_message='A transfer needs another unit and a reason.'),
        ),
        InstallTriggers('feedback'),
    ]
