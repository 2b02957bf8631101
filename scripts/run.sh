#!/usr/bin/env bash
# Sets up whatever is missing and serves the portal on 127.0.0.1, port 8000 or PORT.
set -euo pipefail
cd "$(dirname "$0")/.."
umask 077  # uploads, database and keys are for this account alone

export PORT="${PORT:-8000}"
if ! [[ "$PORT" =~ ^[0-9]{1,5}$ ]] || ((10#$PORT < 1 || 10#$PORT > 65535)); then
    echo "PORT must be a number from 1 to 65535, not '$PORT'." >&2
    exit 1
fi

scripts/setup.sh
. scripts/environment.sh

collect_static() {  # once for each state of the files and packages
    local stamp="$PORTAL_DATA_DIR/.static" wanted
    wanted="$(
        cat requirements.txt
        find . \( -name .venv -o -name var -o -name .git \) -prune -o -path '*/static/*' -type f -printf '%p %T@ %s\n' | sort
    )"
    wanted="$(sha256sum <<< "$wanted")"
    [ -e "$PORTAL_DATA_DIR/static/staticfiles.json" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return
    .venv/bin/python manage.py collectstatic --no-input --clear --verbosity 0
    echo "$wanted" > "$stamp"
}

.venv/bin/python scripts/sheet_packages.py  # the portal runs without them
.venv/bin/python scripts/compile_messages.py
.venv/bin/python manage.py migrate --no-input --verbosity 0
collect_static
.venv/bin/python manage.py seed_portal --demo
.venv/bin/python manage.py reindex --missing  # documents of releases that are older than the search

echo "The portal is at http://127.0.0.1:$PORT/ - Ctrl-C stops it."
exec .venv/bin/python -m gunicorn --config python:disclosure_portal.gunicorn disclosure_portal.wsgi
