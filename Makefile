# Kartoteka. `make test` is everything a change must pass; `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help build run test check assets templates lint fuzz torture bench lighthouse install-tools screenshots clean

LINT_VERSION := v2.15.0
TOOLS := $(CURDIR)/.tools/bin

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

build: ## the binary ./kartoteka
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o kartoteka ./cmd/kartoteka

run: ## a demo company at http://127.0.0.1:8080
	go run ./cmd/kartoteka demo

test: ## everything a change must pass; installs what it needs as root on Debian
	./scripts/test

assets: ## rebuild style sheet, scripts, fonts and icons from assets/
	cd assets && npm install --no-save --no-audit --no-fund && npm run build

templates: ## write *_templ.go anew
	go tool templ generate -path internal

lint: ## linters
	$(TOOLS)/golangci-lint run ./...

fuzz: ## every fuzz target for a minute
	./scripts/fuzz 1m

torture: ## kill the server fifty times on each engine amid its work
	KARTOTEKA_KILLS=50 go test ./internal/smoke -run TestNothingAcknowledgedIsLost -timeout 90m -v

bench: ## the figures of docs/benchmarks.md
	./scripts/bench

lighthouse: ## what Lighthouse thinks of the main pages; fails below 95
	./scripts/lighthouse

clean: ## remove what builds leave
	rm -rf kartoteka .tools coverage
