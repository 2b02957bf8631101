"""Sixteen people decide, edit, recuse, raise and withdraw at once: the route's rule exactly, no double, no error.

A part of the rounds goes through the services, a part over HTTP, and a part mixes both.
"""

import os
from collections import Counter

import pytest
from django.db import connection

from audit.models import Event
from disclosures.models import Decision, Release
from disclosures.services.reviewing import open_step
from tests.disclosures.racing import Did, Racer, replay
from tests.disclosures.test_concurrency import CROWD, at_once, crowd_of_members
from tests.people import YES, decided, draft, person, submitted

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("open_house")]
ROUNDS = int(os.environ.get("PORTAL_RACE_ROUNDS", "40"))
RETURNED = {**YES, "form": (False, "形式不妥")}
WAYS = ("services", "http", "mixed")


def members_at_desks():
    crowd = crowd_of_members()
    for user in crowd:
        user.is_staff = True
        user.save()
    return [Racer(user) for user in crowd]


def is_http(number, place):
    way = WAYS[number % len(WAYS)]
    return way == "http" or (way == "mixed" and place % 2 == 0)


def actions(item, members, others, number):
    """One action a person; which ones, and on which way, changes with the round."""
    drafter, twin, office = others
    outcomes = [("approve", YES)] * 9 if number % 3 else [("approve", YES)] * 6 + [("return", RETURNED)] * 3
    wanted = [
        (member, "decide", {"outcome": o, "verdicts": v}) for member, (o, v) in zip(members, outcomes, strict=False)
    ]
    wanted += [(member, "recuse", {"reason": "亲属涉及"}) for member in members[9:12]]
    wanted += [(members[12], "raise", {"reason": "重大"})]
    made = [by.will(verb, item, is_http=is_http(number, n), **more) for n, (by, verb, more) in enumerate(wanted)]
    made.append(drafter.will("save", item, is_http=is_http(number, 0), fields={"title": "又改了一次"}))
    if number % 2:
        made.append(twin.will_recall_and_save(item, is_http=is_http(number, 1), title="撤回后改"))
    else:
        made.append(twin.will("save", item, is_http=is_http(number, 1), fields={"title": "审核中改"}))
    if number % 4 == 0:
        made.append(office.will("withdraw", item, is_http=is_http(number, 2), reason="撤下"))
    else:
        made.append(members[13].will_recall_and_save(item, is_http=is_http(number, 2), title="无权撤回"))
    return made


def taken_of(results, won: Counter) -> Counter:
    """How often each verb was taken; `won` counts the same by way over all rounds."""
    flat = [did for result in results for did in (result if isinstance(result, list) else [result])]
    assert all(isinstance(did, Did) for did in flat)
    won.update((did.verb, did.is_http) for did in flat if did.is_taken)
    return Counter(did.verb for did in flat if did.is_taken)


def judge(item, step, taken_verbs):
    """The route's rule held exactly: two agreements, or one return, and nobody twice; the frozen text is untouched."""
    step.refresh_from_db()
    item.refresh_from_db()
    taken = list(Decision.objects.filter(step=step).values_list("outcome", "decided_by_id"))
    assert len(taken) == taken_verbs["decide"]
    assert max(Counter(by for _outcome, by in taken).values(), default=0) <= 1
    agreed = sum(outcome == "approve" for outcome, _by in taken)
    assert agreed == step.quorum if step.state == "approved" else agreed < step.quorum
    assert sum(outcome == "return" for outcome, _by in taken) == (step.state == "returned")
    assert not set(item.recusals.values_list("user_id", flat=True)) & {by for _outcome, by in taken}
    assert Release.objects.filter(item=item).count() <= 1
    if Release.objects.filter(item=item).exists():
        assert step.state == "approved"
    assert item.current_revision.steps.filter(state="open").count() == (item.state == "in_review")
    assert item.current_revision.title == draft_title(item)
    events = Counter(Event.objects.filter(subject_ref=str(item.uid)).values_list("verb", flat=True))
    assert (events["item.saved"], events["item.recalled"]) == (taken_verbs["save"], taken_verbs["recall"])
    assert taken_verbs["recall"] <= 1
    replay(item)


def draft_title(item):
    return item.revisions.order_by("number").first().title


def race_after_recall(item, members, drafters, number, won):
    """Twelve savings of one version and four late decisions: one saving wins, nobody decides on what was taken back."""
    before = Decision.objects.count()
    made = [
        drafters[n].will("save", item, is_http=is_http(number, n), fields={"title": f"撤回后第{n}稿"})
        for n in range(12)
    ]
    late = {"outcome": "approve", "verdicts": YES}
    made += [members[n].will("decide", item, is_http=is_http(number, n), **late) for n in range(12, CROWD)]
    taken = taken_of(at_once(made), won)
    assert taken == {"save": 1}
    version = item.version
    item.refresh_from_db()
    assert (item.version, Decision.objects.count()) == (version + 1, before)
    replay(item)


def deadlocks() -> int:
    """Deadlocks this database has seen, as the server counts them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def test_sixteen_people_at_once_keep_the_rule_of_the_route(record_property):
    members = members_at_desks()
    others = [Racer(person(name)) for name in ("drafter", "drafter", "examiner")]
    drafters = [Racer(person("drafter")) for _number in range(12)]
    seen, won, after_recall, before = Counter(), Counter(), 0, deadlocks()
    for number in range(ROUNDS):
        item = decided(submitted(draft()), "examiner")
        step = open_step(item)
        made = actions(item, members, others, number)
        assert len(made) == CROWD
        results = at_once(made)  # anything but a refusal comes out here; over HTTP, anything but 302, 400, 403, 409
        judge(item, step, taken_of(results, won))
        seen[step.state] += 1
        if item.is_editable:
            race_after_recall(item, members, drafters, number, won)
            after_recall += 1
    record_property("steps", dict(seen))
    record_property("taken by verb and way", dict(won))
    record_property("raced after a recall or return", after_recall)
    assert len(seen) > 1, seen
    assert after_recall, seen
    assert {(verb, way) for verb in ("decide", "recall", "save") for way in (True, False)} <= set(won), won
    assert deadlocks() == before
