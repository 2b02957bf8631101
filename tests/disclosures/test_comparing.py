"""What changed from one revision to the next: words, paragraphs, files, and since which revision."""

import random
import time
from uuid import uuid4

import pytest

from disclosures.comparing.base import comparison, last_seen
from disclosures.comparing.files import file_changes
from disclosures.comparing.paragraphs import text_changes
from disclosures.comparing.words import word_changes, words_of
from disclosures.models import RevisionReading
from disclosures.services import AttachmentDraft, perform
from disclosures.services.reading import note_reading
from disclosures.services.steps import open_step
from tests.access.world import stored
from tests.people import decided, draft, forms, person, submitted, verdicts_on

SIGNS = "组织建设廉政监督党务公开情况通报领导小组审核把关支部党员群众意见反馈整改落实发展计划年度工作会议精神学习贯彻"


def pieces(old, new):
    return [(piece.kind, piece.text) for piece in word_changes(old, new)]


def test_words_are_whole_chinese_words():
    assert pieces("通过了年度计划，请遵照执行。", "通过了工作方案，请遵照执行。") == [
        ("same", "通过了"),
        ("old", "年度计划"),
        ("new", "工作方案"),
        ("same", "，请遵照执行。"),
    ]


def test_numbers_are_never_cut_in_two():
    assert ("new", "2026") in pieces("会议于2025年召开，全体党员参加", "会议于2026年召开，全体党员参加")


def test_comma_between_two_changes_belongs_to_them():
    changed = pieces("参加会议的有张三，李四同志以及全体党员", "参加会议的有王五，赵六同志以及全体党员")
    assert ("same", "，") not in changed


@pytest.mark.parametrize("text", ["", "a\u200bb 甲\t乙\n", "😀党务  公开", "\u202e反"])
def test_words_joined_are_the_text_again(text):
    assert "".join(words_of(text)) == text


def test_paragraph_with_little_in_common_is_shown_whole():
    assert word_changes("关于干部选拔任用的情况通报", "本月党费收缴明细如下所示") is None


def test_changed_paragraph_is_found_among_new_ones():
    old = "第一段保持不变。\n本季度召开党员大会三次，学习文件五份。\n结尾。"
    new = "第一段保持不变。\n新增的一段文字说明。\n本季度召开党员大会四次，学习文件五份。\n结尾。"
    found = text_changes(old, new)
    assert [passage.kind for passage in found] == ["same", "new", "changed", "same"]
    assert [(p.kind, p.text) for p in found[2].pieces if p.kind != "same"] == [("old", "三次"), ("new", "四次")]


def test_equal_texts_have_no_changes():
    assert text_changes("一\n二", "一\n二") == []


def paragraphs(count):
    chance = random.Random(7)
    return ["".join(chance.choice(SIGNS) for _ in range(160)) for _ in range(count)]


@pytest.mark.parametrize("kind", ["each", "every_other", "cells", "shuffled", "one_line"])
def test_two_hundred_pages_are_compared_in_a_second(kind):
    lines = paragraphs(1400)
    changed = [line.replace("党", "团") for line in lines]
    texts = {
        "each": (lines, changed),
        "every_other": (lines, [lines[i] if i % 2 else changed[i] for i in range(len(lines))]),
        "cells": (["0"] * 6000, ["0", "1"] * 3000),
        "shuffled": (lines, random.Random(3).sample(lines, len(lines))),
        "one_line": (["".join(lines)], ["".join(changed)]),
    }
    old, new = texts[kind]
    begun = time.process_time()
    assert text_changes("\n".join(old), "\n".join(new))
    assert time.process_time() - begun < 1


def returned(item, by="examiner"):
    no = {**verdicts_on(item), open_step(item).aspects[0]: (False, "改")}
    return decided(item, by, "return", no)


def saved(item, **changes):
    return perform("save", item=item, by=person("drafter"), expected_version=item.version, **changes)


def again(item, **fields):
    return submitted(saved(returned(item), fields=fields or {"title": item.title}))


