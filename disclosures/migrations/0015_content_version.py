"""The version of what public pages show, stamped by triggers, and indexes that keep lists quick at any size."""

from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from audit.triggers import install, remove


def lift(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the triggers of this room, those that write the version included."""
    remove(schema_editor, "disclosures")


def install_again(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create them anew: without the table of versions, those that stood before."""
    install(schema_editor, "disclosures")


class Migration(migrations.Migration):

    dependencies = [
        ('disclosures', '0014_search_documents'),
        ('organizations', '0003_substitutions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, install_again),
        migrations.CreateModel(
            name='ContentVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(max_length=40)),
                ('lane', models.PositiveSmallIntegerField()),
                ('stamp', models.BigIntegerField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.RemoveIndex(
            model_name='release',
            name='release_public_newest',
        ),
        migrations.RemoveIndex(
            model_name='release',
            name='release_public_category',
        ),
        migrations.RemoveIndex(
            model_name='release',
            name='release_public_unit',
        ),
        migrations.AddIndex(
            model_name='release',
            index=models.Index(condition=models.Q(('public_from__isnull', False)), fields=['-public_since', '-id'], include=('public_from', 'public_until'), name='release_public_newest'),
        ),
        migrations.AddIndex(
            model_name='release',
            index=models.Index(condition=models.Q(('public_from__isnull', False)), fields=['category', '-public_since', '-id'], include=('public_from', 'public_until'), name='release_public_category'),
        ),
        migrations.AddIndex(
            model_name='release',
            index=models.Index(condition=models.Q(('public_from__isnull', False)), fields=['unit', '-public_since', '-id'], include=('public_from', 'public_until'), name='release_public_unit'),
        ),
        migrations.AddIndex(
            model_name='release',
            index=models.Index(condition=models.Q(('is_focus', True), ('public_from__isnull', False)), fields=['-public_since', '-id'], include=('public_from', 'public_until'), name='release_public_focus'),
        ),
        migrations.AddIndex(
            model_name='release',
            index=models.Index(condition=models.Q(('public_from__isnull', False)), fields=['public_from'], name='release_opens'),
        ),
        migrations.AddIndex(
            model_name='release',
            index=models.Index(condition=models.Q(('public_until__isnull', False)), fields=['public_until'], name='release_closes'),
        ),
        migrations.AddConstraint(
            model_name='contentversion',
            constraint=models.UniqueConstraint(fields=('scope', 'lane'), name='content_version_once_a_lane'),
        ),
        migrations.RunPython(install_again, lift),
    ]
