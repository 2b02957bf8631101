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


ROUND_TRIP = """
import sys
import django
django.setup()
from django.core.management import call_command
for step in sys.argv[1:]:
    name, *arguments = step.split()
    call_command(name, *arguments, verbosity=0)
"""


def run(steps: list[str], folder: Path) -> None:
    """Run commands one after the other on a database of its own: a file of `folder`, or the server's own database."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PORTAL_DATA_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", ROUND_TRIP, *steps],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_forward_back_and_forward_again(tmp_path):
    check = "check --database default"
    back = [f"migrate {room} zero" for room in ROOMS]
    run(["migrate", check, *back, "migrate", check], tmp_path)


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
