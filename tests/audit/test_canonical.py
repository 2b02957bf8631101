"""Canonical JSON against the examples of RFC 8785."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from audit.canonical import canonical_json, utc_text

# Section 3.2.4 gives these bytes; the numbers of its example are floats, which the trail refuses.
STRING_EXAMPLE = '"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/"'
STRING_BYTES = bytes.fromhex("22 e2 82 ac 24 5c 75 30 30 30 66 5c 6e 41 27 42 5c 22 5c 5c 5c 5c 5c 22 2f 22")


def test_string_of_the_rfc():
    assert canonical_json(json.loads(STRING_EXAMPLE)) == STRING_BYTES


def test_literals_of_the_rfc():
    assert canonical_json({"literals": [None, True, False]}) == b'{"literals":[null,true,false]}'


def test_keys_are_sorted_as_in_the_rfc():
    unsorted = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    assert list(json.loads(canonical_json(unsorted)).values()) == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


def test_keys_are_sorted_inside_lists_and_objects():
    assert canonical_json([56, {"d": True, "10": None, "1": []}]) == b'[56,{"1":[],"10":null,"d":true}]'


def test_text_is_utf8_and_not_normalised():
    assert canonical_json({"A\u030a": "党务公开"}) == '{"A\u030a":"党务公开"}'.encode()


@pytest.mark.parametrize("value", [1.0, float("nan"), {"a": [0.5]}, {1: "a"}, b"bytes", datetime(2012, 2, 2), {"s"}])
def test_values_without_a_canonical_form_are_refused(value):
    with pytest.raises(TypeError):
        canonical_json(value)


@pytest.mark.parametrize("value", [2**53, -(2**53), "\ud800", {"\udfff": 1}])
def test_values_that_no_reader_would_agree_on_are_refused(value):
    with pytest.raises(ValueError):
        canonical_json(value)


def test_largest_exact_integers_pass():
    assert canonical_json([2**53 - 1, 1 - 2**53, 0]) == b"[9007199254740991,-9007199254740991,0]"


def test_instants_are_utc_with_microseconds():
    beijing = timezone(timedelta(hours=8))
    assert utc_text(datetime(2012, 2, 2, 9, 0, tzinfo=beijing)) == "2012-02-02T01:00:00.000000Z"
    assert utc_text(datetime(999, 1, 1, tzinfo=UTC)) == "0999-01-01T00:00:00.000000Z"


def test_instants_without_a_zone_are_refused():
    with pytest.raises(ValueError):
        utc_text(datetime(2012, 2, 2))
