# The referee: real Kerases decide. Included by the Makefile; PYTHON is the interpreter of the development environment.

CASES ?=

.PHONY: environments referee

environments:  ## Make the environments with the real Kerases (outside the checkout)
	$(PYTHON) scripts/environments.py

referee: environments  ## Ask the real Kerases; CASES=file runs known cases as well
	$(PYTHON) -m pytest tests/referee -m keras
	$(if $(CASES),$(PYTHON) -m kmigrate.verify.referee.cases $(CASES))
