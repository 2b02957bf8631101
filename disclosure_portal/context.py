"""What every page knows of the site, its reader and its display."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.encoding import escape_uri_path, iri_to_uri
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from disclosures.listing import is_choice

DISPLAY_COOKIE = "display"


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor; works on error pages too, where the reader may be unknown."""
    facts = site_facts()
    return {
        "site": {**facts, "meta": {**facts["meta"], "SiteDomain": facts["meta"]["SiteDomain"] or request.get_host()}},
        "reader": getattr(request, "reader", None),
        "display": display_of(request),
        "grey": is_grey(request),
        "nav": navigation(request),
        "language_urls": language_addresses(request),
        "canonical": canonical_address(request),
        "editions": editions(request),
    }


def site_facts() -> dict[str, Any]:
    """Identity of the site from settings, in the language of the page."""
    english = get_language() == "en"
    name = settings.PORTAL_SITE_NAME_EN if english else settings.PORTAL_SITE_NAME
    levels = settings.PORTAL_BREADCRUMB_EN if english else settings.PORTAL_BREADCRUMB
    return {
        "name": name,
        "title": _("Party-affairs disclosure"),
        "host_unit": settings.PORTAL_HOST_UNIT,
        "contact": settings.PORTAL_CONTACT,
        "icp": settings.PORTAL_ICP,
        "police_number": settings.PORTAL_POLICE_NUMBER,
        "site_code": settings.PORTAL_SITE_CODE,
        "police_code": re.sub(r"[^0-9]", "", settings.PORTAL_POLICE_NUMBER),
        "mark_url": settings.PORTAL_MARK_URL,
        "mark_image": prefixed(settings.PORTAL_MARK_IMAGE),
        "find_errors_url": settings.PORTAL_FIND_ERRORS_URL,
        "report_url": prefixed(settings.PORTAL_YEARLY_REPORT_URL),
        "footer_links": [{"label": label, "url": prefixed(url)} for label, url in settings.PORTAL_FOOTER_LINKS],
        "sitemap_url": reverse("disclosures:site_map"),
        "accessibility_url": reverse("disclosures:accessibility"),
        "feeds_url": reverse("disclosures:feeds"),
        "breadcrumb": breadcrumb(levels),
        "levels_told": sum(bool(url) for _label, url in levels),
        "meta": {
            "SiteName": f"{name} · {_('Party-affairs disclosure')}",
            "SiteDomain": settings.PORTAL_SITE_DOMAIN,
            "SiteIDCode": settings.PORTAL_SITE_CODE,
        },
    }


def breadcrumb(levels: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """The levels above the portal, each with its place among those that lead somewhere: machines are told no others."""
    told = accumulate(int(bool(url)) for _label, url in levels)
    return [
        {"label": label, "url": prefixed(url), "place": place} for (label, url), place in zip(levels, told, strict=True)
    ]


def prefixed(url: str) -> str:
    """A rooted address of ours below the path prefix; addresses of other sites and empty ones stay."""
    return f"{settings.PORTAL_PATH_PREFIX}{url}" if url.startswith("/") else url


def display_of(request: HttpRequest) -> dict[str, bool]:
    """Large print and contrast, from the one display cookie (`large`, `contrast` or both joined by a dot)."""
    chosen = request.COOKIES.get(DISPLAY_COOKIE, "").split(".")
    return {"large": "large" in chosen, "contrast": "contrast" in chosen}


def is_grey(request: HttpRequest) -> bool:
    """Whether the day of the request is a day of mourning here."""
    return settings.PORTAL_GREY_DAYS.hold(timezone.localdate(getattr(request, "at", None)))


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The few words of navigation, with those for members and staff added for them."""
    pages = [
        (_("Board"), "disclosures:board"),
        (_("Items"), "disclosures:items"),
        (_("Disclosure catalogue"), "disclosures:catalogue"),
        (_("Leading group"), "disclosures:leading_group"),
        (_("Opinions"), "feedback:home"),
        (_("Guide"), "disclosures:about"),
    ]
    if getattr(getattr(request, "reader", None), "reads_internal", False):
        pages.insert(2, (_("Disclosed inside the Party"), "disclosures:internal"))
    if getattr(getattr(request, "user", None), "is_staff", False):
        pages.append((_("Workbench"), "admin:index"))
    placed = [(label, _address(name, get_language(), get_script_prefix())) for label, name in pages]
    return [{"label": label, "url": url, "current": request.path == url} for label, url in placed]


@lru_cache(maxsize=64)
def _address(name: str, _language: str | None, _prefix: str) -> str:
    """The address of a page of the navigation in a language, below a prefix: worked out once in a process."""
    return reverse(name)


def path_without_language(request: HttpRequest) -> str:
    """The path of this page as its Chinese edition has it, escaped, without the prefix of the site."""
    plain = request.path_info.removeprefix("/en") if request.path_info.startswith("/en/") else request.path_info
    return escape_leading_slashes(escape_uri_path(plain))  # two slashes would name another host


def canonical_address(request: HttpRequest) -> str:
    """The whole address of this page for search engines; none for the desk and for a choice from a list.

    Whatever else stands behind the question mark (a mark of an advertiser, of a messenger) changes no page.
    """
    if request.path_info.startswith(("/admin/", "/en/admin/")) or is_choice(request.GET):
        return ""
    lead = "/en" if get_language() == "en" else ""
    return request.build_absolute_uri(prefixed(f"{lead}{path_without_language(request)}"))


def editions(request: HttpRequest) -> list[dict[str, str]]:
    """The whole address of this page in each language, Chinese for everyone else."""
    path = path_without_language(request)
    wanted = (("zh-Hans", ""), ("en", "/en"), ("x-default", ""))
    return [{"code": code, "url": request.build_absolute_uri(prefixed(f"{lead}{path}"))} for code, lead in wanted]


def language_addresses(request: HttpRequest) -> list[dict[str, Any]]:
    """The address of this page in each language; only the path decides, so switching needs no cookie."""
    path = path_without_language(request)
    sent = request.META.get("QUERY_STRING", "")  # as sent: parsing it could fail, on the error page too
    query = f"?{iri_to_uri(sent)}" if sent and request.method == "GET" else ""
    current = get_language()
    return [
        {"code": code, "label": label, "url": prefixed(f"{lead}{path}{query}"), "current": code == current}
        for code, label, lead in (("zh-hans", "中文", ""), ("en", "English", "/en"))
    ]
