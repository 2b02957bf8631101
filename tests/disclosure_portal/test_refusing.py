"""What gunicorn refuses by itself is a page of the site that repeats nothing."""

import socket

import pytest
from gunicorn import util

from disclosure_portal import refusing


@pytest.mark.parametrize(("status", "reason"), [(400, "Bad Request"), (414, "URI Too Long"), (431, "x"), (501, "x")])
def test_the_page_has_the_status_the_look_and_no_word_of_the_request(status, reason):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        refusing.write_refusal(ours, status, reason, "Invalid HTTP request line: 'GET /SECRET'")
        ours.shutdown(socket.SHUT_WR)
        head, _blank, body = b"".join(iter(lambda: theirs.recv(65_536), b"")).partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} {reason}\r\n".encode())
    assert f"Content-Length: {len(body)}".encode() in head
    assert "/static/css/tokens" in body.decode()
    assert b"SECRET" not in body + head


def test_gunicorn_asks_us_for_the_page(monkeypatch):
    monkeypatch.setattr(util, "write_error", util.write_error)
    refusing.install()
    assert util.write_error is refusing.write_refusal
