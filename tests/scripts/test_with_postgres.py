import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.debian import MissingPackage, install
from scripts.keys import ROOT

SHOW = "import os; print(os.environ['DATABASE_URL']); raise SystemExit(7)"


@pytest.mark.postgres
def test_server_goes_with_its_command(tmp_path):
    command = [sys.executable, ROOT / "scripts/with_postgres.py", "--", sys.executable, "-c", SHOW]
    done = subprocess.run(command, env={**os.environ, "TMPDIR": "/tmp"}, capture_output=True, text=True, check=False)
    assert done.returncode == 7, done.stderr
    folder = done.stdout.strip().removeprefix("postgres://portal@/").removesuffix("/postgres")
    assert folder.startswith("/tmp/portal-pg-")
    assert not Path(folder).exists()


def test_missing_package_is_named_in_one_sentence(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(MissingPackage, match="apt-get install chromium"):
        install("chromium")
