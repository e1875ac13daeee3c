"""Which rules are there: ours, and those of the user's folders?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import kmigrate
from kmigrate.errors import InvalidRule

if TYPE_CHECKING:
    from kmigrate.ruleset.document import Problem, RuleFileError
    from kmigrate.ruleset.rule_file import RuleFile
    from kmigrate.ruleset.schema import Rule


def load_rules(folders: Sequence[Path] = ()) -> tuple[Rule, ...]:
    """Our rules and those of `folders`, in the order of their ids; a later folder replaces rules of the same id.

    Raises InvalidRule, with file and line, for the first thing that is wrong. The rules of `folders` are also checked
    against what Keras 1 and Keras 2 are; ours are checked by the tests.
    """
    rules = {file.rule.id: file.rule for file in rule_files(builtin_rules_folder(), checked=False)}
    for folder in folders:
        rules |= {file.rule.id: file.rule for file in rule_files(folder, checked=True)}
    return tuple(rules[id] for id in sorted(rules))


def builtin_rules_folder() -> Path:
    """Where our rules are: inside the installed package, or beside it in a source checkout."""
    package = Path(kmigrate.__file__).parent
    installed = package / "rules"
    return installed if installed.is_dir() else package.parent / "rules"


def rule_files(folder: Path, *, checked: bool) -> list[RuleFile]:
    """The rules of a folder, with their files; `checked` against what Keras 1 and Keras 2 are. Raises InvalidRule."""
    from kmigrate.ruleset.document import RuleFileError
    from kmigrate.ruleset.rule_file import read_rule, rule_paths

    if not folder.is_dir():
        raise InvalidRule("there is no such folder of rules", where=str(folder), hint="name a folder with YAML files")
    try:
        files = [read_rule(path) for path in rule_paths(folder)]
        for refused in duplicates(files):
            raise refused
    except RuleFileError as refused:
        raise refused.error() from None
    for file in files if checked else ():
        _check(file)
    return files


def duplicates(files: Sequence[RuleFile]) -> list[RuleFileError]:
    """The rules whose id another rule of the same folder has."""
    from kmigrate.ruleset.document import Problem, RuleFileError

    first: dict[str, RuleFile] = {}
    found = []
    for file in files:
        other = first.setdefault(file.rule.id, file)
        if other is not file:
            message = f"{file.rule.id} is the id of {other.path.name} too; give each rule of a folder its own id"
            found.append(RuleFileError(file.path, [Problem(file.document.line(("id",)), message)]))
    return found


def _check(file: RuleFile) -> None:
    from kmigrate.ruleset.document import RuleFileError

    problems = _problems(file)
    if problems:
        raise RuleFileError(file.path, problems).error()


@lru_cache(maxsize=4096)
def _problems(file: RuleFile) -> tuple[Problem, ...]:
    from kmigrate.ruleset.check import problems

    return tuple(problems(file))
