#!/usr/bin/env bash
# Writes requirements.txt (run time) and requirements/dev.txt (with tests) from the .in files.
# `scripts/lock.sh --upgrade` takes newer versions; without it pinned ones stay.
set -euo pipefail
cd "$(dirname "$0")/.."

compile() {
    .venv/bin/python -m uv pip compile --quiet --generate-hashes --python-version 3.11 \
        --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" "$@"
}

compile requirements/runtime.in --output-file requirements.txt "$@"
compile requirements/dev.in --output-file requirements/dev.txt "$@"
