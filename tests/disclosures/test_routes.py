"""Routes are data: edited with a reason, judged before they hold, never touching reviews under way."""

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from disclosures import access, deciding
from disclosures.models import Recusal, Route, Rule, Stage
from disclosures.quorum import missing, stuck_steps
from disclosures.route_rules import problems_of
from disclosures.services import Refused, perform
from disclosures.services.reviewing import open_step
from organizations.models import Appointment, Substitution, User
from tests.disclosures.admin_desk import at_desk
from tests.people import SENSITIVE_ENTRY, branch_draft, decided, draft, entry, furnish, person, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house():
    furnish()


def act(verb, item, by, **payload):
    item.refresh_from_db()
    return perform(verb, item=item, by=person(by), expected_version=item.version, revision=1, **payload)


def refused(verb, item, by, **payload):
    with pytest.raises(Refused) as refusal:
        act(verb, item, by, **payload)
    return refusal.value


def rule(code, order, **values):
    Stage.objects.filter(route__code=code, order=order).update(**values)


def away(username, role, substitute=None):
    held = Appointment.objects.get(user=person(username), role=role)
    return Substitution.objects.create(
        appointment=held, substitute=substitute, valid_from="2020-01-01", valid_until="2999-01-01", reason="出差"
    )


def posted(route, **changes):
    stages = list(route.stages.order_by("order"))
    data = {"name": route.name, "name_en": route.name_en, "reason": "调整", "stages-INITIAL_FORMS": len(stages)}
    data |= {"stages-TOTAL_FORMS": len(stages)}
    for n, stage in enumerate(stages):
        names = ("id", "name", "name_en", "order", "deciding_unit", "unit_kind", "roles", "rule", "quorum")
        values = {name: getattr(stage, name) for name in (*names, "chair_roles", "aspects")}
        data |= {f"stages-{n}-{name}": value for name, value in values.items()}
        data[f"stages-{n}-takes_evidence"] = "on" if stage.takes_evidence else ""
        data[f"stages-{n}-route"] = route.pk
    return {**data, **changes}


def edit(route, by="examiner", **changes):
    return at_desk(by).post(reverse("admin:disclosures_route_change", args=[route.pk]), posted(route, **changes))


def test_office_changes_a_route_and_reviews_under_way_keep_theirs():
    item = submitted(draft())
    route = Route.objects.get(code="bureau")
    assert edit(route, **{"stages-1-quorum": 3}).status_code == 302
    route.refresh_from_db()
    assert (route.version, route.stages.get(order=2).quorum) == (2, 3)
    assert item.current_revision.steps.get(order=2).quorum == 2
    assert submitted(draft()).current_revision.steps.get(order=2).quorum == 3
    event = Event.objects.get(verb="route.changed")
    assert (event.before["stages"][1]["quorum"], event.after["stages"][1]["quorum"]) == (2, 3)
    assert event.reason == "调整"


def test_stages_change_places():
    route = Route.objects.get(code="bureau")
    assert edit(route, **{"stages-0-order": 2, "stages-1-order": 1}).status_code == 302
    assert route.stages.get(order=1).unit_kind == "leading_group"


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": ""},
        {"stages-1-aspects": ["content", "scope"]},
        {"stages-1-order": 5},
        {"stages-1-quorum": 9},
        {"stages-1-roles": []},
        {"stages-1-rule": "chair"},
    ],
)
def test_a_route_that_cannot_hold_is_refused(changes):
    route = Route.objects.get(code="bureau")
    assert edit(route, **changes).status_code == 400
    route.refresh_from_db()
    assert route.version == 1
    assert not Event.objects.filter(verb="route.changed").exists()


def test_drafters_change_no_route():
    assert edit(Route.objects.get(code="bureau"), by="drafter").status_code == 403


def test_sensitive_route_needs_the_superior():
    stage = Stage.objects.get(route__code="sensitive")
    stage.deciding_unit = "own"
    assert len(problems_of("sensitive", [stage])) == 1


def test_one_of_them_suffices():
    rule("bureau", 2, rule=Rule.ONE)
    assert decided(decided(submitted(draft()), "examiner"), "member").state == "approved"


def test_everyone_appointed_agrees():
    rule("bureau", 2, rule=Rule.ALL)
    item = decided(decided(decided(submitted(draft()), "examiner"), "leader"), "member")
    assert item.state == "in_review"
    assert decided(item, "deputy").state == "approved"


def test_the_chair_is_among_them():
    rule("bureau", 2, rule=Rule.CHAIR, chair_roles=["group_leader"])
    item = decided(decided(decided(submitted(draft()), "examiner"), "deputy"), "member")
    assert item.state == "in_review"
    assert decided(item, "leader").state == "approved"


def test_recusal_of_the_last_one_closes_a_step_everyone_else_agreed_to():
    rule("bureau", 2, rule=Rule.ALL)
    item = decided(decided(decided(submitted(draft()), "examiner"), "leader"), "member")
    assert act("recuse", item, "deputy", reason="亲属涉及").state == "approved"


