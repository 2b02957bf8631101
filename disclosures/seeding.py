"""Loads categories, forms, catalogue and routes, and carries the plan of 2012 through the real services."""

from collections.abc import Container
from datetime import date
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from disclosures.models import (
    Audience,
    CatalogueEntry,
    CatalogueEntryVersion,
    Category,
    Evidence,
    FormOfDisclosure,
    Item,
    Outcome,
    Revision,
    Route,
    Stage,
)
from disclosures.richtext import from_markdown_plan
from disclosures.services import perform
from disclosures.services.reviewing import EvidenceDraft, open_step
from organizations.models import Appointment, Unit, User

DATA = Path(__file__).resolve().parent / "data"
CATALOGUE_SINCE = date(2012, 2, 2)
PLAN_ENTRY = "C8-52"
PLAN_ISSUED_ON = date(2012, 2, 2)
PLAN_FORMS = ("document", "online_internal", "disclosure_board", "online_board")
PLAN_BASIS = "《中国共产党党内监督条例（试行）》、《关于党的基层组织实行党务公开的意见》"
PLAN_EVIDENCE = "2012年党务公开实施方案原件（未编文号）"
PLAN_REMARK = "方案已于2012年2月2日印发，据原件补录。"
VERSION_FIELDS = (
    "title",
    "title_en",
    "audience",
    "time_limit",
    "levels",
    "vital_interest",
    "sensitive",
    "personal_data",
)


@cache
def read(name: str) -> Any:
    """One of this room's YAML files, parsed once in a process."""
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


def load_catalogue(codes: Container[str] | None = None) -> None:
    """Create the eight categories, the forms and the 58 entries with their first version (S31, S48–S55).

    `codes` limits the entries to those named; None loads every one.
    """
    data = read("catalogue.zh.yaml")
    for order, row in enumerate(data["categories"], start=1):
        values = {key: row[key] for key in ("slug", "name", "name_en", "text")}
        Category.objects.get_or_create(code=row["code"], defaults={**values, "order": order})
    for order, row in enumerate(data["vocabulary"]["forms"], start=1):
        values = {key: row[key] for key in ("name", "name_en", "channel")}
        FormOfDisclosure.objects.get_or_create(code=row["code"], defaults={**values, "order": order})
    lead = data["defaults"]["internal_lead_days"]["value"]
    for row in data["entries"]:
        if codes is None or row["code"] in codes:
            _load_entry(row, lead)


def _load_entry(row: dict[str, Any], lead: int) -> None:
    entry, is_new = CatalogueEntry.objects.get_or_create(
        code=row["code"], defaults={"category": Category.objects.get(code=row["category"])}
    )
    if not is_new:
        return
    version = CatalogueEntryVersion.objects.create(
        entry=entry,
        number=1,
        valid_from=CATALOGUE_SINCE,
        responsible_kind=row["responsible_role"],
        internal_lead_days=row.get("internal_lead_days", lead),
        notice_min_working_days=row.get("notice_min_working_days"),
        source=row["source"],
        source_phrase=row.get("seed_phrase", row.get("source_note", "")),
        **{name: row[name] for name in VERSION_FIELDS},
    )
    version.forms.set(FormOfDisclosure.objects.filter(code__in=row["forms"]))


def load_routes() -> None:
    """Create the three shipped routes that are missing (S36, S37, S43)."""
    for row in read("routes.zh.yaml")["routes"]:
        values = {key: row[key] for key in ("kind", "name", "name_en")}
        route, is_new = Route.objects.get_or_create(code=row["code"], defaults=values)
        if is_new:
            Stage.objects.bulk_create(
                Stage(route=route, order=order, **stage) for order, stage in enumerate(row["stages"], start=1)
            )


def load_plan(drafter: User, recorder: User) -> Item:
    """The plan of 2012 as first item: drafted, reviewed on the evidence of its original, opened now (S4, S84).

    Marked as entered later (补录), so that it never counts as on time or late. Returns the item that is there already
    when it was loaded before.
    """
    text = (DATA / "seed_plan.zh.md").read_text(encoding="utf-8")
    title = next(line.removeprefix("# ") for line in text.splitlines() if line.startswith("# "))
    known = Revision.objects.filter(title=title, is_backfilled=True, number=1).select_related("item").first()
    if known is not None:  # by what was submitted: the working copy may say something else by now
        return known.item
    with transaction.atomic():
        return _carry_through(title, from_markdown_plan(text) + annex(), drafter, recorder)


def annex() -> str:
    """The annex of the plan as a table: names and roles exactly as printed, gaps included."""
    group = Appointment.objects.filter(unit__code="LX").exclude(printed_name="").order_by("order")
    rows = "".join(
        f"<tr><td><p>{escape(a.printed_role)}</p></td><td><p>{escape(a.printed_name)}</p></td>"
        f"<td><p>{escape(a.office_held)}</p></td></tr>"
        for a in group
    )
    head = "<tr><th><p>职务</p></th><th><p>姓名</p></th><th><p>现任职务</p></th></tr>"
    return (
        "<h2>附件：市文广新局党务公开工作领导小组名单</h2>"
        f"<table><tbody>{head}{rows}</tbody></table><p>办公室设局机关党委。</p>"
        "<p>（编者注：原件名单中个别姓名、职务缺字，照原样刊登，不作推测。）</p>"
    )


def _carry_through(title: str, body: str, drafter: User, recorder: User) -> Item:
    item = perform(
        "save",
        item=Item(unit=Unit.objects.get(code="JG")),
        by=drafter,
        expected_version=None,
        fields={
            "entry": CatalogueEntry.objects.get(code=PLAN_ENTRY),
            "title": title,
            "issued_on": PLAN_ISSUED_ON,
            "occurred_on": PLAN_ISSUED_ON,
            "basis": PLAN_BASIS,
            "body": body,
            "audience": Audience.INTERNAL_THEN_PUBLIC,
            "is_backfilled": True,
            "is_focus": True,
            "focus_reason": "说明哪些党务必须公开、由谁审核、向谁公开，以及您的意见如何办理。",
        },
        forms=FormOfDisclosure.objects.filter(code__in=PLAN_FORMS),
    )
    item = perform("submit", item=item, by=drafter, expected_version=item.version)
    for decided_by in ("党务公开工作领导小组办公室", "党务公开工作领导小组"):
        item = _record_approval(item, decided_by, recorder)
    return item


def _record_approval(item: Item, decided_by: str, recorder: User) -> Item:
    """Enter the approval that the issued document is evidence of."""
    evidence = EvidenceDraft(
        kind=Evidence.DOCUMENT, number=PLAN_EVIDENCE, date=PLAN_ISSUED_ON, decided_by_name=decided_by
    )
    step = open_step(item)
    assert step is not None
    return perform(
        "record",
        item=item,
        by=recorder,
        expected_version=item.version,
        revision=1,
        outcome=Outcome.APPROVE,
        verdicts=dict.fromkeys(step.aspects, (True, "")),
        evidence=evidence,
        remark=PLAN_REMARK,
    )
