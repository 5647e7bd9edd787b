# The course's commands. `make lab` and `make test` do their own set-up; `make help` lists them all.

PYTHON ?= python3
BIN    := .venv/bin
PORT   ?= 8888
HEADLESS ?=
PYTEST_ARGS ?=

# For two test processes on two cores, and for fair ratios.
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1

# nbgrader calls alembic by name.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help lab test install bench bench-cluster grade-demo release student-copy format lint constraints clean

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

lab: install  ## open JupyterLab on the course (PORT=8888; HEADLESS=1 opens no browser)
	$(BIN)/jupyter lab --port=$(PORT) $(if $(HEADLESS),--no-browser --ServerApp.port_retries=0) \
	    $(if $(filter 0,$(shell id -u)),--allow-root) --ServerApp.root_dir="$(CURDIR)" \
	    --LabApp.default_url=/lab/tree/lectures/02_forward_propagation.ipynb \
	    --LabApp.news_url=None --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate

test: install  ## run the tests (PYTEST_ARGS="-k elman" for some of them)
	$(ONE_THREAD) $(BIN)/python -m pytest -n 2 --dist loadfile $(PYTEST_ARGS)

bench: install  ## measure speed and memory against torch.nn, and grading against nbgrader
	$(ONE_THREAD) $(BIN)/python -m pytest tests/benchmarks -o addopts=--import-mode=importlib -p no:xdist \
	    --benchmark-disable-gc --benchmark-columns=median,iqr,rounds --benchmark-sort=name $(PYTEST_ARGS)

bench-cluster: install  ## grade 1000 submissions on a Dask cluster into PostgreSQL, with a worker killed
	$(ONE_THREAD) $(BIN)/python -m pytest tests/benchmarks/grading_cluster.py \
	    -o addopts=--import-mode=importlib -p no:xdist -p no:benchmark $(PYTEST_ARGS)

grade-demo: install  ## grade a small demonstration class and print the table
	$(BIN)/python -m rnnlib.grading.demo

release: install  ## make exercises/ from solutions/
	for set in solutions/*/; do \
	    $(BIN)/nbgrader generate_assignment $$(basename $$set) --force || exit 1; done

student-copy:  ## course.zip for students: everything but solutions/ and tests/
	mkdir -p dist
	git archive --format=zip --prefix=rnn-course/ --output=dist/course.zip HEAD \
	    -- . ':!solutions' ':!tests' ':!.ci' ':!.pre-commit-config.yaml'
	@echo "dist/course.zip holds the last commit, without solutions/ and tests/."

lint: install  ## what the commit hooks check: ruff, mypy, notebooks without outputs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python tests/tools/notebooks_are_clean.py

format: install  ## format the code, notebooks too
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Set-up. It runs once, and again only when pyproject.toml or constraints.txt have changed.

install: .venv/.installed

.venv/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "The course needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) -V 2>&1)."; \
	    echo "Name another: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Installing into .venv; the first time this takes some minutes."
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt \
	    --editable '.[torch,tasks,notebooks,grading,cluster,dev]'
	@touch $@

constraints: TORCH = $(shell grep '^torch==' constraints.txt)
constraints:  ## renew constraints.txt, all but torch, from the newest versions that fit
	rm -rf .venv/renew && $(PYTHON) -m venv .venv/renew
	.venv/renew/bin/python -m pip install --quiet '$(TORCH)' --editable '.[torch,tasks,notebooks,grading,cluster,dev]'
	{ grep '^#' constraints.txt; .venv/renew/bin/python -m pip freeze --exclude-editable \
	    | sed 's/+cpu$$//'; } > .venv/constraints.new
	mv .venv/constraints.new constraints.txt && rm -rf .venv/renew

clean:  ## remove what make has made
	rm -rf .venv build dist *.egg-info
