# The referee: real Kerases decide. The Makefile includes this file; it needs BIN and VENV from there.

CASES ?=
JOBS ?= 2

.PHONY: environments referee

environments: $(BIN)/python  ## make the environments with the real Kerases, outside the checkout
	@$(BIN)/python scripts/environments.py

referee: $(VENV)/installed-dev environments  ## ask the real Kerases; CASES=file.json runs known cases as well
	@$(BIN)/python -m pytest tests/referee -m keras
ifneq ($(CASES),)
	@$(BIN)/python -m kmigrate.verify.referee.cases $(CASES) --jobs $(JOBS)
endif
