"""Short ways to a case in each state."""

from datetime import timedelta

from django.utils import timezone

from feedback import tokens
from feedback.models import Case, Publication, SenderKind
from feedback.sealing import Sender
from feedback.services import Accused, perform, receive
from tests.people import person, unit

SECRET_NAME = "匿名来信人甲乙"
SECRET_CONTACT = "13912345678"
NOBODY = Accused()
NOT_PUBLISHED = "只涉及来信人一人"
WORDS = "公开栏中的会议纪要缺少附件，请补充。"
HOSTILE = "\u202e<script>alert(1)</script>\x00<![<![<![x]>\u200f = cmd|' /C calc'!A0 {{ 7*7 }}"


def token(subject="", account=None, purpose=tokens.Purpose.SEND) -> tokens.Token:
    """A fresh token, read back."""
    return tokens.read(tokens.issue(purpose, subject, account), purpose, subject, account)


def sent(code="JG", *, item=None, text=WORDS, kind="problem", named=False, accused=NOBODY) -> Case:
    return sent_with_code(code, item=item, text=text, kind=kind, named=named, accused=accused)[0]


def sent_with_code(
    code="JG", *, item=None, text=WORDS, kind="problem", named=False, accused=NOBODY
) -> tuple[Case, str]:
    return receive(
        token(),
        item=item,
        unit=item.unit if item else unit(code),
        kind=kind,
        text=text,
        sender_kind=SenderKind.PUBLIC,
        sender=Sender(SECRET_NAME, SECRET_CONTACT) if named else Sender(),
        accused=accused,
    )


def did(case: Case, verb: str, by: str, **payload) -> Case:
    """The case after `verb` by one of the cast."""
    case.refresh_from_db()
    return perform(verb, case=case, by=person(by), expected_version=case.version, **payload)


def order(**changes):
    """What a rectification needs."""
    return {
        "problem": "附件没有上传",
        "measure": "补充上传并更正",
        "responsible_unit": unit("JG"),
        "due_on": timezone.localdate() + timedelta(days=5),
        **changes,
    }


def carried(state: str, *, code="JG", by="drafter", named=False, item=None) -> Case:
    """A case carried on to `state` by the real services."""
    case = sent(code, named=named, item=item)
    steps = {
        "accepted": lambda: did(case, "accept", by),
        "investigating": lambda: did(case, "investigate", by),
        "found": lambda: did(case, "find", by, findings="属实"),
        "answered": lambda: did(case, "reply", by, text="已核实，将补充附件。"),
        "rectifying": lambda: did(case, "rectify", by, **order(responsible_unit=unit(code))),
        "rectified": lambda: did(case, "report_done", by, rectification=last(case), proof="附件已补充"),
        "verified": lambda: did(case, "verify", "examiner", rectification=last(case), is_ok=True),
        "closed": lambda: did(case, "close", "examiner", unpublished_because=NOT_PUBLISHED),
    }
    if state == "declined":
        return did(case, "decline", by, reason="不属于本单位职责")
    for name, step in steps.items() if state != "received" else ():
        step()
        if name == state:
            break
    case.refresh_from_db()
    assert case.state == state
    return case


def published(case: Case, *, question="附件何时补充", text="附件已经补充", by="drafter", approver="examiner") -> Case:
    """The case with its newest answer proposed and approved for readers."""
    did(case, "publish", by, reply=case.replies.latest("id").pk, question=question, text=text)
    return did(case, "review_answer", approver, publication=proposal(case), is_ok=True)


def proposal(case: Case) -> int:
    return Publication.objects.filter(reply__case=case).latest("id").pk


def last(case: Case) -> int:
    return case.rectifications.latest("id").pk
