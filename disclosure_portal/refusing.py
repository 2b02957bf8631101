"""What gunicorn refuses before the application hears of it, answered in the site's look and without an echo."""

import socket
from functools import cache

from gunicorn import util

from disclosure_portal.front import page_of

HEAD = (
    "HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\n"
    "Content-Length: {length}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\nReferrer-Policy: same-origin\r\nContent-Security-Policy: default-src 'none';"
    " style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'\r\n\r\n"
)


@cache
def page(name: str) -> bytes:
    """A page of the front; the language of a request that could not be read is not known."""
    return page_of(name, "zh-hans").encode()


def write_refusal(sock: socket.socket, status_int: int, reason: str, mesg: str) -> None:
    """In the place of gunicorn's own page, which is English and repeats what was sent."""
    body = page("400" if status_int < 500 else "500")
    head = HEAD.format(status=status_int, reason=reason, length=len(body))
    util.write_nonblock(sock, head.encode("ascii") + body)


def install() -> None:
    """Let gunicorn refuse with our pages, which are made here: before there are workers."""
    page("400"), page("500")
    util.write_error = write_refusal
