"""The bounds a process puts on itself before it opens a file that came from anywhere."""

import os
import resource

MEMORY = 512 * 1024 * 1024  # bytes of address space; what is resident stays far below
FILE_SIZE = 100 * 1024 * 1024  # bytes of a copy of a file inside an archive


def bind(seconds: int, *, file_size: int = FILE_SIZE) -> None:
    """Little memory, `seconds` of processor time, at most `file_size` bytes in any file it writes, no core dump."""
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
