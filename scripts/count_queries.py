"""Prints as JSON how many queries each address costs an anonymous reader: `python scripts/count_queries.py / /items/`.

The second visit is counted: what a process reads once in its life is not the page's.
"""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "disclosure_portal.settings")


def count(addresses: list[str]) -> dict[str, int]:
    """Queries of the second visit by address."""
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    found = {}
    for address in addresses:
        client = Client(SERVER_NAME="127.0.0.1")
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        found[address] = len(queries)
    return found


if __name__ == "__main__":
    print(json.dumps(count(sys.argv[1:])))
