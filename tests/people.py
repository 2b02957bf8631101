"""The house as tests need it: units, some catalogue entries, routes and the cast; short ways to move an item on."""

from datetime import date
from typing import Any

import disclosures.seeding
import feedback.seeding
import organizations.seeding
from disclosures.models import CatalogueEntry, FormOfDisclosure, Item, Release
from disclosures.services import perform
from disclosures.services.reviewing import EvidenceDraft, open_step
from organizations.models import Unit, User
from tests.house import copied

PASSWORD = "cast-password-1"
BUREAU_ENTRY = "C1-01"
INTERNAL_ENTRY = "C2-01"
SENSITIVE_ENTRY = "C1-04"
PLAN_ENTRY = "C8-52"
ENTRIES = (BUREAU_ENTRY, INTERNAL_ENTRY, SENSITIVE_ENTRY, PLAN_ENTRY)
FORMS = ("online_internal", "online_board")
YES = dict.fromkeys(("content", "scope", "form"), (True, ""))
OFFICE_YES = dict.fromkeys(("secrecy", "accuracy", "necessity"), (True, ""))
DECIDERS = {
    "LB": ("examiner",),
    "LX": ("leader", "deputy"),
    "ZB01": ("secretary",),
    "SJ": ("superior",),
    "JW": ("deputy",),
}


def furnish() -> None:
    """Load the house into the empty database of the test."""
    copied(_seed)


def _seed() -> None:
    organizations.seeding.load_units()
    organizations.seeding.load_leading_group()
    organizations.seeding.load_calendar()
    disclosures.seeding.load_catalogue(ENTRIES)
    disclosures.seeding.load_routes()
    feedback.seeding.load_limits()
    organizations.seeding.load_cast(PASSWORD, date(2020, 1, 1))


def person(username: str) -> User:
    """A fresh object of one of the cast."""
    return User.objects.get(username=username)


def unit(code: str) -> Unit:
    return Unit.objects.get(code=code)


def entry(code: str) -> CatalogueEntry:
    return CatalogueEntry.objects.get(code=code)


def forms(*codes: str) -> list[FormOfDisclosure]:
    return list(FormOfDisclosure.objects.filter(code__in=codes or FORMS))


def complete_fields(**changes: Any) -> dict[str, Any]:
    """Fields of a draft that may go to review."""
    return {
        "entry": entry(BUREAU_ENTRY),
        "title": "关于执行中央方针政策情况的通报",
        "issued_on": date(2026, 1, 5),
        "body": "<p>本季度贯彻落实情况通报如下。</p>",
        "audience": "internal_then_public",
        **changes,
    }


def draft(by: str = "drafter", unit_code: str = "JG", branches: tuple[str, ...] = (), **changes: Any) -> Item:
    """A complete draft of the unit, saved by the service."""
    return perform(
        "save",
        item=Item(unit=unit(unit_code)),
        by=person(by),
        expected_version=None,
        fields=complete_fields(**changes),
        forms=forms(),
        branches=[unit(code) for code in branches],
    )


def branch_draft(**changes: Any) -> Item:
    return draft("branch_drafter", "ZB01", **changes)


def submitted(item: Item, by: str | None = None) -> Item:
    """The item after submission by `by`, else by whoever saved it last."""
    return perform("submit", item=item, by=person(by) if by else item.updated_by, expected_version=item.version)


def decided(item: Item, by: str, outcome: str = "approve", verdicts: Any = None, **more: Any) -> Item:
    """The item after a decision of `by` on the open step."""
    item.refresh_from_db()
    return perform(
        "decide",
        item=item,
        by=person(by),
        expected_version=item.version,
        revision=item.current_revision.number,
        outcome=outcome,
        verdicts=verdicts_on(item, outcome) if verdicts is None else verdicts,
        **more,
    )


def verdicts_on(item: Item, outcome: str = "approve") -> dict[str, tuple[bool, str]]:
    """A yes on every aspect of the open step; for a return, a no on the first."""
    step = open_step(item)
    aspects = step.aspects if step else list(YES)
    answers = dict.fromkeys(aspects, (True, ""))
    return answers if outcome == "approve" else {**answers, aspects[0]: (False, "请修改")}


def approved(item: Item) -> Item:
    """The item after every step of its review agreed, by the people each step names."""
    return agreed(submitted(item))


def agreed(item: Item) -> Item:
    """The item after every step left of its review agreed."""
    while (step := open_step(item)) is not None:
        for name in DECIDERS[step.unit.code][: step.quorum]:
            item = decided(item, name)
    return item


def released(item: Item) -> Release:
    """The release that approval of a fresh draft opened."""
    return approved(item).releases.latest("id")


def correction(item: Item, **changes: Any) -> Item:
    """The item with a correction drafted in its working copy."""
    item.refresh_from_db()
    by = item.updated_by
    item = perform("correct", item=item, by=by, expected_version=item.version)
    fields = {"change_note": "更正一处文字。", **changes}
    return perform("save", item=item, by=by, expected_version=item.version, fields=fields)


def minutes(**changes: Any) -> EvidenceDraft:
    """Evidence of a meeting."""
    values = {
        "kind": "minutes",
        "number": "会议纪要〔2026〕3号",
        "date": date(2026, 1, 6),
        "decided_by_name": "领导小组会议",
    }
    return EvidenceDraft(**{**values, **changes})
