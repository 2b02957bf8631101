"""Releases by the instant at which their text opened to the public: what the parts of the sitemap are cut by."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("disclosures", "0010_autosaves_and_thumbnails")]

    operations = [
        migrations.AddIndex("release", models.Index(fields=["public_from", "id"], name="release_public_opening")),
    ]
