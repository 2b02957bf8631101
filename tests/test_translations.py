"""The Chinese of the interface is complete, current and well-formed."""

import re

import pytest

from scripts.compile_messages import faults
from scripts.messages import CATALOGUE, fresh, read, untranslated

HAN = re.compile(r"[\u4e00-\u9fff]")
HALF_WIDTH = re.compile(r"(?<=[\u4e00-\u9fff”）》])[,;:?!(]|[,;:?!)](?=[\u4e00-\u9fff“《])|(?<=[\u4e00-\u9fff])\)")
SAME_IN_BOTH = {"English", "中文", "JSON Feed", "Atom", "RSS"}


@pytest.fixture(scope="module")
def catalogue():
    return read(CATALOGUE)


def test_every_message_in_use_has_its_chinese(catalogue):
    assert untranslated(fresh([catalogue])) == []


def test_catalogue_holds_nothing_that_is_no_longer_used(catalogue):
    in_use = {(message.id if isinstance(message.id, str) else message.id[0], message.context) for message in fresh([])}
    kept = {(message.id if isinstance(message.id, str) else message.id[0], message.context) for message in catalogue}
    assert kept - in_use - {("", None)} == set()


def test_placeholders_agree(catalogue):
    assert list(faults(catalogue)) == []


def test_chinese_is_chinese(catalogue):
    strange = [
        message.id
        for message in catalogue
        if has_words(message.id) and not HAN.search("".join(message.string)) and message.id not in SAME_IN_BOTH
    ]
    assert strange == []


def test_chinese_has_chinese_punctuation(catalogue):
    strange = [text for message in catalogue for text in strings(message) if HALF_WIDTH.search(text)]
    assert strange == []


def strings(message):
    return [message.string] if isinstance(message.string, str) else list(message.string)


def has_words(message_id):
    """Whether something is left to translate beside placeholders and punctuation."""
    text = message_id if isinstance(message_id, str) else message_id[0]
    return re.search(r"[A-Za-z]", re.sub(r"%\(\w+\)[sd]", "", text)) is not None
