"""The trail in the admin is for readers of the trail, and only for reading."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from audit.models import Event

LIST = "admin:audit_event_changelist"


def only_auditor(user):
    """Stand in for the table of roles, which this app may not know."""
    return user.username == "auditor"


@pytest.fixture(autouse=True)
def reader(settings):
    settings.AUDIT_READER = "tests.audit.test_admin.only_auditor"


@pytest.fixture
def log_in(client, db):
    def as_user(username, **flags):
        user = get_user_model().objects.create(username=username, is_staff=True, **flags)
        client.force_login(user)
        return client

    return as_user


def test_auditor_reads_the_trail(log_in, make_event):
    event = make_event(reason="<b>Complete.</b>", after={"state": "submitted"})
    client = log_in("auditor")
    assert "Bureau office" in client.get(reverse(LIST)).content.decode()
    page = client.get(reverse("admin:audit_event_change", args=[event.pk]))
    assert page.status_code == 200
    assert "&lt;b&gt;Complete.&lt;/b&gt;" in page.content.decode()
    assert event.hash in page.content.decode()


@pytest.mark.parametrize("flags", [{}, {"is_superuser": True}])
def test_nobody_else_reads_it(log_in, make_event, flags):
    event = make_event()
    client = log_in("sysadmin", **flags)
    for address in (reverse(LIST), reverse("admin:audit_event_change", args=[event.pk])):
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("setting", ["", None])
def test_without_a_rule_nobody_reads_it(log_in, settings, setting):
    settings.AUDIT_READER = setting
    assert log_in("auditor", is_superuser=True).get(reverse(LIST)).status_code == 403


@pytest.mark.parametrize("flags", [{}, {"is_superuser": True}])
def test_nobody_writes_it(log_in, make_event, flags):
    event = make_event()
    client = log_in("auditor", **flags)
    for name, args in (("add", []), ("change", [event.pk]), ("delete", [event.pk])):
        answer = client.post(reverse(f"admin:audit_event_{name}", args=args), {"reason": "other", "post": "yes"})
        assert answer.status_code == 403
    client.post(reverse(LIST), {"action": "delete_selected", "_selected_action": ["x", str(event.pk)], "post": "yes"})
    assert Event.objects.get().reason == ""


def test_filters_narrow_the_list(log_in, make_event):
    make_event("audit.triggers_installed", subject_label="FIRST")
    make_event(unit_code="branch-1", subject_label="SECOND")
    client = log_in("auditor")
    by_verb = client.get(reverse(LIST), {"verb": "audit.triggers_installed"}).content.decode()
    assert "FIRST" in by_verb and "SECOND" not in by_verb
    by_unit = client.get(reverse(LIST), {"unit": "branch-1"}).content.decode()
    assert "SECOND" in by_unit and "FIRST" not in by_unit


@pytest.mark.parametrize(
    "query",
    [
        "verb=%00",
        "unit=%00",
        "reason__contains=%00",
        "verb__contains=%00",
        "hash=%00",
        "q=%00",
        "at__gte=%00",
        "at__lt=x",
        "at__contains=%00",
        "at__regex=(",
        "at__isnull=x",
        "at__year=x",
        "at__year=0",
        "at__year=99999",
        "at__month=13",
        "at__day=31&at__month=2&at__year=2012",
        "p=x",
        "p=-1",
        "o=9.x",
        "_facets=x",
    ],
)
def test_hostile_filters_are_no_server_error(log_in, make_event, query):
    make_event()
    client = log_in("auditor")
    client.raise_request_exception = False
    assert client.get(f"{reverse(LIST)}?{query}", follow=True).status_code < 500


def test_list_does_not_ask_a_query_per_row(log_in, make_event, django_assert_max_num_queries):
    for _number in range(20):
        make_event()
    client = log_in("auditor")
    with django_assert_max_num_queries(12):
        client.get(reverse(LIST))
