"""Names the person who answers for a rectification."""

from django.db import migrations, models

from audit.triggers import InstallTriggers, LiftTriggers


class Migration(migrations.Migration):

    dependencies = [("feedback", "0004_protection")]

    operations = [
        LiftTriggers("feedback"),
        migrations.AddField(
            model_name="rectification",
            name="responsible_person",
            field=models.CharField(blank=True, default="", max_length=60, verbose_name="responsible person"),
        ),
        InstallTriggers("feedback"),
    ]
