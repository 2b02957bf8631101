"""What must hold at the front, each check a function of the running portal and its addresses."""

import gzip
import re
import socket
import ssl
import subprocess
import time
from http.client import RemoteDisconnected

import pytest

from scripts.front import NAME, Stand

HIDDEN_FROM_ALL = ("X-Accel-Redirect", "X-Powered-By", "Last-Modified")


def tls_is_modern_and_speaks_http2(stand: Stand, _at: dict) -> None:
    context = stand.trust()
    context.set_alpn_protocols(["h2", "http/1.1"])
    with context.wrap_socket(socket.create_connection(("127.0.0.1", stand.port)), server_hostname=NAME) as line:
        assert line.version() == "TLSv1.3"
        assert line.selected_alpn_protocol() == "h2"
    old = stand.trust()
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    assert refused(stand, old, NAME)


def other_names_learn_nothing(stand: Stand, _at: dict) -> None:
    assert refused(stand, stand.trust(), "other.test")
    with pytest.raises(RemoteDisconnected):
        stand.ask("/", Host="other.test")


def refused(stand: Stand, context: ssl.SSLContext, name: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", stand.port)) as line:
            context.wrap_socket(line, server_hostname=name).close()
    except (ssl.SSLError, ConnectionError):
        return True
    return False


def plain_http_leads_to_https(stand: Stand, _at: dict) -> None:
    answer = stand.ask_plainly(f"{stand.prefix}/items/?year=2026")
    assert answer.status == 308
    assert answer.headers["Location"] == f"https://{NAME}:{stand.port}{stand.prefix}/items/?year=2026"


def pages_carry_each_header_once(stand: Stand, at: dict) -> None:
    for path in ("/", at["item"], "/accounts/login/", "/no-such-page/"):
        headers = stand.ask(path).headers
        assert headers.get_all("Strict-Transport-Security") == ["max-age=31536000; includeSubDomains; preload"], path
        for name in ("X-Content-Type-Options", "X-Frame-Options", "Content-Security-Policy", "Referrer-Policy"):
            assert len(headers.get_all(name) or []) == 1, (path, name)
        assert headers["Server"] == "nginx"
    assert "Set-Cookie" not in stand.ask("/").headers
    assert "secure" in stand.ask("/accounts/login/").headers["Set-Cookie"].lower()


def pages_and_feeds_are_compressed(stand: Stand, at: dict) -> None:
    for path in ("/", at["item"], "/feeds/all/"):
        plain, packed = stand.ask(path), stand.ask(path, Accept_Encoding="gzip")
        assert packed.headers["Content-Encoding"] == "gzip", path
        assert "Accept-Encoding" in packed.headers.get_all("Vary")[-1] + (packed.headers["Vary"] or "")
        assert len(packed.body) < len(plain.body) * 0.7
        assert gzip.decompress(packed.body)[:15] == plain.body[:15]


def every_kind_of_answer_says_once_that_it_may_be_packed(stand: Stand, at: dict) -> None:
    pages = ("/", at["item"], "/accounts/login/", "/search/?q=zzz&order=relevance", "/open-data/", "/no-such-page/")
    for path in (
        *pages,
        "/feeds/all/rss/",
        f"{at['item']}data/",
        "/open-data/schema.json",
        "/open-data/items-2026.csv",
    ):
        for accepted in ("identity", "gzip", "br, gzip", "br, gzip"):
            headers = stand.ask(path, Accept_Encoding=accepted).headers
            said = ", ".join(headers.get_all("Vary") or []).lower()
            assert said.count("accept-encoding") == 1, (path, accepted, said)
        if "schema" in path:
            assert headers["Content-Encoding"] in ("gzip", "br")


def heads_are_answered_without_a_line_in_the_log(stand: Stand, at: dict) -> None:
    for path in ("/", "/accounts/login/", "/search/?q=zzz&order=relevance", f"{at['item']}data/", at["file"], "/none/"):
        assert stand.ask(path, "HEAD").body == b""
    log = stand.place.folder / f"gunicorn-{stand.gunicorn_port}.log"
    assert "body bytes" not in log.read_text()


def static_files_come_from_the_front_for_good(stand: Stand, _at: dict) -> None:
    address = re.search(r'href="([^"]+/css/base\.[0-9a-f]{12}\.css)"', stand.ask("/").text)[1]
    assert address.startswith(f"{stand.prefix}/static/")
    answer = stand.ask_exactly(address, Accept_Encoding="gzip")
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Content-Type"].startswith("text/css")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    again = stand.ask_exactly(address, If_None_Match=stand.ask_exactly(address).headers["ETag"])
    assert again.status == 304


def static_files_that_are_not_there_are_missing_in_the_sites_look(stand: Stand, _at: dict) -> None:
    for path in ("/static/", "/static/css/", "/static/no.css", "/static/../data/secret_key", "/static/%2e%2e/uploads/"):
        answer = stand.ask(path)
        assert answer.status == 404, path
        assert in_the_sites_look(answer.text), path


def a_visible_file_is_sent_by_the_front_with_the_headers_of_the_application(stand: Stand, at: dict) -> None:
    answer = stand.ask(at["file"])
    assert answer.status == 200
    assert len(answer.body) == at["size"]
    assert answer.body.startswith(b"\x89PNG")
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer.headers["Cache-Control"] == "private, no-store"
    for name, value in (
        ("Content-Security-Policy", "default-src 'none'; sandbox"),
        ("X-Content-Type-Options", "nosniff"),
        ("Strict-Transport-Security", "max-age=31536000; includeSubDomains; preload"),
    ):
        assert answer.headers.get_all(name) == [value], name
    for name in (*HIDDEN_FROM_ALL, "ETag"):
        assert name not in answer.headers
    assert stand.ask(at["thumbnail"]).headers["Content-Type"] == "image/webp"
    assert stand.ask(at["file"], "HEAD").headers["Content-Length"] == str(at["size"])


def the_application_itself_sends_no_byte_of_it(stand: Stand, at: dict) -> None:
    answer = stand.ask_plainly(stand.prefix + at["file"], stand.gunicorn_port, X_Forwarded_Proto="https")
    assert answer.status == 200
    assert answer.body == b""
    assert answer.headers["X-Accel-Redirect"].endswith(at["sha256"])


def part_of_a_file_can_be_asked_for(stand: Stand, at: dict) -> None:
    whole = stand.ask(at["file"]).body
    part = stand.ask(at["file"], Range="bytes=4-9")
    assert (part.status, part.body) == (206, whole[4:10])
    assert part.headers["Content-Range"] == f"bytes 4-9/{at['size']}"
    assert part.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert stand.ask(at["file"], Range=f"bytes={at['size']}-").status == 416


def hidden_kept_and_missing_files_are_missing_alike(stand: Stand, at: dict) -> None:
    missing = re.sub(r"[0-9a-f]{8}-", "00000000-", at["file"], count=1)
    answers = [stand.ask(path) for path in (at["hidden_file"], at["kept_file"], missing)]
    assert {answer.status for answer in answers} == {404}
    masked = {re.sub(r"/items/[^\"]*", "", answer.text) for answer in answers}
    assert len(masked) == 1
    assert {tuple(sorted(answer.headers.keys())) for answer in answers} == {tuple(sorted(answers[0].headers.keys()))}


def no_address_reaches_a_file_past_the_application(stand: Stand, at: dict) -> None:
    sha = at["sha256"]
    inside = f"{sha[:2]}/{sha[2:4]}/{sha}"
    roots = ("/_portal/files", "/_portal//files", "/%5fportal/files", "/uploads", "/media", "/static/../uploads")
    for root in (*roots, "/_portal/pages/../files", "/static/..%2fuploads", "/_portal/pages", "/_portal/busy"):
        for path in (f"{root}/{inside}", f"{stand.prefix}{root}/{inside}", f"{root}/"):
            answer = stand.ask_exactly(path)
            assert answer.status == 404, path
            assert b"PNG" not in answer.body[:8]
    forged = stand.ask(at["hidden_file"], X_Accel_Redirect=f"/_portal/files/{inside}")
    assert forged.status == 404


def a_reader_cannot_forge_what_the_front_says(stand: Stand, _at: dict) -> None:
    plain = stand.ask("/items/", X_Forwarded_Proto="http", X_Forwarded_Host="evil.test", Forwarded="proto=http")
    assert plain.status == 200
    assert "evil.test" not in plain.text
    for number in range(14):  # the address typed changes each time; the front's word counts
        form = b"username=nobody%d&password=x" % number
        last = log_in(stand, form, X_Forwarded_For=f"10.0.0.{number}")
    assert last.status == 429


def log_in(stand: Stand, form: bytes, **headers: str):
    page = stand.ask("/accounts/login/")
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    return stand.ask(
        "/accounts/login/",
        "POST",
        form + b"&csrfmiddlewaretoken=" + token.encode(),
        Cookie=cookie,
        Referer=f"https://{NAME}:{stand.port}{stand.prefix}/accounts/login/",
        Content_Type="application/x-www-form-urlencoded",
        **headers,
    )


def health_is_told(stand: Stand, _at: dict) -> None:
    assert stand.ask("/healthz").text == "ok"
    assert stand.ask("/readyz").status == 200


def what_is_too_large_is_answered_413_in_the_sites_look(stand: Stand, _at: dict) -> None:
    for path, word in (("/feedback/new/", "提交的内容过大"), ("/en/feedback/new/", "What was sent is too large")):
        answer = stand.ask(path, "POST", b"x" * 2_700_000, Content_Type="application/x-www-form-urlencoded")
        assert answer.status == 413
        assert in_the_sites_look(answer.text)
        assert word in answer.text
        assert "no-store" in answer.headers["Cache-Control"]
    files = stand.ask("/admin/disclosures/item/add/", "POST", b"x" * 2_700_000, Content_Type="text/plain")
    assert files.status == 413  # passed on by the front, and refused by the application: not staff


def strange_requests_are_answered_in_the_sites_look(stand: Stand, _at: dict) -> None:
    for path, status in (("/no-such-page/", 404), ("/items/?year=abc", 400), ("/search/?q=" + "x+" * 5_000, 414)):
        answer = stand.ask(path)
        assert answer.status == status, path
        assert in_the_sites_look(answer.text), path
    assert stand.ask("/search/?q=" + "%E5%85%9A+" * 400).status in (200, 400)
    huge = stand.ask("/", X_Long="x" * 33_000)
    assert huge.status == 400
    assert in_the_sites_look(huge.text)
    trace = stand.ask("/", "TRACE")
    assert trace.status == 405
    assert in_the_sites_look(trace.text)


LONG = "x" * 5_000
REFUSED: dict[str, tuple[int, list[str]]] = {  # what no browser sends, as curl does
    "/search/?q=" + "x" * 4_080: (400, []),
    "/search/?q=" + "x" * 7_950: (400, []),
    "/search/?q=" + "x" * 8_190: (414, []),
    "/search/?q=" + "%E5%85%9A" * 1_200: (414, []),
    "/feeds/search/?q=党务": (400, []),
    "/search/?q=党务": (400, []),
    "/?" + LONG: (200, ["-H", f"X-Long: {'x' * 9_100}"]),
    "/": (200, [word for number in range(90) for word in ("-H", f"X-Field-{number}: x")]),
    "/items/": (431, [word for number in range(450) for word in ("-H", f"X-Field-{number}: x")]),
    "/about/": (400, ["-X", "AB"]),
    "/en/": (400, ["-H", "Content-Type: text/plain", "-H", "Content-Type: text/html"]),
}


def no_refusal_is_a_bare_page_over_either_version(stand: Stand, _at: dict) -> None:
    for version in ("--http1.1", "--http2"):
        for path, (status, more) in REFUSED.items():
            answer = curl(stand, version, path, *more)
            shown = f"{version} {path[:60]} {len(path)}: {answer[-200:]}"
            assert answer.endswith(f"\n{status}"), shown
            assert in_the_sites_look(answer), shown
            assert "Invalid" not in answer, shown


def curl(stand: Stand, version: str, path: str, *more: str) -> str:
    """The page and, in a line of its own, the status, as the one client of HTTP/2 at hand tells them."""
    command = ["curl", "-sS", version, "--cacert", str(stand.place.folder / "certificate.pem"), *more]
    address = f"https://{NAME}:{stand.port}{stand.prefix}{path}"
    done = subprocess.run([*command, "-w", "\n%{http_code}", address], capture_output=True, check=False)
    return done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")


def links_stay_below_the_prefix(stand: Stand, at: dict) -> None:
    for path in ("/", "/en/", at["item"], "/no-such-page/", "/accounts/login/"):
        links = re.findall(r'(?:href|src|action)="(/[^"]*)"', stand.ask(path).text)
        assert links
        assert not [link for link in links if not link.startswith(f"{stand.prefix}/")], path
    if stand.prefix:
        assert stand.ask_exactly("/").status == 404
        assert stand.ask_exactly(stand.prefix).headers["Location"].endswith(f"{stand.prefix}/")


def the_logs_keep_no_words_of_a_reader_and_the_front_his_address(stand: Stand, _at: dict) -> None:
    stand.ask("/search/?q=SECRETWORD", Referer="https://secret-referrer.test/", User_Agent="secret-browser")
    stand.ask("/feedback/track/", "POST", b"code=SECRETCODE", Content_Type="application/x-www-form-urlencoded")
    stand.ask("/feedback/new/?SECRETWORD", "POST", b"text=SECRETTEXT", X_Forwarded_For="203.0.113.9", Cookie="a=SECRET")
    stand.ask("/search/?q=" + "SECRETWORD" * 1000)
    folder = stand.place.folder / f"nginx-{stand.port}"
    wait_for_line(folder / "portal.log", "/search/")
    for log in (*folder.glob("*.log"), stand.place.folder / f"gunicorn-{stand.gunicorn_port}.log"):
        text = log.read_text()
        for word in ("SECRET", "secret-", "203.0.113.9", "?", *(() if log.name == "portal.log" else ("127.0.0.1 ",))):
            assert word not in text.replace("Listening at: http://127.0.0.1:", ""), (log.name, word)
    lines = (folder / "portal.log").read_text().splitlines()
    assert all(LINE.fullmatch(line) for line in lines), [line for line in lines if not LINE.fullmatch(line)][:5]


LINE = re.compile(r"\S+ 127\.0\.0\.1 [A-Z-]* \S* \d{3} \d+ [\d.]+ [\d.,: -]+")  # time, address, method, path, answer


def wait_for_line(log, word: str) -> None:
    deadline = time.monotonic() + 5
    while word not in log.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def in_the_sites_look(text: str) -> bool:
    return '<html lang="' in text and "/static/css/tokens." in text


CHECKS = (
    tls_is_modern_and_speaks_http2,
    other_names_learn_nothing,
    plain_http_leads_to_https,
    pages_carry_each_header_once,
    pages_and_feeds_are_compressed,
    every_kind_of_answer_says_once_that_it_may_be_packed,
    heads_are_answered_without_a_line_in_the_log,
    static_files_come_from_the_front_for_good,
    static_files_that_are_not_there_are_missing_in_the_sites_look,
    a_visible_file_is_sent_by_the_front_with_the_headers_of_the_application,
    the_application_itself_sends_no_byte_of_it,
    part_of_a_file_can_be_asked_for,
    hidden_kept_and_missing_files_are_missing_alike,
    no_address_reaches_a_file_past_the_application,
    health_is_told,
    what_is_too_large_is_answered_413_in_the_sites_look,
    strange_requests_are_answered_in_the_sites_look,
    no_refusal_is_a_bare_page_over_either_version,
    links_stay_below_the_prefix,
    the_logs_keep_no_words_of_a_reader_and_the_front_his_address,
    a_reader_cannot_forge_what_the_front_says,  # last: it locks this address out
)
