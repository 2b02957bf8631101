"""Gets what the approval sheet needs to become a PDF: a Chinese font and the library that sets it.

As a command it installs what is missing, or names it; the portal runs without, so it never fails.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # a command too

from disclosures.fonts import missing_packages
from scripts.debian import MissingPackage, install


def main() -> None:
    """Install the missing Debian packages, or say in a sentence what is missing and what for."""
    absent = missing_packages()
    if not absent:
        return
    try:
        install(*absent)
    except MissingPackage as refusal:
        print(f"Approval sheets cannot become PDF yet. {refusal}", file=sys.stderr)


if __name__ == "__main__":
    main()
