"""Every page type is HTML without an error, said by the Nu checker; `scripts/check_html.py` fetches it."""

import pytest
from django.test import Client
from django.urls import reverse

from scripts.check_html import faults_of, find_checker
from tests.access.policy import ANONYMOUS, POLICY
from tests.access.world import furnished_world
from tests.disclosures.board import attached
from tests.hostile.asking import insider
from tests.people import correction, draft, person, released, submitted

pytestmark = pytest.mark.usefixtures("house")
BACKEND = "django.contrib.auth.backends.ModelBackend"
MORE = (
    "/items/?year=2026&category=resolutions&unit=JG /items/?q=通报 /search/?q=通报 /search/?q=没有的词 /items/?year=x"
    " /not-there/ /m/x /display/large/ /items/?after=x /feedback/new/?item=JG-2026-XXXXXX"
).split()
BODY = (
    "<h2>一、</h2><p>正文<strong>粗</strong><em>斜</em><u>线</u><br>下一行<a href='https://example.cn/?a=1&amp;b=2'>链接</a></p>"
    "<h3>（一）</h3><ul><li><p>条</p><ol start='3'><li><p>款</p></li></ol></li></ul><blockquote><p>引</p></blockquote>"
    "<table><tbody><tr><th colspan='2'><p>表头</p></th></tr><tr><td rowspan='1'><p>甲</p></td><td><p>乙</p></td></tr>"
    "</tbody></table>"
)

OF_DJANGO = (  # what the stock templates of Django's admin write, word by word
    "A table row was 2 columns wide, which is less than the column count established by the first row (3).",
    'Attribute “disabled” not allowed on element “div” at this point.  <div disabled aria-describedby="id_password',
    "No “p” element in scope but a “p” end tag seen.  </li></ul></p> </d",
)


@pytest.fixture
def checker():
    jar = find_checker()
    if jar is None:
        pytest.skip("The Nu HTML checker is not here. Fetch it with: .venv/bin/python scripts/check_html.py")
    return jar


def client_of(who: str) -> Client:
    client = Client(raise_request_exception=False)
    if who != ANONYMOUS:
        client.force_login(person(who), backend=BACKEND)
    return client


def page_of(response) -> str:
    is_page = response.get("Content-Type", "").startswith("text/html") and not response.streaming
    return response.content.decode() if is_page else ""


def rendered(addresses: list[str], who: str) -> dict[str, str]:
    """The pages among the answers, by address and reader."""
    client = client_of(who)
    pages = {f"{address} as {who}": page_of(client.get(address)) for address in addresses}
    return {name: page for name, page in pages.items() if page}


def policy_addresses(world, is_admin: bool) -> dict[str, list[str]]:
    """Every address of the policy by the reader who gets furthest."""
    found: dict[str, list[str]] = {}
    for name, row in POLICY.items():
        if row.is_admin is is_admin:
            address = reverse(name, kwargs={key: world.args[value] for key, value in row.args.items()})
            found.setdefault(ANONYMOUS if ANONYMOUS in row.allowed else insider(row), []).append(address)
    return found


def test_every_public_page_is_valid_html(checker):
    world = furnished_world()
    item = released(attached(draft(title='长<题>"&"', body=BODY, is_focus=True, focus_reason="与您&有关"))).item
    submitted(correction(item))
    pages = {}
    for who, addresses in policy_addresses(world, is_admin=False).items():
        pages |= rendered([*addresses, *(f"/en{address}" for address in addresses if "." not in address)], who)
    extra = [*MORE, item.get_absolute_url(), f"/en{item.get_absolute_url()}"]
    pages |= rendered(extra, ANONYMOUS) | rendered(["/", item.get_absolute_url(), "/internal/"], "party_member")
    assert len(pages) > 50
    found = faults_of(pages, checker)
    assert not found, "\n".join(found)


def test_every_page_of_the_desk_is_valid_html(checker):
    world, pages = furnished_world(), {}
    for who, addresses in policy_addresses(world, is_admin=True).items():
        pages |= rendered(addresses, who)
    assert len(pages) > 40
    found = [fault for fault in faults_of(pages, checker) if not any(known in fault for known in OF_DJANGO)]
    assert not found, "\n".join(found)


def test_checker_finds_a_fault(checker):
    page = '<!DOCTYPE html><html lang="en"><head><title>x</title></head><body><p><div></div></p></body></html>'
    assert faults_of({"page": page}, checker)
