"""Kept components: rendered once for the same values, never for values that only look the same."""

from dataclasses import dataclass

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from disclosure_portal.templatetags import pieces
from disclosures.views.rows import Row
from tests.people import unit

ROW = "components/item_row.html"


def line(**values) -> str:
    row = Row(**{"url": "/items/1/", "title": "关于经费", "date": None, **values})
    return Template('{% piece "components/item_row.html" row=row %}').render(Context({"row": row}))


@pytest.fixture
def rendered(monkeypatch):
    """The names of templates that were really rendered."""
    pieces._kept.cache_clear()
    names = []
    render = pieces._render
    monkeypatch.setattr(pieces, "_render", lambda name, values: names.append(name) or render(name, values))
    return names


def test_the_same_values_are_rendered_once(rendered):
    assert line(files=2) == line(files=2)
    assert rendered == [ROW]


def test_other_values_are_rendered_anew(rendered):
    assert line(files=2) != line(files=3)
    assert len(rendered) == 2


def test_safe_and_unsafe_text_of_the_same_letters_are_kept_apart():
    assert "<mark>经费</mark>" in line(title=mark_safe("<mark>经费</mark>"))
    assert "&lt;mark&gt;" in line(title="<mark>经费</mark>")
    assert "<mark>经费</mark>" in line(title=mark_safe("<mark>经费</mark>"))


def test_each_language_has_its_own():
    chinese = line(files=2)
    with translation.override("en"):
        assert "2 attachments" in line(files=2)
    assert line(files=2) == chinese


def test_a_piece_sees_nothing_else_of_the_page():
    source = '{% piece "components/item_row.html" row=row %}'
    row = Row("/items/1/", "关于经费", None)
    with_more = Template(source).render(Context({"row": row, "site": {"name": "别的"}, "forloop": {"last": True}}))
    assert with_more == Template(source).render(Context({"row": row}))


@dataclass
class Pair:
    left: object
    right: object


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, True), ("1", 1), ("a", SafeString("a")), ([1], [[1]]), (Pair(1, 2), Pair(2, 1)), ({"a": 1}, {"b": 1})],
)
def test_values_that_render_otherwise_have_other_keys(one, other):
    assert pieces.frozen(one) != pieces.frozen(other)


def test_keys_of_equal_values_are_equal():
    assert pieces.frozen({"rows": [Pair("a", None)]}) == pieces.frozen({"rows": (Pair("a", None),)})


def test_a_row_of_the_database_is_no_plain_value(house):
    with pytest.raises(TypeError, match="Unit"):
        pieces.frozen(unit("ZB01"))
