# One command each, from a fresh clone: they make their own virtual environment first.
PYTHON ?= python3
BIN := .venv/bin
STORY := examples/harbour-bridge

AXE := 4.14.1
# One more than there are cores: many tests wait for a server or a pause.
TESTS_AT_ONCE := $(shell expr $$(nproc 2>/dev/null || echo 2) + 1)
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: demo test test-fast eval browser test-local-model lint fix schema man clean

demo: .venv/installed  ## print the diff of the bundled articles
	@$(BIN)/summarize diff $(STORY)/*.txt

test: .venv/developing  ## all tests; those in a browser where it is there (make browser)
	@$(BIN)/pytest -n $(TESTS_AT_ONCE) --dist worksteal

test-fast: .venv/developing  ## the rules and values alone, in under a minute: no command, server or browser
	@$(BIN)/pytest -m "not slow" -n auto --dist loadfile

eval: .venv/developing  ## the offline engine on all labelled cases, against its baseline
	@$(BIN)/summarize eval run --engine extractive --judge lexical --baseline extractive

browser: .venv/developing  ## what the browser tests need, on Debian and its kin: Chromium, its driver, axe-core
	@missing=""; \
	  command -v chromium >/dev/null || missing="$$missing chromium"; \
	  command -v chromedriver >/dev/null || missing="$$missing chromium-driver"; \
	  command -v npm >/dev/null || missing="$$missing npm"; \
	  [ -z "$$missing" ] || { $(SUDO) apt-get update -qq && \
	    $(SUDO) apt-get install -y -qq --no-install-recommends $$missing; }
	@npm install --silent --no-audit --no-fund --no-save --prefix .venv/browser axe-core@$(AXE)

test-local-model: .venv/developing  ## a diff through a real model server, built on first use (minutes)
	@$(BIN)/python benchmarks/local_model.py

lint: .venv/developing  ## style, types and the contract of the layers
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/hadolint Dockerfile

fix: .venv/developing  ## mend what can be mended by itself
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

schema: .venv/installed  ## write the published JSON Schema of the report
	@$(BIN)/summarize schema report -o docs/schema/report.json

man: .venv/installed  ## write the manual page of every name of the command, for packagers
	@$(BIN)/python tools/man_page.py build/man/man1

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "summarizer needs Python 3.11 or newer; set PYTHON=python3.12 or the like")'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	@touch $@

.venv/installed: .venv/made pyproject.toml
	@$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/developing: .venv/installed
	@$(BIN)/python -m pip install --quiet --group dev
	@touch $@
