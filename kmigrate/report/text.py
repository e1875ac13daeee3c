"""The run for a person at a terminal: coloured diff, what is left to do by hand, and the sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kmigrate.report import words
from kmigrate.report.diff import header
from kmigrate.report.hunks import hunks, lines_of
from kmigrate.report.model import Report
from kmigrate.results import FileResult, State

_STYLES = {" ": "", "-": "red", "+": "green"}


def show_diff(report: Report, console: Console) -> None:
    """The hunks of all changed files, each with the place and the rules behind it."""
    for file in report.changed:
        name = file.path or "<text>"
        _line(console, f"--- {name}", "bold")
        _line(console, f"+++ {name}", "bold")
        old = lines_of(file.before)
        for hunk in hunks(file):
            _line(console, f"{header(hunk)} {' '.join(hunk.rules)}".rstrip(), "cyan")
            for sign, line in hunk.rows(old):
                _line(console, sign + visible(line), _STYLES[sign])
                if not line.endswith("\n"):
                    _line(console, "\\ No newline at end of file", "dim")
        console.print()


def show_notes(report: Report, console: Console) -> None:
    """What is left to a person, what to know, what kmigrate does not know, and what failed."""
    _section(console, "Left to do by hand", "yellow", _reviews(report))
    _section(console, "Good to know", "cyan", _notes(report))
    _section(console, "Not accounted for: look at these yourself, and please report them", "yellow", _gaps(report))
    show_failures(report, console)


def show_failures(report: Report, console: Console) -> None:
    """Files that could not be migrated, and why."""
    _section(console, "Failed", "red", _failures(report))


def show_summary(report: Report, console: Console) -> None:
    """The sums by rule and by file, and the last line."""
    if report.rules:
        table = _table("Rule", "changed", "review", "files")
        table.columns[0].no_wrap = True
        table.add_column("", style="dim")
        for rule in report.rules:
            table.add_row(rule.rule, *_numbers(rule.changed, rule.reviews, rule.files), rule.title)
        console.print(table)
        console.print()
    _files(console, [file for file in report.touched if file.changes or file.reviews or file.failure])
    show_sums(report, console)


def show_all_files(report: Report, console: Console) -> None:
    """One line for each file that speaks of Keras."""
    _files(console, report.touched)


def show_sums(report: Report, console: Console) -> None:
    """The sums of all files; the last line says whether every use is accounted for."""
    _line(console, f"Files: {words.files(report)}")
    _line(console, f"Uses:  {words.uses(report)}")
    done, total = report.accounted
    _line(console, words.accounted(report), "bold green" if done == total else "bold yellow")


def visible(line: str) -> str:
    """A line of source without its end, and without characters that steer a terminal."""
    text = line.removesuffix("\n").removesuffix("\r")
    return "".join(char if char.isprintable() or char == "\t" else _picture(char) for char in text)


def _picture(char: str) -> str:
    if ord(char) < 32:
        return chr(0x2400 + ord(char))
    return f"\\u{ord(char):04x}" if not char.isspace() else char


def _files(console: Console, files: Sequence[FileResult]) -> None:
    if not files:
        return
    table = _table("File", "changed", "review", "same", "Keras 2", "unknown")
    kinds = (State.CHANGED, State.REVIEW, State.SAME, State.ALREADY, State.UNACCOUNTED)
    for file in files:
        name = Text(visible(file.path or "<text>"))
        if file.failure:
            table.add_row(name, Text("failed", "red"))
        else:
            table.add_row(name, *_numbers(*(file.states[kind] for kind in kinds)))
    console.print(table)
    console.print()


def _section(console: Console, title: str, style: str, entries: Iterable[tuple[str, str, str, str | None]]) -> None:
    started = False
    for where, label, told, todo in entries:
        if not started:
            _line(console, title, f"bold {style}")
            started = True
        console.print(Text.assemble((visible(where), "bold"), (f"  {label}" if label else "", style)), soft_wrap=True)
        console.print(Padding(Text(told), (0, 0, 0, 4), expand=False))
        if todo:
            console.print(Padding(Text(f"→ {todo}", "italic"), (0, 0, 0, 4), expand=False))
    if started:
        console.print()


def _reviews(report: Report) -> Iterable[tuple[str, str, str, str | None]]:
    for file in report.reviewed:
        for review in file.reviews:
            yield words.place(file, review.position), review.rule, review.reason, words.advice(review)


def _notes(report: Report) -> Iterable[tuple[str, str, str, str | None]]:
    told: dict[tuple[str, str], list[str]] = {}
    for file in report.files:
        for note in file.notes:
            told.setdefault((note.rule, note.text), []).append(file.path or "<text>")
    for (rule, text), paths in told.items():
        yield (paths[0] if len(paths) == 1 else words.count(len(paths), "file")), rule, text, None


def _gaps(report: Report) -> Iterable[tuple[str, str, str, str | None]]:
    for file in report.files:
        for use in file.uses:
            if use.state is State.UNACCOUNTED:
                yield words.place(file, use.position), use.kind, use.name, None


def _failures(report: Report) -> Iterable[tuple[str, str, str, str | None]]:
    for file in report.failed:
        if file.failure:
            yield words.place(file, file.failure.position), "", file.failure.reason, file.failure.hint


def _table(first: str, *numbers: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(first, overflow="fold")
    for name in numbers:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _numbers(*counts: int) -> list[str]:
    return [str(count) if count else "·" for count in counts]


def _line(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style), soft_wrap=True)
