"""Limits of review in working days, reminders sent once, and publications opened before their review is through."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.triggers import InstallTriggers, LiftTriggers

SHIPPED = {("bureau", 1): 2, ("bureau", 2): 3, ("branch", 1): 2, ("sensitive", 1): 5}


def give_limits(apps: Any, schema_editor: Any) -> None:
    """The shipped stages get their shipped limits; reviews under way have none and keep it so."""
    for (kind, order), days in SHIPPED.items():
        stages = apps.get_model("disclosures", "Stage").objects.filter(route__kind=kind, order=order)
        stages.filter(limit_working_days__isnull=True).update(limit_working_days=days)


class Migration(migrations.Migration):

    dependencies = [
        ('disclosures', '0005_screening'),
        ('organizations', '0002_working_days'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        LiftTriggers("disclosures"),
        migrations.CreateModel(
            name='StepReminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('due_soon', 'Due on the next working day'), ('overdue', 'Overdue')], max_length=10)),
                ('sent_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='release',
            name='urgent_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='opened urgently by'),
        ),
        migrations.AddField(
            model_name='release',
            name='urgent_by_office',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='release',
            name='urgent_confirmed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='urgency confirmed at'),
        ),
        migrations.AddField(
            model_name='release',
            name='urgent_reason',
            field=models.CharField(blank=True, max_length=500, verbose_name='reason for the urgency'),
        ),
        migrations.AddField(
            model_name='reviewstep',
            name='due_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='due until'),
        ),
        migrations.AddField(
            model_name='reviewstep',
            name='limit_working_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='stage',
            name='limit_working_days',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Left empty, the stage has no limit.', null=True, verbose_name='limit in working days'),
        ),
        migrations.AddIndex(
            model_name='release',
            index=models.Index(condition=models.Q(('urgent_by__isnull', False)), fields=['item'], name='release_urgent'),
        ),
        migrations.AddIndex(
            model_name='reviewstep',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['due_at'], name='open_steps_due'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('urgent_by__isnull', True), ('urgent_confirmed_at__isnull', True), ('urgent_reason', '')), models.Q(('urgent_by__isnull', False), models.Q(('urgent_reason', ''), _negated=True)), _connector='OR'), name='urgency_has_person_and_reason', violation_error_message='An urgent publication needs a person and a reason.'),
        ),
        migrations.AddField(
            model_name='stepreminder',
            name='recipient',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='stepreminder',
            name='step',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='disclosures.reviewstep'),
        ),
        migrations.AddConstraint(
            model_name='stepreminder',
            constraint=models.UniqueConstraint(fields=('step', 'recipient', 'kind'), name='step_reminder_once'),
        ),
        migrations.RunPython(give_limits, migrations.RunPython.noop),
        InstallTriggers("disclosures"),
    ]
