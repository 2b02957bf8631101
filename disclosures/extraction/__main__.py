"""The reading process: bounds itself, reads, and always ends with a line that says how it went."""

import sys
from pathlib import Path

from disclosures.extraction.files import read_path
from disclosures.extraction.limits import bind
from disclosures.extraction.output import Full, Output, Unreadable


def main(path: str, extension: str, seconds: int) -> None:
    """Read `path` within `seconds` of processor time."""
    bind(seconds)
    output = Output()
    try:
        read_path(Path(path), extension, output)
    except Full:
        output.end()
    except Unreadable as reason:
        output.end(reason.reason)
    except (MemoryError, RecursionError):
        output.end("memory")
    else:
        output.end()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
