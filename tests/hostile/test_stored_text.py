"""Markup stored through the services in every field that takes words, then every page that shows it, to everyone."""

import re
from datetime import date
from html import escape, unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from disclosures.models import Matter
from disclosures.services import AttachmentDraft, perform
from disclosures.services.reviewing import open_step
from feedback import tokens
from feedback.models import Case, Publication, SenderKind
from feedback.sealing import Sender
from feedback.services import ProofFile, add_message, receive
from feedback.services import perform as handle
from feedback.tokens import Purpose
from organizations.models import Appointment, Role, Unit, User
from tests.access.policy import ANONYMOUS, POLICY
from tests.access.world import furnished_world, stored
from tests.hostile.asking import ROLES, Sweep
from tests.hostile.desks import opinion
from tests.hostile.markup import MARK, PROBE, VOID_OF_MEANING, faults_in, hostile
from tests.people import OFFICE_YES, correction, decided, draft, minutes, person, submitted, unit

pytestmark = pytest.mark.usefixtures("house")
LINK = f"<a href='javascript:{MARK}()' onclick='{MARK}()'>x</a>"
BODY = f"<p>正文{hostile('b')}</p>{LINK}<svg onload={MARK}()>{VOID_OF_MEANING}"
WORDS = "标题 文号 依据 重点 更正 附件 文件 事项 意见 逐项 退回 撤回 纪要 决定人 职务 姓名 单位 来信 答复".split()
WORDS += "公开问 公开答 留言 调查 问题 措施 佐证 证明 复核 审核 被反映 申请 同意 不予 补充 任职 印名".split()


def rename_everybody() -> None:
    """Names a keeper of accounts may have entered."""
    for user in User.objects.all():
        user.display_name = hostile("姓名")[:50]
        user.save()
    bureau = Unit.objects.get(code="JG")
    bureau.name, bureau.name_en = hostile("单位"), hostile("Unit")
    bureau.save()
    printed = {"printed_name": "印名<script>pr0be()</script>", "printed_role": "<img src=x onerror=pr0be()>"}
    group = Unit.objects.get(code="LX")
    Appointment.objects.create(
        unit=group, role=Role.GROUP_MEMBER, valid_from=date(2020, 1, 1), office_held=hostile("任职"), **printed
    )


def hostile_draft(**changes: Any) -> Any:
    """A draft with markup in every field of words and in the names of its files."""
    matter = Matter.objects.get_or_create(
        number="SX-2026-<b>", defaults={"title": hostile("事项"), "unit": unit("JG")}
    )[0]
    item = draft(
        title=hostile("标题"),
        document_number=hostile("文号")[:80],
        basis=hostile("依据"),
        body=BODY,
        is_focus=True,
        focus_reason=hostile("重点"),
        matter=matter,
        phase="before",
        **changes,
    )
    files = [
        AttachmentDraft(filename=f"{hostile('文件')}.png", label=hostile("附件"), file=stored("red")),
        AttachmentDraft(filename=f"{hostile('文件')}.png", file=stored("blue"), is_published=False),
    ]
    return perform("save", item=item, by=item.updated_by, expected_version=item.version, attachments=files)


def remarks(word: str, is_ok: bool = True, aspects=("content", "scope", "form")) -> dict[str, tuple[bool, str]]:
    return dict.fromkeys(aspects, (is_ok, hostile(word)))


def hostile_approval(item: Any) -> Any:
    item = decided(
        submitted(item), "examiner", verdicts=remarks("逐项", aspects=tuple(OFFICE_YES)), remark=hostile("意见")
    )
    paper = minutes(
        number=hostile("纪要"),
        decided_by_name=hostile("决定人"),
        office_held=hostile("职务"),
        file=stored("green"),
        filename=f"{hostile('文件')}.png",
    )
    return perform(
        "record",
        item=item,
        by=person("examiner"),
        expected_version=item.version,
        revision=item.current_revision.number,
        outcome="approve",
        verdicts=remarks("逐项"),
        remark=hostile("意见"),
        evidence=paper,
    )


