"""Limits of feedback, clocks, reminders, and disclosure on request."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from audit.triggers import InstallTriggers


class Migration(migrations.Migration):

    dependencies = [
        ('disclosures', '0015_content_version'),
        ('feedback', '0001_cases'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseClock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('accept', 'Acceptance'), ('reply', 'Answer'), ('decide', 'Decision on a request'), ('disclose', 'Disclosure of what was granted'), ('written_reason', 'Written reason of a refusal'), ('rectify', 'Putting right')], max_length=20)),
                ('starts_on', models.DateField()),
                ('last_day', models.DateField()),
                ('due_at', models.DateTimeField(db_index=True)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='clock', to='feedback.case')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Fulfilment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='fulfilment', to='feedback.case')),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosures.item')),
                ('reply', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='fulfilment', to='feedback.reply')),
            ],
            options={
                'ordering': ['at', 'id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='CaseLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('accept', 'Acceptance'), ('reply', 'Answer'), ('extension', 'Extension of the answer, at most'), ('decide', 'Decision on a request'), ('extended_decision', 'Decision on a request, extended, at most'), ('disclose', 'Disclosure of what was granted'), ('written_reason', 'Written reason of a refusal')], max_length=20, verbose_name='limit for')),
                ('working_days', models.PositiveSmallIntegerField(verbose_name='working days')),
                ('valid_from', models.DateField(verbose_name='for cases received from')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('set_at', models.DateTimeField(verbose_name='set at')),
                ('set_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set by')),
            ],
            options={
                'verbose_name': 'limit of feedback',
                'verbose_name_plural': 'limits of feedback',
                'ordering': ['step', '-valid_from', '-id'],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('step__in', ['accept', 'reply', 'extension', 'decide', 'extended_decision', 'disclose', 'written_reason']), ('working_days__gte', 1), ('working_days__lte', 250)), name='case_limit_is_sensible', violation_error_message='A limit has 1 to 250 working days.')],
            },
        ),
        migrations.CreateModel(
            name='ClockReminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('accept', 'Acceptance'), ('reply', 'Answer'), ('decide', 'Decision on a request'), ('disclose', 'Disclosure of what was granted'), ('written_reason', 'Written reason of a refusal'), ('rectify', 'Putting right')], max_length=20)),
                ('last_day', models.DateField()),
                ('stage', models.CharField(choices=[('soon', 'Due on the next working day'), ('today', 'Due today'), ('overdue', 'Overdue')], max_length=10)),
                ('sent_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='feedback.case')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('case', 'step', 'last_day', 'stage', 'recipient'), name='clock_reminder_once_a_person')],
            },
        ),
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('reply', 'Answer'), ('decide', 'Decision on a request')], max_length=20)),
                ('working_days', models.PositiveSmallIntegerField(verbose_name='working days more')),
                ('reason', models.TextField(verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='extension', to='feedback.case')),
            ],
            options={
                'ordering': ['at', 'id'],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('step__in', ['reply', 'decide']), ('working_days__gte', 1), models.Q(('reason', ''), _negated=True)), name='extension_has_days_and_reason', violation_error_message='An extension needs working days and a reason.')],
            },
        ),
        migrations.CreateModel(
            name='RequestDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('outcome', models.CharField(choices=[('granted', 'Granted'), ('part', 'Granted in part'), ('refused', 'Refused'), ('already', 'Already disclosed'), ('unclear', 'Unclear, to be completed')], max_length=10, verbose_name='outcome')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='request_decisions', to='feedback.case')),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosures.item')),
            ],
            options={
                'ordering': ['at', 'id'],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ['granted', 'part', 'refused', 'already', 'unclear']), models.Q(models.Q(('outcome__in', ('part', 'refused', 'unclear')), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR')), name='request_decision_has_reason', violation_error_message='Give the reason.'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'already'), ('item__isnull', False)), models.Q(models.Q(('outcome', 'already'), _negated=True), ('item__isnull', True)), _connector='OR'), name='request_names_what_is_disclosed', violation_error_message='Name the item that is disclosed already.'), models.UniqueConstraint(condition=models.Q(('outcome', 'unclear'), _negated=True), fields=('case',), name='one_final_decision_a_request')],
            },
        ),
        InstallTriggers('feedback'),
    ]
