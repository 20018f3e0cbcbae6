# `make` alone lists what can be done.
.DEFAULT_GOAL := help
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory

SERVE ?= yes
DEMO := build/demo

.PHONY: help setup demo test test-all check format bench lock wheel clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Prepare this checkout to run: .venv, Debian packages, browser code
	@.ci/setup run

demo: setup ## Load the sample city, fill a report into build/demo/, serve the site (SERVE=no: do not serve)
	@.venv/bin/yibiao demo --out $(DEMO)
	@if [ "$(SERVE)" != no ]; then exec .venv/bin/yibiao serve; fi

test: ## Check the code and run the tests (ARGS goes to pytest; about five minutes on two quick cores)
	@.ci/setup test
	@.ci/check
	@.ci/test quick $(ARGS)

test-all: ## The same with the whole matrix: 5,000 examples or a minute a law, LibreOffice, YIBIAO_SUITE
	@.ci/setup full
	@.ci/check
	@.ci/test full $(ARGS)

check: ## Lint, format, types and imports, without running anything
	@.ci/setup check
	@.ci/check

format: ## Put the code into shape (ruff format, and what ruff can mend)
	@.ci/setup check
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format --quiet .

bench: ## Measure, beside the peers, into build/bench.json
	@.ci/setup bench
	@.venv/bin/python -m tests.benchmarks $(ARGS)

lock: ## Pin the newest versions that setup.cfg and each package.json allow
	@.ci/lock

wheel: ## Build the wheel into dist/
	@.ci/setup check
	@.ci/setup run
	@.ci/wheel

clean: ## Remove all that was made here, .venv included
	@rm -rf .venv build dist *.egg-info runtime/web/static/vendor tests/benchmarks/node_modules
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "· Clean"
