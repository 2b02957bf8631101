"""Every address with hostile query strings, asked by those who get furthest and by some who do not."""

import pytest
from django.urls import reverse

from tests.access.policy import ANONYMOUS, POLICY
from tests.access.world import furnished_world
from tests.hostile.asking import ROLES, Sweep, browser, insider
from tests.hostile.markup import PROBE

pytestmark = pytest.mark.usefixtures("house")
FILTERS = "category unit year month until phase form q after before item next state hand entry verb term".split()
WRONG = ["%00", "abc", "-1", "9" * 40, "%FF%FE", "%27%22%3B--", "%E2%80%AE", "2026-99-99", "%ED%A0%80", "1e400", PROBE]
EVERYWHERE = [
    "%00=%00",
    "%ff=%ff&q=%ff",
    "q=" + "%E8%AF%8D+" * 5000,
    "q=" + "x" * 100_000,
    "q[]=1&q[a][b]=2&__proto__=1&a.b=1",
    "p=99999999999999999999&page=-1",
    "e=1&o=9.9.9&all=&_facets=1",
    "_popup=1&_to_field=password",
    "state__exact=x&unit__parent__password__startswith=a&id__in=a,b&id__isnull=9",
    "at__year=abc&at__gte=%00&at__month=13&at__day=99&at__lt=now",
    "_changelist_filters=%00&_saveasnew=1",
    f"q={PROBE}&next={PROBE}&from={PROBE}",
    "next=//evil.example/&from=javascript:alert(1)",
    "next=/%0d%0aSet-Cookie:x=y%00",
    "q=%27%20OR%201=1--%20%25%5F%5C&category=1;DROP%20TABLE",
    "q=%E2%80%AE%E2%80%8F%EF%BB%BF&after=%E2%80%AE",
    "q=%ED%A0%80&unit=%ED%B0%80",
    "app_label=x&model_name=y&field_name=z&term=%00",
    "app_label=disclosures&model_name=item&field_name=password&term=%E5%85%B3",
    "q=*&q=%28&q=%5B&year=2026&year=2027",
    "?&&&=&==;;",
    "item=%27&entry=%00&unit=%00",
]


READS_QUERIES = (
    "_changelist",
    ":items",
    ":search",
    ":new",
    "login",
    "display",
    "autocomplete",
    "item_add",
    "version_add",
)


def addresses(world):
    for name, row in POLICY.items():
        yield name, row, reverse(name, kwargs={key: world.args[value] for key, value in row.args.items()})


def test_hostile_queries_of_every_address():
    world, sweep = furnished_world(), Sweep()
    for place, (name, row, address) in enumerate(addresses(world)):
        step = 1 if name.endswith(READS_QUERIES) else 7
        for turn, query in enumerate(EVERYWHERE[place % step :: step]):
            sweep.ask(insider(row, turn), "get", f"{address}?{query}")
        for turn in range(2):
            query = EVERYWHERE[(place + turn * 7) % len(EVERYWHERE)]
            sweep.ask(ROLES[(place + turn) % len(ROLES)], "get", f"{address}?{query}")
    sweep.verdict()


def test_every_filter_with_values_of_the_wrong_type():
    world, sweep = furnished_world(), Sweep()
    for place, (name, row, address) in enumerate(addresses(world)):
        if not name.endswith(READS_QUERIES):
            continue
        for turn, filtered in enumerate(FILTERS):
            step = 2 if name in ("disclosures:items", "disclosures:search") else 12
            for value in WRONG[(place + turn) % step :: step]:
                sweep.ask(insider(row, turn), "get", f"{address}?{filtered}={value}")
    sweep.verdict()


def test_more_parameters_than_anyone_needs_are_refused():
    furnished_world()
    sweep = Sweep()
    many = "&".join(f"a{number}=1" for number in range(1200))
    for address in ("/", "/items/", "/search/", "/en/items/", "/admin/disclosures/item/", "/feedback/new/"):
        for who in (ANONYMOUS, "examiner"):
            sweep.ask(who, "get", f"{address}?{many}")
    sweep.verdict()


def test_trail_does_not_answer_an_unreadable_filter_with_the_whole_trail():
    furnished_world()
    for query in ("at__year=abc", "at__gte=%00", "at__lt=2026-13-45"):
        assert browser("auditor").get(f"/admin/audit/event/?{query}").status_code == 400
