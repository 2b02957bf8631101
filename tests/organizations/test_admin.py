"""Units, accounts, appointments and memberships over HTTP: kept by the administrator, told to the trail."""

import pytest

from audit.models import Event
from organizations.models import Appointment, Membership, User
from tests.disclosures.admin_desk import at_desk
from tests.people import furnish, person, unit

pytestmark = pytest.mark.django_db
HOME = "/admin/organizations/"
SECRET = "a-long-new-secret-9"


@pytest.fixture(autouse=True)
def house():
    furnish()


def appointment(who, **changes):
    values = {
        "user": person(who).pk,
        "unit": unit("LB").pk,
        "role": "examiner",
        "valid_from": "2026-01-01",
        "order": "0",
    }
    return {**values, "name_is_complete": "on", **changes}


@pytest.mark.parametrize("name", ["drafter", "examiner", "leader", "supervisor", "auditor", "superior"])
def test_nobody_else_keeps_accounts(name):
    client = at_desk(name)
    for table in ("unit", "user", "appointment", "membership"):
        assert client.get(f"{HOME}{table}/").status_code == 403
        assert client.post(f"{HOME}{table}/add/", {}).status_code == 403
        assert client.get(f"{HOME}{table}/1/change/").status_code == 403


def test_appointment_is_entered_and_told():
    response = at_desk("sysadmin").post(f"{HOME}appointment/add/", appointment("member"))
    assert response.status_code == 302, response.context["errors"]
    event = Event.objects.get(verb="appointment.created")
    assert event.actor_username == "sysadmin" and event.unit_code == "LB"
    assert event.after["role"] == "examiner"


def test_nobody_appoints_themselves_nor_ends_their_own_appointment():
    client = at_desk("sysadmin")
    assert client.post(f"{HOME}appointment/add/", appointment("sysadmin")).status_code == 400
    own = Appointment.objects.get(user=person("sysadmin"))
    taken = appointment("member", role=own.role, unit=own.unit_id)
    assert client.post(f"{HOME}appointment/{own.pk}/change/", taken).status_code == 400
    own.refresh_from_db()
    assert own.user == person("sysadmin")
    member = {"user": person("sysadmin").pk, "branch": unit("ZB01").pk, "valid_from": "2026-01-01"}
    assert client.post(f"{HOME}membership/add/", member).status_code == 400
    assert not Membership.objects.filter(user=person("sysadmin")).exists()


def test_account_is_opened_without_rights_and_its_password_stays_out_of_the_trail():
    client = at_desk("sysadmin")
    data = {"username": "newcomer", "display_name": "新同志", "usable_password": "true"}
    data |= {"password1": SECRET, "password2": SECRET, "is_superuser": "on"}
    response = client.post(f"{HOME}user/add/", data)
    assert response.status_code == 302, response.context["errors"]
    user = User.objects.get(username="newcomer")
    assert not user.is_superuser and not user.is_staff and user.check_password(SECRET)
    event = Event.objects.get(verb="account.created")
    assert SECRET not in str(event.after) and user.password not in str(event.after)


def test_account_is_closed_and_contacts_stay_out_of_the_trail():
    user = person("member")
    data = {"username": user.username, "display_name": user.display_name, "phone": "13800000000", "is_superuser": "on"}
    response = at_desk("sysadmin").post(f"{HOME}user/{user.pk}/change/", data)
    assert response.status_code == 302, response.context["errors"]
    user.refresh_from_db()
    assert not user.is_active and not user.is_superuser and user.phone == "13800000000"
    event = Event.objects.get(verb="account.changed")
    assert event.before["is_active"] is True and event.after["is_active"] is False
    assert "13800000000" not in f"{event.before}{event.after}" and "phone" in event.after["fields"]


def test_password_is_set_with_an_event():
    user = person("member")
    data = {"password1": SECRET, "password2": SECRET, "usable_password": "true", "set-password": "1"}
    response = at_desk("sysadmin").post(f"{HOME}user/{user.pk}/password/", data)
    assert response.status_code == 302
    assert Event.objects.filter(verb="account.password_set", subject_ref="member").exists()
    assert at_desk("drafter").get(f"{HOME}user/{user.pk}/password/").status_code == 403


def test_unit_keeps_its_code_and_its_history():
    client = at_desk("sysadmin")
    branch = unit("ZB01")
    data = {"code": "OTHER", "name": "新名称", "kind": branch.kind, "order": branch.order, "is_active": "on"}
    data |= {"party_parent": branch.party_parent_id, "discloses": "on"}
    response = client.post(f"{HOME}unit/{branch.pk}/change/", data)
    assert response.status_code == 302, response.context["errors"]
    branch.refresh_from_db()
    assert (branch.code, branch.name) == ("ZB01", "新名称")
    assert "timeline__event" in client.get(f"{HOME}unit/{branch.pk}/history/").content.decode()


def test_odd_values_are_told_beside_the_field():
    client = at_desk("sysadmin")
    for value in ("a\0b", "9" * 40, "x" * 5000):
        for name in ("user", "unit", "role", "valid_from", "order", "printed_name"):
            response = client.post(f"{HOME}appointment/add/", appointment("member", **{name: value}))
            assert response.status_code in (400, 302), (name, value)
