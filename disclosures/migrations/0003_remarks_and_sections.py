"""The section a draft belongs to, and the internal remarks on it."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from audit.triggers import InstallTriggers, LiftTriggers


class Migration(migrations.Migration):

    dependencies = [
        ('disclosures', '0002_authors_and_approval'),
        ('organizations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        LiftTriggers('disclosures'),
        migrations.AddField(
            model_name='item',
            name='section',
            field=models.ForeignKey(blank=True, help_text='Whose draft it is within the unit. Readers are not told, and it is not reviewed.', limit_choices_to={'kind': 'section'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.unit', verbose_name='drafting section'),
        ),
        migrations.CreateModel(
            name='ItemRemark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('by_name', models.CharField(max_length=50)),
                ('by_office', models.CharField(blank=True, max_length=100)),
                ('at', models.DateTimeField()),
                ('text', models.TextField(max_length=1000, verbose_name='remark')),
                ('passage', models.CharField(blank=True, max_length=300, verbose_name='passage it is about')),
                ('resolved_by_name', models.CharField(blank=True, max_length=50)),
                ('resolved_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='disclosures.item')),
                ('resolved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'internal remark',
                'verbose_name_plural': 'internal remarks',
                'ordering': ['at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('resolved_at__isnull', True), ('resolved_by__isnull', True)), models.Q(('resolved_at__isnull', False), ('resolved_by__isnull', False)), _connector='OR'), name='remark_resolved_by_someone_at_a_time', violation_error_message='Who settled a remark and when stand together.'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='remark_says_something', violation_error_message='Write the remark.')],
            },
        ),
        InstallTriggers('disclosures'),
    ]
