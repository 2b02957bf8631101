"""What tests of the page copy share: the real application behind copies, asked as a WSGI server asks."""

import io
from dataclasses import dataclass

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from disclosure_portal.page_copy.front import PageCopies
from disclosure_portal.page_copy.watch import Watch


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class SameConnection(Watch):
    """Asks inside the transaction of the test."""

    def _rows(self, sql):
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()


class Site:
    """The application with copies, and how often it had to ask Django."""

    def __init__(self, most_bytes: int = 8_000_000, watch: Watch | None = None) -> None:
        self.asked = 0
        django = WSGIHandler()

        def counted(environ, start_response):
            self.asked += 1
            return django(environ, start_response)

        self.copies = PageCopies(counted, most_bytes, watch)

    def get(self, address: str, method: str = "GET", **headers: str) -> Answer:
        path, _mark, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path.encode().decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "testserver",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            **headers,
        }
        told = []
        parts = self.copies(environ, lambda *given: told.append(given))
        body = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        status, pairs = told[-1][:2]
        return Answer(int(status[:3]), dict(pairs), body)

    def is_copied(self, address: str, **headers: str) -> bool:
        """Whether asking for `address` again is answered without Django."""
        self.get(address, **headers)
        before = self.asked
        self.get(address, **headers)
        return self.asked == before
