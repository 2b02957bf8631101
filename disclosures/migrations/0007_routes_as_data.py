"""Routes become data that is edited: rules, chairs, versions; recusals and changes of the sensitive flag get rows."""

import django.db.models.deletion
from django.conf import settings
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from audit.triggers import InstallTriggers, LiftTriggers


def name_superior_steps(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Mark the steps made from the sensitive route, which were known by their name before; routes stay as they are."""
    stages = apps.get_model("disclosures", "Stage").objects.filter(route__kind="sensitive")
    steps = apps.get_model("disclosures", "ReviewStep").objects.filter(name__in=list(stages.values_list("name", flat=True)))
    steps.update(route_kind="sensitive")


class Migration(migrations.Migration):

    dependencies = [
        ('disclosures', '0006_limits_and_urgency'),
        ('organizations', '0003_substitutions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        LiftTriggers('disclosures'),
        migrations.AddField(
            model_name='decision',
            name='role',
            field=models.CharField(blank=True, max_length=30),
        ),
        migrations.AddField(
            model_name='reviewstep',
            name='chair_roles',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='reviewstep',
            name='route_kind',
            field=models.CharField(blank=True, choices=[('bureau', 'Items of the bureau'), ('branch', 'Items of a branch'), ('sensitive', 'Added for sensitive items')], max_length=12),
        ),
        migrations.AddField(
            model_name='reviewstep',
            name='route_version',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='reviewstep',
            name='rule',
            field=models.CharField(choices=[('one', 'One of them agrees'), ('count', 'The number below agrees'), ('all', 'Everyone appointed agrees'), ('chair', 'The number below agrees, the chair among them')], default='count', max_length=10),
        ),
        migrations.AddField(
            model_name='route',
            name='version',
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name='version'),
        ),
        migrations.AddField(
            model_name='stage',
            name='chair_roles',
            field=models.JSONField(blank=True, default=list, verbose_name='roles of the chair'),
        ),
        migrations.AddField(
            model_name='stage',
            name='rule',
            field=models.CharField(choices=[('one', 'One of them agrees'), ('count', 'The number below agrees'), ('all', 'Everyone appointed agrees'), ('chair', 'The number below agrees, the chair among them')], default='count', max_length=10, verbose_name='rule'),
        ),
        migrations.AlterField(
            model_name='decision',
            name='office_held',
            field=models.CharField(blank=True, max_length=110, verbose_name='office held'),
        ),
        migrations.AlterField(
            model_name='reviewstep',
            name='state',
            field=models.CharField(choices=[('waiting', 'Not yet reached'), ('open', 'Waiting for a decision'), ('approved', 'Approved'), ('returned', 'Returned'), ('cancelled', 'Not decided'), ('lifted', 'No longer required')], default='waiting', max_length=10, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='verdict',
            name='aspect',
            field=models.CharField(choices=[('content', 'Content'), ('scope', 'Scope of disclosure'), ('form', 'Form of disclosure'), ('secrecy', 'Secrecy'), ('accuracy', 'Accuracy'), ('necessity', 'Necessity')], max_length=20, verbose_name='aspect'),
        ),
        migrations.CreateModel(
            name='Recusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user_name', models.CharField(max_length=100)),
                ('reason', models.CharField(max_length=1000, verbose_name='reason')),
                ('at', models.DateTimeField()),
                ('recorded_by_name', models.CharField(max_length=100)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recusals', to='disclosures.item')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'recusal',
                'verbose_name_plural': 'recusals',
                'ordering': ['at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('item', 'user'), name='recusal_once')],
            },
        ),
        migrations.CreateModel(
            name='SensitivityChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('raise', 'Raised'), ('lower', 'Lowered')], max_length=5)),
                ('reason', models.CharField(max_length=1000, verbose_name='reason')),
                ('by_name', models.CharField(max_length=100)),
                ('at', models.DateTimeField()),
                ('confirmed_by_name', models.CharField(blank=True, max_length=100)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sensitivity_changes', to='disclosures.revision')),
            ],
            options={
                'verbose_name': 'change of the sensitive flag',
                'verbose_name_plural': 'changes of the sensitive flag',
                'ordering': ['at', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', True), ('kind', 'lower')), fields=('revision',), name='one_lowering_waits'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), ('kind', 'lower'), models.Q(('confirmed_by', models.F('by')), _negated=True)), _connector='OR'), name='lowering_confirmed_by_another')],
            },
        ),
        migrations.RunPython(name_superior_steps, migrations.RunPython.noop),
        InstallTriggers('disclosures'),
    ]
