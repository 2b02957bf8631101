"""Open data: yearly files without live formulas, their schema, and the data of one item with its three answers."""

import csv
import io
import json
import re
from datetime import datetime

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from disclosures.models import FormOfDisclosure, Matter
from disclosures.open_data import files
from disclosures.open_data.fields import FIELDS, schema
from disclosures.open_data.records import Addresses
from tests.disclosures import feed_rules
from tests.disclosures.board import CANARY, HOUR, START, at_hour, attached, hidden_items, picture, withdrawn
from tests.people import (
    approved,
    branch_draft,
    correction,
    decided,
    draft,
    person,
    released,
    submitted,
    unit,
)

pytestmark = pytest.mark.usefixtures("house")
CSV, JSONL = "/open-data/items-2026.csv", "/open-data/items-2026.jsonl"
YEAR = 366 * 24


def body_of(response) -> str:
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode("utf-8")


def table(client, address=CSV) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body_of(client.get(address)).removeprefix("\ufeff"))))


def lines(client, address=JSONL) -> list[dict]:
    return [json.loads(line) for line in body_of(client.get(address)).splitlines()]


def faults(value, shape, where="") -> list[str]:
    """What of `value` breaks `shape`: as much of JSON Schema as ours uses; an unknown keyword is a fault too."""
    known = {"$schema", "$id", "title", "description", "type", "properties", "required", "additionalProperties"}
    known |= {"format", "enum", "items", "pattern", "minimum"}
    found = [f"{where}: keyword {word}" for word in set(shape) - known]
    kinds = {"string": str, "boolean": bool, "integer": int, "array": list, "object": dict, "null": type(None)}
    allowed = [shape["type"]] if isinstance(shape["type"], str) else shape["type"]
    if type(value) not in [kinds[kind] for kind in allowed]:
        return [*found, f"{where}: {value!r} is not {allowed}"]
    if isinstance(value, dict):
        found += [f"{where}.{name} missing" for name in set(shape["required"]) - set(value)]
        found += [f"{where}.{name} unknown" for name in set(value) - set(shape["properties"])]
        for name in set(value) & set(shape["properties"]):
            found += faults(value[name], shape["properties"][name], f"{where}.{name}")
    if isinstance(value, list):
        found += [fault for row in value for fault in faults(row, shape["items"], f"{where}[]")]
    if isinstance(value, str) and not fits(value, shape):
        found.append(f"{where}: {value!r}")
    return found


def fits(value: str, shape) -> bool:
    if "enum" in shape and value not in shape["enum"]:
        return False
    if "pattern" in shape and not re.search(shape["pattern"], value):
        return False
    if shape.get("format") == "date-time":
        return feed_rules.RFC3339.fullmatch(value) is not None
    if shape.get("format") == "date":
        return re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None
    return shape.get("format") != "uri" or value.startswith("http://testserver/")


def test_files_hold_a_year_of_public_items_in_the_order_of_their_opening(client):
    with at_hour():
        released(draft(title="一月里的事"))
        released(branch_draft(title="二月里的事"))
    with at_hour(YEAR):
        released(draft(title="来年的事"))
        assert [row["事项名称"] for row in table(client)] == ["一月里的事", "二月里的事"]
        assert [row["title"] for row in lines(client)] == ["一月里的事", "二月里的事"]
        assert [row["title"] for row in lines(client, "/open-data/items-2027.jsonl")] == ["来年的事"]


def test_year_begins_at_midnight_of_the_local_calendar(client):
    with at_hour((datetime(2027, 1, 1, tzinfo=START.tzinfo) - START) / HOUR):
        released(draft(title="元旦零点"))
        assert client.get(CSV).status_code == 404
        assert len(lines(client, "/open-data/items-2027.jsonl")) == 1


