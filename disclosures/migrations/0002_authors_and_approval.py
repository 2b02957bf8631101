"""Keeps who saved an item for good, and opens nothing that was not approved, on databases that stand already."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from audit.triggers import install


def install_again(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers of this room anew, those that came later included; going back leaves them standing."""
    install(schema_editor, "disclosures")


class Migration(migrations.Migration):

    dependencies = [("disclosures", "0001_initial")]

    operations = [migrations.RunPython(install_again, migrations.RunPython.noop)]
