"""The calendar of days off and make-up working days."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True, verbose_name='day')),
                ('kind', models.CharField(choices=[('holiday', 'Day off'), ('make_up', 'Make-up working day')], max_length=10, verbose_name='kind')),
                ('name', models.CharField(max_length=50, verbose_name='name')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source')),
            ],
            options={
                'verbose_name': 'day of the calendar',
                'verbose_name_plural': 'working-day calendar',
                'ordering': ['-day'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['holiday', 'make_up'])), name='calendar_day_kind_known', violation_error_message='Choose whether the day is off or worked.')],
            },
        ),
    ]
