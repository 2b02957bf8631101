"""What log and mail to the administrators say of a fault: where it happened, never what was sent.

The words of an exception often quote it: PostgreSQL shows the whole row that it refused, and a number that is none is
repeated. So those words are kept only of kinds that speak of code and machines (P30).
"""

import logging
import traceback
from collections.abc import Iterator
from types import TracebackType

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, DataError
from django.template import TemplateDoesNotExist
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter

SPEAK_OF_CODE = (
    *(DatabaseError, OSError, ImportError, NameError, AttributeError, TypeError),
    *(ImproperlyConfigured, TemplateDoesNotExist),
)
QUOTE_WHAT_WAS_SENT = (DataError,)


def told(exception: BaseException) -> str:
    """The traceback of `exception` and of what led to it."""
    return "\n".join(map(_one, reversed(list(_chain(exception)))))


def _chain(exception: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while exception is not None and id(exception) not in seen:
        seen.add(id(exception))
        yield exception
        exception = exception.__cause__ or (None if exception.__suppress_context__ else exception.__context__)


def _one(exception: BaseException) -> str:
    kind = type(exception)
    frames = "".join(traceback.format_tb(exception.__traceback__))
    return f"Traceback (most recent call last):\n{frames}{kind.__module__}.{kind.__qualname__}{_words(exception)}"


def _words(exception: BaseException) -> str:
    """The first line of its message, for the next ones of a database show the row or the statement."""
    if not isinstance(exception, SPEAK_OF_CODE) or isinstance(exception, QUOTE_WHAT_WAS_SENT):
        return ""
    return f": {str(exception).partition(chr(10))[0]}"


class DiscreetFormatter(logging.Formatter):
    """Lines of the log."""

    def formatException(  # noqa: N802  (its name in the library)
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """Where it happened."""
        return told(ei[1]) if ei[1] else ""


class DiscreetReporter(ExceptionReporter):
    """Mail to the administrators; the page that DEBUG shows to a programmer stays as it is."""

    def get_traceback_text(self) -> SafeString:
        """Method, path, and where it happened."""
        if not self.is_email:
            return super().get_traceback_text()
        asked = f"{self.request.method} {self.request.path}\n\n" if self.request else ""
        return SafeString(asked + (told(self.exc_value) if isinstance(self.exc_value, BaseException) else ""))

    def get_traceback_html(self) -> SafeString:
        """The same as HTML."""
        if not self.is_email:
            return super().get_traceback_html()
        return format_html("<pre>{}</pre>", str(self.get_traceback_text()))
