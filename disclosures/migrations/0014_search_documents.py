"""Documents of the search beside the releases, which lose their text, and the index of characters.

Documents of releases that are there already are written by `manage.py reindex`.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from audit.triggers import InstallTriggers, LiftTriggers
from disclosures.search import index


def make_index(apps: Any, schema_editor: Any) -> None:
    index.create(schema_editor.connection)


def drop_index(apps: Any, schema_editor: Any) -> None:
    index.drop(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [('disclosures', '0013_reads_by_day')]

    operations = [
        LiftTriggers('disclosures'),
        migrations.RemoveField('release', 'search_text'),
        InstallTriggers('disclosures'),
        migrations.CreateModel(
            name='SearchDocument',
            fields=[
                ('release', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='document', serialize=False, to='disclosures.release')),
                ('sort_key', models.BigIntegerField(unique=True)),
                ('title', models.TextField()),
                ('body', models.TextField()),
                ('initials', models.TextField(blank=True)),
                ('tokenizer_version', models.PositiveSmallIntegerField()),
            ],
            options={'verbose_name': 'document of the search', 'verbose_name_plural': 'documents of the search'},
        ),
        migrations.RunPython(make_index, drop_index),
    ]
