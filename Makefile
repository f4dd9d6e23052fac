# COB Desk. `make run` brings a bare machine to a running, filled desk; `make test` runs the whole suite.
# Needs only python3 (3.11 or newer), make and a package registry; never root.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
# How many processes share the suite; `make test PROCESSES=0` runs it in one. One more than there are cores: a third of
# their time they wait for a browser, a desk of their own, the disk. Tests go out a few at a time, or one process is
# left alone with the long ones.
PROCESSES ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
BIN := .venv/bin
# An interpreter exists, so uv must not fetch one of its own.
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv
# Where the machine forbids Python to keep what it compiled, each process would compile a thousand modules anew.
unexport PYTHONDONTWRITEBYTECODE
SYNC := $(BIN)/uv sync --quiet --frozen --inexact

.PHONY: help run test check lint format types imports templates audit compiled interpreted worker beat clean
.DEFAULT_GOAL := help

help:
	@echo "make run [PORT=8000]   install, migrate, fill a made-up practice, serve on $(HOST):$(PORT)"
	@echo "make test              the whole suite on SQLite"
	@echo "make check             lint, types, import contracts and templates"
	@echo "make format            put code and templates in order"
	@echo "make worker, make beat the two other processes, when COB_REDIS_URL is set"
	@echo "make audit             known holes in the dependencies (needs the public advisory service)"
	@echo "make compiled          the payer order as machine code: verdicts in half the time (needs a C compiler)"
	@echo "make interpreted       back to its sources"
	@echo "make clean             remove what was installed and cached; the data folder stays"

run: .venv/runtime
	@exec $(BIN)/python manage.py start --host $(HOST) --port $(PORT)

test: .venv/development
	$(BIN)/python -m pytest --numprocesses $(PROCESSES) --maxschedchunk 4 $(ARGS)

check: lint types imports templates
	$(BIN)/python manage.py check --fail-level WARNING

lint: .venv/development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# First whether what is compiled is of these sources: Django's plugin would end in an internal error that does not say so.
types: .venv/development
	@$(BIN)/python -c 'import cob.compiled'
	$(BIN)/mypy

imports: .venv/development
	$(BIN)/lint-imports --no-cache

templates: .venv/development
	$(BIN)/djade --target-version 5.2 --check $$(git ls-files 'templates/*.html')
	$(BIN)/djlint templates --lint --quiet

format: .venv/development
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djade --target-version 5.2 $$(git ls-files 'templates/*.html')

compiled: .venv/runtime
	@$(SYNC) --no-dev --group compile || { echo "uv could not install; trying pip."; $(call with_pip,dependency-groups compile); }
	@echo "Compiling the payer order; it takes a minute…"
	@mkdir -p build
	@$(BIN)/python -m cob.compiled >build/compiled.log 2>&1 || { grep -i error build/compiled.log | tail -2; \
	  echo "That needs a C compiler and Python's headers (Debian: apt-get install gcc python3-dev). Without, the desk runs the sources."; exit 1; }

interpreted: .venv/runtime
	$(BIN)/python -m cob.compiled --remove

worker: .venv/runtime
	@exec $(BIN)/celery -A cob worker --loglevel WARNING

beat: .venv/runtime
	@exec $(BIN)/celery -A cob beat --loglevel WARNING

# --strict: without it pip-audit passes where its advisory service cannot be reached, having audited nothing.
audit: .venv/runtime
	$(BIN)/uv export --quiet --frozen --no-dev --format requirements-txt --output-file .venv/runtime.txt
	$(BIN)/uv tool run pip-audit --strict --requirement .venv/runtime.txt --disable-pip

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis

# --- installing -----------------------------------------------------------------------------------------------------

# A bare environment is made in 0.2 s and works with interpreters whose own pip is locked by the distribution; where
# pip is missing or too old for --python, the environment brings its own.
$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "COB Desk needs Python 3.11 or newer, and '$(PYTHON)' is not. Name one: make run PYTHON=python3.12"; exit 1; }
	@echo "Making the environment…"
	@{ $(PYTHON) -m venv --without-pip --clear .venv \
	  && $(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check uv 2>/dev/null; } \
	|| { $(PYTHON) -m venv --clear .venv \
	  && $(BIN)/python -m pip install --quiet --disable-pip-version-check uv; } \
	|| { rm -rf .venv; echo "Could not install uv: is pip (or ensurepip) there, and the package registry reachable?"; exit 1; }

.venv/runtime: uv.lock pyproject.toml | $(BIN)/uv
	@echo "Installing…"
	@$(SYNC) --no-dev || { echo "uv could not install; trying pip."; $(call with_pip,project dependencies); }
	@touch $@

.venv/development: uv.lock pyproject.toml | $(BIN)/uv
	@echo "Installing, with what the tests need…"
	@$(SYNC) --all-groups || { echo "uv could not install; trying pip."; \
	  $(call with_pip,project dependencies); $(call with_pip,dependency-groups dev); }
	@touch .venv/runtime $@

# pip below 25.1 reads no dependency groups, so the list is read out of pyproject.toml for it.
with_pip = $(BIN)/python -c 'import sys, tomllib; \
  table = tomllib.load(open("pyproject.toml", "rb")); \
  print("\n".join(table[sys.argv[1]][sys.argv[2]]))' $(1) > .venv/wanted.txt \
  && { $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip --upgrade >/dev/null; } \
  && $(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement .venv/wanted.txt
