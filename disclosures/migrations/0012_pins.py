"""Items that the office puts at the top of a list."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('disclosures', '0011_stuck_reminders'),
        ('organizations', '0003_substitutions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Pin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('order', models.PositiveSmallIntegerField(verbose_name='order')),
                ('pinned_at', models.DateTimeField(verbose_name='pinned at')),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pins', to='disclosures.category', verbose_name='category')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pins', to='disclosures.item', verbose_name='item')),
                ('pinned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='pinned by')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pins', to='organizations.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'pin',
                'verbose_name_plural': 'pins',
                'ordering': ['category__order', 'unit__order', 'order', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('category__isnull', True), ('unit__isnull', True), _connector='OR'), name='pin_in_one_list', violation_error_message='Choose one list.'), models.UniqueConstraint(condition=models.Q(('category__isnull', True), ('unit__isnull', True)), fields=('item',), name='pin_once_on_the_front'), models.UniqueConstraint(fields=('item', 'category'), name='pin_once_a_category'), models.UniqueConstraint(fields=('item', 'unit'), name='pin_once_a_unit')],
            },
        ),
    ]
