# The commands of the course. `make lab` and `make test` need only Python 3.11 or newer, make and a package index.
PYTHON ?= python3
BIN    := .venv/bin
LOCKS  := requirements.txt deploy/uv.txt pyproject.toml deploy/make_environment.py

.PHONY: lab test notebooks exercises bench lock clean
.DEFAULT_GOAL := lab

lab: .venv/.ready                      ## open the course in JupyterLab
	$(BIN)/evcourse lab .

test: .venv/.ready-test                ## every test: data, models, notebooks, browser
	$(BIN)/python -m pytest

notebooks: .venv/.ready-test           ## run every notebook top to bottom and store its outputs
	$(BIN)/python deploy/run_notebooks.py notebooks/*.ipynb

exercises: .venv/.ready-test           ## make each exercise.ipynb from its solution.ipynb, run both, store outputs
	$(BIN)/python deploy/make_exercises.py

bench: .venv/.ready-test               ## every figure that the README quotes
	$(BIN)/python benchmarks/run_all.py

lock:                                  ## renew the locks after a change in pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --extra build pyproject.toml -o requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --extra build --extra test -c requirements.txt pyproject.toml -o requirements-test.txt
	echo uv | uv pip compile --universal --python-version 3.11 --generate-hashes --no-header - -o deploy/uv.txt

.venv/.ready: $(LOCKS)
	$(PYTHON) deploy/make_environment.py
	@touch $@

.venv/.ready-test: $(LOCKS) requirements-test.txt
	$(PYTHON) deploy/make_environment.py --test
	@touch .venv/.ready $@

clean:                                 ## remove the environment and what tests leave behind
	rm -rf .venv dist .pytest_cache benchmarks/results
