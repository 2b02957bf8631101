"""A page of ours as PDF, set on this machine: nothing is fetched from anywhere."""

from typing import Any

from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _

from disclosures.fonts import missing_packages
from disclosures.refusal import Refused

SHEETS = ("css/sheet.css",)


def why_no_pdf() -> str:
    """Why this machine sets no PDF, in a sentence; empty where it does."""
    if not missing_packages():
        return ""
    return _("This machine lacks a Chinese font or the library that sets it. Print the page from the browser instead.")


def set_as_pdf(html: str) -> bytes:
    """`html` as PDF by the print rules of our own style sheet. Raises `Refused` (`no_pdf`) where it cannot be set."""
    if reason := why_no_pdf():
        raise Refused(reason, code="no_pdf")
    from weasyprint import CSS, HTML  # here, because it fails to load where its libraries are missing

    styles = [CSS(filename=finders.find(name)) for name in SHEETS]
    document = HTML(string=html, url_fetcher=_fetcher(), base_url=None)
    pdf: bytes = document.write_pdf(stylesheets=styles)
    return pdf


def _fetcher() -> Any:
    """Opens data: addresses only; a file or a host named in a text is never asked for."""
    from weasyprint import URLFetcher

    return URLFetcher(allowed_protocols=["data"], allow_redirects=False)
