"""How often an item was read, by day."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('disclosures', '0012_pins'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReadsByDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('count', models.PositiveIntegerField(verbose_name='times read')),
                ('item', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='disclosures.item', verbose_name='item')),
            ],
            options={
                'verbose_name': 'reads of a day',
                'verbose_name_plural': 'reads by day',
                'ordering': ['item', 'day'],
                'constraints': [models.UniqueConstraint(fields=('item', 'day'), name='reads_once_a_day')],
            },
        ),
    ]
