"""What stands in the portal that the checks ask: made inside it, by the real services; prints its addresses."""

import json

from disclosures.models import RevisionAttachment
from tests.access.world import furnished_world, with_files
from tests.people import draft, furnish, submitted


def make() -> None:
    furnish()
    world = furnished_world()
    hidden = submitted(with_files(draft(title="还没有公开的事项")))
    file = hidden.current_revision.attachments.get(is_published=True)
    kept = RevisionAttachment.objects.get(revision__uid=world.args["revision"], is_published=False)
    shown = RevisionAttachment.objects.select_related("file").get(uid=world.args["file"])
    print(
        json.dumps(
            {
                "item": f"/items/{world.args['number']}/",
                "file": f"/items/{world.args['number']}/files/{shown.uid}/",
                "thumbnail": f"/items/{world.args['number']}/files/{shown.uid}/thumbnails/320/",
                "hidden_file": f"/items/{hidden.number}/files/{file.uid}/",
                "kept_file": f"/items/{world.args['number']}/files/{kept.uid}/",
                "number": world.args["number"],
                "sha256": shown.file.sha256,
                "size": shown.file.size,
            }
        )
    )
