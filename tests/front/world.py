"""What stands in the portal that the checks ask: made inside it, by the real services."""

import json

from disclosures.models import RevisionAttachment
from tests.access.world import furnished_world, with_files
from tests.people import draft, furnish, submitted


def make() -> str:
    """Furnish an empty portal; returns its addresses as JSON."""
    furnish()
    world = furnished_world()
    hidden = submitted(with_files(draft(title="还没有公开的事项")))
    file = hidden.current_revision.attachments.get(is_published=True)
    kept = RevisionAttachment.objects.get(revision__uid=world.args["revision"], is_published=False)
    shown = RevisionAttachment.objects.select_related("file").get(uid=world.args["file"])
    item = f"/items/{world.args['number']}/"
    return json.dumps(
        {
            "item": item,
            "file": f"{item}files/{shown.uid}/",
            "thumbnail": f"{item}files/{shown.uid}/thumbnails/320/",
            "hidden_file": f"/items/{hidden.number}/files/{file.uid}/",
            "kept_file": f"{item}files/{kept.uid}/",
            "sha256": shown.file.sha256,
            "size": shown.file.size,
        }
    )
