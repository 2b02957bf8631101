"""What the measurements rest on: CPU time of processes, and what a page needs on the wire."""

import os
import subprocess
import sys
import time

import pytest

from scripts import bench, cpu, weigh

BUSY = "import time\nwhile time.process_time() < 0.4: pass\ninput()"


def test_cpu_of_a_tree_holds_its_children():
    child = subprocess.Popen([sys.executable, "-c", BUSY], stdin=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 20
        while cpu.of_tree(child.pid) < 0.3:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert cpu.of_tree(os.getpid()) >= cpu.of_tree(child.pid)
        assert cpu.of_machine() > cpu.of_tree(child.pid)
    finally:
        child.communicate(b"\n")


@pytest.mark.django_db
def test_a_page_is_weighed_with_its_style_sheets(live_server, house):
    weight = weigh.weigh(live_server.url + "/accounts/login/")
    assert weight.html > weight.html_gzip > 500
    assert weight.files >= 3
    assert weight.static_sent > 1000
    assert weight.sent == weight.html_sent + weight.static_sent


def test_quick_run_is_smaller(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["bench.py", "--quick", "--rounds", "2"])
    options = bench.read_options()
    assert (options.count, options.rounds, options.seconds) == ([1000], 2, 1)


def test_environment_of_a_run_is_its_own(monkeypatch, tmp_path):
    monkeypatch.setenv("PORTAL_SITE_NAME", "elsewhere")
    monkeypatch.setenv("DEBUG", "1")
    made = bench.environment_for("postgres://x", tmp_path)
    assert "PORTAL_SITE_NAME" not in made
    assert "DEBUG" not in made
    assert made["PORTAL_DATA_DIR"] == str(tmp_path / "data")
