"""Every form of the site in the state in which it can be sent, and who sends it."""

import re
from typing import Any

from django.urls import reverse
from django.utils import timezone

from disclosures.models import Matter
from feedback import tokens
from feedback.models import Case, SenderKind
from feedback.sealing import Sender
from feedback.services import perform as handle
from feedback.services import receive
from feedback.tokens import Purpose
from organizations.models import Appointment, Membership
from tests.access.policy import ANONYMOUS
from tests.access.world import with_files
from tests.hostile.asking import Sweep
from tests.hostile.forms import Form, forms_in
from tests.people import approved, correction, decided, draft, person, submitted, unit

REPLY = {"text": "已核实。", "published_question": "名单缺字吗？", "published_text": "是原件缺字。"}
WHICH = re.compile(r"/(\d+|[0-9a-f-]{36})/")
RECTIFY = {"problem": "缺字", "measure": "核对"}


def opinion(item: Any = None, kind: str = "problem") -> tuple[Case, str]:
    number = item.number if item else ""
    token = tokens.read(tokens.issue(Purpose.SEND, number, None), Purpose.SEND, number, None)
    sender = Sender(name="来信人甲", contact="13800000000")
    words = {"kind": kind, "text": "附件名单缺字。", "sender_kind": SenderKind.PUBLIC, "sender": sender}
    return receive(token, item=item, unit=unit("JG"), **words)


def case_after(count: int) -> Case:
    """A case on which `count` verbs of the usual path were done."""
    case, _code = opinion()
    rectify = {**RECTIFY, "responsible_unit": unit("JG"), "due_on": timezone.localdate()}
    path = [("accept", "examiner", {}), ("investigate", "examiner", {}), ("find", "examiner", {"findings": "缺字"})]
    path += [("reply", "examiner", REPLY), ("rectify", "examiner", rectify), ("report_done", "drafter", {})]
    path += [("ask_identity", "examiner", {"reason": "需电话核实"})]
    for verb, who, payload in path[:count]:
        if verb == "report_done":
            payload = {"rectification": case.rectifications.get().pk, "proof": "已注明。"}
        case = handle(verb, case=case, by=person(who), expected_version=case.version, **payload)
    return case


def pages() -> list[tuple[str, str]]:
    """Who opens which page to find a form there."""
    matter = Matter.objects.create(number="SX-2026-ABCDEF", title="一件事", unit=unit("JG"))
    drafted = with_files(draft(matter=matter, phase="before"))
    waiting = submitted(draft())
    met = decided(submitted(draft()), "examiner")
    open_item = approved(draft())
    corrected = correction(approved(draft()))
    admin = "/admin/organizations/"
    found = [
        (ANONYMOUS, reverse("login")),
        ("drafter", reverse("password_change")),
        (ANONYMOUS, reverse("feedback:new")),
        ("party_member", f"{reverse('feedback:new')}?item={open_item.number}"),
        (ANONYMOUS, reverse("feedback:track")),
        ("drafter", f"{reverse('admin:disclosures_item_add')}?unit=JG&entry=C1-01"),
        ("drafter", reverse("admin:disclosures_item_change", args=[drafted.pk])),
        ("drafter", reverse("admin:disclosures_item_change", args=[corrected.pk])),
        ("drafter", reverse("admin:disclosures_item_act", args=[drafted.pk, "discard"])),
        ("drafter", f"{reverse('admin:disclosures_item_import')}?unit=JG&entry=C1-01"),
        ("drafter", f"{reverse('admin:disclosures_item_copy')}?item={open_item.pk}"),
        ("drafter", f"{reverse('admin:disclosures_item_backfill')}?unit=JG"),
        ("examiner", reverse("admin:disclosures_item_remark", args=[waiting.pk])),
        ("drafter", reverse("admin:disclosures_item_act", args=[waiting.pk, "recall"])),
        ("drafter", reverse("admin:disclosures_item_act", args=[open_item.pk, "correct"])),
        ("examiner", reverse("admin:disclosures_item_act", args=[open_item.pk, "withdraw"])),
        ("examiner", reverse("review:revision", args=[waiting.current_revision.uid])),
        ("leader", reverse("review:revision", args=[met.current_revision.uid])),
        ("examiner", reverse("review:revision", args=[met.current_revision.uid])),
        ("drafter", reverse("admin:disclosures_matter_add")),
        ("drafter", reverse("admin:disclosures_matter_change", args=[matter.pk])),
        ("examiner", f"{reverse('admin:disclosures_catalogueentryversion_add')}?entry=C1-01"),
        ("examiner", reverse("admin:index")),
        ("examiner", reverse("admin:feedback_caselimit_add")),
        ("examiner", reverse("admin:organizations_calendarday_upload")),
        *[("sysadmin", f"{admin}{model}/add/") for model in ("unit", "user", "appointment", "membership")],
        ("sysadmin", f"{admin}unit/{unit('ZB02').pk}/change/"),
        ("sysadmin", f"{admin}user/{person('member').pk}/change/"),
        ("sysadmin", f"{admin}user/{person('member').pk}/password/"),
        ("sysadmin", f"{admin}appointment/{Appointment.objects.exclude(user=None).first().pk}/change/"),
        ("sysadmin", f"{admin}membership/{Membership.objects.first().pk}/change/"),
    ]
    seconds = {6: "deputy", 7: "leader"}
    for count in range(8):
        case = reverse("admin:feedback_case_change", args=[case_after(count).pk])
        found += [(who, case) for who in ("examiner", seconds.get(count, "drafter"))]
    request = opinion(kind="disclosure_request")[0]
    handle("accept", case=request, by=person("examiner"), expected_version=request.version)
    found.append(("examiner", reverse("admin:feedback_case_change", args=[request.pk])))
    return [*found, ("drafter", reverse("admin:feedback_case_enter"))]


def all_forms(sweep: Sweep) -> list[Form]:
    """One form for each address it is sent to and each set of fields, whichever case or item it is about."""
    found: dict[str, Form] = {}
    for who, address in pages():
        for form in forms_in(sweep.ask(who, "get", address).said, who, address):
            if set(form.fields) - {"version"} or "/do/" in form.action:
                found.setdefault(f"{WHICH.sub('/', form.action)} {sorted(form.fields)}", form)
    dialogue = sweep.ask(ANONYMOUS, "post", reverse("feedback:track"), {"code": opinion()[1]})
    found |= {form.action: form for form in forms_in(dialogue.said, ANONYMOUS, reverse("feedback:track"))}
    return list(found.values())
