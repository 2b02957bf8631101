"""The whole loop on the real plan, by forms and links alone, on both databases."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from audit.models import Event
from disclosures.models import CatalogueEntry, Release
from feedback.models import Case
from tests.journeys.stage import (
    ANSWER,
    NOTE,
    OPINION,
    PLAN_TITLE,
    QUESTION,
    SCAN,
    SECRET,
    as_from_word,
    in_an_hour,
    local,
    played_item,
    scan,
)
from tests.journeys.visitor import Page, Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeded")]
ASPECTS = ("secrecy", "accuracy", "necessity", "content", "scope", "form")


def drafting(visitor: Visitor, entry: str, unit: str = "JG") -> Page:
    """The drafting form of a new item for this entry, reached from the to-do page."""
    page = visitor.open(f"/admin/disclosures/item/add/?unit={unit}")
    return visitor.follow(page, f"entry={entry}")


def of_queue(visitor: Visitor, title: str) -> Page:
    return visitor.follow(visitor.open("/admin/review-queue/"), title)


def approve(visitor: Visitor, title: str) -> Page:
    form = of_queue(visitor, title).form(to="/decide/")
    return visitor.send(form, "approve", dict.fromkeys(form.names & set(ASPECTS), "yes"))


def on_case(visitor: Visitor, verb: str, **typed) -> Page:
    """One verb on the page of the only case."""
    page = visitor.open(f"/admin/feedback/case/{Case.objects.get().pk}/change/")
    done = visitor.send(page.form(to=f"/do/{verb}/"), data=typed)
    assert done.status == 200, done.text
    return done


def drafted_and_returned() -> str:
    """A draft with gaps, completed, refused once by the office, submitted again; returns its index number."""
    drafter = Visitor("drafter")
    page = drafting(drafter, "C8-52")
    form = page.form(having="body")
    assert ("audience", "internal_then_public") in form.values
    chosen_forms = [value for name, value in form.values if name == "forms"]
    assert len(chosen_forms) == 4
    page = drafter.send(form, "_submit", {"title": PLAN_TITLE, "audience": None, "forms": None})
    assert page.status >= 400
    wrong = re.findall(r'field field--wrong"?[^>]*>|id="div_id_(\w+)" class="[^"]*field--wrong', page.html)
    assert {"body", "issued_on", "audience"} <= set(wrong), wrong
    data = {"body": as_from_word() + f"<p>{SECRET}</p>", "issued_on": "2012-02-02", "audience": "internal_then_public"}
    data |= {"forms": chosen_forms, "planned_public_from": local(in_an_hour()), "attachments-0-file": scan()}
    page = drafter.send(page.form(having="body"), "_save", data)
    assert page.status == 200, page.text
    item = played_item()
    assert "Mso" not in item.body and "mso-" not in item.body and "甘学红" in item.body
    assert item.attachments.get().filename == SCAN
    old = page.form(having="body")
    second = Visitor("second_drafter")
    theirs = second.open(page.path).form(having="body")
    assert second.send(theirs, "_save", document_number="岳文广新党字〔2012〕3号").status == 200
    page = drafter.send(old, "_save", basis="据党内监督条例。", title=f"{PLAN_TITLE}（改）")
    assert page.status == 409
    kept = dict(page.form(having="body").values)
    assert (kept["basis"], kept["title"]) == ("据党内监督条例。", f"{PLAN_TITLE}（改）")
    assert "岳文广新党字〔2012〕3号" in page.text
    page = drafter.open(page.path)
    page = drafter.send(page.form(having="body"), "_submit")
    assert page.status == 200, page.text
    examiner = Visitor("examiner")
    page = of_queue(examiner, PLAN_TITLE)
    refused = examiner.send(
        page.form(to="/decide/"), "return", {"accuracy": "no", "necessity": "yes", "secrecy": "yes"}
    )
    assert refused.status >= 400  # the reason is missing
    words = {"accuracy_remark": "删去初稿说明。"}
    done = examiner.send(refused.form(to="/decide/"), "return", words)
    assert done.status == 200, done.text
    page = drafter.open(f"/admin/disclosures/item/{item.pk}/change/")
    assert "删去初稿说明。" in page.text
    page = drafter.send(page.form(having="body"), "_submit", body=as_from_word())
    assert page.status == 200, page.text
    item.refresh_from_db()
    assert item.number and item.current_revision.number == 2
    return item.number


def reviewed(number: str) -> None:
    for name in ("examiner", "leader", "deputy"):
        page = approve(Visitor(name), PLAN_TITLE)
        assert page.status == 200, page.text
    assert Release.objects.filter(item__number=number).count() == 1


def read_by_the_right_people(number: str) -> None:
    """First inside the Party; the public later, to the instant."""
    path, public, member = f"/items/{number}/", Visitor(), Visitor("party_member")
    assert (public.open(path).status, member.open(path).status) == (404, 200)
    assert number not in public.open("/search/?q=缺字").html
    assert number in member.open("/search/?q=缺字").html
    release = Release.objects.get(item__number=number)
    with time_machine.travel(release.public_from - timedelta(milliseconds=1), tick=False):
        assert public.open(path).status == 404
    with time_machine.travel(release.public_from, tick=False):
        page = public.open(path)
        assert page.status == 200
        assert [word for word in (SECRET, "演示", "更正") if word in page.html] == []
        for address in (
            "/",
            "/items/",
            "/search/?q=缺字",
            "/feeds/all/",
            f"/sitemaps/items-{timezone.localtime(release.public_from):%Y-%m}.xml",
            release.category.get_absolute_url(),
        ):
            assert number in public.open(address).html, address
        file = public.open(page.link("/files/"))
        assert file.response["X-Content-Type-Options"] == "nosniff" and file.html.startswith("%PDF")


def opinion_put_right(number: str) -> None:
    """An opinion without a name, one row however often it is sent, answered, put right, verified by another."""
    citizen = Visitor()
    form = citizen.open(f"/feedback/new/?item={number}").form(having="token")
    receipts = [citizen.send(form, kind="problem", text=OPINION) for _time in range(2)]
    assert receipts[0].html == receipts[1].html
    case = Case.objects.get()
    code = re.search(r'receipt__code">([^<]+)<', receipts[0].html)[1]
    drafter, examiner = Visitor("drafter"), Visitor("examiner")
    on_case(drafter, "accept")
    on_case(drafter, "investigate")
    on_case(drafter, "find", findings="原件缺字，属实。")
    on_case(drafter, "reply", text=ANSWER, published_question=QUESTION, published_text=ANSWER)
    due = timezone.localdate() + timedelta(days=5)
    on_case(
        drafter,
        "rectify",
        problem="名单缺字",
        measure="核对后更正",
        responsible_unit="JG",
        responsible_person="办公室主任",
        due_on=due.isoformat(),
    )
    on_case(drafter, "report_done", proof="已核对原件。", file=scan())
    page = drafter.open(f"/admin/feedback/case/{case.pk}/change/")
    assert not [form for form in page.forms if "/do/verify/" in form.action], "who reported it may not verify it"
    on_case(examiner, "verify", is_ok="yes", remark="已看到核对记录。")
    on_case(examiner, "review_answer", is_ok="yes")
    on_case(examiner, "close")
    page = citizen.send(citizen.open("/feedback/track/").form(having="code"), code=code.lower().replace("-", " "))
    assert page.status == 200 and ANSWER in page.text and OPINION in page.text
    case.refresh_from_db()
    assert case.state == "closed"
    assert QUESTION in citizen.open(f"/items/{number}/").text
    assert OPINION not in citizen.open(f"/items/{number}/").text


def corrected_and_withdrawn(number: str) -> None:
    drafter, public, item = Visitor("drafter"), Visitor(), played_item()
    path, desk = f"/items/{number}/", f"/admin/disclosures/item/{item.pk}/"
    page = drafter.open(f"{desk}do/correct/")
    page = drafter.send(page.form(having="version"))
    page = drafter.send(page.form(having="body"), "_submit")
    assert page.status >= 400  # the note for readers is missing
    page = drafter.send(page.form(having="body"), "_submit", change_note=NOTE, basis="《中国共产党党内监督条例(试行)》")
    assert page.status == 200, page.text
    assert NOTE not in public.open(path).text
    for name in ("examiner", "leader", "deputy"):
        approve(Visitor(name), PLAN_TITLE)
    assert NOTE in public.open(path).text
    examiner = Visitor("examiner")
    page = examiner.open(f"{desk}do/withdraw/")
    assert examiner.send(page.form(having="reason")).status >= 400
    page = examiner.send(page.form(having="reason"), reason="名单待核。")
    assert page.status == 200, page.text
    page = public.open(path)
    assert page.status == 410 and PLAN_TITLE not in page.text and "名单待核" not in page.text
    assert number not in public.open("/").html + public.open("/feeds/all/").html


def test_the_plan_goes_the_whole_loop():
    number = drafted_and_returned()
    reviewed(number)
    read_by_the_right_people(number)
    with time_machine.travel(in_an_hour() + timedelta(minutes=1)):
        opinion_put_right(number)
        corrected_and_withdrawn(number)
    seen = set(Event.objects.values_list("verb", flat=True))
    assert {"item.submitted", "release.opened", "release.withdrawn"} <= seen, seen
    said = io.StringIO()
    call_command("verify_audit", stdout=said)
    assert str(Event.objects.count()) in said.getvalue()


def test_a_branch_item_goes_to_its_own_secretary_and_a_sensitive_one_to_the_superior_too():
    branch_drafter, title = Visitor("branch_drafter"), "第一党支部重要决策执行情况"
    form = drafting(branch_drafter, "C1-04", "ZB01").form(having="body")
    assert ("sensitive", "on") in form.values and CatalogueEntry.objects.filter(code="C1-04").exists()
    page = branch_drafter.send(form, "_submit", title=title, body="<p>决策已执行。</p>", issued_on="2026-01-05")
    assert page.status == 200, page.text
    for name in ("examiner", "leader", "superior"):
        assert title not in Visitor(name).open("/admin/review-queue/").text
    approve(Visitor("secretary"), title)
    assert title not in Visitor().open("/items/").text
    assert title in Visitor("deputy").open("/admin/review-queue/").text  # secretary of the branch's Party superior
    approve(Visitor("deputy"), title)
    assert title in Visitor().open("/items/").text
