# The commands of the portal. `make run` and `make test` need Debian, Python 3.11 and nothing else.
SHELL := /bin/bash
PYTHON := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help run test lint types bench front overload durability manual lock

help:  ## list the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 14

run:  ## set up what is missing and serve the portal on 127.0.0.1:8000 (PORT=8080 make run)
	@scripts/run.sh

test:  ## lint, types, checks, every test on SQLite and on a private PostgreSQL, browser journeys
	@scripts/test.sh

lint:  ## ruff alone
	@scripts/setup.sh dev
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .

types:  ## mypy alone
	@scripts/setup.sh dev
	@$(PYTHON) -m mypy

bench:  ## measure pages beside their peers in one run, prove the copies, what screening finds, and the search
	@scripts/setup.sh dev
	@$(PYTHON) scripts/bench.py $(if $(SIZES),--count $(SIZES))
	@PORTAL_COPY_CYCLES=10000 $(PYTHON) scripts/with_postgres.py -- $(PYTHON) -m pytest -q tests/disclosure_portal/page_copy/test_truth.py
	@$(PYTHON) scripts/bench_screening.py
	@$(PYTHON) scripts/bench_search.py

front:  ## serve the portal behind nginx with TLS, on a private PostgreSQL
	@scripts/setup.sh
	@$(PYTHON) scripts/front.py

overload:  ## flood the portal behind nginx with ten times what it can answer
	@scripts/setup.sh
	@$(PYTHON) scripts/overload.py

durability:  ## send opinions while workers, the application and PostgreSQL are killed with -9; the same on SQLite
	@scripts/setup.sh
	@$(PYTHON) scripts/durability.py
	@$(PYTHON) scripts/durability.py --database sqlite

manual:  ## take the pictures of the operating manual anew
	@scripts/setup.sh dev
	@PORTAL_MANUAL_PICTURES="$(CURDIR)/static/img/manual" $(PYTHON) -m pytest -q tests/journeys/test_manual_pictures.py

lock:  ## pin the newest allowed versions anew, with hashes
	@scripts/setup.sh dev
	@scripts/lock.sh
