import gettext

import pytest

from scripts.compile_messages import compile_all

HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
)


@pytest.fixture
def catalogue(tmp_path):
    path = tmp_path / "locale/zh_Hans/LC_MESSAGES/django.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEADER + 'msgctxt "step"\nmsgid "Review of %(unit)s"\nmsgstr "%(unit)s审核"\n', "utf-8")
    return path


def translated(root):
    return gettext.translation("django", root / "locale", ["zh_Hans"]).pgettext("step", "Review of %(unit)s")


def test_compiled_catalogue_translates(tmp_path, catalogue):
    assert compile_all(tmp_path) == []
    assert translated(tmp_path) == "%(unit)s审核"


def test_compiled_catalogue_is_left_alone_until_its_source_changes(tmp_path, catalogue):
    compile_all(tmp_path)
    before = catalogue.with_suffix(".mo").stat().st_ino
    compile_all(tmp_path)
    assert catalogue.with_suffix(".mo").stat().st_ino == before


def test_unknown_placeholder_is_named_and_nothing_written(tmp_path, catalogue):
    catalogue.write_text(catalogue.read_text("utf-8").replace('"%(unit)s审', '"%(unti)s审'), "utf-8")
    assert "unti" in "\n".join(compile_all(tmp_path))
    assert not catalogue.with_suffix(".mo").exists()


def test_per_cent_sign_is_no_placeholder(tmp_path, catalogue):
    catalogue.write_text(HEADER + 'msgid "100% done"\nmsgstr "全部完成"\n', "utf-8")
    assert compile_all(tmp_path) == []


def test_broken_catalogue_is_a_sentence(tmp_path, catalogue):
    catalogue.write_bytes(b'msgid "a"\nmsgstr "\xff"\n')
    assert str(catalogue) in compile_all(tmp_path)[0]
