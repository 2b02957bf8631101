"""Addresses of objects × state × audience × own and other unit × everyone, through HTTP (P1, P7, P8, P33).

What is expected is said here by hand, not asked of the code.
"""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from disclosures.models import Item
from disclosures.services import perform
from organizations.models import User
from tests.access.policy import ALL, INSIDE, NOBODY, SUPERUSER
from tests.access.test_policy import clients
from tests.access.world import with_files
from tests.people import OFFICE_YES, YES, approved, branch_draft, correction, decided, draft, person, submitted

pytestmark = pytest.mark.usefixtures("house")
EVERYONE = frozenset(ALL)
OFFICES = frozenset({"examiner", "leader", "deputy", "member", "superior", "supervisor"})
DESKS = {
    "JG": frozenset({"drafter", "examiner", "leader", "deputy", "member", "supervisor"}),
    "ZB01": frozenset({"branch_drafter", "secretary", "examiner", "leader", "deputy", "member", "supervisor"}),
}


@dataclass(frozen=True)
class Situation:
    """An item in one state, and who may read it on the board now, or is told that it is gone."""

    item: Item
    readers: frozenset[str] = NOBODY
    told_gone: frozenset[str] = NOBODY
    reviewers: frozenset[str] = field(default=NOBODY)


def withdrawn(item: Item) -> Item:
    item.refresh_from_db()
    return perform("withdraw", item=item, by=person("examiner"), expected_version=item.version, reason="内容有误")


def situations(make) -> dict[str, Situation]:
    """Every state of an item of one unit; `make` drafts it."""
    first = "examiner" if make is draft else "secretary"
    soon = timezone.now() + timedelta(days=1)
    returned = {**OFFICE_YES, "secrecy": (False, "形式不妥")} if make is draft else {**YES, "form": (False, "形式不妥")}
    new = lambda **changes: with_files(make(**changes))  # noqa: E731
    return {
        "draft": Situation(new()),
        "in review": Situation(submitted(new())),
        "in review by the superior too": Situation(submitted(new(sensitive=True))),
        "returned": Situation(decided(submitted(new()), first, "return", returned)),
        "public": Situation(approved(new()), EVERYONE),
        "internal": Situation(approved(new(audience="internal")), INSIDE),
        "limited": Situation(approved(new(audience="internal", branches=("ZB02",))), OFFICES | {"other_member"}),
        "coming": Situation(approved(new(planned_internal_from=soon))),
        "inside first": Situation(approved(new(planned_public_from=soon)), INSIDE),
        "withdrawn": Situation(withdrawn(approved(new())), NOBODY, EVERYONE),
        "internal withdrawn": Situation(withdrawn(approved(new(audience="internal"))), NOBODY, INSIDE),
        "withdrawn before it opened": Situation(withdrawn(approved(new(planned_internal_from=soon)))),
        "public, correction in review": Situation(submitted(correction(approved(new()), title="更正稿")), EVERYONE),
    }


def addresses(item: Item, unit: str, situation: Situation) -> dict[str, dict[str, int]]:
    """Expected status by name for every address of the item."""
    on_board = {name: 200 if name in situation.readers else 410 if name in situation.told_gone else 404 for name in ALL}
    at_desk = {name: desk_status(name, name in DESKS[unit]) for name in ALL}
    files = {a.is_published: a.uid for a in item.attachments.all()}
    expected = {
        reverse("admin:disclosures_item_change", args=[item.pk]): at_desk,
        reverse("admin:disclosures_item_file", args=[item.pk, files[False]]): at_desk,
        reverse("admin:disclosures_item_thumbnail", args=[item.pk, files[False], 320]): at_desk,
        reverse("admin:disclosures_item_history", args=[item.pk]): at_desk,
    }
    if item.number:
        revision = item.current_revision
        expected[reverse("disclosures:item", args=[item.number])] = on_board
        expected[reverse("disclosures:file", args=[item.number, files[True]])] = on_board
        expected[reverse("disclosures:thumbnail", args=[item.number, files[True], 320])] = on_board
        never = {name: 410 if name in situation.told_gone else 404 for name in ALL}
        expected[reverse("disclosures:file", args=[item.number, files[False]])] = never
        expected[reverse("disclosures:thumbnail", args=[item.number, files[False], 960])] = never
        expected[reverse("disclosures:file_text", args=[item.number, files[False]])] = never
        expected[reverse("review:revision", args=[revision.uid])] = at_desk
        expected[reverse("review:file", args=[revision.uid, files[False]])] = at_desk
    return expected


def desk_status(name: str, may_read: bool) -> int:
    if name in ("anonymous", "party_member", "other_member"):
        return 302
    return 200 if may_read else 404


@pytest.mark.parametrize(("unit", "make"), [("JG", draft), ("ZB01", branch_draft)])
def test_every_object_answers_everyone_as_its_state_demands(unit, make):
    wrong = []
    cells = situations(make)
    User.objects.create(username=SUPERUSER, display_name="超级", is_staff=True, is_superuser=True)
    everyone = clients()
    for title, situation in cells.items():
        item = Item.objects.select_related("current_revision").get(pk=situation.item.pk)
        for address, expected in addresses(item, unit, situation).items():
            for name, client in everyone.items():
                asks_head = address.startswith("/items/") and name in ("anonymous", "party_member", "superuser")
                for method in (client.get, client.head) if asks_head else (client.get,):
                    got = method(address).status_code
                    if got != expected[name]:
                        wrong.append(f"{title}: {address} for {name}: {got}, expected {expected[name]}")
    assert not wrong, "\n".join(wrong)


def test_superior_reads_an_item_once_its_step_is_reached(logged_in):
    item = submitted(draft(sensitive=True))
    address = reverse("review:revision", args=[item.current_revision.uid])
    assert logged_in("superior").get(address).status_code == 404
    for name in ("examiner", "leader", "member"):
        decided(item, name)
    assert logged_in("superior").get(address).status_code == 200


def test_hidden_and_missing_items_answer_alike(client, django_assert_num_queries):
    """Equal body and headers after masking the path, and the same number of queries."""
    hidden = approved(draft(audience="internal")).number
    missing = "JG-2026-ZZZZZZ"
    answers = []
    for number in (hidden, missing):
        with django_assert_num_queries(2):
            response = client.get(f"/items/{number}/")
        assert response.status_code == 404
        answers.append((response.content.replace(number.encode(), b""), dict(response.headers)))
    assert answers[0] == answers[1]


def test_download_is_an_attachment_that_cannot_run(client):
    item = approved(with_files(draft()))
    attachment = item.current_revision.attachments.get(is_published=True)
    response = client.get(reverse("disclosures:file", args=[item.number, attachment.uid]))
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    assert not response.has_header("ETag")
