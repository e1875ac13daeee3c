# The referee: real Kerases decide. The Makefile includes this file; it needs BIN and VENV from there.

CASES ?=
JOBS ?= 2
COUNT ?= 8
SEED ?= 0
HOURS ?= 1
KERAS1 ?=

.PHONY: environments referee referee-long referee-examples

environments: $(BIN)/python  ## make the environments with the real Kerases, outside the checkout
	@$(BIN)/python scripts/environments.py

referee: $(VENV)/installed-dev environments  ## ask the real Kerases; CASES=file.json runs known cases as well
	@$(BIN)/python -m pytest tests/referee -m keras
	@$(BIN)/python -m kmigrate.referee.generated --seed $(SEED) --count $(COUNT) --jobs $(JOBS)
ifneq ($(CASES),)
	@$(BIN)/python -m kmigrate.referee.cases $(CASES) --jobs $(JOBS)
endif

referee-long: $(VENV)/installed-dev environments  ## ask them about ever new programs; HOURS=8, SEED=1 to start from
	@$(BIN)/python -m kmigrate.referee.generated --seed $(SEED) --count 40 --hours $(HOURS) --jobs $(JOBS) \
		--keep tests/referee/cases.json

referee-examples: $(VENV)/installed-dev environments  ## ask them about whole programs; KERAS1=checkout runs its examples too
	@$(BIN)/python -m kmigrate.referee.examples $(if $(KERAS1),--keras1 $(KERAS1))
