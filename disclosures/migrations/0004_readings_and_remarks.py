"""Adds who read which revision, and remarks on single passages of a revision."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.triggers import InstallTriggers, LiftTriggers


class Migration(migrations.Migration):

    dependencies = [
        ('disclosures', '0003_remarks_and_sections'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        LiftTriggers("disclosures"),
        migrations.CreateModel(
            name='PassageRemark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('quote', models.CharField(max_length=500, verbose_name='passage')),
                ('before', models.CharField(blank=True, max_length=40)),
                ('after', models.CharField(blank=True, max_length=40)),
                ('position', models.PositiveIntegerField()),
                ('remark', models.CharField(max_length=1000, verbose_name='remark')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='passages', to='disclosures.decision')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='passages', to='disclosures.revision')),
            ],
            options={
                'verbose_name': 'remark on a passage',
                'verbose_name_plural': 'remarks on passages',
                'ordering': ['revision', 'position', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('quote', ''), _negated=True), models.Q(('remark', ''), _negated=True)), name='passage_remark_says_something', violation_error_message='A remark on a passage needs the passage and the remark.')],
            },
        ),
        migrations.CreateModel(
            name='RevisionReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_at', models.DateTimeField(verbose_name='first read at')),
                ('last_at', models.DateTimeField(verbose_name='last read at')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='disclosures.revision')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'reading of a revision',
                'verbose_name_plural': 'readings of revisions',
                'ordering': ['revision', 'id'],
                'constraints': [models.UniqueConstraint(fields=('revision', 'user'), name='revision_reading_once'), models.CheckConstraint(condition=models.Q(('last_at__gte', models.F('first_at'))), name='revision_reading_in_order', violation_error_message='The last reading cannot come before the first.')],
            },
        ),
        InstallTriggers("disclosures"),
    ]
