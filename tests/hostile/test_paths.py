"""Hostile values in the place of every argument of every address, in both languages: missing or bad, nothing else."""

from uuid import uuid4

import pytest
from django.urls import reverse

from tests.access.policy import POLICY
from tests.access.world import furnished_world
from tests.hostile.asking import Sweep, insider
from tests.hostile.markup import PROBE

pytestmark = pytest.mark.usefixtures("house")
HOSTILE = [
    "0",
    "-1",
    "1" * 19,
    "9" * 40,
    "1.5",
    "abc",
    "%00",
    "1%00",
    "%FF%FE",
    "%ED%A0%80",
    "%E5%85%AC%E5%BC%80",
    "%E2%80%AE1",
    "..%2f..%2fetc%2fpasswd",
    "..%5c..",
    "_00",
    "00000000-0000-0000-0000-000000000000",
    str(uuid4()).upper(),
    "x" * 5000,
    PROBE.replace("/", "%2f").replace("?", ""),
    "%27%20OR%201=1--",
    "%0d%0aSet-Cookie:x=y",
    "1%3Fq=1",
]
TEXT_ARGUMENTS = {"app_label"}


def hostile_addresses(world):
    """Each address once for each of its arguments and each hostile value, the other arguments being right."""
    for name, row in POLICY.items():
        given = {key: str(world.args[value]) for key, value in row.args.items()}
        address = reverse(name, kwargs=given)
        for value in given.values():
            before, found, after = address.rpartition(f"/{value}/")
            for bad in HOSTILE:
                if found and bad != value:
                    yield name, row, f"{before}/{bad}/{after}"


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_hostile_values_in_paths_are_missing_pages(prefix):
    world, sweep = furnished_world(), Sweep()
    for turn, (name, row, address) in enumerate(hostile_addresses(world)):
        if prefix and turn % 3:
            continue
        method = "post" if row.expected("examiner") == 405 or row.ok == 405 else "get"
        response = sweep.ask(insider(row), method, prefix + address)
        expected = {400, 404} | ({403} if row.expected(insider(row)) == 403 else set())
        sweep.must(response.status_code in expected, f"{name} {address[:120]}: {response.status_code}")
    sweep.verdict()


def test_hostile_paths_that_no_address_has():
    furnished_world()
    sweep = Sweep()
    for bad in HOSTILE:
        for lead in ("/", "/en/", "/admin/", "/static/", "/en/admin/", "/items/", "/m/"):
            response = sweep.ask("examiner", "get", f"{lead}{bad}")
            sweep.must(response.status_code in (301, 400, 404), f"{lead}{bad[:60]}: {response.status_code}")
    sweep.verdict()
