# Lattice. Every target first makes sure of Node, yarn and dependencies (scripts/run.sh).
.DEFAULT_GOAL := help
RUN := scripts/run.sh
# Built beside the install of the dependencies; the forge comes last.
PARTS := sources etcd kubernetes kwok helm4 registry gitea
NODE_TS := node --experimental-strip-types --disable-warning=ExperimentalWarning --disable-warning=MODULE_TYPELESS_PACKAGE_JSON

.PHONY: help start test lab lint bench soak docs clean install-crds demo

help: ## Show the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

start: ## Start the lab and the portal on it, in the foreground
	@LATTICE_BUILD_PARTS='$(PARTS)' $(RUN) $(NODE_TS) packages/lab/src/portal/main.ts

lab: ## Start the lab alone: a real control plane on loopback
	@LATTICE_BUILD_PARTS='$(PARTS)' $(RUN) $(NODE_TS) packages/lab/src/cli.ts

test: ## Run every test; the last line is "N passed, N failed"
	@LATTICE_BUILD_PARTS='$(PARTS)' $(RUN) node scripts/test.mjs

lint: ## Check style, import direction and formatting
	@$(RUN) node scripts/lint.mjs

bench: ## Measure; never part of the tests
	@$(RUN) node scripts/bench.mjs

soak: ## The long suites: the real External Secrets operator, many rounds
	@LATTICE_LAB_ESO=real $(RUN) node scripts/test.mjs --soak

docs: ## Build the documentation with MkDocs into site/
	@scripts/docs.sh

install-crds: ## Apply the CRDs to an existing cluster (asks first)
	@$(RUN) node scripts/existing-cluster.mjs crds

demo: ## Apply the demo objects to an existing cluster (asks first)
	@$(RUN) node scripts/existing-cluster.mjs demo

clean: ## Remove built files and the lab's state; the cache of built parts stays
	@rm -rf .lattice site dist-types packages/*/dist plugins/*/dist coverage
