# Respite: everything starts here. `make help` says what there is.
#
# Settings come from the environment (docs/settings.md); PORT says where `make run` listens, on this machine alone.

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
export PORT ?= 5000
FLASK := $(BIN)/flask --app app

# The oldest Python that will do is 3.11; the first name that is at least that is taken.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)

PIP_INSTALL := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-compile --require-hashes
LOCK := $(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate

CATALOGUES := $(wildcard respite/translations/*/LC_MESSAGES/*.po)

# Packages come without bytecode (compiling all of them takes longer than installing them); each module's is kept when it
# is first imported, also where the shell says otherwise.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run setup dev test check bench format lock catalogues clean

help: ## What there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup ## A demo house on http://127.0.0.1:5000 (PORT changes that)
	@$(FLASK) prepare
	@exec $(BIN)/gunicorn --workers 1 --threads 200 --worker-connections 1000 --graceful-timeout 5 \
		--bind 127.0.0.1:$(PORT) --log-level warning app:app

setup: $(STAMPS)/run $(STAMPS)/vendor $(STAMPS)/catalogues ## What `make run` needs, without starting anything

dev: $(STAMPS)/dev $(STAMPS)/vendor $(STAMPS)/catalogues ## What `make test` and `make check` need

test: dev ## Everything the tests need, then the tests
	@$(BIN)/python .ci/tests.py $(TESTS)

check: dev ## Lint, types, imports, templates, words
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@[ ! -d templates ] || $(BIN)/djlint --lint --quiet templates
	@$(BIN)/python .ci/catalogues.py check

format: dev ## Put the code into the one shape that `make check` expects
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

bench: dev ## Figures against a floor measured in the same run (docs/performance.md)
	@$(BIN)/python -m bench

catalogues: dev ## Gather the words of code and templates into the catalogues
	@$(BIN)/python .ci/catalogues.py update

lock: dev ## Pin the newest allowed version of every dependency, by hash
	@$(LOCK) --upgrade requirements.in --output-file requirements.lock
	@$(LOCK) --upgrade requirements-dev.in --output-file requirements-dev.lock
	@$(LOCK) --upgrade requirements-node.in --output-file requirements-node.lock
	@npm update --package-lock-only

clean: ## Remove what was built; the demo house in instance/ stays
	@rm -rf $(VENV) node_modules static/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find respite -name '*.mo' -delete

# A stamp says that its step was done after everything it depends on last changed, so a second `make run` starts at once.

$(STAMPS)/venv:
	@[ -n "$(PYTHON)" ] || { echo "Respite needs Python 3.11 or newer; none was found on the PATH." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing (Debian: apt install python3-venv)." >&2; exit 1; }
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/run: requirements.lock | $(STAMPS)/venv
	@echo "Installing what Respite needs (a minute, once)..."
	@$(PIP_INSTALL) -r requirements.lock
	@touch $@

$(STAMPS)/dev: requirements.lock requirements-dev.lock | $(STAMPS)/venv
	@echo "Installing what the tests need (a minute, once)..."
	@$(PIP_INSTALL) -r requirements-dev.lock
	@touch $(STAMPS)/run $@

$(STAMPS)/vendor: package-lock.json .npmrc .ci/vendor.py | $(STAMPS)/venv
	@echo "Fetching the browser scripts..."
	@$(BIN)/python .ci/vendor.py
	@touch $@

$(STAMPS)/catalogues: $(CATALOGUES) .ci/catalogues.py | $(STAMPS)/run
	@$(BIN)/python .ci/catalogues.py compile
	@touch $@
