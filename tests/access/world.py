"""One of everything, for the addresses of the policy."""

import io
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from PIL import Image

from audit.models import Event
from disclosures import uploads
from disclosures.models import Category, Matter, Route, ScreeningWord, StoredFile
from disclosures.reading import ensure_read
from disclosures.services import AttachmentDraft, perform
from disclosures.thumbnails import ensure_thumbnails
from disclosures.verification import code_of
from feedback import tokens
from feedback.models import Case, CaseLimit, Proof, SenderKind
from feedback.sealing import Sender
from feedback.services import Arrival, ProofFile, receive
from feedback.services import perform as handle
from feedback.tokens import Purpose
from notifications.models import Notice
from organizations.models import Appointment, CalendarDay, Membership, Substitution, User
from tests.access.policy import SUPERUSER
from tests.people import YES, decided, draft, minutes, person, submitted, unit
from tests.screening import office_files


def named(patterns: Any = None, namespace: str = "") -> dict[str, URLPattern]:
    """Every named address of the URLconf; unnamed ones are Django's own catch-alls."""
    found: dict[str, URLPattern] = {}
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            found |= named(pattern.url_patterns, inner)
        elif pattern.name:
            found[f"{namespace}{pattern.name}"] = pattern
    return found


def picture(colour: str = "red") -> SimpleUploadedFile:
    """A small real image."""
    content = io.BytesIO()
    Image.new("RGB", (4, 4), colour).save(content, "PNG")
    return SimpleUploadedFile("图.png", content.getvalue(), "image/png")


def stored(colour: str = "red") -> StoredFile:
    """A stored file with its row."""
    upload = picture(colour)
    seen = uploads.inspect(upload)
    kept = uploads.store(upload, seen)
    values = {"size": kept.size, "content_type": kept.content_type, "extension": seen.extension}
    row = StoredFile.objects.get_or_create(sha256=kept.sha256, defaults=values)[0]
    ensure_thumbnails(row)
    return row


def document() -> StoredFile:
    """A stored Word file whose text was read."""
    upload = SimpleUploadedFile("公开.docx", office_files.docx("公开的文字。"))
    seen = uploads.inspect(upload)
    kept = uploads.store(upload, seen)
    values = {"size": kept.size, "content_type": kept.content_type, "extension": seen.extension}
    row = StoredFile.objects.get_or_create(sha256=kept.sha256, defaults=values)[0]
    ensure_read(row)
    return row


def with_files(item: Any, *more: AttachmentDraft) -> Any:
    """The draft with a published and an unpublished attachment, and `more`."""
    files = [
        *more,
        AttachmentDraft(filename="公开.png", file=stored("red")),
        AttachmentDraft(filename="存档.png", file=stored("blue"), is_published=False),
    ]
    return perform("save", item=item, by=item.updated_by, expected_version=item.version, attachments=files)


@dataclass
class World:
    """Arguments by the names the policy uses."""

    args: dict[str, Any]


def furnished_world() -> World:
    """A bureau item open to everyone with file, matter, evidence, case and notice; made by the real services."""
    matter = Matter.objects.create(number="SX-2026-ABCDEF", title="一件事", unit=unit("JG"))
    item = with_files(draft(matter=matter, phase="before"), AttachmentDraft(filename="公开.docx", file=document()))
    item = decided(submitted(item), "examiner")
    scan = stored("green")
    item = perform(
        "record",
        item=item,
        by=person("examiner"),
        expected_version=item.version,
        revision=1,
        outcome="approve",
        verdicts=YES,
        evidence=minutes(file=scan, filename="纪要.png"),
    )
    superuser = User.objects.create(username=SUPERUSER, display_name="超级", is_staff=True, is_superuser=True)
    revision = item.current_revision
    case, proof = a_case(item)
    return World(
        {
            "display": "large",
            "feed_kind": "rss",
            "data_kind": "csv",
            "span": f"{timezone.localdate():%Y-%m}",
            "manual": "drafter",
            "number": item.number,
            "file": revision.attachments.get(filename="公开.png").uid,
            "text_file": revision.attachments.get(filename="公开.docx").uid,
            "category": Category.objects.get(code="C1").slug,
            "unit": "JG",
            "matter": matter.number,
            "box": 320,
            "year": item.releases.get().created_at.year,
            "one": "1",
            "app_label": "disclosures",
            "item": item.uid,
            "revision": revision.uid,
            "sheet_code": code_of(revision),
            "decision": revision.decisions.get(evidence="minutes").uid,
            "verb": "withdraw",
            "case_verb": "accept",
            "case_file": 1,
            "case": case.uid,
            "proof": proof.pk,
            "disclosures_item": item.pk,
            "disclosures_catalogueentry": item.entry_id,
            "disclosures_catalogueentryversion": item.entry_version_id,
            "disclosures_category": Category.objects.first().pk,
            "disclosures_formofdisclosure": item.forms.first().pk,
            "disclosures_matter": matter.pk,
            "disclosures_screeningword": ScreeningWord.objects.get_or_create(word="筛查词")[0].pk,
            "disclosures_route": Route.objects.first().pk,
            "feedback_case": case.pk,
            "feedback_caselimit": CaseLimit.objects.first().pk,
            "register": "handled",
            "notifications_notice": Notice.objects.first().pk,
            "organizations_unit": unit("JG").pk,
            "organizations_user": superuser.pk,
            "organizations_appointment": Appointment.objects.first().pk,
            "organizations_substitution": Substitution.objects.create(
                appointment=Appointment.objects.get(user=person("member")),
                valid_from="2020-01-01",
                valid_until="2020-01-02",
                reason="出差",
            ).pk,
            "organizations_membership": Membership.objects.first().pk,
            "organizations_calendarday": CalendarDay.objects.first().pk,
            "audit_event": Event.objects.first().pk,
        }
    )


def a_case(item: Any) -> tuple[Case, Proof]:
    """An opinion on the item, answered, with a rectification reported done and its proof in a file."""
    token = tokens.read(tokens.issue(Purpose.SEND, item.number, None), Purpose.SEND, item.number, None)
    case, _code = receive(
        token,
        item=item,
        unit=item.unit,
        kind="problem",
        text="附件名单缺字。",
        sender_kind=SenderKind.PUBLIC,
        sender=Sender(name="来信人甲", contact="13800000000"),
        arrival=Arrival(files=(stored("yellow"),), may_publish=True),
    )
    for verb, payload in (
        ("accept", {}),
        ("investigate", {}),
        ("find", {"findings": "原件即缺字。"}),
        ("reply", {"text": "已核实。"}),
        (
            "rectify",
            {"problem": "缺字", "measure": "核对", "responsible_unit": item.unit, "due_on": timezone.localdate()},
        ),
    ):
        case = handle(verb, case=case, by=person("examiner"), expected_version=case.version, **payload)
    case = handle(
        "report_done",
        case=case,
        by=person("drafter"),
        expected_version=case.version,
        rectification=case.rectifications.get().pk,
        proof="已注明原件缺字。",
        file=ProofFile(file=stored("yellow"), filename="说明.png"),
    )
    return case, Proof.objects.get()
