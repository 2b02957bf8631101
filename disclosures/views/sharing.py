"""Address, citation and QR code of an item: what a reader hands on, without any third party."""

from functools import lru_cache
from typing import Any

import segno
from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from disclosures.models import Release
from disclosures.views.asking import BoardRequest
from disclosures.views.rows import dated

MASK = 3  # any of the eight is read; to try them all takes five times as long as the rest of the code


def share(request: BoardRequest, release: Release) -> dict[str, Any]:
    """What stands in 引用与分享."""
    address = request.build_absolute_uri(release.get_absolute_url())
    return {"address": address, "citation": citation(request, release, address), "qr": qr_code(address)}


def citation(request: BoardRequest, release: Release, address: str) -> str:
    """The reference as GB/T 7714-2015 writes one to a page: body, title, [EB/OL], date of the text, date of access."""
    opened, read = (timezone.localdate(at) for at in (dated(request, release), request.at))
    host, unit = settings.PORTAL_HOST_UNIT, release.unit.name
    body = unit if unit == host else f"{host}.{unit}"  # 上下级间用“.”分隔
    return f"{body}. {release.revision.title}[EB/OL]. ({opened:%Y-%m-%d})[{read:%Y-%m-%d}]. {address}."


@lru_cache(maxsize=2048)
def qr_code(address: str) -> SafeString:
    """The address as inline SVG without style or script, black on white in every colour scheme."""
    code = segno.make(address, error="m", micro=False, mask=MASK)
    return mark_safe(code.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None, light="#fff"))
