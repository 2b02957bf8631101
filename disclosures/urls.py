"""Addresses of the board."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, register_converter
from django.views.decorators.http import require_safe

from disclosures.converters import ItemNumber, MatterNumber, Year

app_name = "disclosures"
register_converter(ItemNumber, "number")
register_converter(MatterNumber, "matter")
register_converter(Year, "year")


@require_safe
def coming(request: HttpRequest, **parts: object) -> HttpResponse:
    """Stand-in until the page is written."""
    raise Http404


urlpatterns = [
    path("", coming, name="board"),
    path("m/", coming, name="mobile"),
    path("items/", coming, name="items"),
    path("items/<number:number>/", coming, name="item"),
    path("items/<number:number>/files/<uuid:uid>/", coming, name="file"),
    path("internal/", coming, name="internal"),
    path("focus/", coming, name="focus"),
    path("search/", coming, name="search"),
    path("categories/<slug:slug>/", coming, name="category"),
    path("units/", coming, name="units"),
    path("units/<slug:code>/", coming, name="unit"),
    path("matters/<matter:number>/", coming, name="matter"),
    path("archive/<year:year>/", coming, name="archive"),
    path("catalogue/", coming, name="catalogue"),
    path("leading-group/", coming, name="leading_group"),
    path("statistics/", coming, name="statistics"),
    path("about/", coming, name="about"),
    path("site-map/", coming, name="site_map"),
    path("feeds/", coming, name="feeds"),
    path("feeds/all/", coming, name="feed"),
    path("feeds/categories/<slug:slug>/", coming, name="feed_category"),
    path("feeds/units/<slug:code>/", coming, name="feed_unit"),
    path("sitemap.xml", coming, name="sitemap"),
    path("robots.txt", coming, name="robots"),
]
