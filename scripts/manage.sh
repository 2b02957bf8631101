#!/usr/bin/env bash
# manage.py with the keys and folders that `make run` uses: scripts/manage.sh verify_audit
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh
. scripts/environment.sh
exec .venv/bin/python manage.py "$@"
