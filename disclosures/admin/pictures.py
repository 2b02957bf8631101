"""Small copies of images for staff, behind the same question as the files themselves (P3)."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from disclosures.models import Item
from disclosures.thumbnails import shown


@require_safe
def item_thumbnail(request: HttpRequest, item: Item, uid: UUID, box: int) -> HttpResponseBase:
    """The small copy of an image or PDF of a working copy; the caller has found that this person reads the item."""
    row = item.attachments.select_related("file").filter(uid=uid).first()
    if row is None:
        raise Http404
    return shown(row.file, box)
