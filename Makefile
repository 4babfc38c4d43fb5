# alliancesim: every target sets up the environment in .venv by itself; there is nothing to run first.
#
#   make demo                   run the case of 2025-26 and write its report
#   make test                   run every check and test
#   make site                   build the documentation as a site, in build/site
#   make test PYTHON=python3.13 the same, with a Python of your choice

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo/observed-backfire
EXTRA := [dev]

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test lint types contracts unit site fuzz wheel environment clean

help:
	@echo "make demo       run the case of 2025-26 and write its report, in $(DEMO)"
	@echo "make test       run every check and test: lint, types, contracts, unit"
	@echo "make lint       check style and format (ruff)"
	@echo "make types      check types (mypy, strict)"
	@echo "make contracts  check which module may import which (import-linter)"
	@echo "make unit       run the tests (pytest)"
	@echo "make site       build the documentation as a site, in build/site (mkdocs)"
	@echo "make fuzz       feed the readers of files with 20000 odd inputs each (atheris)"
	@echo "make wheel      build the source archive and the wheel, in dist"
	@echo "make clean      remove the environment and everything that was made, but your results"
	@echo
	@echo "Each sets up its own environment in $(VENV) first; PYTHON=... chooses the Python."

demo: EXTRA :=
demo: environment
	@rm -rf $(DEMO)
	@mkdir -p $(dir $(DEMO))
	@$(BIN)/alliancesim run observed-backfire --posterior default --runs 1600 --explain --out $(DEMO)
	@$(BIN)/alliancesim report $(DEMO)

test: lint types contracts unit
	@echo "All checks and tests passed."

lint: environment
	@echo "Style:"
	@$(BIN)/ruff check --quiet src tests docs benchmarks fuzz
	@$(BIN)/ruff format --check src tests docs benchmarks fuzz

types: environment
	@echo "Types:"
	@$(BIN)/mypy

contracts: environment
	@echo "Imports:"
	@$(BIN)/lint-imports --no-logo

# Neighbouring tests stay together, as they share what takes long to make; and whatever the shell
# says of bytecode, that of the tests is kept: to prepare them anew takes each process seconds.
unit: environment
	@echo "Tests:"
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 2 --dist worksteal -r fEs

site: environment
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --clean
	@echo "Open build/site/index.html; its search works where the folder is served."

fuzz: environment
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -e ".[dev,fuzz]"
	@for reader in scenario experiment ingest; do \
		$(BIN)/python fuzz/run.py $$reader --inputs 20000 --no-record || exit 1; \
	done

wheel: environment
	@rm -rf dist
	@echo "Building source archive and wheel ..."
	@$(BIN)/python -m build --outdir dist . >dist.log 2>&1 || { cat dist.log; rm -f dist.log; exit 1; }
	@rm -f dist.log
	@ls dist/*

clean:
	@rm -rf $(VENV) $(DEMO) build dist dist.log .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache
	@rmdir demo 2>/dev/null || true
	@for folder in src tests docs experiments; do \
		[ ! -d $$folder ] || find $$folder -name __pycache__ -type d -prune -exec rm -rf {} +; \
	done

# The environment is made once. It is made anew where this folder has moved, where PYTHON asks for
# another Python, or where making it was interrupted, and brought up to date where pyproject.toml
# has changed. The demo does without what only developers need; once that is there, it stays. The
# stamp's four lines hold these: folder, Python, check sum, extra packages.
environment:
	@set -eu; \
	stamp='$(VENV)/.installed'; wanted='$(PYTHON)'; extra='$(EXTRA)'; had=; \
	sum=$$(cksum <pyproject.toml); \
	{ read -r folder && read -r python && read -r installed && read -r had; } \
		2>/dev/null <"$$stamp" || folder=; \
	if [ -n "$$folder" ] && [ "$$folder" = "$$(pwd -P)" ] \
		&& { [ -z "$$wanted" ] || [ "$$wanted" = "$$python" ]; } \
		&& '$(BIN)/python' -c '' 2>/dev/null; then \
		extra=$${had:-$$extra}; \
		if [ "$$installed" = "$$sum" ]; then \
			[ "$$had" != "$$extra" ] || exit 0; \
			echo "Adding to $(VENV) what developers need ..."; \
		else \
			echo "pyproject.toml has changed: bringing $(VENV) up to date ..."; \
		fi; \
	else \
		usable='import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'; \
		python=; \
		for candidate in "$${wanted:-python3.11}" \
			$$([ -n "$$wanted" ] || echo python3.12 python3.13 python3); do \
			if "$$candidate" -c "$$usable" >/dev/null 2>&1; then python=$$candidate; break; fi; \
		done; \
		if [ -z "$$python" ]; then \
			if [ -n "$$wanted" ]; then \
				echo "PYTHON=$$wanted does not run, is older than 3.11 or lacks the venv module." >&2; \
			else \
				echo "No Python 3.11 or newer with the venv module was found." >&2; \
				echo "Install one (Debian and Ubuntu: apt install python3-venv), or name one:" >&2; \
				echo "  make $(or $(MAKECMDGOALS),demo) PYTHON=/path/to/python3" >&2; \
			fi; \
			exit 1; \
		fi; \
		echo "Setting up $(VENV) with $$("$$python" -V), once; this takes a minute or two ..."; \
		rm -rf '$(VENV)'; \
		"$$python" -m venv '$(VENV)'; \
	fi; \
	rm -f "$$stamp"; \
	'$(BIN)/python' -m pip install -qq --disable-pip-version-check -e ".$$extra" || { \
		echo "The packages that alliancesim needs could not be installed; the reason is above." >&2; \
		exit 1; \
	}; \
	printf '%s\n' "$$(pwd -P)" "$$python" "$$sum" "$$extra" >"$$stamp"
