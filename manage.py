#!/usr/bin/env python
"""Command line of the portal."""

import os
import sys


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "disclosure_portal.settings")
    # A command may take its time: the limits of the environment are for answers to readers.
    os.environ |= {"PORTAL_STATEMENT_TIMEOUT_MS": "0", "PORTAL_LOCK_TIMEOUT_MS": "60000"}
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
