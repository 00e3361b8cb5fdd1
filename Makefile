# reviewer: `make help` lists what you can do.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
# Where it is set, every process that is started compiles the whole program again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo tour run test matrix lint format bench fuzz fault soak scale shift lock clean

help: ## List what you can do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup: $(STAMP) ## Virtual environment, pinned dependencies, system libraries (nothing to do: under two seconds)

$(STAMP): requirements/runtime.txt requirements/dev.txt pyproject.toml scripts/setup.sh
	@PYTHON=$(PYTHON) bash scripts/setup.sh
	@touch $(STAMP)

demo: setup ## A disposable organisation with synthetic evidence, in a real window
	$(BIN)/reviewer demo

tour: setup ## The demo's tour: drives the window through a shift, pictures and summary in out/
	QT_QPA_PLATFORM=offscreen $(BIN)/reviewer demo --tour out

run: setup ## Open the workstation
	$(BIN)/reviewer

test: setup ## All tests but the long ones
	@bash scripts/test.sh

matrix: setup ## Every case of the tests' large matrices, and long property tests (`make test` runs a sample)
	QT_QPA_PLATFORM=offscreen REVIEWER_TEST_LENGTH=4 $(BIN)/python -m pytest -m '(matrix or hypothesis) and not fuzz' --timeout 3600

lint: setup ## Formatting, lint, types, import law
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only .

bench: setup ## Measure: a table with ratios, in one run
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m bench

fuzz: setup ## Long fuzzing runs
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m fuzz --timeout 3600

fault: setup ## Long fault-injection runs (kill -9, full disk), hundreds of times
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m fault --timeout 3600

soak: setup ## Long soak runs
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m soak --timeout 3600

scale: setup ## Runs with very large data
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m scale --timeout 3600

shift: setup ## The whole tour as a test: its promises, counts and pictures
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m shift

lock: setup ## Pin the dependencies again (needs pip-tools; writes no registry host)
	cd requirements && for set in runtime dev; do \
	  pip-compile -q --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links \
	    --no-emit-trusted-host -o $$set.txt $$set.in; done

clean: ## Remove the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
