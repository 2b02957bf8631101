"""One portal behind a real nginx for all checks of a run."""

import json
from dataclasses import dataclass

import pytest

from scripts.debian import MissingPackage
from scripts.front import Place, find_nginx, place


@dataclass
class Furnished:
    """A place, and the addresses of what stands in it."""

    place: Place
    addresses: dict[str, str]


@pytest.fixture(scope="module")
def furnished():
    """A database of its own with one of everything."""
    with place() as made:
        said = made.python("from tests.front.world import make; print(make())")
        yield Furnished(made, json.loads(said.strip().splitlines()[-1]))


@pytest.fixture(scope="module")
def nginx():
    """Debian's nginx, installed where that is possible; what is merely not installed fails with a sentence."""
    try:
        return find_nginx()
    except MissingPackage as absent:
        pytest.fail(str(absent), pytrace=False)