@pytest.mark.usefixtures("house")
def test_base_is_the_revision_this_person_saw_last():
    item = submitted(draft())
    first = item.current_revision
    item = again(item)
    item = again(item)
    leader, examiner = person("leader"), person("examiner")
    assert last_seen(item.current_revision, leader) is None
    assert comparison(item.current_revision, leader).before.number == 2
    note_reading(first, leader, first.submitted_at)
    assert comparison(item.current_revision, leader).before.number == 1
    assert comparison(item.current_revision, examiner).before.number == 2, "decided on it"


@pytest.mark.usefixtures("house")
def test_another_base_is_chosen_by_number():
    item = again(again(submitted(draft())))
    found = comparison(item.current_revision, person("examiner"), since=1)
    assert (found.before.number, found.is_last_seen, found.others) == (1, False, [2])
    with pytest.raises(type(item.current_revision).DoesNotExist):
        comparison(item.current_revision, person("examiner"), since=3)


@pytest.mark.usefixtures("house")
def test_earlier_revisions_that_a_person_may_not_read_are_no_base():
    item = again(submitted(draft()))
    assert comparison(item.current_revision, person("superior")) is None


@pytest.mark.usefixtures("house")
def test_reading_twice_keeps_one_row_with_both_instants():
    item = submitted(draft())
    revision, reader = item.current_revision, person("leader")
    note_reading(revision, reader, revision.submitted_at)
    later = revision.submitted_at.replace(year=2030)
    note_reading(revision, reader, later)
    row = RevisionReading.objects.get()
    assert (row.first_at, row.last_at) == (revision.submitted_at, later)


@pytest.mark.usefixtures("house")
def test_fields_stand_in_the_tables_of_their_question():
    item = again(submitted(draft()), title="新的标题", audience="internal", occurred_on="2026-01-02")
    fields = comparison(item.current_revision, person("examiner")).fields
    assert [len(rows) for rows in (fields.facts, fields.readers, fields.times)] == [1, 1, 1]


@pytest.fixture
def kept(house, settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path
    files = [
        AttachmentDraft(filename="甲.png", file=stored("red")),
        AttachmentDraft(filename="乙.png", file=stored("blue")),
    ]
    item = submitted(saved(draft(), attachments=files, fields={}))
    return list(item.current_revision.attachments.select_related("file"))


def copy_of(row, **changes):
    """The same attachment in a later revision."""
    values = {name: getattr(row, name) for name in ("uid", "file", "filename", "label", "order", "is_published")}
    return type(row)(pk=row.pk + 1000, **{**values, **changes})


def test_files_replaced_renamed_hidden_added_and_removed_are_told_apart(kept):
    red, blue = kept
    assert file_changes(kept, [copy_of(red), copy_of(blue)]) == []
    assert [row.kind for row in file_changes(kept, [copy_of(red)])] == ["removed"]
    assert [row.kind for row in file_changes([red], [copy_of(red), copy_of(blue)])] == ["added"]
    (replaced,) = file_changes(kept, [copy_of(red, file=blue.file), copy_of(blue)])
    assert replaced.kind == "changed" and red.file.sha256[:8] in replaced.sentences[0]
    (renamed,) = file_changes(kept, [copy_of(red, label="新名称"), copy_of(blue)])
    assert renamed.label == "新名称" and "甲.png" in renamed.sentences[0]
    (hidden,) = file_changes(kept, [copy_of(red, is_published=False), copy_of(blue)])
    assert len(hidden.sentences) == 1
    assert len(file_changes(kept, [copy_of(blue), copy_of(red)])) == 1, "their order"


def test_file_uploaded_anew_is_known_by_its_content(kept):
    red = kept[0]
    assert file_changes([red], [copy_of(red, uid=uuid4())]) == []


@pytest.mark.usefixtures("house")
def test_forms_that_went_are_shown():
    item = returned(submitted(draft()))
    item = submitted(saved(item, fields={"audience": "internal"}, forms=forms("online_internal")))
    changed = comparison(item.current_revision, person("examiner")).fields.readers
    assert [row.label for row in changed] == ["公开范围", "公开形式"]
