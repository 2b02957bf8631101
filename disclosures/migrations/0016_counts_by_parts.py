"""Triggers give each year a stamp of its own, so that numbers are kept up in parts."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from audit.triggers import install


def install_again(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers of this room in the place of those that stand."""
    install(schema_editor, "disclosures")


class Migration(migrations.Migration):

    dependencies = [
        ('disclosures', '0015_content_version'),
    ]

    operations = [
        migrations.RunPython(install_again, install_again),
    ]
