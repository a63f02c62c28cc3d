# One command each, from a fresh clone: they make their own virtual environment first.
PYTHON ?= python3
BIN := .venv/bin
STORY := examples/harbour-bridge

.PHONY: demo test eval test-local-model lint fix schema clean

demo: .venv/installed  ## print the diff of the bundled articles
	@$(BIN)/summarize diff $(STORY)/*.txt

test: .venv/developing  ## all tests
	@$(BIN)/pytest

eval: .venv/developing  ## the offline engine on all labelled cases, against its baseline
	@$(BIN)/summarize eval run --engine extractive --judge lexical --baseline extractive

test-local-model: .venv/developing  ## a diff through a real model server, built on first use (minutes)
	@$(BIN)/python benchmarks/local_model.py

lint: .venv/developing  ## style, types and the contract of the layers
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

fix: .venv/developing  ## mend what can be mended by itself
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

schema: .venv/installed  ## write the published JSON Schema of the report
	@$(BIN)/summarize schema report -o docs/schema/report.json

clean:
	rm -rf .venv dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

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
