"""Servers of a measurement: gunicorn as shipped, and nginx for static pages and a copy of one second."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.servers import free_port, running

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
    with running([*command, "--max-requests", "0", application], {**environment, "PORT": str(port)}, log, port) as pid:
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
    with running(command, environment, folder / "nginx-start.log", port) as pid:
        yield f"http://127.0.0.1:{port}", pid
