# The few things one does with this repository. The work itself is in scripts/ and bench/.

TARGET := $(or $(CARGO_TARGET_DIR),target)
UI_INPUTS := $(shell find ui locales -type f -not -path 'ui/node_modules/*' -not -path 'ui/dist*/*')

.PHONY: help run build install uninstall test bench bench-peers setup

help: ## List these targets (the default)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Build Usher and start it: in the tray, or headless where there is no display
	@scripts/start

build: setup ui/dist/index.html ## Build the release binaries of the tray and the command
	cargo build --release -p usher-desktop -p usher-cli

install: build ## Put the binaries, a menu entry and the manual page into ~/.local (PREFIX=/usr/local: there)
	@PREFIX='$(PREFIX)' scripts/install

uninstall: ## Take away what `make install` has put there, and nothing else
	@PREFIX='$(PREFIX)' scripts/install --uninstall

test: ## Check everything: format, lints, window tests, Rust tests
	@scripts/setup test
	@scripts/test

bench: build ## Measure Usher beside its peers (QUICK=1: smaller and quicker)
	@scripts/setup bench
	@bench/run $(if $(QUICK),--quick)

bench-peers: ## Install the peers that `make bench` compares with (takes a while)
	@bench/install-peers

setup: ## Install the system packages a build needs, if any are missing
	@scripts/setup run

ui/node_modules/.package-lock.json: ui/package.json ui/package-lock.json
	npm --prefix ui ci
	@touch $@

ui/dist/index.html: ui/node_modules/.package-lock.json $(UI_INPUTS)
	npm --prefix ui run build
	@touch $@
