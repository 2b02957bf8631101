"""Absences with their substitutes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0002_working_days'),
    ]

    operations = [
        migrations.CreateModel(
            name='Substitution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='valid until (not included)')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='substitutions', to='organizations.appointment', verbose_name='appointment')),
                ('substitute', models.ForeignKey(blank=True, help_text='Left empty, the holder is away and nobody decides in this office.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='substitutions', to=settings.AUTH_USER_MODEL, verbose_name='substitute')),
            ],
            options={
                'verbose_name': 'absence and substitute',
                'verbose_name_plural': 'absences and substitutes',
                'ordering': ['-valid_from', 'id'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gt', models.F('valid_from')), _connector='OR'), name='substitution_ends_after_it_begins', violation_error_message='The last day must come after the first.'), models.CheckConstraint(condition=models.Q(('valid_until__isnull', False)), name='substitution_has_an_end', violation_error_message='Enter the day on which the holder is back.')],
            },
        ),
    ]
