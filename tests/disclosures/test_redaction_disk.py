"""After a redaction and a tick, no copy of the leak is left in the files of the database or of the uploads."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from tests.disclosures.admin_desk import PDF
from tests.disclosures.test_redacting import PHONE, kept, leaking, redacted, with_file
from tests.people import approved, furnish

pytestmark = pytest.mark.django_db(transaction=True)


def files_with(text: str, *roots: Path) -> list[Path]:
    paths = [path for root in roots for path in root.rglob("*") if path.is_file()]
    return [path for path in paths if text.encode() in path.read_bytes()]


def test_nothing_is_left_on_the_disk(settings, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("the files of PostgreSQL are not the portal's to read")
    settings.UPLOAD_ROOT = tmp_path
    furnish()
    item = approved(with_file(leaking(), kept("名单.pdf", PDF.replace(b"%%EOF", f"%{PHONE}\n%%EOF".encode()))))
    file = item.current_revision.attachments.get().file
    database = Path(connection.settings_dict["NAME"]).parent
    assert files_with(PHONE, tmp_path) and files_with(PHONE, database)
    redacted(item, files=[file.sha256])
    assert files_with(PHONE, tmp_path) == []
    call_command("tick")
    assert files_with(PHONE, database) == []
