"""Time limits of the catalogue in words."""

import pytest

from disclosures.seeding import read
from disclosures.time_limits import in_words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"rule": "within_working_days", "days": 7}, "事项形成后7个工作日内"),
        ({"rule": "monthly", "due_working_days": 5}, "每月，期满后5个工作日内"),
        ({"rule": "yearly"}, "每年"),
        ({"rule": "long_term", "refresh_working_days": 7}, "长期公开，变动后7个工作日内更新"),
        ({"rule": "long_term"}, "长期公开"),
        ({"rule": "by_phase"}, "by_phase"),
        ({}, ""),
    ],
)
def test_rule_in_words(rule, words):
    assert in_words(rule) == words


def test_every_rule_of_the_shipped_catalogue_has_words():
    for entry in read("catalogue.zh.yaml")["entries"]:
        assert in_words(entry["time_limit"]) != entry["time_limit"]["rule"]
