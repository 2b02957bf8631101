"""A copy answers exactly as Django would at that instant, and only where it may."""

import gzip
from contextlib import contextmanager
from time import monotonic

import brotli
import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction

from disclosure_portal.page_copy import front
from disclosures.models import Category
from tests.disclosure_portal.page_copy.asking import SameConnection
from tests.disclosures.board import HOUR, START, at_hour, withdrawn
from tests.people import agreed, branch_draft, correction, draft, entry, released, submitted

BOARD = "/"
SESSION = f"{settings.SESSION_COOKIE_NAME}=abc"


def test_second_visit_is_answered_from_the_copy_with_the_same_bytes(site):
    released(draft())
    first, second = site.get(BOARD), site.get(BOARD)
    assert site.asked == 1
    assert first.body == second.body and first.headers == second.headers
    assert second.headers["Content-Length"] == str(len(second.body))


def test_copy_equals_what_django_answers(site, client):
    release = released(draft())
    for address in (BOARD, "/items/", release.get_absolute_url(), "/en/", f"/units/{release.unit.code}/"):
        site.get(address)
        assert site.get(address).text == client.get(address).text


@pytest.mark.parametrize(
    "address",
    [
        "/items/?category=none",
        "/items/?year=2026&category=organisation",
        "/items/?year=",
        "/items/?year=2026&year=2026",
        "/items/?year=2026&x=1",
        "/?x=1",
        "/search/?q=%e7%bb%8f",
        "/accounts/login/",
        "/feedback/track/",
        "/feedback/new/",
        "/healthz",
        "/items/none/",
        "/nowhere/",
        "/m/",
        "/items/?year=nonsense",
    ],
)
def test_errors_and_odd_addresses_are_never_kept(site, address):
    assert not site.is_copied(address)
    assert len(site.copies.store) == 0


@pytest.mark.parametrize(
    "address", ["/items/?year=2026", "/search/?q=%E7%BB%8F%E8%B4%B9", "/robots.txt", "/feeds/all/"]
)
def test_addresses_as_the_portal_writes_them_are_kept(site, address):
    assert site.is_copied(address)


@pytest.mark.parametrize(
    "headers",
    [{"HTTP_COOKIE": SESSION}, {"HTTP_AUTHORIZATION": "Basic x"}, {"HTTP_COOKIE": "display=<script>"}],
)
def test_nobody_with_a_session_is_answered_from_a_copy(site, headers):
    site.get(BOARD)
    assert not site.is_copied(BOARD, **headers)


def test_what_a_member_reads_stays_out_of_copies(site, client, logged_in):
    release = released(draft(audience="internal", title="党内的通报"))
    address = release.get_absolute_url()
    cookie = f"{settings.SESSION_COOKIE_NAME}={logged_in('party_member').cookies[settings.SESSION_COOKIE_NAME].value}"
    assert "党内的通报" in site.get(address, HTTP_COOKIE=cookie).text
    assert site.get(address).status == 404
    assert len(site.copies.store) == 0


def test_display_language_host_and_prefix_have_copies_of_their_own(site):
    plain = site.get(BOARD)
    large = site.get(BOARD, HTTP_COOKIE="display=large; other=1")
    assert 'class=" large"' in large.text and "class=" not in plain.text.split("<head>")[0]
    assert "/zwgk/" not in plain.text
    assert 'lang="en"' in site.get("/en/").text
    site.get(BOARD, HTTP_HOST="localhost")
    site.get(BOARD, SCRIPT_NAME="/zwgk")
    assert site.asked == 5


def test_other_cookies_make_no_difference(site):
    site.get(BOARD, HTTP_COOKIE="seen=1; csrftoken=x")
    site.get(BOARD)
    assert site.asked == 1


def test_head_is_answered_without_a_body(site):
    first, second = site.get(BOARD, method="HEAD"), site.get(BOARD, method="HEAD")
    assert first.body == second.body == b""
    assert second.headers["Content-Length"] == str(len(site.get(BOARD).body))
    assert site.asked == 1


def test_post_passes_by(site):
    site.get(BOARD)
    assert site.get(BOARD, method="POST").status == 403  # no form token


def test_known_tag_is_answered_with_304(site):
    tag = site.get(BOARD).headers["ETag"]
    answer = site.get(BOARD, HTTP_IF_NONE_MATCH=f'"other", {tag}')
    assert (answer.status, answer.body, answer.headers["ETag"]) == (304, b"", tag)
    assert "Content-Length" not in answer.headers
    assert site.get(BOARD, HTTP_IF_NONE_MATCH="*").status == 304  # as from Django


UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("GZIP;q=0.5", "gzip"), ("br;q=0, gzip", "gzip"), ("*", "gzip")],
)
def test_pages_asked_for_again_are_compressed_for_those_who_take_it(site, accepted, encoding):
    plain = site.get(BOARD, HTTP_ACCEPT_ENCODING=accepted)
    packed = site.get(BOARD, HTTP_ACCEPT_ENCODING=accepted)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == encoding
    assert packed.headers["Content-Length"] == str(len(packed.body))
    assert UNPACK[encoding](packed.body) == plain.body
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "gzip;q=0.000, *", "br;q=0, *;q=0", "brr, gzipped"])
def test_nobody_gets_what_he_does_not_take(site, accepted):
    plain = site.get(BOARD)
    site.get(BOARD, HTTP_ACCEPT_ENCODING="gzip")
    again = site.get(BOARD, HTTP_ACCEPT_ENCODING=accepted)
    assert ("Content-Encoding" not in again.headers, again.body) == (True, plain.body)


