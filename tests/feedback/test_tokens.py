"""Form tokens and tracking codes."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from feedback import tokens
from feedback.tokens import BadToken, Purpose


def test_a_token_carries_purpose_subject_and_account():
    token = tokens.read(tokens.issue(Purpose.SEND, "JG-1", 7), Purpose.SEND, "JG-1", 7)
    assert (token.purpose, token.subject, token.account) == ("send", "JG-1", 7)
    assert len(bytes.fromhex(token.nonce)) == 16


@pytest.mark.parametrize(
    ("purpose", "subject", "account"),
    [(Purpose.MESSAGE, "JG-1", 7), (Purpose.SEND, "JG-2", 7), (Purpose.SEND, "JG-1", 8), (Purpose.SEND, "JG-1", None)],
)
def test_a_token_of_another_form_or_account_is_bad(purpose, subject, account):
    text = tokens.issue(Purpose.SEND, "JG-1", 7)
    with pytest.raises(BadToken):
        tokens.read(text, purpose, subject, account)


@pytest.mark.parametrize("text", ["", "x", "名:字:号", "a:b:c", "\x00", "W10:1:x", ":" * 5000])
def test_what_is_no_token_is_bad(text):
    with pytest.raises(BadToken):
        tokens.read(text, Purpose.SEND, "", None)


def test_a_changed_token_is_bad():
    text = tokens.issue(Purpose.SEND, "", None)
    with pytest.raises(BadToken):
        tokens.read(("A" if text[0] != "A" else "B") + text[1:], Purpose.SEND, "", None)


def test_an_old_token_is_bad():
    with time_machine.travel(timezone.now() - timedelta(hours=12, minutes=1)):
        text = tokens.issue(Purpose.SEND, "", None)
    with pytest.raises(BadToken):
        tokens.read(text, Purpose.SEND, "", None)


def test_the_code_is_derived_from_the_token_and_long_enough():
    token = tokens.read(tokens.issue(Purpose.SEND, "", None), Purpose.SEND, "", None)
    code = tokens.code_for(token)
    assert code == tokens.code_for(token)
    assert [len(group) for group in code.split("-")] == [4] * 5
    assert 5 * len(code.replace("-", "")) >= 80


@pytest.mark.parametrize(
    "typed",
    ["7qfm-0123-abcd-efgh-jk1m", "７QFM 0123 ABCD EFGH JKIM", " 7QFMO123abcdefghjklm ", "7qfm0i23—abcd·efgh jklm"],
)
def test_a_code_may_be_typed_as_people_type(typed):
    assert tokens.digest_of(typed) == tokens.digest_of("7QFM-0123-ABCD-EFGH-JK1M")


@pytest.mark.parametrize(
    "typed", ["", "x" * 1_000_000, "\x00\u202e", "名" * 300, "ﷺ" * 300, "7QFM-0123-ABCD-EFGH-JK1MX"]
)
def test_any_text_gives_digests_and_none_is_the_real_one(typed):
    assert tokens.digest_of("7QFM-0123-ABCD-EFGH-JK1M") not in tokens.digests_of(typed)


def test_the_code_of_a_token_survives_a_new_secret_key(settings):
    text = tokens.issue(Purpose.SEND, "", None)
    token = tokens.read(text, Purpose.SEND, "", None)
    code = tokens.code_for(token)
    stored = tokens.digest_of(code)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new one" * 8, [settings.SECRET_KEY]
    assert tokens.code_matching(tokens.read(text, Purpose.SEND, "", None), stored) == code
    assert stored in tokens.digests_of(code)
