#!/usr/bin/env bash
# Everything that must hold, in the order of the quickest answer. Extra arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
unset DATABASE_URL CACHE_URL  # the tests have databases of their own
PORTAL_DATA_DIR="$(mktemp -d -t portal-tests-XXXXXX)"
export PORTAL_DATA_DIR
trap 'rm -rf "$PORTAL_DATA_DIR"' EXIT

scripts/setup.sh dev
python=.venv/bin/python
step() { printf '\n== %s\n' "$1"; }

step "lint"
$python -m ruff check .
$python -m ruff format --check .

step "checks"
$python scripts/compile_messages.py
export DJANGO_SETTINGS_MODULE=tests.settings
$python manage.py check
$python manage.py makemigrations --check --dry-run
$python scripts/find_chromium.py

step "types"
$python -m mypy

step "tests on SQLite, browser journeys"
$python -m pytest -n "${PORTAL_TEST_WORKERS:-2}" --dist worksteal "$@"

step "tests on PostgreSQL"
setpriv --pdeathsig TERM $python scripts/with_postgres.py -- $python -m pytest -n "${PORTAL_TEST_WORKERS:-2}" --dist worksteal "$@"

step "all tests passed on both databases"