def hostile_items() -> list[Any]:
    """Items in every state: open, corrected, withdrawn, returned, in review, draft."""
    opened, withdrawn = hostile_approval(hostile_draft()), hostile_approval(hostile_draft())
    corrected = hostile_approval(correction(hostile_approval(hostile_draft()), change_note=hostile("更正")))
    withdrawn = perform(
        "withdraw", item=withdrawn, by=person("examiner"), expected_version=withdrawn.version, reason=hostile("撤回")
    )
    returned = decided(
        submitted(hostile_draft()),
        "examiner",
        "return",
        verdicts=remarks("退回", False, tuple(OFFICE_YES)),
        remark=hostile("退回"),
    )
    waiting = submitted(hostile_draft())
    assert open_step(waiting)
    return [opened, corrected, withdrawn, returned, waiting, hostile_draft()]


def hostile_case(item: Any, count: int) -> tuple[Case, str]:
    """An opinion on the item with markup in everything said about it; `count` verbs done."""
    number = item.number
    token = tokens.read(tokens.issue(Purpose.SEND, number, None), Purpose.SEND, number, None)
    sender = Sender(name=hostile("来信"), contact=hostile("来信"))
    case, code = receive(
        token,
        item=item,
        unit=item.unit,
        kind="problem",
        text=hostile("来信"),
        sender_kind=SenderKind.PUBLIC,
        sender=sender,
    )
    more = tokens.read(tokens.issue(Purpose.MESSAGE, str(case.uid), None), Purpose.MESSAGE, str(case.uid), None)
    add_message(more, text=hostile("补充"))
    answers = {"published_question": hostile("公开问"), "published_text": hostile("公开答")}
    today = timezone.localdate()
    order = {"problem": hostile("问题"), "measure": hostile("措施"), "responsible_unit": item.unit, "due_on": today}
    done = {"proof": hostile("佐证"), "file": ProofFile(file=stored("yellow"), filename=f"{hostile('证明')}.png")}
    path: list[tuple[str, str, dict[str, Any]]] = [
        ("accept", "examiner", {}),
        ("ask", "examiner", {"text": hostile("留言")}),
        ("investigate", "examiner", {}),
        ("find", "examiner", {"findings": hostile("调查")}),
        ("reply", "examiner", {"text": hostile("答复"), **answers}),
        ("review_answer", "drafter", {"is_ok": True, "remark": hostile("审核")}),
        ("rectify", "examiner", order),
        ("report_done", "drafter", done),
        ("verify", "examiner", {"is_ok": False, "remark": hostile("复核")}),
        ("name_target", "drafter", {"person_name": hostile("被反映")}),
        ("ask_identity", "examiner", {"reason": hostile("申请")}),
        ("decide_identity", "leader", {"is_granted": True, "remark": hostile("同意")}),
    ]
    for verb, who, payload in path[:count]:
        if verb == "review_answer":
            payload = {**payload, "publication": Publication.objects.get(reply__case=case).pk}
        if verb == "decide_identity":
            payload = {**payload, "request": case.identity_requests.get().pk}
        if verb in ("report_done", "verify"):
            payload = {**payload, "rectification": case.rectifications.get().pk}
        case.refresh_from_db()
        case = handle(verb, case=case, by=person(who), expected_version=case.version, **payload)
    return case, code


