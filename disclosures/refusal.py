"""How a service says no: a code for programs, a sentence for people, problems by field."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise

Sentence = str | Promise


class Refused(Exception):
    """A refusal; nothing was changed. `problems` maps a field's name to the sentences about it."""

    def __init__(
        self,
        message: Sentence,
        *,
        code: str,
        problems: Mapping[str, list[Sentence]] | None = None,
        changes: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.problems = dict(problems or {})
        self.changes = dict(changes or {})

    def __str__(self) -> str:
        return str(self.message)
