"""Redactions with their revisions and files, and the doors in the triggers through which they mask earlier texts."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from audit.triggers import InstallTriggers, LiftTriggers


class Migration(migrations.Migration):

    dependencies = [
        ('disclosures', '0007_routes_as_data'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        LiftTriggers('disclosures'),
        migrations.CreateModel(
            name='Redaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('by_name', models.CharField(max_length=50)),
                ('by_office', models.CharField(blank=True, max_length=100)),
                ('at', models.DateTimeField()),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('kinds', models.JSONField(blank=True, default=list)),
                ('confirmed_by_name', models.CharField(blank=True, max_length=50)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('corrected_revision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='redaction', to='disclosures.revision')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redactions', to='disclosures.item', verbose_name='item')),
            ],
            options={
                'verbose_name': 'redaction',
                'verbose_name_plural': 'redactions',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RedactedRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redacted', to='disclosures.revision')),
                ('redaction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='disclosures.redaction')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='RedactedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(db_index=True, max_length=64)),
                ('filename_masked', models.CharField(max_length=150)),
                ('redaction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='disclosures.redaction')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddConstraint(
            model_name='redaction',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='redaction_has_reason', violation_error_message='Give the reason.'),
        ),
        migrations.AddConstraint(
            model_name='redaction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True), ('confirmed_by_name', '')), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), models.Q(('confirmed_by', models.F('by')), _negated=True)), _connector='OR'), name='redaction_confirmed_by_another', violation_error_message='Somebody else confirms a redaction.'),
        ),
        migrations.AddConstraint(
            model_name='redactedrevision',
            constraint=models.UniqueConstraint(fields=('redaction', 'revision'), name='redacted_revision_once'),
        ),
        migrations.AddConstraint(
            model_name='redactedfile',
            constraint=models.UniqueConstraint(fields=('redaction', 'sha256'), name='redacted_file_once'),
        ),
        InstallTriggers('disclosures'),
    ]
