# edge-shelf: everything on one machine. `make run` starts it, `make test` proves it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PART ?=
ARGS ?=
CODE := label_templates shelf_agent cloud_service simulators tests infra
# Rooms whose tests need no database: what `make check` can try in seconds.
PURE := contract layout drawing bundles checks agent delivery shelves iothub cli services up world

.PHONY: run test check fast format bench lock
.DEFAULT_GOAL := run

run: $(VENV)/.sim
	@exec $(BIN)/shelf-sim up $(ARGS)

test: $(VENV)/.dev
	@infra/test-needs.sh
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadscope --no-loadscope-reorder $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff format --check -q $(CODE)
	$(BIN)/ruff check -q $(CODE)
	$(BIN)/lint-imports --config pyproject.toml > /dev/null || $(BIN)/lint-imports --config pyproject.toml
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -n 2 --hypothesis-profile=quick -m "not slow" $(PURE:%=tests/unit/%)

format: $(VENV)/.dev
	$(BIN)/ruff format -q $(CODE)
	$(BIN)/ruff check -q --fix $(CODE)

bench: $(VENV)/.bench
	@$(BIN)/python -m tests.benchmarks $(PART)

lock: $(VENV)/.dev
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --no-header --all-extras $(UPGRADE) pyproject.toml -o constraints.txt
	awk '/^uv==/{on=1;print;next} on&&/--hash/{print;next} {on=0}' constraints.txt | sed '$$ s/ \\$$//' > infra/uv-constraints.txt

$(BIN)/uv: infra/uv-constraints.txt
	@$(PYTHON) infra/machine.py
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r infra/uv-constraints.txt
	@touch $(BIN)/uv

$(VENV)/.sim: $(BIN)/uv pyproject.toml constraints.txt
	@echo "Installing edge-shelf into $(VENV)"
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install -q -c constraints.txt -e '.[sim]'
	@touch $@

$(VENV)/.dev: $(BIN)/uv pyproject.toml constraints.txt
	@echo "Installing edge-shelf and its tools into $(VENV)"
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install -q -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.sim

$(VENV)/.bench: $(VENV)/.dev
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install -q -c constraints.txt -e '.[bench]'
	@touch $@
