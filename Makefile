# Everything from a fresh clone: what is missing is installed first, into .venv and, as root, from Debian.
PROXY ?= reference
CLUSTER ?= lab
export PATH := $(CURDIR)/.venv/bin:$(PATH):/usr/sbin:/sbin
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate pyproject.toml

.PHONY: conformance kind test bench clean dev system lock

conformance: system .venv/.run  ## run every suite on CLUSTER against PROXY
	svcproof run --cluster $(CLUSTER) --proxy $(PROXY)

kind: PROXY = cluster-default
kind: system .venv/.kind  ## run the core profile on a cluster that kind makes and removes
	python scripts/obtain kind
	svcproof run --cluster kind --proxy $(PROXY) --profile core

test: system dev  ## run the project's own tests, all of them
	tox

bench: system dev  ## measure starts, memory, probes, where a run's time goes, and reports of many runs
	@scripts/chromium
	python scripts/bench $(PROXY)
	python -m tests.pages.bench

clean: .venv/.run  ## remove what killed runs left behind
	svcproof clean

dev: .venv/.dev  ## make .venv ready for work on the project

system:
	@scripts/system

.venv/.run .venv/.kind .venv/.dev: .venv/.%: requirements/%.txt pyproject.toml scripts/venv
	@scripts/venv $<
	@touch .venv/.run $@

lock:  ## resolve the dependencies anew; needs uv
	$(LOCK) --extra pictures --group build --output-file requirements/run.txt
	$(LOCK) --extra kind --extra pictures --group build --constraints requirements/run.txt --output-file requirements/kind.txt
	$(LOCK) --group dev --constraints requirements/run.txt --output-file requirements/dev.txt
