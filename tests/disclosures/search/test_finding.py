"""What is found, in which order, and that nothing invisible is found, counted or suggested."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from disclosures.generating import generate
from disclosures.models import FileText, Release, SearchDocument
from disclosures.search import finding, index, rebuilding, window
from disclosures.search.documents import index_file, index_release, place_above
from disclosures.search.finding import Asked, find, narrow
from disclosures.textnorm import query_words
from disclosures.visibility import PUBLIC, Reader
from tests.disclosures.board import START, at_hour, attached, withdrawn
from tests.people import draft, person, released

pytestmark = pytest.mark.usefixtures("house")
MEMBER = Reader(is_member=True)


def found(q: str, reader: Reader = PUBLIC, limit: int = 1000) -> list[int]:
    rows = Release.objects.visible_to(reader, timezone.now())
    asked = Asked(tuple(query_words(q)), is_public=not reader.reads_internal)
    return [row[1] for row in find(rows, asked, limit)]


def page(client, q: str, **more):
    return client.get(reverse("disclosures:search"), {"q": q, **more})


def test_agrees_with_substring_truth_in_content_and_order():
    for _done in generate(400, 5, timezone.localdate()):
        pass
    visible = Release.objects.visible_to(PUBLIC, timezone.now()).order_by("-document__sort_key")
    texts = list(visible.values_list("pk", "document__body"))
    dice = random.Random(4)
    for length in (1, 2, 3, 4, 6, 9, 15) * 6:
        body = dice.choice(texts)[1]
        begin = dice.randrange(len(body) - length)
        words = query_words(body[begin : begin + length])
        truth = [pk for pk, text in texts if all(word in text for word in words)]
        assert found(" ".join(words)) == (truth if words else [])
        assert found(" ".join(words), limit=20) == truth[:20] or not words


def test_phrases_joined_from_common_ones_agree_with_substring_truth():
    for _done in generate(200, 5, timezone.localdate()):
        pass
    visible = Release.objects.visible_to(PUBLIC, timezone.now()).order_by("-document__sort_key")
    texts = list(visible.values_list("pk", "document__body"))
    for number in range(8):
        (_one, first), (_other, second) = texts[number], texts[-1 - number]
        for q in (first[-40:-12] + second[-30:], second[-30:] * 3):
            words = query_words(q)
            assert found(q) == [pk for pk, text in texts if all(word in text for word in words)]


def test_narrow_finds_what_find_finds():
    release = released(draft(title="关于监督的通报"))
    rows = Release.objects.visible_to(PUBLIC, timezone.now())
    assert list(narrow(rows, Asked(("监督",)))) == [release]
    assert not narrow(rows, Asked(("没有",))).exists()


def test_a_phrase_of_common_pairs_that_occurs_nowhere_is_not_found():
    released(draft(title="公开党务", body="<p>党务工作，务公，公开透明</p>"))
    assert found("党务公开") == []


def test_no_word_is_found_across_two_lines():
    released(draft(body="<p>前面党务</p><p>公开后面</p>"))
    assert found("党务公开") == []


@pytest.mark.parametrize("q", ["黨內監督", "党内监督", "黨内監督"])
def test_traditional_and_simplified_are_one(q):
    release = released(draft(title="黨內监督情况"))
    assert found(q) == [release.pk]


def test_text_of_published_attachments_alone_is_searched():
    item = attached(attached(draft()), label="底稿", filename="底稿.png", is_published=False)
    release = released(item)
    for row in release.revision.attachments.all():
        FileText.objects.update_or_create(
            file=row.file,
            defaults={"state": "read", "parts": [{"kind": "body", "text": "评议结果"}], "changed_at": START},
        )
    index_file(release.revision.attachments.first().file)
    assert found("评议结果") == [release.pk]
    assert found("底稿") == []


def test_attachment_in_which_the_words_stand_is_named(client):
    release = released(attached(draft(), label="名单"))
    file = release.revision.attachments.get().file
    FileText.objects.filter(file=file).delete()
    FileText.objects.create(file=file, state="read", parts=[{"kind": "body", "text": "评议结果"}], changed_at=START)
    index_file(file)
    body = page(client, "评议结果").content.decode()
    assert "附件《名单》" in body and "<mark>评议结果</mark>" in body


def test_hidden_twins_are_not_found_counted_or_suggested(client):
    with at_hour():
        shown = released(draft(title="关于金丝雀的通报"))
        before = page(client, "金丝雀").content
        released(draft(title="关于金丝雀的通报", audience="internal"))
        closed = released(draft(title="关于金丝雀的通报"))
    with at_hour(1):
        withdrawn(closed)
        after = page(client, "金丝雀").content
        assert before == after
        assert found("金丝雀") == [shown.pk]
        assert len(found("金丝雀", MEMBER)) == 2
    client.force_login(person("party_member"))


def test_hidden_words_are_no_help_on_a_page_without_hits(client):
    with at_hour():
        before = page(client, "金丝雀报告").content
        released(draft(title="金丝雀", audience="internal"))
        assert page(client, "金丝雀报告").content == before
        assert page(client, "jsq").content.decode().count("金丝雀") == 0


def test_no_candidate_of_the_public_is_only_for_members():
    released(draft(title="金丝雀", audience="internal"))
    assert index.newest(connection, Asked(("金丝雀",)).grams, index.TOP, 10) == []
    assert len(index.newest(connection, Asked(("金丝雀",), is_public=False).grams, index.TOP, 10)) == 1


@pytest.mark.parametrize(("sample", "few", "largest"), [(9, 0, 9), (1, 0, 9), (1, 9, 9), (1, 9, 1)])
def test_no_title_read_for_its_initials_by_the_public_is_only_for_members(sample, few, largest, monkeypatch):
    for name, size in (("SAMPLE", sample), ("FEW", few), ("LARGEST", largest)):
        monkeypatch.setattr(finding, name, size)
    with at_hour():
        released(draft(title="金丝雀", audience="internal"))
    for days in (30, 31):
        with at_hour(days * 24):
            released(
                draft(title="金松山泉")
            )  # has both pairs of the letters, and so leads the search on to older titles
    for is_public, most in ((True, 0), (False, 1)):
        asked = Asked(initials="jsq", is_public=is_public)
        assert sum(len(keys) for keys in finding._with_initials(asked, index.TOP, 9)) == most


def test_initials_find_titles_where_no_text_holds_the_letters(client):
    with at_hour():
        released(draft(title="党务公开情况"))
        response = page(client, "dwgk")
    assert len(response.context["rows"]) == 1
    assert "拼音首字母" in response.content.decode()


def test_relevance_puts_titles_first(client):
    with at_hour():
        in_title = released(draft(title="关于评议工作的通报"))
    with at_hour(1):
        in_text = released(draft(title="别的通报", body="<p>评议工作</p>"))
        by_date = [row.url for row in page(client, "评议工作").context["rows"]]
        ranked = [row.url for row in page(client, "评议工作", order="relevance").context["rows"]]
    assert by_date == [in_text.get_absolute_url(), in_title.get_absolute_url()]
    assert ranked == by_date[::-1]


@pytest.mark.parametrize("order", ["", "relevance"])
def test_every_hit_stands_on_one_page(client, order):
    with at_hour():
        urls = {released(draft(title=f"第{number}号评议")).get_absolute_url() for number in range(45)}
        response, seen = page(client, "评议", **({"order": order} if order else {})), []
        while True:
            seen += [row.url for row in response.context["rows"]]
            if not response.context["pager"]["older_url"]:
                break
            response = client.get(response.context["pager"]["older_url"])
    assert len(seen) == 45 and set(seen) == urls


def test_numbers_beside_filters_count_the_hits(client):
    with at_hour():
        released(draft(title="评议一"))
        released(draft(title="评议二"))
        released(draft(title="别的"))
        response = page(client, "评议", year=2026)
    year = next(group for group in response.context["groups"] if group.label == "年度" or "年" in group.values[0].label)
    assert [value.count for value in year.values] == [2]
    assert response.context["count"] == 2


def test_word_that_sounds_the_same_is_offered_when_it_finds_something(client):
    with at_hour():
        released(draft(title="关于执行中央方针政策情况的通报"))
        response = page(client, "方真政策")
    assert [one["label"] for one in response.context["better"]] == ["方针政策"]


@pytest.mark.parametrize(
    "params", [{"order": "date"}, {"order": ["relevance", "relevance"]}, {"before": "x"}, {"after": "x"}]
)
def test_parameters_without_sense_are_refused(client, params):
    assert client.get(reverse("disclosures:search"), {"q": "评议", **params}).status_code == 400


def test_queries_of_a_page_do_not_grow_with_its_hits(client, django_assert_max_num_queries):
    with at_hour():
        for number in range(8):
            released(draft(title=f"第{number}号评议"))
        page(client, "评议")
        with django_assert_max_num_queries(3):  # the stamp of the content, the rows, their attachments
            page(client, "评议")


def test_what_was_asked_before_is_not_found_once_it_is_withdrawn(client):
    with at_hour():
        first, second = released(draft(title="评议一")), released(draft(title="评议二"))
        page(client, "评议")
        page(client, "评议", order="relevance")
    with at_hour(1):
        withdrawn(first)
        for more in ({}, {"order": "relevance"}):
            response = page(client, "评议", **more)
            assert [row.url for row in response.context["rows"]] == [second.get_absolute_url()]
            assert response.context["count"] == 1
            assert [value.count for group in response.context["groups"] for value in group.values] == [1, 1, 1]


def test_what_opens_later_is_found_from_then_on_and_never_before(client):
    with at_hour():
        released(draft(title="评议一"))
        planned = released(draft(title="评议二", planned_internal_from=START + timedelta(hours=5)))
        assert planned.public_from > START + timedelta(hours=4)
        assert page(client, "评议").context["count"] == 1
    with at_hour(24 * 30):
        assert page(client, "评议").context["count"] == 2


def test_no_document_stands_far_above_its_opening_where_a_search_begins():
    for _done in generate(300, 5, timezone.localdate()):
        pass
    rows = SearchDocument.objects.filter(release__public_since__isnull=False).select_related("release")
    assert rows.count() > 100
    assert all(row.sort_key < place_above(row.release.public_since) for row in rows)


def test_members_are_never_answered_from_what_the_public_asked(client):
    with at_hour():
        released(draft(title="评议一"))
        released(draft(title="评议二", audience="internal"))
        assert page(client, "评议").context["count"] == 1
        client.force_login(person("party_member"))
        assert page(client, "评议").context["count"] == 2
        client.logout()
        assert page(client, "评议").context["count"] == 1


def test_a_hit_belongs_to_the_year_that_began_at_local_midnight():
    midnight = timezone.make_aware(datetime(2026, 1, 1))
    years = window.new_years(timezone.get_current_timezone_name())
    assert years[2026 - window.YEARS[0]] == midnight
    assert years[2026 - window.YEARS[0]].tzinfo is UTC


def test_a_changed_text_leaves_nothing_of_the_old_one():
    release = released(draft(title="旧的金丝雀"))
    SearchDocument.objects.filter(pk=release.pk).update(body="别的")
    index.remove(connection, {})
    assert found("金丝雀") == []


def test_writing_twice_changes_nothing():
    release = released(draft(title="关于评议的通报"))
    before = SearchDocument.objects.values().get()
    index_release(Release.objects.get(pk=release.pk))
    assert SearchDocument.objects.values().get() == before
    assert found("评议") == [release.pk]
    assert rebuilding.problems() == []


def test_check_tells_of_a_missing_document_and_reindex_mends_it():
    released(draft(title="关于评议的通报"))
    call_command("reindex", "--check")
    SearchDocument.objects.update(tokenizer_version=0)
    with pytest.raises(CommandError, match="1 releases"):
        call_command("reindex", "--check")
    call_command("reindex", "--missing")
    assert len(found("评议")) == 1


def test_rebuild_ends_where_it_began():
    for _done in generate(30, 5, timezone.localdate()):
        pass
    before = found("的")
    call_command("reindex", "--rebuild")
    assert found("的") == before and before
    assert rebuilding.problems() == []


def test_reindex_looks_for_room_first(monkeypatch):
    released(draft())
    SearchDocument.objects.update(tokenizer_version=0)
    monkeypatch.setitem(rebuilding.BYTES_EACH, connection.vendor, 10**18)
    with pytest.raises(CommandError, match="MB are needed"):
        call_command("reindex")


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite keeps its index as it goes")
def test_the_index_is_made_at_the_end_of_a_bulk_load_though_something_was_indexed_before(monkeypatch):
    for count, is_indexed in ((10, True), (30, False)):
        for _done in generate(count, 5, timezone.localdate(), index=is_indexed):
            pass
    dropped, drop = [], index.drop_gin
    monkeypatch.setattr(index, "drop_gin", lambda used: (dropped.append(used), drop(used)))
    call_command("reindex", "--missing")
    assert dropped
    assert rebuilding.problems() == []
    call_command("reindex")
    assert len(dropped) == 1


@pytest.mark.parametrize("few", [0, 5])
@pytest.mark.parametrize("largest", [5, 8192])
@pytest.mark.parametrize("letters", ["gy", "ybgs", "yy", "gyyx", "qkqk", "bb"])
def test_initials_agree_with_truth_by_each_way(letters, largest, few, monkeypatch):
    for name, size in (("SAMPLE", 5), ("FEW", few), ("LARGEST", largest)):
        monkeypatch.setattr(finding, name, size)
    for _done in generate(60, 5, timezone.localdate()):
        pass
    visible = Release.objects.visible_to(PUBLIC, timezone.now()).order_by("-document__sort_key")
    truth = [pk for pk, initials in visible.values_list("pk", "document__initials") if letters in initials]
    rows = Release.objects.visible_to(PUBLIC, timezone.now())
    for limit in (1, 7, 1000):
        assert [row[1] for row in find(rows, Asked(initials=letters), limit)] == truth[:limit]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL chooses by size")
def test_common_initials_are_read_from_an_index_of_nothing_else():
    rows = SearchDocument.objects.filter(initials__contains="yy").order_by("-sort_key").values_list("sort_key")
    assert "USING COVERING INDEX search_initials_in_order" in rows.filter(sort_key__lt=10**15)[:9].explain()
