import re

import pytest

from scripts.keys import ROOT

LOCKS = ["requirements.txt", "requirements/dev.txt"]
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", re.M)


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_locked_with_hashes(name):
    blocks = re.split(r"\n(?=[a-z0-9])", (ROOT / name).read_text())[1:]
    assert blocks and all("--hash=sha256:" in block for block in blocks)


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_index_and_no_machine(name):
    assert not re.search(r"://|--index-url|--find-links|/root|/home", (ROOT / name).read_text())


def test_tests_run_with_the_versions_that_serve():
    served, tested = (dict(PIN.findall((ROOT / name).read_text())) for name in LOCKS)
    assert served.items() <= tested.items()


def test_every_dependency_states_its_reason():
    lines = (ROOT / "requirements/runtime.in").read_text().splitlines()
    assert all("#" in line for line in lines if line.strip())
