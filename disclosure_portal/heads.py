"""HEAD is answered by the head of the page alone."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class NoBody:
    """An answer of which the head alone is sent; what it holds open is closed."""

    def __init__(self, response: Iterable[bytes]) -> None:
        self.close = getattr(response, "close", lambda: None)

    def __iter__(self) -> Iterator[bytes]:
        return iter(())


def without_bodies_of_heads(app: Application) -> Application:
    """Answer HEAD with the head alone; Django leaves that to the server, and gunicorn logs each as a fault."""

    def bodiless(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        response = app(environ, start_response)
        return NoBody(response) if environ["REQUEST_METHOD"] == "HEAD" else response

    return bodiless
