"""Short ways through the admin over HTTP: log in, read a form, send it again."""

from typing import Any

from django.test import Client
from django.urls import reverse

from disclosures.models import Item
from tests.people import person

BACKEND = "django.contrib.auth.backends.ModelBackend"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def at_desk(username: str) -> Client:
    client = Client()
    client.force_login(person(username), backend=BACKEND)
    return client


def form_url(item: Item) -> str:
    return reverse("admin:disclosures_item_change", args=[item.pk])


def fields_of(response: Any) -> dict[str, Any]:
    """What a browser would send back from this form, unchanged."""
    form, files = response.context["form"], response.context["files"]
    data: dict[str, Any] = {"version": response.context["version"]}
    for bound in form:
        value = bound.value()
        if isinstance(value, bool):
            data |= {bound.html_name: "on"} if value else {}
        elif isinstance(value, list):
            data[bound.html_name] = [getattr(row, "pk", row) for row in value]
        elif value not in (None, ""):
            shown = bound.field.widget.format_value(value)
            data[bound.html_name] = shown[0] if isinstance(shown, list) else shown
    for bound in [*files.management_form, *(field for row in files for field in row)]:
        value = bound.value()
        if value is not None and value is not False and bound.name != "file":
            data[bound.html_name] = str(value)
    return data
