"""What stands before every page: cookies that are not ours change nothing and are answered with none."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.policy import ANONYMOUS, POLICY
from tests.access.world import furnished_world

pytestmark = pytest.mark.usefixtures("house")

ODD = ["x", "", "a" * 31, "a" * 33, "a" * 63, "a" * 65, "-" * 32, "å" * 32, "a" * 31 + "\\000", "null"]


def addresses() -> list[str]:
    """Every address that anybody may read."""
    world = furnished_world()
    rows = {name: row for name, row in POLICY.items() if row.expected(ANONYMOUS) == 200}
    return [
        reverse(name, kwargs={key: world.args[value] for key, value in row.args.items()}) for name, row in rows.items()
    ]


def test_odd_tokens_of_forms_make_no_page_set_a_cookie_that_sets_none_without_them():
    pages = addresses()
    plain = [address for address in pages if not Client().get(address).cookies]
    assert {"/", "/items/", "/open-data/"} < set(plain)
    for turn, address in enumerate(plain):
        odd = ODD[turn % len(ODD)]
        response = Client().get(address, HTTP_COOKIE=f"csrftoken={odd}")
        assert not response.cookies, (address, odd)


@pytest.mark.parametrize("odd", ODD)
def test_no_odd_token_of_any_kind_sets_a_cookie(odd):
    assert not Client().get("/feeds/search/?q=x", HTTP_COOKIE=f"csrftoken={odd}").cookies


@pytest.mark.parametrize("odd", ODD)
def test_a_form_behind_an_odd_token_gets_a_new_one_that_works(odd):
    browser = Client(enforce_csrf_checks=True)
    given = browser.get("/accounts/login/", HTTP_COOKIE=f"csrftoken={odd}")
    assert len(given.cookies["csrftoken"].value) == 32
    token = str(given.context["csrf_token"])
    sent = browser.post("/accounts/login/", {"username": "x", "password": "y", "csrfmiddlewaretoken": token})
    assert sent.status_code == 400  # the password, not the token


def test_good_tokens_are_kept_by_the_forms_that_use_them():
    given = Client().get("/accounts/login/", HTTP_COOKIE=f"csrftoken={'a' * 32}")
    assert given.cookies["csrftoken"].value == "a" * 32
