"""Why findings of the screening stay: reasons on the working copy, frozen findings on revisions."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.triggers import InstallTriggers


class Migration(migrations.Migration):

    dependencies = [
        ('disclosures', '0008_redactions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RevisionFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=32)),
                ('kind', models.CharField(max_length=20)),
                ('place', models.CharField(max_length=80)),
                ('where', models.CharField(blank=True, max_length=300)),
                ('excerpt', models.CharField(max_length=120)),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('by_name', models.CharField(max_length=50)),
                ('by_office', models.CharField(blank=True, max_length=100)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='disclosures.revision')),
            ],
            options={
                'verbose_name': 'finding of a revision',
                'verbose_name_plural': 'findings of revisions',
                'ordering': ['revision', 'id'],
                'constraints': [models.UniqueConstraint(fields=('revision', 'key'), name='revision_finding_once')],
            },
        ),
        migrations.CreateModel(
            name='ScreeningOverride',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=32)),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('by_name', models.CharField(max_length=50)),
                ('by_office', models.CharField(blank=True, max_length=100)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overrides', to='disclosures.item')),
            ],
            options={
                'verbose_name': 'reason to keep a finding',
                'verbose_name_plural': 'reasons to keep findings',
                'constraints': [models.UniqueConstraint(fields=('item', 'key'), name='override_once'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='override_says_why', violation_error_message='Give the reason.')],
            },
        ),
        InstallTriggers("disclosures"),
    ]
