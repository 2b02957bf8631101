"""Templates keep the strict policy, and the base renders with nothing but itself."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template, render_to_string

ROOT = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.html"))
INLINE = re.compile(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<script(?![^>]*\bsrc=)", re.IGNORECASE)
ELSEWHERE = re.compile(r"<(?:link|script|img|iframe)\b[^>]*(?:href|src)=\"(?:https?:)?//", re.IGNORECASE)


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles_and_holds_nothing_inline_or_foreign(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    get_template(name)
    assert not INLINE.search(text)
    assert not ELSEWHERE.search(text)


@pytest.mark.parametrize("status", ["400", "403", "404", "405", "410", "413", "429", "500", "503"])
def test_error_page_renders_without_context_or_database(status):
    page = render_to_string(f"errors/{status}.html", {})
    assert page.count("<h1>") == 1
    assert 'id="main"' in page
    assert "<form" not in page.replace('<form class="search"', "")


def test_base_without_a_site_has_no_empty_labels():
    page = render_to_string("base.html", {})
    assert 'name="SiteName"' not in page
    assert 'class="footer"' not in page


def test_page_labels_come_from_the_site():
    labels = {"SiteName": "某局 · 党务公开", "SiteDomain": "example.gov.cn", "SiteIDCode": "4306000000"}
    page = render_to_string("base.html", {"site": {"name": "某局", "meta": labels}})
    for name, value in labels.items():
        assert f'<meta name="{name}" content="{value}">' in page
