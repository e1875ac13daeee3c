"""What rope sees of the user's code: a rope project that executes, unpickles and writes nothing.

A plain rope `Project` runs `.ropeproject/config.py` and unpickles `.ropeproject/history` of the repository it is pointed
at. This one has no rope folder, no history, no version control and no search of `sys.path`.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import rope.base.oi.type_hinting.interfaces
from rope.base import exceptions, fscommands, pycore, pyobjectsdef, resources
from rope.base import project as rope_project
from rope.base.prefs import Prefs

from kmigrate.keras.signatures import of_keras
from kmigrate.keras.versions import stubs_path
from kmigrate.source.parsing import parse
from kmigrate.source.text import Source, UndecodableSource


class SafeProject(rope_project.Project):
    """A rope project over `root` in which `keras` is the stub of Keras 1.2.2.

    A vendored `keras` package in the tree is shadowed by the stub: the code that uses it was written for Keras 1.
    """

    def __init__(self, root: Path, known: Callable[[str], tuple[Source, ast.Module] | None]) -> None:
        """`known` gives the text and the tree of a file, by its path below `root`, that was read already or is being edited."""
        self.known = known
        self._found: dict[tuple[str, str | None], Any] = {}
        self._stub_folder: Any = None
        super().__init__(str(root), fscommands=fscommands.FileSystemCommands(), ropefolder=None)

    def _init_prefs(self, prefs: dict[str, Any]) -> None:
        self.prefs = Prefs(
            automatic_soa=False, save_history=False, save_objectdb=False, perform_doa=False, ignore_syntax_errors=True,
            type_hinting_factory="kmigrate.resolve.project.NoTypeHints",
        )  # fmt: skip
        self._init_other_parts()

    def _init_source_folders(self) -> None:
        """No source folders are configured: rope's own method is deprecated and warns."""

    @property
    def pycore(self) -> Any:
        """Rope's core, with one parse per module shared by rope and kmigrate."""
        if "_pycore" not in self.__dict__:
            self.__dict__["_pycore"] = _SourceCore(self)
        return self.__dict__["_pycore"]

    def find_module(self, modname: str, folder: Any = None) -> Any:
        """The file or package folder of `modname`: the stub for Keras, else the importing folder, else the root."""
        key = (modname, folder.path if folder is not None else None)
        if key not in self._found:
            self._found[key] = self._find(modname, folder)
        return self._found[key]

    def find_relative_module(self, modname: str, folder: Any, level: int) -> Any:
        """The file or package folder of a relative import."""
        for _ in range(level - 1):
            folder = folder.parent
            if folder is None:
                return None
        return folder if modname == "" else self._in_folder(folder, modname)

    def stub(self, modname: str) -> Any:
        """The stub's file or package folder of a Keras module, or None."""
        if self._stub_folder is None:
            self._stub_folder = rope_project.get_no_project().get_resource(str(stubs_path()))
        return self._in_folder(self._stub_folder, modname)

    def _find(self, modname: str, folder: Any) -> Any:
        if of_keras(modname):
            return self.stub(modname)
        if modname.partition(".")[0] in sys.stdlib_module_names:
            return None
        places = [folder] if folder is not None and folder.project is self else []
        while places and places[-1] is not None and places[-1].path:
            places.append(places[-1].parent)
        places.append(self.root)
        for place in places:
            found = self._in_folder(place, modname) if place is not None else None
            if found is not None:
                return found
        return None

    def _in_folder(self, folder: Any, modname: str) -> Any:
        base = os.path.join(folder.real_path, *modname.split("."))  # noqa: PTH118 - rope speaks in strings
        if os.path.isfile(base + ".py"):  # noqa: PTH113
            return self._resource(folder, modname.replace(".", "/") + ".py", resources.File)
        if os.path.isdir(base):  # noqa: PTH112
            return self._resource(folder, modname.replace(".", "/"), resources.Folder)
        return None

    def _resource(self, folder: Any, relative: str, kind: Any) -> Any:
        return kind(folder.project, f"{folder.path}/{relative}" if folder.path else relative)


class NoTypeHints(rope.base.oi.type_hinting.interfaces.ITypeHintingFactory):
    """Type hints from docstrings and comments are not read: they cost a tenth of the time and are rarely true."""

    def make_param_provider(self) -> Any:
        """Nothing is known of parameters."""
        return _nothing

    make_return_provider = make_assignment_provider = make_param_provider


def _nothing(*_args: Any, **_kwargs: Any) -> None:
    return None


class _SourceCore(pycore.PyCore):
    def resource_to_pyobject(self, resource: Any, force_errors: bool = False) -> Any:
        if not resource.is_folder():
            held = self.module_cache.module_map
            known = self.project.known(resource.path) if resource.project is self.project else None
            if resource not in held or (known is not None and held[resource].get_ast() is not known[1]):
                held[resource] = _SourceModule(self, resource, known)
        return super().resource_to_pyobject(resource, force_errors)


class _SourceModule(pyobjectsdef.PyModule):
    """A module whose text is a `Source`, so that rope and kmigrate share one exact text and one tree."""

    def __init__(self, core: Any, resource: Any, known: tuple[Source, ast.Module] | None) -> None:
        self.known = known
        super().__init__(core, None, resource, force_errors=known is not None)

    def _init_source(self, _core: Any, _text: Any, resource: Any) -> tuple[str, ast.Module]:
        try:
            if self.known is None:
                source = Source.from_bytes(Path(resource.real_path).read_bytes(), resource.path)
                self.known = source, parse(source)
            return self.known[0].text, self.known[1]
        except (UndecodableSource, OSError) as error:
            raise exceptions.ModuleSyntaxError(resource.path, 1, str(error)) from error
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = getattr(error, "lineno", None) or 1
            reason = getattr(error, "msg", None) or str(error)
            raise exceptions.ModuleSyntaxError(resource.path, line, reason) from error
