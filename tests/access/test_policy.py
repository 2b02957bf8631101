"""Every address × everyone, through HTTP, against the policy written by hand."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.policy import ALL, ANONYMOUS, POLICY, SUPERUSER
from tests.access.world import furnished_world, named
from tests.people import person


def test_every_address_has_a_row():
    assert set(named()) == set(POLICY)


def clients() -> dict[str, Client]:
    """One browser for each of `ALL`."""
    made = {}
    for name in ALL:
        made[name] = Client()
        if name != ANONYMOUS:
            made[name].force_login(person(name), backend="django.contrib.auth.backends.ModelBackend")
    return made


@pytest.mark.usefixtures("house")
def test_every_address_answers_everyone_as_the_policy_says():
    world, everyone = furnished_world(), None
    everyone = clients()
    wrong = []
    for name, row in POLICY.items():
        address = reverse(name, kwargs={key: world.args[value] for key, value in row.args.items()})
        for who, client in everyone.items():
            got, expected = client.get(address).status_code, row.expected(who)
            if got != expected:
                wrong.append(f"{name} for {who}: {got}, policy says {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.usefixtures("house")
def test_no_reading_address_takes_delete_or_trace():
    world = furnished_world()
    client = Client()
    client.force_login(person("examiner"), backend="django.contrib.auth.backends.ModelBackend")
    for name, row in POLICY.items():
        address = reverse(name, kwargs={key: world.args[value] for key, value in row.args.items()})
        for method in ("delete", "trace", "put"):
            status = getattr(client, method)(address).status_code
            assert status in (302, 403, 404, 405), f"{method} {name}: {status}"


@pytest.mark.usefixtures("house")
def test_superuser_flag_reads_nothing_that_is_not_public():
    furnished_world()
    client = Client()
    client.force_login(person(SUPERUSER), backend="django.contrib.auth.backends.ModelBackend")
    for name in ("admin:disclosures_item_changelist", "review:queue", "admin:audit_event_changelist"):
        assert client.get(reverse(name)).status_code == 403
