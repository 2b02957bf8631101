"""Tables of sending: wishes, files, what staff enter, what senders say of answers, counters of the doors."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from audit.triggers import InstallTriggers


class Migration(migrations.Migration):

    dependencies = [
        ('disclosures', '0015_content_version'),
        ('feedback', '0002_clocks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RateCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('door', models.CharField(max_length=20)),
                ('key', models.CharField(blank=True, max_length=64)),
                ('since', models.BigIntegerField()),
                ('until', models.BigIntegerField(db_index=True)),
                ('count', models.BigIntegerField()),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('door', 'key', 'since'), name='rate_count_once')],
            },
        ),
        migrations.CreateModel(
            name='Wish',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('may_publish', models.BooleanField(verbose_name='the answer may be published')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='wish', to='feedback.case')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='CaseFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('filename', models.CharField(max_length=150, verbose_name='file name')),
                ('order', models.PositiveSmallIntegerField(verbose_name='order')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='feedback.case')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosures.storedfile')),
                ('message', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='files', to='feedback.message')),
            ],
            options={
                'ordering': ['order', 'id'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('case', 'order'), name='case_file_order_once')],
            },
        ),
        migrations.CreateModel(
            name='Intake',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('letter', 'Letter'), ('visit', 'Visit'), ('call', 'Telephone call'), ('meeting', 'Meeting'), ('box', 'Opinion box'), ('other', 'Other')], max_length=10, verbose_name='how it came')),
                ('arrived_on', models.DateField(verbose_name='arrived on')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place or meeting')),
                ('entered_at', models.DateTimeField(verbose_name='entered at')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='intake', to='feedback.case')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('channel__in', ['letter', 'visit', 'call', 'meeting', 'box', 'other'])), name='intake_channel_known', violation_error_message='Choose one of the values offered.')],
            },
        ),
        migrations.CreateModel(
            name='Reopening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(verbose_name='why it is not solved')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('was_closed_at', models.DateTimeField(blank=True, null=True, verbose_name='had been closed at')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reopenings', to='feedback.case')),
                ('reply', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reopening', to='feedback.reply')),
            ],
            options={
                'ordering': ['at', 'id'],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='reopening_says_why', violation_error_message='Say what is not solved.')],
            },
        ),
        migrations.CreateModel(
            name='Satisfaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[('solved', 'Solved'), ('partly', 'Partly solved'), ('not_solved', 'Not solved')], max_length=10, verbose_name='what the sender says')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='satisfactions', to='feedback.case')),
                ('reply', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='satisfaction', to='feedback.reply')),
            ],
            options={
                'ordering': ['at', 'id'],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('verdict__in', ['solved', 'partly', 'not_solved'])), name='satisfaction_verdict_known', violation_error_message='Choose one of the values offered.')],
            },
        ),
        InstallTriggers('feedback'),
    ]
