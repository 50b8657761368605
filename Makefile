# Every target sets up what it needs by itself; `make demo` and `make test` are the two to know.
PYTHON := .venv/bin/python
JOBS ?= 2

.PHONY: demo test check bench catalogues setup

demo: setup        ## an invented center: its papers, its screens, its window
	$(PYTHON) -m familydesk demo $(ARGS)

test:              ## every test, on real windows that need no screen
	@sh installer/setup.sh --tests
	QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest -n $(JOBS) --dist worksteal -r s $(ARGS)

check: setup       ## what a reader would object to: style, floors, types, grain
	.venv/bin/ruff check .
	.venv/bin/lint-imports
	.venv/bin/mypy
	$(PYTHON) -m pytest tests/house/test_grain.py

bench: setup       ## the table of docs/benchmarks.md
	$(PYTHON) -m bench $(ARGS)

catalogues: setup  ## take new sentences into translations/ and compile them
	$(PYTHON) -m familydesk.core.catalogues $(ARGS)

setup:
	@sh installer/setup.sh
