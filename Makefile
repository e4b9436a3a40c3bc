# make help shows what there is. Everything lives in .venv; nothing else on the machine is touched.

VENV := .venv
PY := $(VENV)/bin/python
BASE := $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
UV := $(shell command -v uv 2>/dev/null)
CODE := bot nlu handlers storage tests

.PHONY: help demo setup dev check test soak bench day run rasa rasa-env clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

demo: setup ## the demonstration district with its page
	$(PY) -m bot demo --no-browser

setup: $(VENV)/.run ## .venv with what is needed to run
dev: $(VENV)/.dev

# A virtual environment made with uv has no pip, one made without needs it: each is filled by who made it.
$(VENV)/.base:
	@test -n "$(BASE)" || { echo "Jiehu needs Python 3.11 or newer; none was found."; exit 1; }
	@if [ -n "$(UV)" ]; then "$(UV)" venv -q --clear --python "$$(command -v $(BASE))" $(VENV); \
	else $(BASE) -m venv --clear $(VENV); fi
	@touch $@

define install
	@if [ -x $(VENV)/bin/pip ]; then \
		$(VENV)/bin/pip install -q --no-compile --disable-pip-version-check --require-hashes -r $(1) && \
		$(VENV)/bin/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	else \
		"$(UV)" pip install -q --python $(PY) --require-hashes -r $(1) && \
		"$(UV)" pip install -q --python $(PY) --no-deps --no-build-isolation -e . ; \
	fi
	@touch $@
endef

$(VENV)/.run: $(VENV)/.base requirements/run.txt pyproject.toml
	$(call install,requirements/run.txt)

$(VENV)/.dev: $(VENV)/.base requirements/dev.txt pyproject.toml
	$(call install,requirements/dev.txt)
	@touch $(VENV)/.run

check: dev ## format, lint, types, import contracts
	$(VENV)/bin/ruff format --check $(CODE)
	$(VENV)/bin/ruff check $(CODE)
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

test: dev ## every test that this machine can run
	$(VENV)/bin/pytest -m "not soak" -n $$(($$(nproc) + 1)) --dist loadfile --no-loadscope-reorder

soak: dev ## the long ones
	$(VENV)/bin/pytest -m soak --timeout 7200 -s

bench: dev ## the benchmarks, with ratios against the peers named in them
	$(PY) -m tests.bench

day: dev ## a simulated district day: what each role receives, presses and types
	$(PY) -m tests.day

# Rasa 3.6 runs on Python 3.10 at most, so it has an environment of its own and is spoken to over HTTP.
PY310 = $(shell for p in $${PYENV_ROOT:-$$HOME/.pyenv}/versions/3.10*/bin/python python3.10 \
	"$$(uv python find --no-python-downloads 3.10 2>/dev/null)"; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null && echo "$$p" && break; done)

rasa: setup rasa-env ## the Rasa environment beside ours, trained and ready: jiehu nlu serve-rasa
	$(PY) -m bot nlu train-rasa

rasa-env: .venv-rasa/.done

.venv-rasa/.done: requirements/rasa.txt
	@python="$(PY310)"; test -n "$$python" || { \
		echo "Rasa needs Python 3.10, and neither pyenv nor uv has one (pyenv install 3.10)."; exit 1; }; \
	echo "the Rasa environment, with $$python"; \
	if [ -n "$(UV)" ]; then \
		"$(UV)" venv -q --clear --python "$$python" .venv-rasa && \
		"$(UV)" pip install -q --python .venv-rasa/bin/python --require-hashes -r $<; \
	else \
		"$$python" -m venv --clear .venv-rasa && \
		.venv-rasa/bin/pip install -q --no-compile --disable-pip-version-check --require-hashes -r $<; \
	fi
	@touch $@

run: setup ## the bot against Telegram (TELEGRAM_TOKEN)
	$(PY) -m bot run

clean: ## the virtual environment and the caches
	rm -rf $(VENV) .venv-rasa .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info
