"""What the measurements rest on: CPU time of processes, and what a page needs on the wire."""

import os
import subprocess
import sys
import time

import pytest

from scripts import archives, bench, cpu, weigh

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


def test_environment_of_a_run_is_its_own(monkeypatch):
    monkeypatch.setenv("PORTAL_SITE_NAME", "elsewhere")
    monkeypatch.setenv("PORTAL_DATA_DIR", "elsewhere")
    monkeypatch.setenv("DEBUG", "1")
    assert not {"PORTAL_SITE_NAME", "PORTAL_DATA_DIR", "DEBUG"} & set(bench.environment_for())


def test_a_larger_archive_begins_with_the_next_smaller_one_that_is_ready(tmp_path):
    for size, is_ready in ((10, True), (20, True), (30, False), (50, True)):
        (tmp_path / str(size)).mkdir()
        (tmp_path / str(size) / "filled").write_text(str(size))
        if is_ready:
            (tmp_path / str(size) / "ready").touch()
    archives._copy_smaller(tmp_path, 40)
    assert (tmp_path / "40" / "filled").read_text() == "20"
    assert not (tmp_path / "40" / "ready").exists()
