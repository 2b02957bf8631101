"""The table of events and the triggers that keep it."""

import uuid

from django.db import migrations, models

from audit.triggers import InstallTriggers


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="identifier")),
                ("at", models.DateTimeField(verbose_name="time")),
                ("actor_username", models.CharField(max_length=150, verbose_name="account")),
                ("actor_name", models.CharField(blank=True, max_length=150, verbose_name="actor's name")),
                ("actor_office", models.CharField(blank=True, max_length=200, verbose_name="actor's office")),
                ("verb", models.CharField(max_length=80, verbose_name="verb")),
                ("subject_kind", models.CharField(max_length=80, verbose_name="kind of subject")),
                ("subject_ref", models.CharField(max_length=80, verbose_name="identifier of the subject")),
                ("subject_label", models.CharField(blank=True, max_length=200, verbose_name="subject's label")),
                ("unit_code", models.CharField(blank=True, max_length=64, verbose_name="unit code")),
                ("before", models.JSONField(blank=True, null=True, verbose_name="state before")),
                ("after", models.JSONField(blank=True, null=True, verbose_name="state after")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("version", models.CharField(default="1", max_length=8, verbose_name="format")),
                ("algorithm", models.CharField(default="sha-256", max_length=16, verbose_name="hash algorithm")),
                ("hash", models.CharField(max_length=64, verbose_name="hash")),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["subject_kind", "subject_ref", "at"], name="audit_event_subject"),
                    models.Index(fields=["unit_code", "at"], name="audit_event_unit"),
                    models.Index(fields=["at"], name="audit_event_at"),
                ],
            },
        ),
        InstallTriggers("audit"),
    ]