def test_both_encodings_of_a_page_count_for_the_store(site):
    for accepted in ("br", "br", "gzip", "gzip", "gzip"):
        site.get(BOARD, HTTP_ACCEPT_ENCODING=accepted)
    (copy, counted), *others = site.copies.store._copies.values()
    assert not others
    assert counted == copy.size == site.copies.store.bytes
    assert copy.size > len(copy.body) + sum(len(body) for _told, body in copy.squeezed.values()) > len(copy.body)


def test_new_release_shows_at_once_and_withdrawal_too(site):
    site.get(BOARD)
    release = released(draft(title="新的通报"))
    assert "新的通报" in site.get(BOARD).text
    assert site.get(release.get_absolute_url()).status == 200
    withdrawn(release)
    assert "新的通报" not in site.get(BOARD).text
    assert site.get(release.get_absolute_url()).status == 410


def test_change_by_raw_sql_shows_at_once(site):
    site.get(BOARD)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE disclosures_category SET name = '改过的名称'")
    assert "改过的名称" in site.get(BOARD).text


def test_change_rolled_back_costs_nothing(site):
    site.get(BOARD)
    with transaction.atomic():
        Category.objects.update(name="没有改成")
        transaction.set_rollback(True)
    assert site.is_copied(BOARD)


def test_correction_replaces_the_text(site):
    release = released(draft(title="原来的题目"))
    assert "原来的题目" in site.get(release.get_absolute_url()).text
    agreed(submitted(correction(release.item, title="更正的题目")))
    assert "更正的题目" in site.get(release.get_absolute_url()).text


def test_planned_opening_and_closing_need_no_change(site):
    with at_hour():
        times = {"planned_public_from": START + HOUR, "planned_public_until": START + 2 * HOUR}
        release = released(draft(title="按时的通报", **times))
    address = release.get_absolute_url()
    for hours, expected in ((0.5, 404), (0.9999, 404), (1, 200), (1.9999, 200), (2, 410), (0.5, 404)):
        with at_hour(hours):
            assert site.get(address).status == expected
            assert ("按时的通报" in site.get(BOARD).text) == (expected == 200)


def test_pages_are_made_anew_after_midnight(site):
    with at_hour(14.99):
        assert site.is_copied("/about/")
    with at_hour(15.01):
        before = site.asked
        site.get("/about/")
        assert site.asked == before + 1


def test_change_elsewhere_leaves_the_copies_of_a_category_and_an_item(site):
    here = released(branch_draft())
    addresses = here.get_absolute_url(), here.category.get_absolute_url(), here.unit.get_absolute_url()
    for address in (*addresses, BOARD):
        site.get(address)
    other = released(draft(entry=entry("C8-52")))
    assert other.category != here.category
    before = site.asked
    for address in addresses:
        site.get(address)
    assert site.asked == before
    site.get(BOARD)
    assert site.asked == before + 1


def test_store_stays_within_its_bytes(site):
    site.copies.store.most_bytes = 200_000
    for year in range(1900, 1960):
        site.get(f"/items/?year={year}")
    assert 0 < site.copies.store.bytes <= 200_000
    assert len(site.copies.store) < 60


@contextmanager
def away():
    """Take the database away from everyone."""

    def refuse(*args, **kwargs):
        raise OperationalError("away")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SameConnection, "_rows", refuse)
        patch.setattr(connection, "cursor", refuse)
        yield


def test_last_good_copy_serves_while_the_database_is_away(site):
    good = site.get(BOARD)
    with away():
        answer = site.get(BOARD)
    assert (answer.status, answer.body) == (200, good.body)
    assert answer.headers[front.MARK] == "database-away"
    assert int(answer.headers["Age"]) >= 0


def test_copy_of_a_text_withdrawn_since_never_serves(site):
    release = released(draft())
    address = release.get_absolute_url()
    site.get(address)
    withdrawn(release)
    site.get(BOARD)
    with away():
        assert site.get(address).status == 503


def test_page_without_a_copy_is_unavailable_while_the_database_is_away(site):
    with away():
        answer = site.get(BOARD)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "30")


def test_last_good_copy_serves_no_longer_than_a_minute(site):
    site.get(BOARD)
    site.copies.watch.confirmed -= 61
    with away():
        assert site.get(BOARD).status == 503


def test_last_good_copy_serves_only_inside_its_interval(site):
    with at_hour():
        release = released(draft(planned_public_until=START + HOUR))
        site.get(release.get_absolute_url())
    with away():
        with at_hour(0.999):
            site.copies.watch.confirmed = monotonic()
            assert site.get(release.get_absolute_url()).status == 200
        with at_hour(1):
            site.copies.watch.confirmed = monotonic()
            assert site.get(release.get_absolute_url()).status == 503


def test_copies_are_in_front_unless_the_settings_put_them_off(settings):
    assert front.with_copies(print) is print
    settings.PORTAL_PAGE_COPY = True
    assert isinstance(front.with_copies(print), front.PageCopies)
