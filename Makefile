# Kindred. `make run` is all that a newcomer needs; `make help` lists the rest.

# A Python from 3.11 to 3.14 on the path (PYTHON=… names another).
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' >/dev/null 2>&1 && { command -v "$$p"; break; }; done)
VENV_PYTHON := .venv/bin/python
PEOPLE ?= 10000
export PEOPLE
export PYTHONUNBUFFERED := 1
# Without bytecode every process would compile all its libraries again, which takes longer than most of them run.
unexport PYTHONDONTWRITEBYTECODE

# Checks read settings and code, not data: no server is started for them.
OFFLINE := DATABASE_URL=postgres:///unused REDIS_URL=redis://unused SECRET_KEY=unused

.DEFAULT_GOAL := help
.PHONY: help run dev test lint format bench bench-unify setup setup-dev lock messages clean python

help: ## List these commands
	@echo "Kindred: customer data platform and journey engine"
	@echo
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' | awk -F'|' '{printf "  make %-11s %s\n", $$1, $$2}'
	@echo
	@echo "  PORT=8000 PEOPLE=10000 DEMO=0 KINDRED_DATA=./data are honoured by make run."

run: setup ## Start everything, with the demo (Ctrl-C stops it)
	@exec $(VENV_PYTHON) manage.py run $(if $(filter 0 no,$(DEMO)),--no-demo)

dev: setup-dev ## Start everything for development: reloading web server, browser code re-bundled on change
	@exec $(VENV_PYTHON) manage.py run --dev

# Some tests fork, which a Mac's own libraries forbid to whoever uses them already.
test: setup-dev ## Run all tests (ARGS="tests/core -k lock" chooses)
	@OBJC_DISABLE_INITIALIZE_FORK_SAFETY=YES exec $(VENV_PYTHON) -m pytest $(if $(ARGS),$(ARGS),-n 2 --dist worksteal)

lint: setup-dev ## Check style, types, layers, templates, migrations, API description, translations
	@exec $(VENV_PYTHON) tools/lint.py

format: setup-dev ## Put code and templates into house format
	@$(VENV_PYTHON) -m ruff check --fix --quiet . ; exec $(VENV_PYTHON) -m ruff format .

bench: setup-dev ## Measure against the baselines (results in bench-data/results.json)
	@exec $(VENV_PYTHON) -m bench

bench-unify: setup-dev ## Measure who is who against SQL and splink (ARGS="--sets febrl4" chooses)
	@exec $(VENV_PYTHON) -m bench.unify $(ARGS)

messages: setup-dev ## Collect texts for translation into locale/ (needs gettext)
	@$(OFFLINE) $(VENV_PYTHON) manage.py makemessages --all --no-location --ignore ".venv/*" --ignore "node_modules/*"

setup: python ## Make .venv, install packages, bundle browser code (done by run)
	@exec "$(PYTHON)" tools/setup.py run

setup-dev: python
	@exec "$(PYTHON)" tools/setup.py dev

lock: python ## Write requirements.lock anew from requirements*.txt
	@exec "$(PYTHON)" tools/lock.py

clean: ## Remove everything that was made, except the data folder
	rm -rf .venv .cache node_modules frontend/dist .test-data .mypy_cache .ruff_cache .pytest_cache .hypothesis

python:
	@test -n "$(PYTHON)" || { echo "Kindred needs Python 3.11, 3.12, 3.13 or 3.14, and finds none on the path."; \
		echo "Install one (Debian, Ubuntu: sudo apt install python3 python3-venv; Mac: brew install python@3.13),"; \
		echo "or name it: make run PYTHON=/path/to/python3.13"; exit 1; }