def pages_about(items: list[Any], cases: list[Case]) -> list[str]:
    """Pages of the objects, and searches that find them."""
    words = "标题 b script".split()
    found = [f"{reverse('disclosures:search')}?q={word}" for word in words]
    found += [f"{reverse('admin:disclosures_item_changelist')}?q=标题", reverse("disclosures:internal")]
    for item in items:
        found.append(reverse("admin:disclosures_item_change", args=[item.pk]))
        found.append(reverse("admin:disclosures_item_history", args=[item.pk]))
        found += [reverse("review:revision", args=[row.uid]) for row in item.revisions.all()]
        found += [reverse("admin:disclosures_item_act", args=[item.pk, verb]) for verb in ("recall", "withdraw")]
        if item.number:
            found += [reverse("disclosures:item", args=[item.number]), f"/feedback/new/?item={item.number}"]
            found += [f"/items/{item.number}/files/{row.uid}/" for row in item.attachments.all()]
        found += [reverse("admin:disclosures_item_file", args=[item.pk, row.uid]) for row in item.attachments.all()]
    for case in cases:
        found.append(reverse("admin:feedback_case_change", args=[case.pk]))
        found.append(reverse("admin:feedback_case_history", args=[case.pk]))
    matter = Matter.objects.get(title__startswith="事项")
    return [*found, reverse("disclosures:matter", args=[matter.number])]


def test_markup_stored_anywhere_is_text_everywhere():
    world = furnished_world()
    rename_everybody()
    items = hostile_items()
    (case, code), (fresh, _code) = hostile_case(items[0], 12), hostile_case(items[1], 0)
    declined = handle("decline", case=opinion()[0], by=person("examiner"), expected_version=1, reason=hostile("不予"))
    sweep, seen = Sweep(), set()
    rows = {name: reverse(name, kwargs={k: world.args[v] for k, v in row.args.items()}) for name, row in POLICY.items()}
    about = pages_about(items, [case, fresh, declined])
    for who in (*ROLES, "supervisor", "superior"):
        for address in [*(rows[name] for name in rows if who in POLICY[name].allowed), *about]:
            seen |= words_shown(sweep.ask(who, "get", address).said)
    for who in (ANONYMOUS, "examiner"):
        for address in [*rows.values(), *about][who == ANONYMOUS :: 2]:
            sweep.ask(who, "get", f"/en{address}")
    for who in (ANONYMOUS, "member"):
        sweep.ask(who, "post", reverse("feedback:track"), {"code": code})
    act = reverse("admin:feedback_case_act", args=[case.pk, "open_identity"])
    opened = sweep.ask("examiner", "post", act, {"version": case.version})
    sweep.must(opened.status_code == 200 and MARK in opened.said, "the sender's name was not looked at")
    sweep.must(not set(WORDS) - seen, f"never seen on any page: {sorted(set(WORDS) - seen)}")
    sweep.verdict()


def words_shown(page: str) -> set[str]:
    """Which of our hostile words a page shows; the sweep has judged how."""
    return set(re.findall(rf"({'|'.join(WORDS)})<script>", unescape(page))) if MARK in page else set()


def test_comparison_of_two_revisions_shows_markup_as_text():
    sweep = Sweep()
    item = hostile_approval(hostile_draft())
    again = correction(
        item, change_note=hostile("更正"), title=hostile("新标题"), body=f"<h2>{hostile('新')}</h2>{BODY}"
    )
    page = sweep.ask("examiner", "get", reverse("review:revision", args=[submitted(again).current_revision.uid]))
    sweep.must("新标题" in page.said, "the comparison shows nothing")
    sweep.verdict()


def test_clash_of_two_drafters_shows_markup_as_text():
    sweep = Sweep()
    item = hostile_draft()
    sent = {"version": str(item.version - 1), "title": hostile("我的"), "attachments-TOTAL_FORMS": "0"}
    sent |= {"attachments-INITIAL_FORMS": "0", "body": BODY, "basis": hostile("我的")}
    page = sweep.ask("drafter", "post", reverse("admin:disclosures_item_change", args=[item.pk]), sent)
    sweep.must(page.status_code == 409, f"{page.status_code}")
    sweep.verdict()


@pytest.mark.parametrize(
    "page",
    [
        f"<p>{PROBE}</p>",
        f"<a href='javascript:{MARK}()'>x</a>",
        f'<input value="x" onfocus="{MARK}()">',
        f"<script nonce=a>let title = '{MARK}'</script>",
        f"<!-- {MARK} -->",
    ],
)
def test_the_reader_of_this_sweep_finds_live_markup(page):
    assert faults_in(page) and not faults_in(escape(page))
