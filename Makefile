# Rostra's verbs. `make` alone prints them. Everything is built in .venv; nothing else is touched.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
DEVICE ?= auto
BIN := .venv/bin
PINS := constraints.txt pyproject.toml
# One pip at a time: `make serve` installs beside the running site, and `make test` may follow at once.
ALONE := $(shell command -v flock >/dev/null && echo flock .venv/.lock)
INSTALL := $(ALONE) $(BIN)/python -m pip install --disable-pip-version-check --quiet --constraint constraints.txt --editable
# One thread: the models are small, and two that wait for each other on a busy machine crawl.
TESTS := OMP_NUM_THREADS=1 $(BIN)/pytest -q
export NO_MKDOCS_2_WARNING := 1
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt  # also for what builds the package

##@ The two commands a newcomer needs
.PHONY: serve test
serve: .venv/.base  ## set up, build the site, serve it at http://127.0.0.1:8000 and mount the live demos
	@[ -e .venv/.live -a .venv/.live -nt constraints.txt -a .venv/.live -nt pyproject.toml ] \
	  || { rm -f .venv/.live .venv/.live.failed; \
	       echo "The live demos' packages (torch, gradio) are being installed beside it: .venv/live.log"; \
	       { $(MAKE) --no-print-directory .venv/.live >.venv/live.log 2>&1 || touch .venv/.live.failed; } & }
	@exec $(BIN)/rostra serve --host $(HOST) --port $(PORT) --device $(DEVICE) --wait-for .venv/.live

test: .venv/.dev  ## set up and run the tests that need neither a browser nor root
	$(TESTS) --ignore=tests/browser --ignore=tests/gpu --ignore=tests/bare --ignore=tests/folder
	@# The device's contracts, tried on the CPU, so that they are sound when a device comes.
	ROSTRA_DEVICE=cpu $(TESTS) tests/gpu

##@ Checks
.PHONY: check lint type docs bare folder browser golden gpu
check: lint type docs test bare folder browser  ## all that must be green before work lands

lint: .venv/.dev  ## ruff, the floors of the house, the seminar entries
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/rostra check

type: .venv/.dev  ## mypy, strict
	$(BIN)/mypy

docs: .venv/.dev  ## the site, strict: a dead link or anchor is an error
	$(BIN)/rostra build --strict

bare: .venv-bare/.base  ## check, new, announce, build and serve where torch is not installed
	ROSTRA_BARE=$(CURDIR)/.venv-bare/bin $(TESTS) tests/bare

folder: .venv/.dev .venv-shells/.base  ## the plain folder builds strict under ProperDocs and Zensical
	ROSTRA_SHELLS=$(CURDIR)/.venv-shells/bin $(TESTS) tests/folder

browser: .venv/.dev  ## pages and the playground in Chromium
	$(TESTS) tests/browser

golden: .venv/.dev  ## rewrite expected outputs, the schema, the README's table; review the diff
	ROSTRA_GOLDEN=rewrite $(BIN)/pytest -q tests/rostra/sitegen tests/test_readme.py

gpu: .venv/.dev  ## the contracts again on a CUDA device, and what attacks cost there
	$(BIN)/pytest -q tests/gpu
	$(BIN)/python -m benchmarks gpu

##@ Science
.PHONY: train bench gates
train: .venv/.dev  ## make a model of the zoo again: make train RECIPE=signs_robust
	@[ -n "$${RECIPE:-}" ] || { echo "Say which: make train RECIPE=signs_robust"; $(BIN)/rostra train --list; exit 2; }
	$(BIN)/rostra train "$$RECIPE" $(if $(filter-out auto,$(DEVICE)),--device $(DEVICE))

bench: .venv/.dev  ## the claims that take minutes, measured: tables in benchmarks/results
	$(BIN)/python -m benchmarks

gates: .venv/.dev  ## hours: the long proofs, some in pieces that go on where they stopped
	ROSTRA_GATES=all $(TESTS) -s tests/rostra/sitegen/checks/test_contract.py
	ROSTRA_GATES=all $(TESTS) tests/robustlib/attacks/test_properties.py
	ROSTRA_HISTORIES=5000 $(TESTS) tests/rostra/sitegen/subscribers
	$(BIN)/python -m benchmarks feeds
	$(BIN)/python -m benchmarks site_scale
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks fuzz
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks zoo_strength

##@ Set-up
.PHONY: setup clean help
setup: .venv/.dev  ## the developer's environment and the commit hooks
	$(BIN)/pre-commit install

clean:  ## remove what make has built
	rm -rf .venv .venv-bare .venv-peers .venv-shells .cache site .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

help:  ## these lines
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# One stamp a layer, so that the site is up before the heavy packages are in. A stamp is older than
# the pins only if they changed, and then pip runs again.
#
# An environment without pip (making it was broken off) or whose Python is gone is made anew.
ifeq (,$(and $(realpath .venv/bin/python),$(realpath .venv/bin/pip)))
.PHONY: .venv/bin/python
endif
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Rostra needs Python 3.11 or newer: apt install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "Python's venv is missing: apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv --clear .venv

.venv/.base: $(PINS) .venv/bin/python
	@echo "Installing the site generator and its server (once, under a minute)"
	@$(INSTALL) .
	@touch $@

.venv/.live: $(PINS) .venv/bin/python | .venv/.base
	@$(INSTALL) '.[live]'
	@touch $@

.venv/.dev: $(PINS) .venv/bin/python | .venv/.base
	@echo "Installing torch, gradio and the developer's tools (once, a few minutes)"
	@$(INSTALL) '.[dev]'
	@touch $@ .venv/.live

.venv-bare/.base: $(PINS)
	@$(PYTHON) -m venv .venv-bare
	@.venv-bare/bin/python -m pip install --disable-pip-version-check --quiet --constraint constraints.txt --editable .
	@touch $@

# Without Rostra: the folder must need nothing of it. Zensical is an alpha, so its version is fixed.
.venv-shells/.base: $(PINS)
	@$(PYTHON) -m venv .venv-shells
	@.venv-shells/bin/python -m pip install --disable-pip-version-check --quiet --constraint constraints.txt \
	  mkdocs-material properdocs==1.6.7 zensical==0.0.73
	@touch $@
