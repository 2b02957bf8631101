"""People are told once of a step that nobody can decide."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0010_autosaves_and_thumbnails")]

    operations = [
        migrations.AlterField(
            model_name="stepreminder",
            name="kind",
            field=models.CharField(
                choices=[
                    ("due_soon", "Due on the next working day"),
                    ("overdue", "Overdue"),
                    ("stuck", "Nobody can decide it"),
                ],
                max_length=10,
            ),
        ),
    ]
