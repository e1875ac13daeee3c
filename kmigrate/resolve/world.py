"""Which modules there are, and what an import brings: Keras by the signature tables, the user's modules by rope."""

from __future__ import annotations

import ast
import os
import re
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kmigrate.keras.signatures import KERAS_1, Knowledge, knowledge
from kmigrate.resolve.scopes import Binding, ModuleScope
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
from kmigrate.resolve.walk import analyse
from kmigrate.source.parsing import parsed
from kmigrate.source.prefilter import mentions
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
        self._resources: dict[str, Any] = {}
        self._texts: dict[str, str] = {}
        self._unopened: dict[str, Source] = {}
        self._reads: dict[str, Read] = {}
        self._top = root.resolve() if root is not None else None
        self._keys: dict[str, str | None] = {}
        self._folders: dict[str, str | None] = {}
        self._answers: dict[tuple[str, str, int], UserModule | None] = {}
        self._silent: dict[str, bool] = {}
        self._there: dict[tuple[str, str], bool] = {}
        self._values: dict[str, Values] = {}

    @cached_property
    def project(self) -> SafeProject | None:
        """Rope's project, with rope itself: made when a module of the user's is there to be read, for its import is dear."""
        from kmigrate.resolve.project import SafeProject

        return SafeProject(self._root) if self._root is not None else None

    def open(self, source: Source) -> ModuleScope:
        """The scopes of the source under migration; other modules that import it see this text.

        Raises what `kmigrate.source.parsing.parsed` raises: SyntaxError, RecursionError, ValueError.
        """
        key = self._relative(source.path) or source.path or "<buffer>"
        if self._texts.get(key) == source.text and key in self.modules:
            return self.modules[key]
        read = parsed(source)
        tree = read.tree
        if self._top is not None and self._relative(source.path) is not None:
            self._unopened[key] = source
        module = analyse(tree, key, source.text)
        self.modules[key] = module
        self._texts[key] = source.text
        self._reads[key] = read
        return module

    def read(self, source: Source) -> Read:
        """How an opened source was read: its tree, the Python it needed, and what is not in it."""
        return self._reads[self._relative(source.path) or source.path or "<buffer>"]

    def rope_module(self, module: ModuleScope) -> Any:
        """Rope's view of a module under migration; None without a project."""
        resource = self._resource(module)
        if self.project is None or resource is None or resource.is_folder():
            return None
        source = self._unopened.pop(module.key, None)
        found = self.project.open(source, module.key, module.tree) if source else self.project.get_pymodule(resource)
        return found if found.get_ast() is module.tree else None

    def reopen(self, source: Source, tree: ast.Module) -> ModuleScope:
        """The scopes of a new text of a source, seen by nobody else."""
        key = self._relative(source.path) or source.path or "<buffer>"
        return analyse(tree, key, source.text)

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
        if statement.level == 0 and (base == "keras" or base.startswith("keras.")):
            return self.keras_values(f"{base}.{name}")
        found = self.module_value(base, module, statement.level)
        owner = next(iter(found))
        if isinstance(owner, UserModule):
            submodule = self._submodule(owner, name)
            return frozenset({submodule}) if submodule is not None else frozenset()
        return found

    def module_value(self, name: str, module: ModuleScope, level: int) -> Values:
        """What a module path means: Keras, a module of the project, another library, or unknown."""
        if level == 0 and (name == "keras" or name.startswith("keras.")):
            return frozenset({KerasModule(name)})
        root = name.partition(".")[0]
        if level == 0 and self.is_foreign(root):
            found = self._find(name, module, 0)
            return frozenset({found}) if found is not None else OTHER
        found = self._find(name, module, level)
        return frozenset({found}) if found is not None else UNKNOWN

    def silent(self, statement: ast.AST, alias: ast.alias, module: ModuleScope) -> bool:
        """Whether an import certainly brings no name of Keras: told from the bytes of a module that is not parsed yet."""
        if isinstance(statement, ast.ImportFrom):
            found = self.module_value(statement.module or "", module, statement.level)
        else:
            found = self.module_value(alias.name, module, 0)
        owner = next(iter(found))
        return isinstance(owner, UserModule) and self._is_silent(owner)

    def _is_silent(self, owner: UserModule) -> bool:
        """Whether a module neither names Keras nor imports a module of the project, which could."""
        if owner.key not in self._silent:
            self._silent[owner.key] = owner.key not in self.modules and self._says_nothing(self._resources[owner.key])
        return self._silent[owner.key]

    def _says_nothing(self, resource: Any) -> bool:
        path = Path(resource.real_path)
        try:
            seen = mentions(path, path.read_bytes())
        except OSError:  # a folder, or a file that nobody may read
            return False
        assert self.project is not None
        find = self.project.find_module
        return not seen.keras and not any(find(name, resource.parent) for name in seen.imports)

    def scopes(self, value: UserModule) -> ModuleScope | None:
        """The scopes of a module of the project; None if it does not parse."""
        if value.key not in self.modules:
            from rope.base.exceptions import ModuleSyntaxError

            resource = self._resources[value.key]
            assert self.project is not None
            try:
                if resource.is_folder():
                    if not resource.has_child("__init__.py"):
                        return None
                    resource = resource.get_child("__init__.py")
                found = self.project.get_pymodule(resource)
                self.modules[value.key] = analyse(found.get_ast(), value.key, found.source_code)
                self._reads[value.key] = found.read
                self._texts[value.key] = found.source_code
                self._resources[value.key] = resource
            except (ModuleSyntaxError, RecursionError):
                return None
        return self.modules[value.key]

    def is_foreign(self, package: str) -> bool:
        """Whether a top-level package, unless the project has one of this name, certainly brings nothing of Keras."""
        return package in sys.stdlib_module_names or package in FOREIGN or package == "__future__"

    def mentions(self, words: re.Pattern[str]) -> bool:
        """Whether one of the modules that were read so far holds one of the words."""
        return any(words.search(text) for text in self._texts.values())

    def _find(self, name: str, module: ModuleScope, level: int) -> UserModule | None:
        question = (module.key, name, level)
        if question not in self._answers:
            self._answers[question] = self._found(name, module, level)
        return self._answers[question]

    def _found(self, name: str, module: ModuleScope, level: int) -> UserModule | None:
        if self._top is None or (level == 0 and not self._lies_there(name, module)) or self.project is None:
            return None
        importer = self._resource(module)
        folder = importer.parent if importer is not None else self.project.root
        find = self.project.find_relative_module
        return self._user_module(find(name, folder, level) if level else self.project.find_module(name, folder))

    def _lies_there(self, name: str, module: ModuleScope) -> bool:
        """Whether a folder from that of the module up to the top holds something of this name: asked without rope."""
        first = name.partition(".")[0]
        if first in sys.stdlib_module_names:
            return False
        folder = os.path.dirname(module.key)  # noqa: PTH120 - on the hot path
        if (folder, first) not in self._there:
            self._there[folder, first] = self._is_in(os.path.join(self._top or "", folder), first)  # noqa: PTH118
        return self._there[folder, first]

    def _is_in(self, folder: str, first: str) -> bool:
        while len(folder) >= len(str(self._top)):
            here = os.path.join(folder, first)  # noqa: PTH118
            if os.path.isdir(here) or os.path.isfile(f"{here}.py"):  # noqa: PTH112, PTH113
                return True
            above = os.path.dirname(folder)  # noqa: PTH120
            if folder == above:
                break
            folder = above
        return False

    def _resource(self, module: ModuleScope) -> Any:
        """Rope's file of a module; None for a buffer."""
        if module.key in self._unopened and module.key not in self._resources and self.project is not None:
            self._resources[module.key] = self.project.get_file(module.key)
        return self._resources.get(module.key)

    def _submodule(self, owner: UserModule, name: str) -> UserModule | None:
        resource = self._resources[owner.key]
        if not resource.is_folder() and resource.name != "__init__.py":
            return None
        folder = resource if resource.is_folder() else resource.parent
        scopes = self.scopes(owner)
        if scopes is not None and not all(_own_submodule(binding) for binding in scopes.top.bindings.get(name, ())):
            return None
        assert self.project is not None
        return self._user_module(self.project.find_relative_module(name, folder, 1))

    def _user_module(self, resource: Any) -> UserModule | None:
        if resource is None:
            return None
        key = resource.path
        if resource.is_folder() and resource.has_child("__init__.py"):
            resource = resource.get_child("__init__.py")
            key = resource.path
        if key not in self._resources:
            self._resources[key] = resource
        return UserModule(key)

    def _relative(self, path: str | None) -> str | None:
        if path is None or self._top is None:
            return path
        if path not in self._keys:
            folder, name = os.path.split(path)
            if os.path.islink(path) or not name.strip("."):  # noqa: PTH114 - on the hot path
                folder, name = os.path.split(os.path.realpath(path))
            if folder not in self._folders:
                resolved = Path(folder).resolve()
                inside = resolved.is_relative_to(self._top)
                self._folders[folder] = resolved.relative_to(self._top).as_posix() if inside else None
            above = self._folders[folder]
            self._keys[path] = f"{above}/{name}".removeprefix("./") if above is not None else None
        return self._keys[path]


def _own_submodule(binding: Binding) -> bool:
    """Whether a package binds a name to its own submodule: `from . import name` in its `__init__.py`."""
    statement = binding.statement
    return isinstance(statement, ast.ImportFrom) and statement.level == 1 and statement.module is None
