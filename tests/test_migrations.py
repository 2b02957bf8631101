"""Migrations say all that models say, go forward and back, and leave every trigger standing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from audit.triggers import missing

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("feedback", "disclosures", "notifications", "audit", "organizations")


def manage(*arguments: str, folder: Path) -> str:
    """Run a command on a database of its own: a file of `folder`, or the server's own database, not the tests'."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PORTAL_DATA_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_forward_back_and_forward_again(tmp_path):
    manage("migrate", "-v0", folder=tmp_path)
    manage("check", "--database", "default", folder=tmp_path)
    for room in ROOMS:
        manage("migrate", room, "zero", "-v0", folder=tmp_path)
    manage("migrate", "-v0", folder=tmp_path)
    manage("check", "--database", "default", folder=tmp_path)


@pytest.mark.django_db
def test_every_trigger_stands_after_migrating():
    assert missing(connection) == []


def test_production_settings_pass_the_deploy_check(tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "a-long-key-of-a-server-0123456789-abcdefghijklmnopqrstuvwxyz",
        "PORTAL_IDENTITY_KEY": "aWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWk=",
        "ALLOWED_HOSTS": "www.example.gov.cn",
        "PORTAL_DATA_DIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
