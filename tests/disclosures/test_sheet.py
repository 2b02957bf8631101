"""The approval sheet as a page and as PDF, and the public page that verifies it."""

import shutil
import subprocess
import time

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from audit.triggers import lifted
from disclosures import fonts, pdf
from disclosures.models import Revision
from disclosures.pdf import set_as_pdf
from disclosures.services import perform
from disclosures.verification import code_of, verify
from tests.disclosures.admin_desk import at_desk
from tests.people import OFFICE_YES, approved, branch_draft, decided, draft, minutes, person, submitted

pytestmark = pytest.mark.usefixtures("house")


def address(item, name="sheet"):
    return reverse(f"review:{name}", args=[item.current_revision.uid])


def text_of(item, by="examiner"):
    return at_desk(by).get(address(item)).content.decode()


def verified(item, client=None):
    return (client or Client()).get(reverse("disclosures:verify", args=[code_of(item.current_revision)]))


def test_sheet_holds_decisions_offices_aspects_dates_and_digest():
    item = approved(draft())
    text = text_of(item)
    wanted = [
        item.number,
        item.title,
        item.current_revision.digest,
        code_of(item.current_revision),
        "审批表",
        "data:image",
    ]
    wanted += [person(name).display_name for name in ("examiner", "leader", "deputy")]
    assert [words for words in wanted if words not in text] == []
    assert "审核中" not in text


def test_minutes_stand_on_the_sheet_with_number_and_recorder():
    item = decided(submitted(draft()), "examiner")
    item = perform(
        "record",
        item=item,
        by=person("examiner"),
        expected_version=item.version,
        revision=1,
        outcome="approve",
        verdicts=dict.fromkeys(("content", "scope", "form"), (True, "")),
        evidence=minutes(),
    )
    text = text_of(item)
    assert "会议纪要〔2026〕3号" in text and "领导小组会议" in text and person("examiner").display_name in text


def test_unfinished_review_is_printed_as_such():
    assert "审核中" in text_of(decided(submitted(draft()), "examiner"))


def test_returned_review_is_printed_as_such():
    no = {**OFFICE_YES, "accuracy": (False, "有误之处")}
    text = text_of(decided(submitted(draft()), "examiner", "return", no))
    assert "有误之处" in text and "sheet__state--approved" not in text


def test_sheet_is_missing_for_who_may_not_read_the_revision():
    item = approved(draft())
    for name in ("branch_drafter", "sysadmin", "auditor"):
        for page in ("sheet", "sheet_pdf"):
            assert at_desk(name).get(address(item, page)).status_code == 404


def test_pdf_is_made_of_the_same_words():
    item = approved(draft())
    response = at_desk("examiner").get(address(item, "sheet_pdf"))
    assert response["Content-Type"] == "application/pdf" and response.content.startswith(b"%PDF")
    if shutil.which("pdftotext"):
        read = subprocess.run(["pdftotext", "-", "-"], input=response.content, capture_output=True, check=True)
        text = "".join(read.stdout.decode().split())
        assert "党务公开审批表" in text and item.number in text and "1/1" in text


def test_big_sheet_is_set_within_five_seconds():
    rows = "".join(f"<tr><td>第{n}步</td><td>{'同意公开，内容属实。' * 30}</td></tr>" for n in range(150))
    begun = time.process_time()
    assert set_as_pdf(f"<html><body class='sheet'><table class='sheet__table'>{rows}</table></body></html>")
    assert time.process_time() - begun < 5


def test_pdf_opens_no_file_and_no_host(tmp_path):
    secret = tmp_path / "secret.css"
    secret.write_text("body::after { content: 'geheim' }")
    asked = f"<link rel=stylesheet href='file://{secret}'><img src='http://127.0.0.1:9/x.png'><p>审批</p>"
    made = set_as_pdf(asked)
    if shutil.which("pdftotext"):
        read = subprocess.run(["pdftotext", "-", "-"], input=made, capture_output=True, check=True)
        assert b"geheim" not in read.stdout
    assert made.startswith(b"%PDF")


def test_machine_without_a_chinese_font_says_so(monkeypatch):
    item = approved(draft())
    monkeypatch.setattr(pdf, "missing_packages", lambda: ["fonts-noto-cjk"])
    response = at_desk("examiner").get(address(item, "sheet_pdf"))
    assert response.status_code == 503 and "缺少中文字体" in response.content.decode()
    assert "缺少中文字体" in text_of(item)


def test_check_warns_without_a_chinese_font(monkeypatch):
    assert fonts.check_fonts() == []
    monkeypatch.setattr(fonts, "chinese_font", lambda: "")
    (warning,) = fonts.check_fonts()
    assert warning.id == "disclosures.W501" and "fonts-noto-cjk" in warning.hint


def test_missing_library_is_named_by_its_package(monkeypatch):
    monkeypatch.setattr(fonts, "LIBRARIES", {"libnothing-here.so.9": "libnothing"})
    assert fonts.missing_packages() == ["libnothing"]


def test_verification_agrees_and_names_offices_only():
    item = approved(draft())
    page = verified(item)
    text = page.content.decode()
    assert page.status_code == 200 and page.context["found"].is_genuine and page.context["found"].is_approved
    assert item.current_revision.digest in text and "办公室" in text
    for name in ("examiner", "leader", "deputy", "drafter"):
        assert person(name).display_name not in text
    assert not page.cookies


def test_verification_shows_a_title_only_to_who_may_read_the_release():
    inside = approved(draft(audience="internal", title="仅党内阅读的标题"))
    assert "仅党内阅读的标题" not in verified(inside).content.decode()
    assert "仅党内阅读的标题" in verified(inside, at_desk("party_member")).content.decode()
    waiting = submitted(draft(title="尚未公开的标题"))
    page = verified(waiting)
    assert page.status_code == 200 and "尚未公开的标题" not in page.content.decode()
    assert waiting.number not in page.content.decode()


def test_wrong_codes_are_missing_alike():
    item = approved(branch_draft())
    code = code_of(item.current_revision)
    missing = Client().get("/verify/" + "0" * 32 + code[32:] + "/")
    assert missing.status_code == 404
    for wrong in (code[:-1], code.upper(), str(item.current_revision.uid), item.number):
        assert Client().get(f"/verify/{wrong}/").status_code == 404
    assert Client().get("/verify/" + "1" * 32 + "-" + "1" * 16 + "/").status_code == 404


def test_sheet_of_another_text_does_not_agree():
    code = code_of(approved(draft()).current_revision)
    forged = code[:33] + "0" * 16
    page = Client().get(f"/verify/{forged}/")
    assert page.status_code == 200 and not page.context["found"].is_genuine
    assert "核验不一致" in page.content.decode()


def test_changed_text_and_missing_decision_are_found_out():
    item = approved(draft())
    revision = item.current_revision
    code = code_of(revision)
    with lifted(connection):
        Revision.objects.filter(pk=revision.pk).update(title="事后改动的标题")
    revision.refresh_from_db()
    assert not verify(revision, code).text_agrees and verify(revision, code).decisions_agree
    with lifted(connection):
        revision.decisions.last().verdicts.all().delete()
        revision.decisions.filter(pk=revision.decisions.last().pk).delete()
    assert not verify(revision, code).decisions_agree
