"""`kmigrate rules`: which rules are there, what do they do, and are the rules of a folder good?"""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from kmigrate.cli import completion, options
from kmigrate.cli.command import Command
from kmigrate.errors import InvalidSetting, UnknownRule, UnknownVersion
from kmigrate.exits import Exit

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", help="List, explain and check the rules.")

Folder = Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Folder with rule files; ours by default.")]


class CoverageFormat(str, Enum):
    """Formats of the coverage."""

    TEXT = "text"
    JSON = "json"


CoverageForm = Annotated[CoverageFormat, typer.Option("--format", help="Format of the figures and gaps.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="Id of a rule, such as KM101.", autocompletion=completion.rule)]


@app.command("list", cls=Command)
def list_(rules: options.Rules = None, debug: options.Debug = False) -> None:
    """List all rules: id, confidence (`review` where a person decides), title."""
    from kmigrate.ruleset.loader import load_rules

    for rule in load_rules(options.settings(None, False, None, None, rules).rules):
        by_hand = rule.match.gone is not None and rule.rewrite is None
        print(f"{rule.id}  {'review' if by_hand else rule.confidence:<6}  {rule.title}")


@app.command(cls=Command)
def explain(id: Id, rules: options.Rules = None, debug: options.Debug = False) -> None:
    """Explain a rule: what it does and why, with examples."""
    from kmigrate.ruleset.docs import explain as page_of
    from kmigrate.ruleset.loader import load_rules

    known = {rule.id: rule for rule in load_rules(options.settings(None, False, None, None, rules).rules)}
    rule = known.get(id.upper())
    if rule is None:
        raise UnknownRule(f"no rule is called `{id}`", hint="`kmigrate rules list` shows them all")
    _show(page_of(rule))


@app.command(cls=Command)
def check(folder: Folder = None, debug: options.Debug = False) -> None:
    """Check rule files: the language, and whether what they say is true of Keras 1 and Keras 2."""
    from kmigrate.ruleset import check as checks
    from kmigrate.ruleset.loader import builtin_rules_folder

    place = folder or builtin_rules_folder()
    if (wrong := options.lacks_rules(place)) is not None:
        raise InvalidSetting(wrong, hint="name a folder with rule files")
    problems = checks.check(place)
    for problem in problems:
        print(problem)
    if problems:
        print(f"kmigrate: error: {len(problems)} problems in the rules of {place}", file=sys.stderr)
        raise typer.Exit(Exit.USAGE)
    print(f"The rules in {place} are good.")


@app.command(cls=Command)
def coverage(
    rules: options.Rules = None,
    to: options.To = None,
    format: CoverageForm = CoverageFormat.TEXT,
    debug: options.Debug = False,
) -> None:
    """Print what of Keras 1 differs in Keras 2, and which rule treats it; exit code 1 where none does."""
    from kmigrate import coverage as measure
    from kmigrate.coverage.shown import document, text
    from kmigrate.keras import versions
    from kmigrate.ruleset.loader import load_rules

    loaded = load_rules(options.settings(to, False, None, None, rules).rules)
    try:
        found = measure.coverage(loaded, to)
    except versions.UnknownVersion as error:
        raise UnknownVersion(str(error)) from error
    if format is CoverageFormat.JSON:
        import json

        print(json.dumps(document(found), indent=2))
    else:
        print(text(found), end="")
    if found.gaps:
        raise typer.Exit(Exit.WORK_LEFT)


def _show(markdown: str) -> None:
    if not sys.stdout.isatty():
        print(markdown, end="" if markdown.endswith("\n") else "\n")
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(markdown))
