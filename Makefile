# SPDX-License-Identifier: GPL-3.0-only
# Each target does its own set-up. One target folder outside the checkout serves them all.
export CARGO_TARGET_DIR ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/cell-terminal/target
PROGRAMS := -p kiosk -p platform -p kioskctl -p reader
RELEASE := $(CARGO_TARGET_DIR)/release

.PHONY: setup nextest build run demo clean-demo test faults mutations bench screenshots golden

setup:
	@.ci/setup

nextest:
	@cargo nextest --version >/dev/null 2>&1 || cargo install --locked cargo-nextest --version 0.9.143

build: setup
	cargo build --release $(PROGRAMS)

run: build
	$(RELEASE)/kioskctl demo $(ARGS)

demo: build
	$(RELEASE)/kioskctl demo --play $(ARGS)

clean-demo: build
	$(RELEASE)/kioskctl demo --forget

test: setup nextest
	cargo nextest run --workspace

faults: setup nextest
	FAULTS=long cargo nextest run -p faults -p fuzz -p platform -p tests --success-output final \
		-E 'package(faults) or package(fuzz) or test(killed) or test(outage) or test(walks)'

mutations: setup nextest
	@tests/mutations/run $(ARGS)

bench: build
	tests/bench/run $(RELEASE)

screenshots: setup nextest
	UPDATE_GOLDEN=1 cargo nextest run -p tests screens

golden: setup nextest
	UPDATE_GOLDEN=1 cargo nextest run --workspace golden
