"""What the browser journeys need is named package by package."""

from scripts import find_chromium

ALWAYS = ["chromium", "fonts-noto-cjk", "libatomic1"]
PDF = ["libpango-1.0-0", "libpangoft2-1.0-0"]


def test_nothing_is_missing_where_the_journeys_run():
    assert find_chromium.missing_packages() == []


def test_each_missing_thing_is_named(monkeypatch):
    monkeypatch.setattr(find_chromium.shutil, "which", lambda name: None)
    monkeypatch.setattr(find_chromium, "has_library", lambda name: False)
    assert find_chromium.missing_packages() == [*ALWAYS, *PDF]


def test_library_that_is_not_there_is_not_found():
    assert not find_chromium.has_library("libnothing-of-this-name.so.9")
