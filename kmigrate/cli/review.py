"""`kmigrate review`: one change after the other, each shown with its reason, made or left as a person says."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kmigrate.cli import options
from kmigrate.cli.diff import verdict
from kmigrate.cli.editor import edited
from kmigrate.cli.keys import is_terminal, read_key
from kmigrate.cli.output import console, emit
from kmigrate.cli.progress import progress
from kmigrate.cli.writing import ending_with, undoing
from kmigrate.errors import InvalidSetting

if TYPE_CHECKING:
    from rich.console import Console

    from kmigrate.config import Settings
    from kmigrate.results import FileResult
    from kmigrate.reviewing import Question, State
    from kmigrate.ruleset.schema import Rule
    from kmigrate.trial import Trial

Files = Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files and folders.", show_default=False)]
Comments = Annotated[
    bool, typer.Option("--comments/--no-comments", help="Keep every `n` as an ignore comment in the code, as `i` does.")
]

HELP = """\
 y  make this change                     n  leave it as it is
 a  make it and all safe ones that       d  leave it and all that follow
    follow in this file                     in this file
 Y  always: all changes of this rule     N  never: none of this rule
 i  leave it, and keep the answer as     e  write another text in your editor
    a comment, # kmigrate: ignore[ID]    u  take the last answer back
 q  stop asking, write what was said y   ?  this help
 Ctrl-C stops too, and writes nothing."""


HELP_WIDTH = max(map(len, HELP.splitlines()))

NARROW_HELP = """\
 y  make this change
 n  leave it as it is
 a  make it and all safe ones that
    follow in this file
 d  leave it and all that follow
 Y  always: all changes of this rule
 N  never: none of this rule
 i  leave it, and keep the answer
    as a comment in the code
 e  write another text
 u  take the last answer back
 q  stop, write what was said y
 ?  this help
 Ctrl-C stops, and writes nothing."""


def review(
    paths: Files,
    comments: Comments = False,
    to: options.To = None,
    select: options.Select = None,
    ignore: options.Ignore = None,
    rules: options.Rules = None,
    emit_helpers: options.EmitHelpers = False,
    docs: options.Docs = False,
    allow_dirty: options.AllowDirty = False,
    debug: options.Debug = False,
) -> None:
    """Ask about each change: y n a d Y N i e u q ? (`?` explains them). Nothing is written before the last answer.

    Changes whose equality could not be proven are asked about too, with the reason. `kmigrate undo` takes it all back.
    """
    from kmigrate.applying import apply
    from kmigrate.helpers.modules import with_modules
    from kmigrate.report import text, words
    from kmigrate.report.model import Report
    from kmigrate.reviewing import left_out, outcome
    from kmigrate.ruleset.compiled import compiled_rules

    if not is_terminal():
        hint = "elsewhere, use `kmigrate diff --output plan.json` and `kmigrate apply`"
        raise InvalidSetting("review asks questions, and needs a terminal", hint=hint)
    if Path("-") in paths:
        hint = "name files or folders; `kmigrate migrate -` migrates a text without questions"
        raise InvalidSetting("standard input is where the answers come from, and cannot be reviewed", hint=hint)
    settings = options.settings(to, True, select, ignore, rules, docs, emit_helpers=emit_helpers)
    trials, failed = _opened(paths, settings)
    _refuse(trials, allow_dirty)
    book = {rule.id: rule for rule in compiled_rules(settings.rules)}
    screen = console(sys.stdout)
    try:
        state = _asked(screen, trials, book, comments)
        results = list(with_modules(outcome(trial, mine) for trial, mine in zip(trials, state.answers, strict=True)))
    except KeyboardInterrupt:
        print("\nNothing was written.", file=sys.stderr)
        raise
    done, run = apply(results, allow_dirty=allow_dirty)
    with ending_with(undoing(run)):
        report = Report.of((*done, *failed), to, paths, written=True, settings=settings)
        print()
        emit(report, options.Format.TEXT, None, text.show_notes, text.show_sums)
        left = sum(left_out(trial, mine) for trial, mine in zip(trials, state.answers, strict=True))
        if left:
            print(f"{words.count(left, 'change')} left out: `kmigrate diff` shows {'it' if left == 1 else 'them'} again")
    raise typer.Exit(verdict(bool(report.failed), bool(report.reviewed)))


def _opened(paths: Sequence[Path], settings: Settings) -> tuple[list[Trial], list[FileResult]]:
    """The files, and those that failed; every file is looked at once, so that no question has to wait."""
    from kmigrate.results import FileResult, Outcome
    from kmigrate.trial import trials

    opened: list[Trial] = []
    failed: list[FileResult] = []
    with progress() as told:
        for number, trial in enumerate(found := list(trials(paths, settings)), 1):
            if isinstance(trial, FileResult):
                failed.append(trial)
                continue
            if told is not None:
                told(number, len(found), trial.shown)
            if trial.whole.outcome is Outcome.FAILED:
                failed.append(trial.whole)
            else:
                opened.append(trial)
    return opened, failed


def _refuse(trials: Sequence[Trial], allow_dirty: bool) -> None:
    """Say before the first question, not after the last answer, that a file would not be written."""
    from kmigrate.applying import DIRTY
    from kmigrate.git import uncommitted
    from kmigrate.writing import read_only

    sources = [trial.whole.source for trial in trials if trial.whole.changes]
    paths = [Path(source.path) for source in sources if source and source.path]
    for path in paths:
        if path.exists() and read_only(path):
            raise InvalidSetting("the file is read-only", where=str(path), hint="make it writable, or leave it out")
    if not allow_dirty:
        for path, reason in uncommitted(paths).items():
            raise InvalidSetting(reason, where=str(path), hint=DIRTY)


def _asked(screen: Console, trials: Sequence[Trial], book: dict[str, Rule], comments: bool) -> State:
    from kmigrate.cli.card import show
    from kmigrate.reviewing import Answer, answered, ask, begin

    history: list[State] = []
    state, question = ask(trials, begin(trials))
    shown = None
    while question is not None:
        if question is not shown:
            show(screen, question, book.get(question.changes[0].rule))
            shown = question
        key = read_key(lambda: screen.print("Make this change? [y,n,a,d,Y,N,i,e,u,q,?] ", end=""))
        screen.print(key if key.isprintable() else "")
        match key:
            case "q":
                break
            case "u" if history:
                state, question = ask(trials, history.pop())
            case "e":
                new = _edited(screen, state, question)
                if new is not None:
                    history.append(state)
                    state, question = ask(trials, new)
            case "y" | "n" | "i" | "a" | "d" | "Y" | "N":
                said = Answer.KEEP if comments and key == "n" else Answer(key)
                history.append(state)
                state, question = ask(trials, answered(state, question, said))
            case "u":
                screen.print("There is no answer to take back.")
            case _:
                screen.print(HELP if screen.width >= HELP_WIDTH else NARROW_HELP)
    return state


def _edited(screen: Console, state: State, question: Question) -> State | None:
    """The state with the text that the person wrote; None if there is none, or it is no good."""
    from kmigrate.reviewing import written

    _, text = question.after.rewritten(question.changes[0])
    try:
        new = edited(text)
    except InvalidSetting as error:
        screen.print(str(error), style="yellow")
        return None
    if not text.endswith("\n"):
        new = new.rstrip("\r\n")
    if new == text:
        screen.print("The text stayed as it was.")
        return None
    done = written(state, question, new)
    if isinstance(done, str):
        screen.print(f"That can't be written: {done}", style="yellow")
        return None
    return done
