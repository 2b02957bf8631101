"""Addresses of the board."""

from django.urls import path, register_converter
from django.views.decorators.http import require_safe

from disclosures.converters import ItemNumber, MatterNumber, SheetCode, Year
from disclosures.feeds import Everything, OfCategory, OfUnit
from disclosures.sitemaps import sitemap
from disclosures.views import board, items, lists, pages, searching, verify

app_name = "disclosures"
register_converter(ItemNumber, "number")
register_converter(MatterNumber, "matter")
register_converter(SheetCode, "sheet_code")
register_converter(Year, "year")

urlpatterns = [
    path("", board.board, name="board"),
    path("m/", board.mobile, name="mobile"),
    path("items/", lists.items, name="items"),
    path("items/<number:number>/", items.item, name="item"),
    path("items/<number:number>/files/<uuid:uid>/", items.file, name="file"),
    path("items/<number:number>/files/<uuid:uid>/thumbnails/<int:box>/", items.thumbnail, name="thumbnail"),
    path("internal/", lists.internal, name="internal"),
    path("focus/", lists.focus, name="focus"),
    path("search/", searching.search, name="search"),
    path("categories/<slug:slug>/", lists.category, name="category"),
    path("units/", pages.units, name="units"),
    path("units/<slug:code>/", lists.unit, name="unit"),
    path("matters/<matter:number>/", items.matter, name="matter"),
    path("archive/<year:year>/", lists.archive, name="archive"),
    path("catalogue/", pages.catalogue, name="catalogue"),
    path("leading-group/", pages.leading_group, name="leading_group"),
    path("statistics/", pages.statistics, name="statistics"),
    path("about/", pages.about, name="about"),
    path("site-map/", pages.site_map, name="site_map"),
    path("feeds/", pages.feeds, name="feeds"),
    path("feeds/all/", require_safe(Everything()), name="feed"),
    path("feeds/categories/<slug:slug>/", require_safe(OfCategory()), name="feed_category"),
    path("feeds/units/<slug:code>/", require_safe(OfUnit()), name="feed_unit"),
    path("verify/<sheet_code:code>/", verify.verify, name="verify"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("robots.txt", pages.robots, name="robots"),
]
