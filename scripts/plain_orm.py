# ruff: noqa: E402 — models and handlers are imported once the settings stand
"""The peer of the measurements: the same tables through plain Django: COUNT, OFFSET, a template, nothing else.

No middleware, no visibility but the public window, search by LIKE: what one writes first.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "disclosure_portal.settings")

from django.conf import settings

settings.MIDDLEWARE = []
settings.ROOT_URLCONF = __name__

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template import Context, Template
from django.urls import path
from django.utils import timezone

from disclosures.models import Category, Release

LIST = Template(
    "<!DOCTYPE html><title>{{ count }}</title><ul>{% for row in page %}<li><a href='{{ row.item.number }}'>"
    "{{ row.revision.title }}</a> {{ row.unit.name }} {{ row.category.name }} {{ row.public_since }}</li>{% endfor %}"
    "</ul>{{ page.number }}/{{ page.paginator.num_pages }}"
)
ITEM = Template("<!DOCTYPE html><h1>{{ row.revision.title }}</h1>{{ row.unit.name }}{{ row.revision.body|safe }}")


def public() -> QuerySet[Release]:
    """Releases that are open now."""
    now = timezone.now()
    window = Q(public_from__lte=now) & (Q(public_until__isnull=True) | Q(public_until__gt=now))
    rows = Release.objects.filter(window).select_related("revision", "unit", "category", "item")
    return rows.order_by("-public_since", "-id")


def shown(rows: QuerySet[Release], request: HttpRequest) -> HttpResponse:
    """One page of twenty."""
    page = Paginator(rows, 20).get_page(request.GET.get("page"))
    return HttpResponse(LIST.render(Context({"page": page, "count": page.paginator.count})))


def everything(request: HttpRequest) -> HttpResponse:
    """The list."""
    return shown(public(), request)


def category(request: HttpRequest, slug: str) -> HttpResponse:
    """The list of a category."""
    return shown(public().filter(category=get_object_or_404(Category, slug=slug)), request)


def search(request: HttpRequest) -> HttpResponse:
    """The list of what holds the words, by LIKE."""
    word = request.GET["q"]
    return shown(public().filter(Q(revision__title__contains=word) | Q(revision__body_text__contains=word)), request)


def item(request: HttpRequest, number: str) -> HttpResponse:
    """One item."""
    return HttpResponse(ITEM.render(Context({"row": public().get(item__number=number)})))


urlpatterns = [
    path("items/", everything),
    path("items/<str:number>/", item),
    path("categories/<slug:slug>/", category),
    path("search/", search),
]
