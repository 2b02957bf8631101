"""All initials in the order of the search, and with them whether the public may ever find the document."""

from typing import Any

from django.db import migrations, models

from audit.triggers import InstallTriggers, LiftTriggers


def take_time(apps: Any, schema_editor: Any) -> None:
    """A million documents take longer than a page may."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET LOCAL statement_timeout = 0")


def mark_public(apps: Any, schema_editor: Any) -> None:
    """Take from the releases on which side the documents are."""
    documents, releases = apps.get_model("disclosures", "SearchDocument"), apps.get_model("disclosures", "Release")
    public = releases.objects.filter(public_from__isnull=False)
    documents.objects.filter(release__in=public.values("pk")).update(is_public=True)


class Migration(migrations.Migration):

    dependencies = [('disclosures', '0016_counts_by_parts')]

    operations = [
        migrations.RunPython(take_time, migrations.RunPython.noop),
        LiftTriggers('disclosures'),
        migrations.AddField('searchdocument', 'is_public', models.BooleanField(default=False)),
        migrations.RunPython(mark_public, migrations.RunPython.noop),
        migrations.AddIndex(
            'searchdocument',
            models.Index(fields=['-sort_key', 'initials', 'is_public'], name='search_initials_in_order'),
        ),
        InstallTriggers('disclosures'),
    ]
