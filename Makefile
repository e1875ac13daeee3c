# make demo | test | check | bench: each makes its own .venv first. Needs Python 3.10 or newer, and make.

PYTHON ?= python3
VENV ?= .venv
CORPUS ?=
TESTS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test fuzz check lint types layers format bench clean

demo: $(VENV)/installed  ## the diff of the samples; nothing is written
	@$(BIN)/kmigrate diff samples/ || test $$? -eq 1

test: $(VENV)/installed-dev  ## the whole test suite; TESTS="tests/cli -x" for a part of it
	@$(BIN)/python -m pytest -n auto $(TESTS)

fuzz: $(VENV)/installed-dev  ## 100,000 spoiled files through the whole engine; FUZZ=1000 for fewer
	@FUZZ=$${FUZZ:-100000} $(BIN)/python -m pytest tests/properties/test_fuzz.py -p no:randomly --durations=1

check: lint types layers  ## all that is checked without running the code

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .

types: $(VENV)/installed-dev
	$(BIN)/mypy

layers: $(VENV)/installed-dev
	$(BIN)/lint-imports

format: $(VENV)/installed-dev  ## write the house style
	$(BIN)/ruff format .

bench: $(VENV)/installed-bench  ## the cost of a run; CORPUS="dir dir" for your own code
	@$(BIN)/python -m benchmarks $(CORPUS)

clean:  ## back to a fresh clone
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || \
		{ echo 'kmigrate needs Python 3.10 or newer as `$(PYTHON)`; name another one: make PYTHON=/path/to/python3' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo 'the module venv of `$(PYTHON)` does not work here; your system may package it apart' >&2; exit 1; }

$(VENV)/installed: $(BIN)/python pyproject.toml
	@echo 'Installing kmigrate into $(VENV) ...'
	@$(PIP) install --upgrade 'pip>=25.1'
	@$(PIP) install --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@echo 'Installing what the tests and checks need ...'
	@$(PIP) install --group dev
	@touch $@

$(VENV)/installed-bench: $(VENV)/installed
	@$(PIP) install --group bench
	@touch $@

-include referee.mk
