"""On English pages every Chinese word carries its language (WCAG 3.1.2)."""

import re
from html.parser import HTMLParser

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils import translation

from tests.people import draft, person, released, submitted

HAN = re.compile(r"[\u3400-\u9fff]")
VOID = {"meta", "link", "img", "input", "br", "hr", "wbr", "source"}
UNMARKED = {"title", "option", "textarea", "script"}  # hold no elements


class Unmarked(HTMLParser):
    """Collects Chinese text below no element that says so."""

    def __init__(self):
        super().__init__()
        self.open, self.found = [], []

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            self.open.append((tag, dict(attributes).get("lang", "")))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, text):
        said = next((lang for _tag, lang in reversed(self.open) if lang), "")
        if HAN.search(text) and not said.lower().startswith("zh") and not {tag for tag, _ in self.open} & UNMARKED:
            self.found.append(text.strip())


def unmarked(page):
    parser = Unmarked()
    parser.feed(page)
    return parser.found


def shown(source, language="en", **values):
    with translation.override(language):
        return Template(source).render(Context(values))


def test_only_the_chinese_run_is_marked_and_all_of_it_is_escaped():
    page = shown("{{ text|own_language }}", text="What belongs here: 执行中央方针、政策<情况>。 See 2012年.")
    assert page == (
        'What belongs here: <span lang="zh-Hans">执行中央方针、政策&lt;情况&gt;。</span> See '
        '<span lang="zh-Hans">2012年</span>.'
    )


def test_markup_is_marked_as_a_whole():
    assert shown("{{ text|safe|own_language }}", text="<b>党</b>") == '<span lang="zh-Hans"><b>党</b></span>'


def test_an_element_of_chinese_alone_takes_the_attribute():
    assert shown("<p{{ text|lang_mark }}></p>", text="党务") == '<p lang="zh-Hans"></p>'
    assert shown("<p{{ text|lang_mark }}></p>", text="Party") == "<p></p>"


@pytest.mark.parametrize("text", ["党务", "Party", "", None, 7])
def test_chinese_pages_stay_as_they_are(text):
    assert shown("{{ text|own_language }}{{ text|lang_mark }}", "zh-hans", text=text) == str(text)


@pytest.mark.django_db
@pytest.mark.usefixtures("house")
def test_public_pages_in_english_mark_every_chinese_word(client):
    number = released(draft(title="关于执行中央方针政策情况的通报（A股）", basis="《条例》")).item.number
    paths = "/ /items/ /catalogue/ /leading-group/ /statistics/ /about/ /site-map/ /units/ /feeds/ /feedback/"
    for path in [
        *paths.split(),
        f"/items/{number}/",
        "/search/?q=通报",
        "/search/?q=无",
        "/feedback/new/",
        "/nothing/",
    ]:
        page = client.get(f"/en{path}").content.decode()
        assert unmarked(page) == [], path


@pytest.mark.django_db
@pytest.mark.usefixtures("house")
def test_the_reviewed_text_in_english_is_marked(client):
    item = submitted(draft(title="关于执行中央方针政策情况的通报", basis="《条例》"))
    client.force_login(person("examiner"))
    page = client.get(f"/en{reverse('review:revision', args=[item.current_revision.uid])}").content.decode()
    assert item.title in page
    assert unmarked(page) == []
