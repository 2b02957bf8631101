"""One action of one person in a race: through the service, or over HTTP with a client of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.test import Client
from django.urls import reverse

from audit.models import Event
from disclosures.models import Item
from disclosures.services import Refused, perform
from organizations.models import User
from tests.disclosures.admin_desk import BACKEND, form_url

TAKEN = (HTTPStatus.FOUND,)
REFUSED = (HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT)
STANDS_IN = {"item.recalled": "draft", "review.returned": "returned", "item.submitted": "in_review"}
ASKS_FOR = {
    "item.saved": ("draft", "returned"),
    "item.recalled": ("in_review",),
    "review.approved": ("in_review",),
    "review.returned": ("in_review",),
    "review.recused": ("in_review",),
    "review.raised": ("in_review",),
    "release.opened": ("in_review",),
    "release.withdrawn": ("approved",),
}


@dataclass(frozen=True)
class Did:
    """Which verb was tried in which way, and whether it was taken."""

    verb: str
    is_http: bool
    is_taken: bool


class Racer:
    """One person with a session, made before the race begins."""

    def __init__(self, user: User) -> None:
        self.user, self.client = user, Client()
        self.client.force_login(user, backend=BACKEND)

    def will(self, verb: str, item: Item, *, is_http: bool, **payload: Any) -> Callable[[], Did]:
        """The action on the version of `item` seen now."""
        version, revision = item.version, item.current_revision.uid if item.current_revision else None
        if is_http:
            return lambda: self.sent(verb, item, version, revision, payload)
        return lambda: self.performed(verb, item, version, payload)

    def will_recall_and_save(self, item: Item, *, is_http: bool, **fields: Any) -> Callable[[], list[Did]]:
        """Take it back and, whatever came of it, open the form anew and save what stands there now."""

        def run() -> list[Did]:
            first = self.will("recall", item, is_http=is_http)()
            return [first, self.will("save", Item.objects.get(pk=item.pk), is_http=is_http, fields=fields)()]

        return run

    def performed(self, verb: str, item: Item, version: int, payload: dict[str, Any]) -> Did:
        number = {"revision": 1} if verb in ("decide", "recuse", "raise") else {}
        try:
            by = User.objects.get(pk=self.user.pk)
            perform(verb, item=item, by=by, expected_version=version, **number, **payload)
        except Refused:
            return Did(verb, False, False)
        return Did(verb, False, True)

    def sent(self, verb: str, item: Item, version: int, revision: Any, payload: dict[str, Any]) -> Did:
        address, data = form_url(item), {"version": version}
        if verb == "save":
            data |= {"attachments-TOTAL_FORMS": 0, "attachments-INITIAL_FORMS": 0, **payload["fields"]}
        elif verb in ("recall", "withdraw"):
            address = reverse("admin:disclosures_item_act", args=[item.pk, verb])
            data |= payload
        elif verb == "decide":
            address = reverse("review:decide", args=[revision])
            data["outcome"] = payload["outcome"]
            for aspect, (is_yes, remark) in payload["verdicts"].items():
                data |= {aspect: "yes" if is_yes else "no", f"{aspect}_remark": remark}
        else:
            address = reverse(f"review:{verb}", args=[revision])
            data[f"{verb}-reason"] = payload["reason"]
        status = self.client.post(address, data).status_code
        assert status in (*TAKEN, *REFUSED), f"{verb} was answered {status}"
        return Did(verb, True, status in TAKEN)


def replay(item: Item) -> None:
    """The trail of one item, read in order: no verb was taken in a state that does not allow it, no version twice."""
    state, versions = "draft", []
    for event in Event.objects.filter(subject_kind="item", subject_ref=str(item.uid)).order_by("id"):
        assert state in ASKS_FOR.get(event.verb, (state,)), f"{event.verb} while {state}"
        state = "approved" if event.verb == "release.opened" else STANDS_IN.get(event.verb, state)
        if event.verb in ("item.saved", "item.recalled"):
            versions.append(event.after["version"])
    assert versions == sorted(set(versions)), versions
    assert state == item.state
