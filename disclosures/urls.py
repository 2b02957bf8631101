"""Addresses of the board."""

from django.urls import path, register_converter

from disclosures.converters import DataKind, FeedKind, ItemNumber, MatterNumber, SheetCode, SitemapSpan, Year
from disclosures.views import (
    board,
    catalogue,
    feeds,
    file_texts,
    items,
    lists,
    numbers,
    open_data,
    pages,
    searching,
    sitemaps,
    units,
    verify,
)

app_name = "disclosures"
register_converter(DataKind, "data_kind")
register_converter(FeedKind, "feed_kind")
register_converter(ItemNumber, "number")
register_converter(MatterNumber, "matter")
register_converter(SheetCode, "sheet_code")
register_converter(SitemapSpan, "span")
register_converter(Year, "year")

urlpatterns = [
    path("", board.board, name="board"),
    path("m/", board.mobile, name="mobile"),
    path("items/", lists.items, name="items"),
    path("items/<number:number>/", items.item, name="item"),
    path("items/<number:number>/data/", open_data.item_data, name="item_data"),
    path("items/<number:number>/files/<uuid:uid>/", items.file, name="file"),
    path("items/<number:number>/files/<uuid:uid>/text/", file_texts.file_text, name="file_text"),
    path("items/<number:number>/files/<uuid:uid>/thumbnails/<int:box>/", items.thumbnail, name="thumbnail"),
    path("internal/", lists.internal, name="internal"),
    path("focus/", lists.focus, name="focus"),
    path("search/", searching.search, name="search"),
    path("categories/<slug:slug>/", lists.category, name="category"),
    path("units/", units.units, name="units"),
    path("units/<slug:code>/", units.unit, name="unit"),
    path("matters/<matter:number>/", items.matter, name="matter"),
    path("archive/", numbers.archive_index, name="archive_index"),
    path("archive/<year:year>/", numbers.archive, name="archive"),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("leading-group/", pages.leading_group, name="leading_group"),
    path("statistics/", numbers.statistics, name="statistics"),
    path("about/", pages.about, name="about"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("site-map/", pages.site_map, name="site_map"),
    path("feeds/", feeds.feeds, name="feeds"),
    path("feeds/all/", feeds.everything, name="feed"),
    path("feeds/all/<feed_kind:kind>/", feeds.everything, name="feed_as"),
    path("feeds/categories/<slug:slug>/", feeds.of_category, name="feed_category"),
    path("feeds/categories/<slug:slug>/<feed_kind:kind>/", feeds.of_category, name="feed_category_as"),
    path("feeds/units/<slug:code>/", feeds.of_unit, name="feed_unit"),
    path("feeds/units/<slug:code>/<feed_kind:kind>/", feeds.of_unit, name="feed_unit_as"),
    path("feeds/search/", feeds.of_search, name="feed_search"),
    path("feeds/search/<feed_kind:kind>/", feeds.of_search, name="feed_search_as"),
    path("open-data/", open_data.open_data, name="open_data"),
    path("open-data/schema.json", open_data.data_schema, name="open_data_schema"),
    path("open-data/item-schema.json", open_data.item_schema, name="item_schema"),
    path("open-data/items-<year:year>.<data_kind:kind>", open_data.year_file, name="open_data_file"),
    path("verify/<sheet_code:code>/", verify.verify, name="verify"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/pages.xml", sitemaps.pages, name="sitemap_pages"),
    path("sitemaps/items-<span:span>.xml", sitemaps.part, name="sitemap_part"),
    path("robots.txt", sitemaps.robots, name="robots"),
]
