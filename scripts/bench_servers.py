"""Servers of a measurement: gunicorn as shipped, and nginx for static pages and a copy of one second."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NGINX = """
worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/nginx.log; daemon off;
events {{ worker_connections 256; }}
http {{
  access_log off; default_type text/html; client_body_temp_path {folder}/n1; proxy_temp_path {folder}/n2;
  fastcgi_temp_path {folder}/n3; uwsgi_temp_path {folder}/n4; scgi_temp_path {folder}/n5;
  proxy_cache_path {folder}/n6 keys_zone=pages:8m max_size=64m;
  upstream portal {{ server {portal}; keepalive 8; }}
  server {{ listen 127.0.0.1:{port};
    location /static-copy/ {{ alias {folder}/pages/; }}
    location / {{ proxy_pass http://portal; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host 127.0.0.1; proxy_ignore_headers Cache-Control Vary; proxy_cache pages;
      proxy_cache_valid 200 1s; proxy_cache_lock on; }}
  }}
}}
"""


@contextmanager
def serving(application: str, environment: dict[str, str], folder: Path) -> Iterator[tuple[str, int]]:
    """Serve a WSGI application with the shipped gunicorn configuration; yield its address and process number.

    Only one thing differs: workers are not renewed after so many requests, which would fall into a burst.
    """
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "python:disclosure_portal.gunicorn"]
    log = folder / f"{application}-{port}.log"
    with running([*command, "--max-requests", "0", application], {**environment, "PORT": str(port)}, port, log) as pid:
        yield f"http://127.0.0.1:{port}", pid


@contextmanager
def nginx_before(portal: str, environment: dict[str, str], folder: Path) -> Iterator[tuple[str, int] | None]:
    """nginx with the kept pages as files and a one-second copy of `portal`; None where nginx is not installed."""
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if program is None:
        yield None
        return
    port = free_port()
    folder.chmod(0o755)
    written = NGINX.format(folder=folder, port=port, portal=portal.removeprefix("http://"))
    (folder / "nginx.conf").write_text(written if Path("/etc/passwd").owner() != "root" else f"user root;{written}")
    command = [program, "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    with running(command, environment, port, folder / "nginx-start.log") as pid:
        yield f"http://127.0.0.1:{port}", pid


@contextmanager
def running(command: list[str], environment: dict[str, str], port: int, log: Path) -> Iterator[int]:
    """Run a server until the end of the block; yield its process number once it answers."""
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=output, start_new_session=True
        )
        try:
            wait_for(port, server, log)
            yield server.pid
        finally:
            server.terminate()
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def free_port() -> int:
    """A port of loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers; raises RuntimeError with its log when it ends or stays silent."""
    for _attempt in range(600):
        if server.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"A server did not start:\n{log.read_text()}")
