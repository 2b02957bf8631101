"""What the front page costs on the wire: everything a first visit fetches, compressed."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tests.disclosures.board import at_hour
from tests.people import draft, released

pytestmark = pytest.mark.usefixtures("house")
FRONT_PAGE = 60 * 1024  # bytes, all files included


def test_front_page_weighs_no_more_than_promised(client):
    with at_hour():
        for number in range(9):
            title = f"关于2026年第一季度贯彻执行中央方针政策和上级党组织决议决定情况的通报（第{number}期）"
            released(draft(title=title, is_focus=number < 3, focus_reason="关系党员群众的切身利益。"))
        page = client.get("/").content
    files = re.findall(r'<link rel="(?:stylesheet|icon)" href="/static/([^"]+)"', page.decode())
    assert len(files) >= 7
    sizes = [len(gzip.compress(Path(finders.find(file)).read_bytes())) for file in files]
    assert len(gzip.compress(page)) + sum(sizes) <= FRONT_PAGE