def test_the_recused_never_decides():
    item = decided(submitted(draft()), "examiner")
    act("recuse", item, "leader", reason="亲属涉及")
    assert Recusal.objects.get().user == person("leader")
    verdicts = dict.fromkeys(("content", "scope", "form"), (True, ""))
    assert refused("decide", item, "leader", outcome="approve", verdicts=verdicts).code == "not_allowed"


def test_recusal_of_the_only_decider_is_refused():
    item = submitted(branch_draft())
    assert refused("recuse", item, "secretary", reason="亲属涉及").code == "nobody_decides"
    assert not Recusal.objects.exists()


def test_submission_is_refused_when_nobody_can_decide():
    away("secretary", "branch_secretary")
    with pytest.raises(Refused) as refusal:
        submitted(branch_draft())
    assert refusal.value.code == "nobody_decides"


def test_substitute_decides_in_the_office_and_the_holder_does_not():
    stand_in = User.objects.create(username="standin", display_name="代理人", is_staff=True)
    away("secretary", "branch_secretary", stand_in)
    item = submitted(branch_draft())
    verdicts = dict.fromkeys(("content", "scope", "form"), (True, ""))
    assert refused("decide", item, "secretary", outcome="approve", verdicts=verdicts).code == "not_allowed"
    assert decided(item, "standin").state == "approved"
    assert item.current_revision.decisions.get().office_held.endswith("（代）")


def test_substitute_who_wrote_the_item_does_not_decide():
    away("secretary", "branch_secretary", person("branch_drafter"))
    with pytest.raises(Refused):
        submitted(branch_draft())


def test_substitute_in_two_seats_counts_once():
    rule("bureau", 2, quorum=2)
    away("member", "group_member", person("leader"))
    item = decided(decided(submitted(draft()), "examiner"), "leader")
    assert missing(open_step(item), timezone.now()) == 1


def test_an_absence_entered_later_shows_the_stuck_step():
    submitted(branch_draft())
    assert stuck_steps(timezone.now()) == []
    away("secretary", "branch_secretary")
    assert len(stuck_steps(timezone.now())) == 1
    assert len(at_desk("examiner").get(reverse("review:queue")).context["stuck"]) == 1
    assert at_desk("leader").get(reverse("review:queue")).context["stuck"] == []


def test_the_people_of_a_step_and_the_steps_of_a_person_agree():
    away("member", "group_member", person("deputy"))
    items = [submitted(draft()), decided(submitted(draft()), "examiner"), submitted(branch_draft())]
    act("recuse", items[1], "leader", reason="亲属涉及")
    for item in items:
        step = open_step(item)
        people = {seat.acting.pk for seat in deciding.undecided(step, timezone.now())}
        assert people == {user.pk for user in User.objects.all() if step in access.review_steps_for(user)}
        assert people


def sensitive_item():
    return submitted(draft(sensitive=True))


def test_lowering_needs_two_people_and_lifts_the_superior():
    item = sensitive_item()
    act("lower", item, "examiner", reason="已公开过")
    assert open_step(item).revision.steps.filter(state="waiting", unit__code="SJ").exists()
    assert refused("confirm_lower", item, "examiner").code == "not_allowed"
    assert refused("confirm_lower", item, "drafter").code == "not_allowed"
    item = act("confirm_lower", item, "leader")
    assert not item.sensitive
    for name in ("examiner", "leader", "deputy"):
        item = decided(item, name)
    assert item.state == "approved"


def test_lowering_needs_a_reason():
    assert refused("lower", sensitive_item(), "examiner", reason=" ").code == "reason"


def test_nobody_lowers_what_the_catalogue_calls_sensitive():
    item = submitted(draft(entry=entry(SENSITIVE_ENTRY)))
    assert refused("lower", item, "examiner", reason="已公开过").code == "not_allowed"


def test_nothing_is_lowered_once_the_superior_has_it():
    item = sensitive_item()
    for name in ("examiner", "leader", "member"):
        item = decided(item, name)
    assert refused("lower", item, "examiner", reason="已公开过").code == "not_allowed"


def test_reviewer_of_a_later_step_raises():
    assert act("raise", submitted(draft()), "leader", reason="重大").sensitive


def test_page_of_the_review_lowers_and_recuses():
    item = sensitive_item()
    uid = item.current_revision.uid
    desk = at_desk("examiner")
    data = {"version": item.version, "lower-reason": "已公开过"}
    assert desk.post(reverse("review:lower", args=[uid]), data).status_code == 302
    assert at_desk("leader").post(reverse("review:confirm_lower", args=[uid]), data).status_code == 302
    refused_page = desk.post(reverse("review:recuse", args=[uid]), {"version": item.version})
    assert refused_page.status_code == 400
