"""Puts this folder on the import path, so that tests in any folder share the modules in it."""
