# ruff: noqa: UP006, UP031, UP035, UP045, B905, PTH100, PTH109, PTH118, PTH120, PTH123, SIM105, SIM115, RUF100  Python 3.6 reads this

"""Starts the worker: `python -I inside/__main__.py VERSION`. Programs can't import what is in this folder."""

import importlib
import importlib.util
import os
import sys

PACKAGE = "kmigrate_inside"


def main() -> None:
    """Load this folder as a package of an unmistakable name and serve."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if path and os.path.abspath(path) != here]
    spec = importlib.util.spec_from_file_location(PACKAGE, os.path.join(here, "__init__.py"))
    assert spec is not None and spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)
    importlib.import_module(PACKAGE + ".serve").serve(sys.argv[1])


main()
