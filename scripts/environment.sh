# Sourced by run.sh and manage.sh: the variables of a portal on one's own machine. A preset one always wins.
export PORTAL_DATA_DIR="${PORTAL_DATA_DIR:-$PWD/var}"
export DJANGO_SETTINGS_MODULE="${DJANGO_SETTINGS_MODULE:-disclosure_portal.settings}"
export PORTAL_ALLOW_HTTP="${PORTAL_ALLOW_HTTP:-1}"  # plain HTTP on loopback: never set on a server
keys="$(.venv/bin/python scripts/keys.py)"
eval "$keys"
unset keys
