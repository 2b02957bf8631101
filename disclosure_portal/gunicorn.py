"""How gunicorn serves the portal: few workers, tight limits, a log without traces of readers."""

import gc
import os
from pathlib import Path
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"  # a front with TLS stands before it in production
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
preload_app = True  # read once: workers share the memory of code, dictionaries and addresses
worker_class = "gthread"  # a slow reader holds a thread, not a worker
threads = int(os.environ.get("PORTAL_THREADS", "4"))
memory = Path("/dev/shm")  # noqa: S108  (gunicorn makes its own unguessable file in it)
worker_tmp_dir = str(memory) if memory.is_dir() else None  # heartbeats must not wait for a disk
control_socket_disable = True
umask = 0o077

timeout = 60  # seconds
graceful_timeout = 15
keepalive = 5
max_requests = 500_000  # before a leak would matter, and never within a storm: a new worker has no copies of pages
max_requests_jitter = 50_000

# Above what the front lets through (templates/front/): it refuses longer addresses and headers with its own pages.
limit_request_line = 8190
limit_request_fields = 400
limit_request_field_size = 33_000

# Neither address, account, query (searches), referrer nor browser: senders of opinions may stay unknown.
accesslog = "-"
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(M)sms"


def when_ready(server: Any) -> None:
    """Before the workers are made: what all need is counted, no connection goes with them, what is loaded stays."""
    from django.apps import apps
    from django.conf import settings
    from django.db import DatabaseError, connections

    if apps.ready and apps.is_installed("disclosures"):  # a measurement serves other applications the same way
        from disclosure_portal import refusing
        from disclosures.counts import count_beforehand

        if settings.ROOT_URLCONF == "disclosure_portal.urls":
            refusing.install()
        try:
            count_beforehand()
        except DatabaseError:
            server.log.warning("The database is away: each worker will count for itself.")
    connections.close_all()
    gc.collect()
    gc.freeze()  # the collector would copy the shared pages into every worker
