"""Runs the portal as it stands in production, on loopback: Debian's nginx with TLS, gunicorn, a private PostgreSQL.

`python scripts/front.py` says where it is and serves until Ctrl-C. `tests/front/` asks it what must hold;
`scripts/overload.py` floods it. Everything lives in a temporary folder and goes with it.
"""

import argparse
import datetime
import http.client
import os
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # a command too

from scripts.debian import MissingPackage, install
from scripts.keys import ROOT, identity_key
from scripts.servers import free_port, running
from scripts.with_postgres import STOPS, as_server_account, find_binaries, private_server, stop

NAME = "localhost"
ACCEL = "/_portal/files/"
FOREIGN_VARIABLES = ("PORTAL_", "DJANGO_", "DEBUG", "CACHE_URL", "ALLOWED_HOSTS", "WEB_CONCURRENCY")


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


@dataclass(frozen=True)
class Place:
    """Folder, database and variables that several servers share."""

    folder: Path
    database: str
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run one command of the portal and return what it printed."""
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stderr}")
        return done.stdout

    def python(self, code: str) -> str:
        """Run Python inside the portal and return what it printed."""
        return self.manage("shell", "--no-imports", "-c", code)

    @property
    def server(self) -> Path:
        """The folder of the database server."""
        return Path(self.database.removeprefix("postgres://portal@/").removesuffix("/postgres"))

    def stop_database(self) -> None:
        """Take the database away, as a power cut would."""
        self._pg_ctl("-m", "immediate", "stop")

    def start_database(self) -> None:
        """Bring it back with the options it had."""
        self._pg_ctl("-l", str(self.server / "server.log"), "restart")

    def signal_database(self, number: int) -> None:
        """Send a signal to every process of the server: SIGSTOP makes it hang, SIGCONT wakes it."""
        first = int((self.server / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        for process in (first, *map(int, children)):
            os.kill(process, number)

    def _pg_ctl(self, *arguments: str) -> None:
        command = [str(find_binaries() / "pg_ctl"), "-D", str(self.server / "data"), "-w", "-s", *arguments]
        as_server_account(command, self.server)


@dataclass(frozen=True)
class Stand:
    """A running portal: where it answers, and the processes behind."""

    place: Place
    port: int
    http_port: int
    gunicorn_port: int
    prefix: str = ""

    @property
    def url(self) -> str:
        """The address of the board as a browser on this machine needs it."""
        return f"https://{NAME}:{self.port}{self.prefix}/"

    def trust(self) -> ssl.SSLContext:
        """A client's context that trusts the certificate of the run, and nothing else."""
        return ssl.create_default_context(cafile=str(self.place.folder / "certificate.pem"))

    def connect(self, server_name: str = NAME) -> ssl.SSLSocket:
        """A TLS connection to the front."""
        line = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        return self.trust().wrap_socket(line, server_hostname=server_name)

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """One request through the front, below the prefix; underscores in names of headers stand for dashes."""
        return self.ask_exactly(self.prefix + path, method, body, **headers)

    def ask_exactly(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """The same for a path that already has its prefix, or none."""
        client = http.client.HTTPConnection(NAME, self.port)
        client.sock = self.connect()
        return _answer(client, method, path, body, {"Host": f"{NAME}:{self.port}", **_dashed(headers)})

    def ask_plainly(
        self, path: str, port: int = 0, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> Answer:
        """A request without TLS, to the port that leads to HTTPS unless another is given."""
        client = http.client.HTTPConnection("127.0.0.1", port or self.http_port, timeout=60)
        return _answer(client, method, path, body, {"Host": NAME, **_dashed(headers)})


def _dashed(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _answer(
    client: http.client.HTTPConnection, method: str, path: str, body: bytes | None, headers: dict[str, str]
) -> Answer:
    started = time.monotonic()
    try:
        client.request(method, path, body, headers)
        response = client.getresponse()
        return Answer(response.status, response.headers, response.read(), time.monotonic() - started)
    finally:
        client.close()


@contextmanager
def place(**variables: str) -> Iterator[Place]:
    """A folder, a private PostgreSQL with its tables, and static files; nothing is in the tables yet."""
    folder = Path(tempfile.mkdtemp(prefix="portal-front-"))
    try:
        folder.chmod(0o755)
        (folder / "data").mkdir(mode=0o755)
        make_certificate(folder)
        with private_server() as address:
            made = Place(folder, address, environment_for(address, folder) | variables)
            subprocess.run([sys.executable, ROOT / "scripts" / "compile_messages.py"], check=True)
            made.manage("migrate", "--no-input", "--verbosity", "0")
            made.manage("collectstatic", "--no-input", "--verbosity", "0")
            yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def environment_for(address: str, folder: Path) -> dict[str, str]:
    """The variables of a portal in production behind a front."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN_VARIABLES)}
    return {
        **clean,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "disclosure_portal.settings",
        "PORTAL_DATA_DIR": str(folder / "data"),
        "PORTAL_ACCEL_PREFIX": ACCEL,
        "PORTAL_BEHIND_PROXY": "1",
        "PORTAL_READ_FILES": "inline",
        "ALLOWED_HOSTS": NAME,
        "SECRET_KEY": secrets.token_urlsafe(64),
        "PORTAL_IDENTITY_KEY": identity_key(),
        "PYTHONPATH": str(ROOT),
    }


def make_certificate(folder: Path) -> None:
    """A self-signed certificate of a day, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *plain))


@contextmanager
def standing(at: Place, prefix: str = "", *, with_front: bool = True) -> Iterator[Stand]:
    """gunicorn, and nginx before it, each stopped in order at the end."""
    stand = Stand(at, free_port(), free_port(), free_port(), prefix)
    environment = at.environment | {"PORTAL_PATH_PREFIX": prefix, "PORT": str(stand.gunicorn_port)}
    serve = [sys.executable, "-m", "gunicorn", "--config", "python:disclosure_portal.gunicorn"]
    with ExitStack() as servers:
        application = [*serve, "disclosure_portal.wsgi"]
        log = at.folder / f"gunicorn-{stand.gunicorn_port}.log"
        servers.enter_context(running(application, environment, log, stand.gunicorn_port))
        if with_front:
            folder = configure(stand, environment)
            nginx = [find_nginx(), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
            servers.enter_context(running([*nginx, "-g", "daemon off;"], environment, folder / "said.log", stand.port))
        yield stand


def configure(stand: Stand, environment: dict[str, str]) -> Path:
    """Write the shipped configuration for this run."""
    folder = stand.place.folder / f"nginx-{stand.port}"
    (folder / "state").mkdir(parents=True)
    account = ["--user", "www-data root"] if os.geteuid() == 0 else []  # a member of the group that owns the files
    options = {
        "server-name": NAME,
        "certificate": stand.place.folder / "certificate.pem",
        "key": stand.place.folder / "key.pem",
        "https-port": stand.port,
        "http-port": stand.http_port,
        "listen": "127.0.0.1",
        "upstream": f"127.0.0.1:{stand.gunicorn_port}",
        "state": folder / "state",
        "pid": folder / "nginx.pid",
        "logs": folder,
    }
    arguments = [f"--{name}={value}" for name, value in options.items()]
    Place(stand.place.folder, stand.place.database, environment).manage(
        "front_config", str(folder), *arguments, *account
    )
    return folder


def find_nginx() -> str:
    """The program of nginx, installed first when root and there is none. Raises MissingPackage."""
    search = f"{os.environ.get('PATH', '')}:/usr/sbin"
    if not shutil.which("nginx", path=search):
        install("nginx-light")
    found = shutil.which("nginx", path=search)
    if not found:
        raise MissingPackage("The package nginx-light is installed, yet there is no program nginx.")
    return found


def main() -> None:
    """Serve until a signal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prefix", default="", help="such as /zwgk/dwgk")
    prefix = parser.parse_args().prefix.rstrip("/")
    for each in STOPS:
        signal.signal(each, stop)
    find_nginx()
    with place() as at:
        print(at.manage("seed_portal", "--demo"))
        with standing(at, prefix) as stand:
            print(f"Served at {stand.url} - your browser will ask about the certificate. Ctrl-C stops it.")
            signal.pause()


if __name__ == "__main__":
    try:
        main()
    except MissingPackage as refusal:
        sys.exit(str(refusal))
