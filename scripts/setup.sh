#!/usr/bin/env bash
# Makes .venv and installs the locked packages: `setup.sh` for running, `setup.sh dev` for tests as well.
# A stamp keyed by the lock file makes a second call instant.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "$1" >&2; exit 1; }

find_python() {
    local candidate
    for candidate in python3.11 python3; do
        "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || continue
        command -v "$candidate"
        return
    done
    fail "Python 3.11 is missing; install Debian's package python3.11."
}

make_venv() {
    local python
    python="$(find_python)"
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        "$python" scripts/debian.py python3.11-venv
    fi
    "$python" -m venv --clear .venv
}

install_locked() {
    local lock=$1 stamp=$2 wanted
    wanted="$(cat requirements.txt "$lock" | sha256sum | cut -d' ' -f1)"
    [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return
    echo "Installing $lock ..."
    rm -f .venv/.installed-*
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r "$lock"
    echo "$wanted" > "$stamp"
}

main() {
    .venv/bin/python -m pip --version >/dev/null 2>&1 || make_venv
    if [ "${1:-run}" = dev ] || [ -e .venv/.installed-dev ]; then
        install_locked requirements/dev.txt .venv/.installed-dev  # holds the run-time set too
    else
        install_locked requirements.txt .venv/.installed-run
    fi
}

main "$@"
