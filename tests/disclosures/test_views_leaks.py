"""What is hidden leaves no trace: no word, no count, no difference to what never existed (P1–P7)."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from disclosures.models import Attachment
from tests.disclosures.board import CANARY, addresses, at_hour, attached, hidden_items, withdrawn
from tests.people import approved, correction, draft, person, released

pytestmark = pytest.mark.usefixtures("house")


def bodies(client, paths):
    return {path: body_of(client.get(path)) for path in paths}


def body_of(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_canary_in_hidden_items_occurs_on_no_anonymous_page_feed_sitemap_or_search(client):
    with at_hour():
        hidden = hidden_items()
        to_withdraw = hidden["withdrawn"].releases.get()
    with at_hour(1):
        withdrawn(to_withdraw)
        pages = bodies(client, addresses())

    for path, body in pages.items():
        assert CANARY not in as_asked(body), path
    numbers = [hidden[name].number for name in (*HIDDEN, "withdrawn")]
    assert not any(number.encode() in body for number in numbers for body in pages.values())


def as_asked(body: bytes) -> str:
    """A page without the words that the search repeats."""
    text = body.decode().replace(f'value="{CANARY}"', "").replace(f"<title>{CANARY} ·", "")
    return text.replace(f"· {CANARY}</title>", "")


def test_hidden_items_leave_every_page_and_count_byte_for_byte_as_it_was(client):
    with at_hour():
        released(draft(title="早先的通报"))
        before = bodies(client, addresses())
        hidden = hidden_items()
    with at_hour(1):
        withdrawn(hidden["withdrawn"].releases.get())
        withdrawn(hidden["correction_in_review"].releases.get())
        after = bodies(client, addresses())

    assert [path for path in before if undated(before[path]) != undated(after[path])] == []


def undated(body: bytes) -> bytes:
    """A feed without the instant of its last change: something public was withdrawn, and that it may say."""
    return re.sub(rb"<updated>[^<]*</updated>|<lastBuildDate>[^<]*</lastBuildDate>", b"", body, count=1)


HIDDEN = ("in_review", "internal", "limited", "branch", "future", "internal_first")


def test_hidden_item_and_its_files_answer_exactly_like_a_number_that_never_existed(client):
    with at_hour():
        hidden = hidden_items()
        for path in ("disclosures:item", "disclosures:file"):
            asked = {}
            for name in (*HIDDEN, "never"):
                number = hidden[name].number if name != "never" else "JG-2026-222222"
                uid = Attachment.objects.filter(item__number=number).values_list("uid", flat=True).first()
                args = [number] if path.endswith("item") else [number, uid or uuid.uuid4()]
                asked[name] = answer_of(client, reverse(path, args=args), args)

            assert {code for code, *_rest in asked.values()} == {404}
            assert len(set(asked.values())) == 1


def answer_of(client, address, args):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    body = response.content.decode().replace(address, "<path>")
    headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}
    return response.status_code, len(queries), body, tuple(sorted(headers.items()))


def test_withdrawn_item_and_its_files_are_gone_without_a_word_of_them(client):
    with at_hour():
        release = released(attached(draft(title="撤下的通报")))
    with at_hour(1):
        withdrawn(release)
        uid = release.revision.attachments.get().uid
        number = release.item.number
        for address in (
            reverse("disclosures:item", args=[number]),
            reverse("disclosures:file", args=[number, uid]),
            reverse("disclosures:file", args=[number, uuid.uuid4()]),
        ):
            response = client.get(address)
            assert response.status_code == 410
            assert "撤下的通报" not in response.content.decode()
            assert CANARY not in response.content.decode()


def test_withdrawn_internal_item_is_gone_to_members_and_missing_to_the_public(client):
    with at_hour():
        release = released(draft(audience="internal"))
    with at_hour(1):
        number = withdrawn(release).item.number
        address = reverse("disclosures:item", args=[number])
        assert client.get(address).status_code == 404
        client.force_login(person("party_member"))
        assert client.get(address).status_code == 410


def test_file_is_served_only_while_the_item_is_open_and_only_when_published(client):
    with at_hour():
        item = approved(attached(attached(draft(audience="internal")), label="底稿", is_published=False))
        published, kept = item.current_revision.attachments.order_by("order")
        number = item.number
        open_file = reverse("disclosures:file", args=[number, published.uid])
        kept_file = reverse("disclosures:file", args=[number, kept.uid])
        for method in (client.get, client.head):
            assert method(open_file).status_code == 404
        client.force_login(person("party_member"))
        response = client.get(open_file)
        assert response.status_code == 200
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "attachment" in response["Content-Disposition"]
        assert "no-store" in response["Cache-Control"]
        assert not response.has_header("ETag")
        assert client.get(kept_file).status_code == 404
        assert client.head(open_file).status_code == 200
        assert client.post(open_file).status_code == 405


def test_file_of_an_earlier_text_dies_with_it(client):
    with at_hour():
        item = approved(attached(draft()))
        uid = item.current_revision.attachments.get().uid
        address = reverse("disclosures:file", args=[item.number, uid])
        assert client.get(address).status_code == 200
    with at_hour(1):
        changed = correction(item)
        Attachment.objects.filter(item=changed).delete()
        assert client.get(address).status_code == 200
        approved(changed)
    with at_hour(2):
        assert client.get(address).status_code == 404


def test_other_branch_sees_nothing_of_a_limited_item(client):
    with at_hour():
        item = approved(draft(audience="internal", branches=("ZB01",), title=CANARY))
        for name, sees in (("party_member", True), ("other_member", False)):
            client.force_login(person(name))
            for path in ("disclosures:board", "disclosures:items", "disclosures:internal", "disclosures:statistics"):
                assert (CANARY in client.get(reverse(path)).content.decode()) is (sees and "stat" not in path)
            assert client.get(item.get_absolute_url()).status_code == (200 if sees else 404)


def test_feeds_and_sitemap_hold_nothing_internal_even_for_members(client):
    with at_hour():
        item = approved(draft(audience="internal", title=CANARY))
        client.force_login(person("party_member"))
        for name in ("disclosures:feed", "disclosures:sitemap"):
            body = client.get(reverse(name)).content.decode()
            assert CANARY not in body
            assert item.number not in body


def test_attachment_presence_of_hidden_items_cannot_be_probed(client):
    with at_hour():
        item = approved(attached(draft(audience="internal")))
        known = item.current_revision.attachments.get().uid
        first, second = (
            client.get(reverse("disclosures:file", args=[item.number, uid])) for uid in (known, uuid.uuid4())
        )
        assert first.status_code == second.status_code == 404
        assert first.content.replace(str(known).encode(), b"") == second.content.replace(
            second.request["PATH_INFO"].split("/")[-2].encode(), b""
        )
