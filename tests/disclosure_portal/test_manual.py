"""The operating manual: a page for each part, with pictures that are there, in both languages."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from disclosure_portal.manual import CHAPTERS
from organizations.models import Role
from tests.disclosures.admin_desk import at_desk

PICTURES = settings.BASE_DIR / "static" / "img" / "manual"
TEXTS = settings.BASE_DIR / "templates" / "admin" / "manual"
LANGUAGES = ("zh", "en")


def named_in(text: Path) -> list[str]:
    return re.findall(r'file="img/manual/([a-z_]+\.webp)"', text.read_text(encoding="utf-8"))


def test_every_role_has_its_page():
    assert {role for chapter in CHAPTERS for role in chapter.roles} == set(Role.values)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.slug)
def test_each_page_has_at_least_two_pictures_that_are_there(chapter, language):
    names = named_in(TEXTS / language / f"{chapter.slug}.html")
    assert len(names) >= 2
    for name in names:
        assert 1_000 < (PICTURES / name).stat().st_size <= 80_000, name


def test_no_picture_lies_there_unused():
    used = {name for language in LANGUAGES for text in (TEXTS / language).iterdir() for name in named_in(text)}
    assert used == {path.name for path in PICTURES.iterdir()}


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.slug)
def test_page_is_shown_with_alternative_texts(chapter, prefix):
    page = at_desk("auditor").get(f"{prefix}/admin/manual/{chapter.slug}/").content.decode()
    pictures = re.findall(r'<img src="[^"]*img/manual/[^"]*" alt="([^"]*)"', page)
    assert pictures and all(len(words) > 5 for words in pictures)


@pytest.mark.usefixtures("house")
def test_own_page_comes_first_and_the_first_page_leads_there():
    client = at_desk("secretary")
    page = client.get("/admin/manual/").content.decode()
    assert page.index("/admin/manual/secretary/") < page.index("/admin/manual/drafter/")
    assert 'href="/admin/manual/"' in client.get("/admin/").content.decode()


@pytest.mark.usefixtures("house")
def test_a_page_that_is_not_there_is_missing():
    assert at_desk("drafter").get("/admin/manual/nobody/").status_code == 404
