"""Which modules there are, and what an import brings: Keras by the signature tables, the user's modules as they are read."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kmigrate.keras.signatures import KERAS_1, Knowledge, knowledge, of_keras
from kmigrate.resolve.finder import Finder, is_folder, parent
from kmigrate.resolve.importers import Importers
from kmigrate.resolve.scopes import Binding, ModuleScope
from kmigrate.resolve.silence import Silence
from kmigrate.resolve.values import (
    OTHER,
    UNKNOWN,
    KerasModule,
    KerasName,
    NewName,
    UserModule,
    Value,
    Values,
)
from kmigrate.resolve.walk.analyse import analyse
from kmigrate.source.discovery import project_files
from kmigrate.source.kinds import kind_of
from kmigrate.source.parsing import parsed
from kmigrate.source.prefilter import KERAS
from kmigrate.source.stretches import Read
from kmigrate.source.text import Source

if TYPE_CHECKING:
    from kmigrate.resolve.project import SafeProject

FOREIGN = frozenset(
    "numpy scipy sklearn pandas matplotlib pylab tensorflow theano lasagne torch torchvision caffe mxnet nltk gensim spacy "
    "cv2 PIL skimage h5py six future past tqdm seaborn gym xgboost lightgbm requests yaml simplejson pydot graphviz "
    "networkx joblib nose pytest hyperopt IPython ipywidgets flask django librosa soundfile music21 mido nibabel tables "
    "dask numba cython psutil boto boto3 bs4 lxml docopt click colorama termcolor progressbar dateutil pytz".split()
)
"""Libraries of the time that certainly bring nothing of Keras."""


class World:
    """The modules of one project, each parsed once, and what their imports mean."""

    def __init__(self, root: Path | None, targets: tuple[str, ...]) -> None:
        self.keras: Knowledge = knowledge(KERAS_1)
        self.targets = tuple(knowledge(version) for version in targets)
        self._root = root
        self.modules: dict[str, ModuleScope] = {}
        self._sources: dict[str, Source] = {}
        self._reads: dict[str, Read] = {}
        self._top = root.resolve() if root is not None else None
        self._finder = Finder(self._top) if self._top is not None else None
        self._keys: dict[str, str | None] = {}
        self._folders: dict[str, str | None] = {str(self._top): "."}
        self._answers: dict[tuple[str, str, int], Values] = {}
        self._silence = Silence(self._finder, self.modules) if self._finder is not None else None
        self._values: dict[str, Values] = {}
        self._looking: dict[ModuleScope, bool] = {}

    def release(self) -> None:
        """Let all modules go: the world answers nothing any more."""
        for module in self.modules.values():
            module.release()
        vars(self).clear()

    @cached_property
    def project(self) -> SafeProject | None:
        """Rope's project, with rope itself: made when rope is asked for its opinion, for its import is dear."""
        from kmigrate.resolve.project import SafeProject

        return SafeProject(self._root, self._known) if self._root is not None else None

    @cached_property
    def importers(self) -> Importers | None:
        """Who takes names from which module; None without a project."""
        return Importers(self, self._top) if self._top is not None else None

    def open(self, source: Source) -> ModuleScope:
        """The scopes of the source under migration; other modules that import it see this text.

        Raises what `kmigrate.source.parsing.parsed` raises: SyntaxError, RecursionError, ValueError.
        """
        key = self._key(source)
        known = self._sources.get(key)
        if known is not None and known.text == source.text and key in self.modules:
            return self.modules[key]
        return self._opened(source, key)

    def read(self, source: Source) -> Read:
        """How an opened source was read: its tree, the Python it needed, and what is not in it."""
        return self._reads[self._key(source)]

    def text(self, module: ModuleScope) -> str:
        """The text of a module that was opened, or read for others."""
        return self._sources[module.key].text

    def rope_module(self, module: ModuleScope) -> Any:
        """Rope's view of a module under migration; None without a project."""
        if self.project is None or not self._is_inside(module) or module.key not in self._sources:
            return None
        found = self.project.get_pymodule(self.project.get_file(module.key))
        return found if found.get_ast() is module.tree else None

    def reopen(self, source: Source, tree: ast.Module) -> ModuleScope:
        """The scopes of a new text of a source, seen by nobody else."""
        return analyse(tree, self._key(source), source.text)

    def speaking(self) -> Iterator[tuple[Source, ModuleScope]]:
        """The modules of the project that name Keras, in the order of their paths, with their sources."""
        for path in sorted(project_files(self._top)) if self._top is not None else ():
            key = self._relative(str(path))
            if key is None or not key.endswith(".py") or not self._names_keras(path, key):
                continue
            scopes = self.scopes(UserModule(key))
            if scopes is not None:
                yield self._sources[key], scopes

    def may_be_imported(self, module: ModuleScope) -> bool:
        """Whether it is a module of the project, and not a notebook or a file from elsewhere."""
        return module.key.endswith(".py") and self._is_inside(module)

    def _names_keras(self, path: Path, key: str) -> bool:
        if key in self._sources:
            return "keras" in self._sources[key].text
        try:
            return KERAS in path.read_bytes()
        except OSError:  # a file that nobody may read
            return False

    def keras_value(self, path: str) -> Value:
        """What a dotted Keras path means to Keras 1, or that it is a name of Keras 2 only."""
        if self.keras.is_module(path):
            return KerasModule(path)
        primary = self.keras.canonical(path)
        if primary is not None:
            return KerasName(primary, path)
        for target in self.targets:
            if target.canonical(path) is not None:
                return NewName(path)
        return KerasName(path, path)

    def keras_values(self, path: str) -> Values:
        """What an expression that reaches a dotted Keras path can be; remembered."""
        if path not in self._values:
            self._values[path] = frozenset({self.keras_value(path)})
        return self._values[path]

    def imported(self, alias: ast.alias, statement: ast.AST, module: ModuleScope) -> Values:
        """What the alias of an import statement binds."""
        if isinstance(statement, ast.Import):
            name = alias.name if alias.asname else alias.name.partition(".")[0]
            return self.module_value(name, module, 0)
        assert isinstance(statement, ast.ImportFrom)
        return self.from_import(statement, alias.name, module)

    def from_import(self, statement: ast.ImportFrom, name: str, module: ModuleScope) -> Values:
        """What `from <statement.module> import <name>` brings, before names inside user modules are evaluated.

        A name of a user module comes back as (UserModule of the submodule) or as nothing: ask the evaluator then.
        """
        base = statement.module or ""
        if statement.level == 0 and of_keras(base):
            return self.keras_values(f"{base}.{name}")
        found = self.module_value(base, module, statement.level)
        owner = next(iter(found))
        if isinstance(owner, UserModule):
            submodule = self._submodule(owner, name)
            return frozenset({submodule}) if submodule is not None else frozenset()
        return found

    def module_value(self, name: str, module: ModuleScope, level: int) -> Values:
        """What a module path means: Keras, a module of the project, another library, or unknown; remembered."""
        question = (module.key, name, level)
        known = self._answers.get(question)
        if known is None:
            known = self._answers[question] = self._meaning(name, module, level)
        return known

    def _meaning(self, name: str, module: ModuleScope, level: int) -> Values:
        if level == 0 and of_keras(name):
            return frozenset({KerasModule(name)})
        found = self._found(name, module, level)
        if found is not None:
            return frozenset({found})
        return OTHER if level == 0 and self.is_foreign(name.partition(".")[0]) else UNKNOWN

    def silent(self, statement: ast.AST, alias: ast.alias, module: ModuleScope) -> bool:
        """Whether an import certainly brings no name of Keras: told from the bytes of a module that is not parsed yet."""
        if isinstance(statement, ast.ImportFrom):
            found = self.module_value(statement.module or "", module, statement.level)
        else:
            found = self.module_value(alias.name, module, 0)
        owner = next(iter(found))
        if not isinstance(owner, UserModule) or self._silence is None or not self._silence.of(owner.key):
            return False
        inner = self._submodule(owner, alias.name) if isinstance(statement, ast.ImportFrom) else None
        return inner is None or self._silence.of(inner.key)

    def scopes(self, value: UserModule) -> ModuleScope | None:
        """The scopes of a module of the project; None if it can't be read or does not parse."""
        key = value.key
        if key not in self.modules:
            if self._finder is None or is_folder(key):
                return None
            try:
                source = kind_of(key).from_bytes(Path(self._finder.path(key)).read_bytes(), key)
                return self._opened(source, key)
            except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
                return None
        return self.modules[key]

    def is_foreign(self, package: str) -> bool:
        """Whether a top-level package, unless the project has one of this name, certainly brings nothing of Keras."""
        return package in sys.stdlib_module_names or package in FOREIGN or package == "__future__"

    def _found(self, name: str, module: ModuleScope, level: int) -> UserModule | None:
        if self._finder is None:
            return None
        folder = parent(module.key) if self._is_inside(module) else ""
        find = self._finder
        key = find.relative(name, folder, level) if level else find.absolute(name, folder)
        if key is None and not level and self._looks_elsewhere(module) and not self.is_foreign(name.partition(".")[0]):
            key = find.anywhere(name)
        return UserModule(key) if key is not None else None

    def _looks_elsewhere(self, module: ModuleScope) -> bool:
        """Whether a module changes where it looks for others."""
        if module not in self._looking:
            source = self._sources.get(module.key)
            self._looking[module] = source is not None and any(word in source.text for word in _ELSEWHERE)
        return self._looking[module]

    def _submodule(self, owner: UserModule, name: str) -> UserModule | None:
        key = owner.key
        folder = key if is_folder(key) else parent(key)
        if self._finder is None or (folder != key and not key.endswith("__init__.py")):
            return None
        scopes = self.scopes(owner)
        if scopes is not None and not all(self._own_submodule(owner, binding) for binding in scopes.top.bindings.get(name, ())):
            return None
        found = self._finder.relative(name, folder, 1)
        return UserModule(found) if found is not None else None

    def _own_submodule(self, owner: UserModule, binding: Binding) -> bool:
        """Whether a package binds a name to its own submodule: `from . import name` in its `__init__.py`."""
        statement = binding.statement
        if not isinstance(statement, ast.ImportFrom):
            return False
        if statement.level == 1 and statement.module is None:
            return True
        return owner in self.module_value(statement.module or "", binding.scope.module, statement.level)

    def _opened(self, source: Source, key: str) -> ModuleScope:
        read = parsed(source)
        module = self.modules[key] = analyse(read.tree, key, source.text)
        self._sources[key] = source
        self._reads[key] = read
        return module

    def _known(self, key: str) -> tuple[Source, ast.Module] | None:
        """What rope is to see of a file: the text that is under migration or was read, and its tree."""
        return (self._sources[key], self.modules[key].tree) if key in self._sources else None

    def _is_inside(self, module: ModuleScope) -> bool:
        """Whether the module is a file of the project, no buffer without a name and no file from elsewhere."""
        return module.key != _BUFFER and not os.path.isabs(module.key)  # noqa: PTH117 - on the hot path

    def _key(self, source: Source) -> str:
        return self._relative(source.path) or source.path or _BUFFER

    def _relative(self, path: str | None) -> str | None:
        if path is None or self._top is None:
            return path
        if path not in self._keys:
            folder, name = os.path.split(path)
            if os.path.islink(path) or not name.strip("."):  # noqa: PTH114 - on the hot path
                folder, name = os.path.split(os.path.realpath(path))
            above = self._below(folder, self._top)
            self._keys[path] = f"{above}/{name}".removeprefix("./") if above is not None else None
        return self._keys[path]

    def _below(self, folder: str, top: Path) -> str | None:
        """The key of a folder, by that of the folder around it; None outside of the project. Each is looked at once."""
        if folder not in self._folders:
            outer, name = os.path.split(folder)
            plain = outer and name.strip(".") and not os.path.islink(folder)  # noqa: PTH114 - on the hot path
            around = self._below(outer, top) if plain else None
            if around is not None:
                self._folders[folder] = f"{around}/{name}".removeprefix("./")
            else:
                resolved = Path(folder).resolve()
                self._folders[folder] = resolved.relative_to(top).as_posix() if resolved.is_relative_to(top) else None
        return self._folders[folder]


_BUFFER = "<buffer>"

_ELSEWHERE = ("sys.path", "chdir(", "%cd ")
"""What changes where a module looks for others."""
