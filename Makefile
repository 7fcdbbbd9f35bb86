# Written for make 3.81 (macOS) and any POSIX shell. `make` alone lists the targets.

# The network to run on; each target has its own default.
#   ethereum:local:test      in this process: needs Python only
#   ethereum:local:foundry   Anvil:           needs Node and npm, too
#   ethereum:local:hardhat   Hardhat:         needs Node and npm, too
NETWORK ?=
networks := ethereum:local:test ethereum:local:foundry ethereum:local:hardhat
ifneq ($(filter-out $(networks),$(NETWORK)),)
$(error NETWORK=$(NETWORK) is none of $(networks))
endif
# More arguments for the script or for pytest.
ARGS ?=

# Of `make differential`: inputs of all math functions together, and of all verdicts; SEED draws
# others, and replays a walk of `make deep`.
N ?= 1000000
SEED ?=
# Of `make mutants`: sources to mutate, all of them if none is given; how many mutants, if not all.
FILES ?=
SAMPLE ?=

demo_network := $(or $(NETWORK),ethereum:local:test)
test_network := $(or $(NETWORK),ethereum:local:foundry)

# Stamps: what is newer than them is set up or built again.
python := .venv/.installed
chains := .venv/.chains
build := .build/sources.sha256
sources := $(shell find contracts) ape-config.yaml requirements.lock

# $(call chains_for,<network>): what to set up before that network can be started
chains_for = $(if $(findstring :foundry,$(1))$(findstring :hardhat,$(1)),$(chains))

# Ape looks for vyper and anvil on PATH, and keeps its own files in a person's home unless told.
in_venv := PATH="$$PWD/.venv/bin:$$PATH"
ape := $(in_venv) APE_DATA_FOLDER="$$PWD/.ape" VVM_BINARY_PATH="$$PWD/.ape/vvm" .venv/bin/ape

