# The front door. Every target sets up what it needs; `make` alone lists them.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
SPEED  ?= 1
N      ?= 1000
FROM   ?= 0
HOURS  ?= 24
EMULATED ?= tests/emulated tests/system
BIN    := .venv/bin
PY     := $(BIN)/python
READY  := .venv/.ready
MPY    := .cache/micropython.ready
EMU    := hardware/emulator/node_modules/.package-lock.json

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONDONTWRITEBYTECODE :=

##@ Try it
run: setup ## the practitioner's program in your browser, with a simulated pen
	@$(BIN)/pen ui --simulate

try: setup ## a guided treatment with a simulated pen in this terminal
	@$(BIN)/pen try

demo: setup ## a scripted treatment of three zones; SPEED=1 is real time, SPEED=max as fast as it goes
	@$(BIN)/pen demo --speed $(SPEED)

##@ Work on it
check: form ## the fast loop: format, lint, types, ring 0 (at most 90 s)
	@$(PY) -m pytest -q -n auto --dist loadfile -m "not mpy and not system and not emulated and not browser and not board and not slow"

test: form $(EMU) ## everything: format, lint, types and all tests that need no board
	@$(PY) -m tests.browser.chromium
	@$(PY) -m firmware.boards.build --if-changed
	@HYPOTHESIS_PROFILE=ci $(PY) -m pytest -q -n auto --dist loadfile

test-mpy: setup ## ring 1 only: what runs on unix MicroPython
	@$(PY) -m pytest -q -m mpy

test-emulated: form $(EMU) ## ring 3: every system test on the emulated board, with the image that is flashed
	@$(PY) -m firmware.boards.build --if-changed
	@cd hardware/emulator && npm run --silent lint && npm test --silent
	@PEN_TWIN=rp2040 $(PY) -m pytest -q -n auto --dist load -o timeout=900 -m "not fixed_twin" \
	    --ignore tests/emulated/test_chain.py $(EMULATED)

test-board: setup ## ring 4: what a pen on a port must answer; PORT=/dev/... (nothing is started)
	@$(if $(PORT),,echo "which port? make test-board PORT=/dev/ttyACM0"; exit 2)
	@PORT=$(PORT) $(PY) -m pytest -q tests/emulated/test_port.py

fmt: setup ## put the sources into form
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix --quiet .

##@ Build it
firmware: setup ## the image: build/firmware/*.uf2; MICROPYTHON_DIR=checkout builds from that one
	@$(PY) -m firmware.boards.build

firmware-check: setup ## build the image twice and fail if the bytes differ
	@$(PY) -m firmware.boards.build --check

emulator: $(EMU) ## install the emulator of the chip, from npm
	@:

flash: firmware ## build the image and put it on the pen; PORT= chooses one, FORCE=1 also an older image
	@$(BIN)/pen $(if $(PORT),--port $(PORT)) flash $(if $(FORCE),--force) $$(ls -t build/firmware/*.uf2 | head -1)

##@ Show it
evidence: setup ## measure the figures of docs/evidence.md and print them
	@$(PY) -m tests.evidence.chain

timing: setup $(EMU) ## the image on the emulated board: tick, heap ...; fails over budget; CHIP=1 the chip's times alone
	@$(PY) -m firmware.boards.build --if-changed
	@$(PY) -m tests.evidence.emulated $(if $(CHIP),--chip)

bench: setup ## compare speed with other tools: help of mpremote, codec of pymavlink
	@$(PY) -m tests.evidence.bench

docs: setup ## write the generated parts of docs/ again
	@$(PY) -m docs.generate

screenshots: setup ## the pictures of the program in docs/images, from a real run in a real browser
	@$(PY) -m tests.browser.screenshots

docs-check: setup ## fail if a generated document is not what the sources say
	@$(PY) -m docs.generate --check

##@ Prove it
trace: setup ## hazard, control, limit, test, last result: runs every test that docs/hazards names
	@$(PY) -m tests.hazards.trace

model-check: setup ## walk every way through the state table, plant every bug in it
	@$(PY) -m tests.safety_model.report

faults: setup ## every fault in every state under three loads: build/evidence/faults.json
	@$(PY) -m tests.evidence.measure_faults

campaign: setup ## N random runs from id FROM on, or run ID again, or the script FILE
	@$(PY) -m tests.campaign --runs $(N) --first $(FROM) \
	    $(if $(ID),--id $(ID)) $(if $(FILE),--file $(FILE))

planted: setup ## which random run of the campaign finds each bug planted in the firmware
	@$(PY) -m tests.evidence.measure_planted

coverage: setup ## the branches of safety, treatment, storage and protocol that no test takes
	@$(PY) -m tests.coverage_gate.branches

mutation: setup ## every single mistake in safety, treatment, storage and protocol: which go unnoticed
	@$(PY) -m tests.mutation.report

safety: setup ## all proofs, trace to soak, into one table: build/evidence/safety.json
	@$(PY) -m tests.evidence.safety

power-cut: setup ## the supply fails before, in and after every flash operation, and in pairs
	@$(PY) -m tests.evidence.measure_power_cut

fuzz: setup ## ten million damaged frames, a pen under fire from its host, each reader of bytes guided
	@$(PY) -m tests.evidence.measure_fuzz

soak: setup ## HOURS of treatments on MicroPython, and 14 days with every clock wrapping
	@$(PY) -m tests.evidence.measure_soak $(HOURS)

records: setup ## plans, records killed at every write, tampers, 100 000 sessions: build/evidence/records.json
	@$(PY) -m tests.evidence.records

ui-figures: setup ## the program in a real browser: STOP, dead page, processor time: build/evidence/ui.json
	@$(PY) -m tests.evidence.ui

##@ Keep it
setup: $(READY) $(MPY) ## the environment in .venv and MicroPython in .cache; quick when they are there
	@:

lock: setup ## pin the newest dependencies that pyproject.toml allows, with hashes
	@requirements/lock

clean: ## remove what was made, apart from the environment and downloads
	@rm -rf build dist .hypothesis .cache/mypy .cache/pytest .ruff_cache *.egg-info
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

help: ## this list
	@awk -F ':.*## ' '/^##@/ {printf "\n%s\n", substr($$0, 5)} \
	    /^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# What needs no test run: layout, lint, types (the board's own file against the board's library).
form: setup
	@$(BIN)/ruff format --check --output-format concise . || { echo "next step: make fmt"; exit 1; }
	@$(BIN)/ruff check --quiet --output-format concise .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/mypy --no-error-summary --config-file mypy-board.ini

$(EMU): hardware/emulator/package-lock.json | $(READY)
	@hardware/emulator/install

.PHONY: flash run try demo check form test test-mpy test-emulated test-board fmt firmware firmware-check emulator evidence timing bench docs docs-check trace model-check safety faults campaign planted coverage mutation power-cut fuzz soak records ui-figures screenshots setup lock clean help

$(READY): requirements/dev.txt requirements/typings.txt pyproject.toml
	@requirements/setup "$(PYTHON)"
	@touch $@

# Only CI insists on MicroPython; elsewhere what needs it is skipped and says why.
$(MPY): hardware/simulator/install_micropython.py | $(READY)
	@mkdir -p $(@D); if $(PY) -m hardware.simulator.install_micropython; then touch $@; \
	    else [ "$$CI" != true ]; fi
