"""The reading process: bounds itself, reads, and always ends with a line that says how it went."""

import os
import resource
import sys
from pathlib import Path

from disclosures.extraction.files import read_path
from disclosures.extraction.output import Full, Output, Unreadable

MEMORY = 512 * 1024 * 1024  # bytes of address space; what is resident stays far below
FILE_SIZE = 100 * 1024 * 1024  # bytes of a copy of a file inside an archive


def main(path: str, extension: str, seconds: int) -> None:
    """Read `path` within `seconds` of processor time."""
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
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