# Modules with `uses:` can not be compiled alone, which natrix would do; doubles ignore arguments.
lintable = $$(grep -L '^uses:' contracts/*.vy contracts/math/*.vy contracts/modules/*.vy)
# Frame size; "could be a view", said of functions that log or call; unused variable, said of the
# result of a call that may fail; names of arguments, which style has without underscore.
natrix_off := NTX1 NTX4 NTX8 NTX11

.PHONY: help setup demo test test-short deep differential gas wheel throughput bench-ledger bench-proof bench-dashboard mutants pictures chain testnet compile lint types format accept clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile
	@echo 'NETWORK=ethereum:local:test|foundry|hardhat chooses the chain; ARGS="..." is passed on.'

setup: $(python) $(chains)  ## install everything into .venv and node_modules

demo: $(call chains_for,$(demo_network)) $(build)  ## replay 12 March 2020 (in-process unless NETWORK is given)
	@$(ape) run demo --network $(demo_network) --verbosity ERROR $(ARGS)

test: $(call chains_for,$(test_network)) $(build)  ## run the whole suite (on Anvil unless NETWORK is given)
	@$(ape) test tests --network $(test_network) $(ARGS)

test-short: $(call chains_for,$(test_network)) $(build)  ## run the tests marked short
	@$(ape) test tests -m short --network $(test_network) $(ARGS)

deep: $(chains) $(build)  ## walk through random lives for MINUTES=n; SEED=x replays
	@DEEP_MINUTES="$(or $(MINUTES),10)" DEEP_SEED="$(SEED)" $(ape) test tests/stateful/test_deep.py \
		--network ethereum:local:foundry --capture=no $(ARGS)

differential: $(call chains_for,$(test_network)) $(build)  ## compare math and verdicts with the model on N inputs
	@INPUTS=$(N) SEED=$(or $(SEED),0) $(ape) test tests/math/test_differential.py tests/math/test_verdicts.py \
		-q -s --network $(test_network) $(ARGS)

gas: $(chains) $(build)  ## measure the gas of every operation on Anvil, and note it in tests/gas/snapshot.json
	@GAS=write $(ape) test tests/gas --network ethereum:local:foundry -q --capture=no $(ARGS)

mutants: $(build)  ## let the tests find mistakes put into FILES, or a SAMPLE of them; goes on where it was
	@$(in_venv) APE_DATA_FOLDER="$$PWD/.ape" VVM_BINARY_PATH="$$PWD/.ape/vvm" \
		.venv/bin/python -m tests.mutation $(FILES) $(if $(SAMPLE),--sample $(SAMPLE)) --seed $(or $(SEED),0) $(ARGS)

wheel: compile  ## build a wheel in dist/ that carries the compiled contracts
	@.ci/wheel

throughput: $(chains) $(build)  ## measure how many of N vaults a second the lens looks at, on Anvil
	@VAULTS=$(if $(filter command line,$(origin N)),$(N),10000) $(ape) test tests/throughput \
		--network ethereum:local:foundry -q --capture=no $(ARGS)

bench-ledger: $(build)  ## measure how many of N events a second the ledger takes and folds
	@EVENTS=$(N) $(ape) test tests/ledger/test_bench.py --network ethereum:local:test -q --capture=no $(ARGS)

bench-proof: $(chains) $(build)  ## prove 1,000 vaults after 20,000 transactions, on Anvil, and measure it
	@VAULTS=1000 TRANSACTIONS=20000 $(ape) test tests/segregation/test_bench.py \
		--network ethereum:local:foundry -q --capture=no $(ARGS)

bench-dashboard: $(chains) $(build)  ## build an operator's pages of 10,000 vaults, on Anvil, and measure it
	@VAULTS=10000 $(ape) test tests/dashboard/test_bench.py \
		--network ethereum:local:foundry -q --capture=no $(ARGS)

chain: $(chains) $(build)  ## keep an Anvil with the demo market on 127.0.0.1:8545
	@$(ape) run chain --verbosity ERROR $(ARGS)

testnet: $(chains) $(build)  ## keep a chain that passes for Sepolia on 127.0.0.1:8546
	@$(ape) run testnet --verbosity ERROR $(ARGS)

pictures:  ## take the pictures of README from a demo on Anvil; needs Debian's chromium and chromium-driver
	@$(MAKE) --no-print-directory demo NETWORK=ethereum:local:foundry
	@.venv/bin/python -m scripts._pictures out/site

compile: $(python)  ## compile all contracts afresh
	@echo "Compiling the contracts."
	@rm -rf .build
	@$(ape) compile --force --verbosity WARNING
	@.venv/bin/python -m ringfence.building

lint: $(python)  ## check format, style and the import rules
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	$(in_venv) .venv/bin/mamushi --line-length 100 --check contracts
	$(in_venv) .venv/bin/natrix lint $(lintable) -d $(natrix_off)
	.venv/bin/lint-imports --no-logo

types: $(python)  ## check the types of the package
	.venv/bin/mypy

format: $(python)  ## rewrite Python and Vyper in house style
	.venv/bin/ruff check --fix --exit-zero --quiet .
	.venv/bin/ruff format .
	$(in_venv) .venv/bin/mamushi --line-length 100 contracts

accept:  ## clone HEAD, then demo and tests on all three chains with an empty home
	@.ci/accept

clean:  ## remove what was built and run; .venv and node_modules stay
	rm -rf .build .ape dist out deployments/1337 deployments/31337
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . \( -name .venv -o -name node_modules \) -prune -o -name __pycache__ -prune -exec rm -rf {} +

$(python): pyproject.toml requirements.lock
	@.ci/setup-python
	@touch $@

$(chains): $(python) package-lock.json .npmrc
	@.ci/setup-chains
	@touch $@

# Ape would not see that a module changed, so everything is compiled again.
$(build): $(python) $(sources)
	@$(MAKE) --no-print-directory compile
