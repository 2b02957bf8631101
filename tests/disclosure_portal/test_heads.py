"""HEAD is answered by the head of the page alone, and what the page holds open is closed."""

from disclosure_portal.heads import without_bodies_of_heads


class Answer:
    """A page that tells whether it was closed."""

    def __init__(self) -> None:
        self.is_closed = False

    def __iter__(self):
        yield b"page"

    def close(self) -> None:
        self.is_closed = True


def ask(method: str, answer):
    told = []

    def app(environ, start_response):
        start_response("200 OK", [("Content-Length", "4")])
        return answer

    parts = without_bodies_of_heads(app)({"REQUEST_METHOD": method}, lambda *given: told.append(given))
    return b"".join(parts), told, parts


def test_head_sends_no_body_and_closes_what_get_sends():
    for method, body in (("GET", b"page"), ("HEAD", b"")):
        answer = Answer()
        sent, told, parts = ask(method, answer)
        parts.close()
        assert (sent, answer.is_closed) == (body, True)
        assert told == [("200 OK", [("Content-Length", "4")])]


def test_an_answer_that_cannot_be_closed_needs_not_be():
    sent, _told, parts = ask("HEAD", [b"page"])
    parts.close()
    assert sent == b""
