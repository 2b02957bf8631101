"""`manage.py front_config`: nginx configuration for this portal, from its own settings."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from disclosure_portal.front import BadValue, Front, write


class Command(BaseCommand):
    """Write the files, and say how they are used."""

    help = "Write nginx configuration and its error pages, from the settings of the portal (docs/operations.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What only this machine knows."""
        parser.add_argument("folder", type=_path, help="where to write, such as /etc/nginx/portal")
        parser.add_argument("--server-name", action="append", required=True, help="may be given several times")
        parser.add_argument("--certificate", type=_path, required=True, help="certificate with its chain, PEM")
        parser.add_argument("--key", type=_path, required=True, help="its key, PEM")
        parser.add_argument("--https-port", type=int, default=443)
        parser.add_argument("--http-port", type=int, default=80, help="leads to HTTPS")
        parser.add_argument("--listen", default="", help="address to listen on; every one unless given")
        parser.add_argument("--upstream", default="127.0.0.1:8000", help="where gunicorn answers")
        parser.add_argument("--user", default="www-data", help="account of nginx, and its group after a blank")
        parser.add_argument("--state", type=_path, default="/var/lib/nginx", help="folder for bodies under way")
        parser.add_argument("--pid", type=_path, default="/run/nginx.pid")
        parser.add_argument("--logs", type=_path, default="/var/log/nginx")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, and name what was written."""
        names = ("folder", "certificate", "key", "https_port", "http_port", "listen", "upstream", "user")
        chosen = {name: options[name] for name in (*names, "state", "pid", "logs")}
        try:
            written = write(Front(server_names=tuple(options["server_name"]), **chosen))
        except BadValue as refusal:
            raise CommandError(str(refusal)) from None
        except ValueError as missing:  # the manifest of the static files
            raise CommandError(f"Run `manage.py collectstatic` first: {missing}") from None
        self.stdout.write(f"{len(written)} files in {options['folder']}. Check them with: nginx -t")


def _path(text: str) -> Path:
    return Path(text).absolute()
