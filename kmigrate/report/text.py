"""The run for a person at a terminal: coloured diff, what is left to do by hand, and the sums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from rich.console import Console
from rich.segment import Segment, Segments
from rich.text import Text

from kmigrate.report import figures, words
from kmigrate.report.diff import header
from kmigrate.report.hunks import hunks
from kmigrate.report.model import Report
from kmigrate.report.words import visible
from kmigrate.results import FileResult, Outcome, Position, State
from kmigrate.verification import Answer

_STYLES = {" ": "none", "-": "red", "+": "green"}


def show_diff(report: Report, console: Console) -> None:
    """The hunks of all changed files, each with the place and the rules behind it."""
    styles = {style: console.get_style(style) for style in ("bold", "cyan", "dim", *_STYLES.values())}
    end = Segment.line()
    for file in report.changed:
        lines = [part for text, style in _diff_lines(file) for part in (Segment(text, styles[style]), end)]
        console.print(Segments([*lines, end]), soft_wrap=True, end="")  # a Text for each line takes forty times as long


def show_notes(report: Report, console: Console) -> None:
    """What is left to a person, what to know, what kmigrate does not know, and what failed."""
    _section(console, "Left to do by hand", "yellow", _reviews(report))
    _section(console, "Good to know", "cyan", _notes(report))
    _section(console, "Not accounted for: look at these yourself, and please report them", "yellow", _gaps(report))
    _section(console, "Ignore comments that can go", "yellow", _idle(report))
    show_failures(report, console)


def show_failures(report: Report, console: Console) -> None:
    """Files that could not be migrated, and why."""
    _section(console, "Failed", "red", _failures(report))


def show_summary(report: Report, console: Console) -> None:
    """The sums by rule and by file, and the last line."""
    _rules(console, report)
    _files(console, [file for file in report.touched if file.changes or file.reviews or file.failure])
    show_sums(report, console)


def show_all_files(report: Report, console: Console) -> None:
    """One line for each file that speaks of Keras."""
    _files(console, report.touched)


def show_sums(report: Report, console: Console) -> None:
    """The sums of all files; the last line says whether every use is accounted for."""
    _line(console, f"Files: {words.files(report)}")
    _line(console, f"Uses:  {words.uses(report)}")
    if report.effort.waiting:
        _line(console, f"`--unsafe` would change {words.count(report.effort.waiting, 'more use')}")
    done, total = report.accounted
    _line(console, words.accounted(report), "bold green" if done == total else "bold yellow")


def show_verification(report: Report, console: Console) -> None:
    """What real Kerases say: a line for each model, in what it differs, and the sums."""
    found = report.verification
    if found is None:
        return
    rows = [
        (visible(item.script), visible(item.model), Text(item.answer.value, _ANSWERS[item.answer])) for item in found.findings
    ]
    if console.width < NARROW:
        figures.stacked(console, ((f"{script}  {model}".rstrip(), answer) for script, model, answer in rows))
    else:
        table = figures.table("Script")
        table.add_column("Model", overflow="fold")
        table.add_column(f"Keras {found.old} → {found.new}", no_wrap=True)
        for script, model, answer in rows:
            table.add_row(script, model or "·", answer)
        console.print(table)
        console.print()
    told = [item for item in found.findings if item.details]
    _section(console, "Why", "yellow", ((item.script, item.model, "\n".join(item.details), None) for item in told))
    lacking = words.lacking(found)
    if lacking is not None:
        _line(console, lacking)
    _line(console, words.verified(found), "bold green" if found.proven else "bold yellow")


_ANSWERS = {Answer.SAME: "green", Answer.DIFFERS: "red", Answer.STOPPED: "yellow"}

NARROW = 60
"""On fewer columns, no table is drawn that has titles of rules or names of models beside others."""


def _diff_lines(file: FileResult) -> Iterator[tuple[str, str]]:
    """The lines of a file's diff, each with its style."""
    name = visible(file.path or "<text>")
    yield f"--- {'/dev/null' if file.outcome is Outcome.CREATED else name}", "bold"
    yield f"+++ {name}", "bold"
    for hunk in hunks(file):
        yield f"{header(hunk)} {' '.join(hunk.rules)}".rstrip(), "cyan"
        for sign, line in hunk.rows():
            yield sign + visible(line), _STYLES[sign]
            if not line.endswith("\n"):
                yield "\\ No newline at end of file", "dim"


def _rules(console: Console, report: Report) -> None:
    if not report.rules:
        return
    columns = ("changed", "review", "files")
    if console.width < NARROW:
        rows = ((f"{rule.rule}  {rule.title}", (rule.changed, rule.reviews, rule.files)) for rule in report.rules)
        figures.show(console, "Rule", columns, rows)
        return
    table = figures.table("Rule", *columns)
    table.columns[0].no_wrap = True
    table.add_column("", style="dim")
    for rule in report.rules:
        table.add_row(rule.rule, *figures.numbers((rule.changed, rule.reviews, rule.files)), rule.title)
    console.print(table)
    console.print()


def _files(console: Console, files: Sequence[FileResult]) -> None:
    if not files:
        return
    kinds = (State.CHANGED, State.REVIEW, State.SAME, State.ALREADY, State.UNACCOUNTED)
    rows = (
        (
            visible(file.path or "<text>"),
            Text("failed", "red") if file.failure else [file.states[kind] for kind in kinds],
        )
        for file in files
    )
    figures.show(console, "File", ("changed", "review", "same", "Keras 2", "unknown"), rows)


def _section(console: Console, title: str, style: str, entries: Iterable[tuple[str, str, str, str | None]]) -> None:
    started = False
    for where, label, told, todo in entries:
        if not started:
            _line(console, title, f"bold {style}")
            started = True
        console.print(Text.assemble((visible(where), "bold"), (f"  {label}" if label else "", style)), soft_wrap=True)
        _paragraph(console, told)
        if todo:
            _paragraph(console, f"→ {todo}", "italic")
    if started:
        console.print()


def _paragraph(console: Console, text: str, style: str = "") -> None:
    for part in text.splitlines():
        for line in wrap(visible(part), max(20, console.width - 5)):
            _line(console, f"    {line}", style)


def _reviews(report: Report) -> Iterable[tuple[str, str, str, str | None]]:
    for file in report.reviewed:
        alike: dict[tuple[str, str, str | None], list[Position]] = {}
        for review in file.reviews:
            alike.setdefault((review.rule, review.reason, words.advice(review)), []).append(review.position)
        for (rule, reason, advice), (first, *others) in alike.items():
            yield words.place(file, first), f"{rule}{words.also(first, others)}", reason, advice


def _notes(report: Report) -> Iterable[tuple[str, str, str, str | None]]:
    for text, (rules, paths) in words.notes(report).items():
        yield (paths[0] if len(paths) == 1 else words.count(len(paths), "file")), " ".join(rules), text, None


def _gaps(report: Report) -> Iterable[tuple[str, str, str, str | None]]:
    for file in report.files:
        for use in words.gaps(file):
            yield words.place(file, use.position), use.kind, use.name, None


def _idle(report: Report) -> Iterable[tuple[str, str, str, str | None]]:
    for file in report.files:
        for comment in file.unused_ignores:
            yield words.place(file, comment.position), "", words.idle(comment), None


def _failures(report: Report) -> Iterable[tuple[str, str, str, str | None]]:
    for file in report.failed:
        if file.failure:
            yield words.place(file, file.failure.position), "", file.failure.reason, file.failure.hint


def _line(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style), soft_wrap=True)