def test_every_line_keeps_the_schema_that_the_portal_gives_away(client):
    with at_hour():
        matter = Matter.objects.create(number="M-1", title="食堂改造", unit=unit("JG"))
        released(attached(draft(matter=matter, phase="before", is_focus=True, focus_reason="与您有关")))
        item = approved(draft())
    with at_hour(1):
        approved(correction(item))
        given = client.get("/open-data/schema.json")
        rows = lines(client)
    assert given["Content-Type"] == "application/schema+json; charset=utf-8"
    shape = json.loads(given.content)
    assert shape["$id"] == "http://testserver/open-data/schema.json"
    assert shape == json.loads(json.dumps(schema(shape["$id"])))
    assert [fault for row in rows for fault in faults(row, shape)] == []
    assert [list(row) for row in rows] == [[field.name for field in FIELDS]] * 2


def test_schema_refuses_what_is_not_by_the_rules(client):
    with at_hour():
        released(draft())
        (row,) = lines(client)
    for change in ({"is_focus": 1}, {"digest": "x"}, {"phase": "later"}, {"public_since": "2026"}, {"more": ""}):
        assert faults({**row, **change}, schema("")), change


def test_table_is_utf8_with_its_mark_for_spreadsheets_and_labels_of_the_language(client):
    with at_hour():
        released(draft())
        response = client.get(CSV)
        text = body_of(response)
        english = body_of(client.get(f"/en{CSV}"))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="items-2026.csv"'
    assert text.startswith("\ufeff索引号,事项名称,")
    assert english.startswith("\ufeffIndex number,Title,")
    assert english.partition("\r\n")[2] == text.partition("\r\n")[2]
    assert text.count("\r\n") == 2


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "＝", "＋", "－", "＠", " =", "\u3000=", "\u200b="])
def test_cell_that_a_spreadsheet_would_calculate_is_defused(start):
    assert files.defused(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


def test_no_cell_of_a_hostile_item_is_a_live_formula_and_the_data_keeps_the_words(client):
    evil = '=HYPERLINK("http://evil.example","点")'
    with at_hour():
        released(attached(draft(title=evil, document_number="@SUM(1)", basis="-1+1"), label="+1"))
        (row,) = table(client)
        (line,) = lines(client)
    assert not any(cell.startswith(files.FORMULA) for cell in row.values())
    assert row["事项名称"] == f"'{evil}"
    assert (line["title"], line["attachments"][0]["label"]) == (evil, "+1")


def test_files_tell_nothing_of_what_is_hidden(client):
    with at_hour():
        hidden = hidden_items()
        gone = hidden["withdrawn"].releases.get()
    with at_hour(1):
        withdrawn(gone)
        for text in (body_of(client.get(CSV)), body_of(client.get(JSONL))):
            assert CANARY not in text
            assert not any(
                item.number in text for name, item in hidden.items() if name not in PUBLIC_BEHIND and item.number
            )


PUBLIC_BEHIND = ("correction_in_review",)


def test_member_gets_the_public_file_and_nobody_stores_it(client, logged_in):
    with at_hour():
        approved(draft(audience="internal", title=CANARY))
        released(draft())
        stranger = body_of(client.get(JSONL))
        response = logged_in("party_member").get(JSONL)
        assert body_of(response) == stranger
    assert "no-store" in response["Cache-Control"]


def test_what_is_withdrawn_while_a_file_runs_is_not_in_its_rest(client, monkeypatch):
    monkeypatch.setattr(files, "BATCH", 1)
    with at_hour():
        released(draft(title="先"))
        second = released(draft(title="后"))
    with at_hour(1):
        stream = client.get(JSONL).streaming_content
        assert "先" in next(stream).decode()
        withdrawn(second)
        assert list(stream) == []


def test_each_batch_is_a_range_of_keys_with_the_same_number_of_queries(client, monkeypatch):
    monkeypatch.setattr(files, "BATCH", 2)
    with at_hour():
        for _each in range(5):
            released(attached(draft()))
        with CaptureQueriesContext(connection) as queries:
            rows = lines(client)
    assert len({row["number"] for row in rows}) == 5
    assert len([query for query in queries if "LIMIT" in query["sql"]]) == 3
    assert len(queries) <= 12  # three a batch, and three for the state that the tag stands for
    assert not any("OFFSET" in query["sql"] for query in queries)


def test_head_reads_no_more_than_the_first_batch(client):
    with at_hour():
        released(draft())
        with CaptureQueriesContext(connection) as queries:
            response = client.head(CSV)
    assert (response.status_code, b"".join(response.streaming_content)) == (200, b"")
    assert len(queries) <= 6


@pytest.mark.parametrize("path", ["items-2025.csv", "items-1026.csv", "items-2026.xls", "items-2026.CSV", "items-.csv"])
def test_years_without_items_and_other_formats_are_missing(client, path):
    with at_hour():
        released(draft())
        assert client.get(f"/open-data/{path}").status_code == 404


def test_page_offers_the_years_that_hold_something_and_explains_every_field(client, settings):
    settings.PORTAL_OPEN_DATA_TERMS = "请注明来源。"
    with at_hour():
        released(draft())
    with at_hour(2 * YEAR):
        released(draft())
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/open-data/").content.decode()
    offered = re.findall(r'<a href="/open-data/items-(\d{4})\.(csv|jsonl)"', page)
    assert offered == [("2028", "csv"), ("2028", "jsonl"), ("2026", "csv"), ("2026", "jsonl")]
    assert all(f"<code>{field.name}</code>" in page for field in FIELDS)
    assert "请注明来源。" in page
    assert 'href="/open-data/schema.json"' in page
    assert 'href="/open-data/item-schema.json"' in page
    assert all(word in page for word in ("撇号", "BOM", "1", "空格"))
    assert len(queries) == 3


def test_page_without_items_says_so(client):
    assert "items-" not in client.get("/open-data/").content.decode()


def item_data(client, number: str):
    return client.get(reverse("disclosures:item_data", args=[number]))


def test_data_of_an_item_holds_its_record_its_markup_its_files_and_its_dates(client):
    with at_hour():
        item = approved(attached(attached(draft(body="<p>正文</p>")), label="底稿", is_published=False))
    with at_hour(1):
        approved(correction(item, body="<p>更正</p>"))
        response = item_data(client, item.number)
    said = json.loads(response.content)
    assert response["Content-Type"] == "application/json"
    assert said["schema"] == "http://testserver/open-data/item-schema.json"
    given = client.get(said["schema"])
    assert given["Content-Type"] == "application/schema+json; charset=utf-8"
    shape = json.loads(given.content)
    assert shape["$id"] == said["schema"]
    assert faults(said, shape) == []
    assert faults({**said, "more": 1}, shape) and faults({**said, "releases": [{"number": 0}]}, shape)
    assert set(said) - {field.name for field in FIELDS} == {"id", "html", "releases", "schema"}
    assert (said["html"], said["text"]) == ("<p>更正</p>", "更正")
    assert said["id"] == f"urn:uuid:{item.uid}"
    file = picture()
    uid = item.current_revision.attachments.get(is_published=True).uid
    assert said["attachments"] == [
        {
            "label": "名单",
            "filename": "名单.png",
            "media_type": "image/png",
            "size": file.size,
            "sha256": file.sha256,
            "url": f"http://testserver/items/{item.number}/files/{uid}/",
        }
    ]
    assert said["digest"] == item.revisions.get(number=2).digest
    assert [row["public_until"] for row in said["releases"]] == [(START + HOUR).isoformat(), None]


def test_data_counts_the_texts_that_were_opened_and_not_what_came_back_from_review(client):
    with at_hour():
        item = draft()
        for _time in range(2):
            item = decided(submitted(item), "examiner", "return")
        item = approved(item)
        assert item.revisions.count() == 3
        only = json.loads(item_data(client, item.number).content)["releases"]
    with at_hour(1):
        item = decided(submitted(correction(item)), "examiner", "return")
        approved(item)
        both = json.loads(item_data(client, item.number).content)["releases"]
    assert [row["number"] for row in only] == [1]
    assert [row["number"] for row in both] == [1, 2]
    assert set(both[0]) == {"number", "internal_from", "public_from", "public_until"}


def test_data_gives_the_three_answers_as_json_without_a_word_of_the_item(client):
    with at_hour():
        hidden = hidden_items()
        gone = hidden["withdrawn"].releases.get()
    with at_hour(1):
        withdrawn(gone)
        response = item_data(client, gone.item.number)
        assert response.status_code == 410
        assert json.loads(response.content)["status"] == 410
        assert CANARY not in response.content.decode()
        answers = set()
        for name in ("internal", "limited", "branch", "future", "internal_first", "in_review", "never"):
            number = hidden[name].number if name in hidden else "JG-2026-222222"
            with CaptureQueriesContext(connection) as queries:
                response = item_data(client, number)
            answers.add((response.status_code, response.content, len(queries), tuple(sorted(response.headers.items()))))
    assert len(answers) == 1
    assert answers.pop()[0] == 404


def test_member_reads_the_data_of_an_internal_item_and_nobody_stores_it(client):
    with at_hour():
        item = approved(draft(audience="internal"))
        client.force_login(person("party_member"))
        response = item_data(client, item.number)
        assert json.loads(response.content)["public_since"] is None
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("tag", ["", "*"])
def test_what_a_program_has_is_not_sent_again_until_it_changes(client, tag):
    with at_hour():
        item = approved(draft())
        released(draft(planned_public_from=START + HOUR))
        addresses = [reverse("disclosures:item_data", args=[item.number]), CSV, JSONL]
        given = {address: client.get(address) for address in addresses}
        tags = {address: tag or response["ETag"] for address, response in given.items()}
        for address in addresses:
            again = client.get(address, headers={"If-None-Match": tags[address]})
            assert (again.status_code, again.content) == (304, b""), address
            assert given[address]["Cache-Control"] == "public, max-age=0, must-revalidate"
    if tag:
        return
    with at_hour(1):  # nothing is written: what was planned opens by itself
        for address in (CSV, JSONL):
            assert client.get(address, headers={"If-None-Match": tags[address]}).status_code == 200
        assert client.get(addresses[0], headers={"If-None-Match": tags[addresses[0]]}).status_code == 304
    with at_hour(2):
        withdrawn(item.releases.get())
        assert client.get(addresses[0], headers={"If-None-Match": tags[addresses[0]]}).status_code == 410


def test_files_of_other_kinds_languages_and_hosts_have_other_tags(client):
    with at_hour():
        released(draft())
        tags = [client.get(address)["ETag"] for address in (CSV, JSONL, f"/en{CSV}")]
    assert len(set(tags)) == 3


def test_cost_of_the_data_of_an_item_does_not_grow(client):
    with at_hour():
        item = approved(attached(draft()))
        with CaptureQueriesContext(connection) as first:
            item_data(client, item.number)
    with at_hour(1):
        approved(attached(correction(item), filename="又.png", file=picture("red")))
        with CaptureQueriesContext(connection) as second:
            item_data(client, item.number)
    assert len(first) == len(second) <= 6


def test_addresses_of_a_stream_outlive_its_request():
    addresses = Addresses.made_by(RequestFactory().get("/en/open-data/items-2026.csv").build_absolute_uri)
    assert addresses.of_item("JG-2026-AB") == "http://testserver/items/JG-2026-AB/"


def test_forms_are_told_by_their_codes(client):
    with at_hour():
        released(draft())
        (row,) = table(client)
    codes = FormOfDisclosure.objects.filter(code__in=("online_internal", "online_board")).values_list("code", flat=True)
    assert sorted(row["公开形式"].split()) == sorted(codes)
