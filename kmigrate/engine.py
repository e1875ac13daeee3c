"""One source through all the stages: parse, resolve, match, rewrite, verify.

`text -> result` without I/O of its own; an engine with a project root reads the modules that a source imports.
"""

from __future__ import annotations

import ast
import gc
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from kmigrate.config import Settings
from kmigrate.edits import Confidence, Edit, Replacement, flatten
from kmigrate.errors import OverlappingEdits, UnknownVersion
from kmigrate.keras import versions
from kmigrate.keras.signatures import KERAS_1, knowledge
from kmigrate.match.collect import Collector, Found
from kmigrate.match.rules import RuleIndex, index
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.roles import Roles
from kmigrate.resolve.scopes import Binding, ModuleScope
from kmigrate.resolve.world import World
from kmigrate.results import Change, Failure, FileResult, Note, Outcome, Position, Review, State, Use
from kmigrate.rewrite.alignment import realigned
from kmigrate.rewrite.decide import decide, judge
from kmigrate.rewrite.decision import Already, Changed, Decision, ForReview, Same, Unaccounted
from kmigrate.rewrite.dialect import Dialect
from kmigrate.rewrite.facts import NO_RULE, Facts
from kmigrate.rewrite.imports import import_edits
from kmigrate.rewrite.modules import Places
from kmigrate.rewrite.names import Names
from kmigrate.ruleset.loader import load_rules
from kmigrate.ruleset.schema import Rule
from kmigrate.ruleset.select import select
from kmigrate.source.module import Module
from kmigrate.source.parsing import parse
from kmigrate.source.text import Source
from kmigrate.verify.names import unbound

_KERAS = re.compile(r"\bkeras\b")


class Engine:
    """Migrates the sources of one project.

    root: the project's top folder, where imports are looked up; None for a lone buffer.
    Raises InvalidRule, UnknownRule or UnknownVersion for settings that make no sense.
    """

    def __init__(self, root: Path | None, settings: Settings) -> None:
        self.root = root
        self.settings = settings
        try:
            self.targets = versions.resolve_targets(settings.to)
        except versions.UnknownVersion as error:
            raise UnknownVersion(str(error)) from error
        self.rules = select(load_rules(settings.rules), settings.select, settings.ignore)
        keras1 = knowledge(KERAS_1)
        self.index: RuleIndex = index(self.rules, keras1)
        self.places = Places(keras1, tuple(knowledge(version) for version in self.targets), self.index)
        self.members = keras1.member_names() | self.index.attribute_names
        self.hints = _hints(self.index)
        self._world: World | None = None
        self._evaluator: Evaluator | None = None

    def migrate(self, source: Source) -> FileResult:
        """The result for one source. Never raises for bad sources: they end as FAILED, with the reason."""
        with _collector_off():
            return self._migrate(source)

    def _migrate(self, source: Source) -> FileResult:
        if not source.text.strip():
            return FileResult(source.path, Outcome.NOT_KERAS, source.text, source.text, source)
        try:
            world, evaluator = self._opened()
            scopes = world.open(source)
            run = _Run(self, Module(source, scopes.tree), scopes, evaluator)
            return run.result()
        except SyntaxError as error:
            return _failed(source, f"syntax error: {error.msg}", error.lineno)
        except (RecursionError, MemoryError):
            return _failed(source, "the code is nested too deeply to be analysed", None)
        except OverlappingEdits as error:
            return _failed(source, str(error), None)
        except ValueError as error:
            return _failed(source, str(error), None)

    def _opened(self) -> tuple[World, Evaluator]:
        if self._world is None or self._evaluator is None or self.root is None:
            self._world = World(self.root, self.targets)
            self._evaluator = Evaluator(self._world)
        return self._world, self._evaluator


@dataclass(slots=True)
class _Applied:
    found: Found
    decision: Changed


class _Run:
    """One source on its way through the stages."""

    def __init__(
        self, engine: Engine, module: Module, scopes: ModuleScope, evaluator: Evaluator,
        lines: frozenset[int] | None = None,
    ) -> None:  # fmt: skip
        self.lines = lines
        self.engine = engine
        self.module = module
        self.scopes = scopes
        self.evaluator = evaluator

    def result(self) -> FileResult:
        """The verified result."""
        source = self.module.source
        result = self.once()
        if result.outcome is not Outcome.CHANGED:
            return result
        problem = self.verify(result)
        if problem is not None:
            return FileResult(
                source.path, Outcome.FAILED, source.text, source.text, source,
                failure=Failure(f"the result would not be right, so nothing was changed: {problem}",
                                hint="please report this file"),
            )  # fmt: skip
        return result

    def once(self) -> FileResult:
        """The result of one pass, not verified."""
        source = self.module.source
        decisions, replacements = self.decided()
        if not decisions:
            outcome = Outcome.CLEAN if _KERAS.search(source.text) else Outcome.NOT_KERAS
            return FileResult(source.path, outcome, source.text, source.text, source)
        after = _applied(source.text, replacements)
        spans = [(item.start, item.end) for item in replacements]
        uses = [self.use(found, decision, spans) for found, decision in decisions]
        changes = [self.change(found, decision) for found, decision in decisions if isinstance(decision, Changed)]
        reviews = [self.review(found, decision) for found, decision in decisions
                   if isinstance(decision, ForReview | Unaccounted)]  # fmt: skip
        outcome = Outcome.CHANGED if after != source.text else Outcome.CLEAN
        return FileResult(
            source.path, outcome, source.text, after, source, replacements,
            tuple(changes) if outcome is Outcome.CHANGED else (), tuple(reviews), tuple(self.notes(decisions)), tuple(uses),
        )  # fmt: skip

    def decided(self) -> tuple[list[tuple[Found, Decision]], tuple[Replacement, ...]]:
        """Every use with its decision, and the changes of the text that follow."""
        engine = self.engine
        source = self.module.source
        founds = self.collected()
        if not founds:
            return [], ()
        roles = Roles(self.scopes, self.evaluator)
        facts = Facts(self.module, self.scopes, self.evaluator, engine.places, roles, Dialect())
        judge(facts, founds)
        decisions = [(found, self.gated(found, decide(facts, found))) for found in founds]
        decisions = self.held_back(decisions)
        names = Names(self.module, self.scopes, self.evaluator, engine.places)
        edits: list[Edit] = []
        for found, decision in decisions:
            if isinstance(decision, Changed):
                edits.extend(decision.edits)
                names.announce(found, decision)
        edits.extend(names.finish())
        dropped = _dropped(decisions, names)
        decisions = [(found, _left_over(found, decision, names, dropped)) for found, decision in decisions]
        edits.extend(import_edits(names, dropped))
        touched = [self.scopes.statement(found.node) for found, decision in decisions
                   if isinstance(decision, Changed) or found.kind == "import"]  # fmt: skip
        edits = realigned(self.module, touched, edits)
        return decisions, flatten(source.text, edits)

    def collected(self) -> list[Found]:
        """The uses of Keras in the source."""
        engine = self.engine
        collector = Collector(
            self.scopes, self.evaluator, engine.members, engine.hints, frozenset(engine.index.assigns),
            frozenset(engine.index.methods), self.lines,
        )  # fmt: skip
        return collector.collect()

    def gated(self, found: Found, decision: Decision) -> Decision:
        """Unsafe changes wait for a person unless the settings allow them; nothing is written inside an f-string."""
        if isinstance(decision, Changed) and self.scopes.in_fstring(found.node):
            return ForReview(decision.rule.id, "this stands inside an f-string, where kmigrate does not write.",
                             "Move the expression out of the string, then migrate again.")  # fmt: skip
        if isinstance(decision, Changed) and decision.confidence is Confidence.UNSAFE and not self.engine.settings.unsafe:
            reason = decision.reason or (
                "this is not always the same" if found.certain else "nobody can tell whether the object is Keras's"
            )
            return ForReview(
                decision.rule.id, f"{decision.rule.title}; {reason}.", "Apply it with --unsafe, or by hand.", unsafe=True
            )
        return decision

    def held_back(self, decisions: list[tuple[Found, Decision]]) -> list[tuple[Found, Decision]]:
        """Attributes inside a call that is left to a person stay as they are: half a change could hide the other half
        (`predict_generator(batches, batches.nb_sample)`), and equal gaps are told once."""
        spans = [
            (*self.span(found), decision) for found, decision in decisions
            if isinstance(decision, ForReview) and found.kind == "method" and found.call is not None
        ]  # fmt: skip
        kept: list[tuple[Found, Decision]] = []
        for found, decision in decisions:
            if isinstance(decision, Changed) and found.kind == "attribute":
                start, end = self.span(found)
                for first, last, outer in spans:
                    if first <= start and end <= last:
                        decision = ForReview(
                            outer.rule, f"`{found.name}` is part of a call that is left to you.", outer.recipe, outer.unsafe
                        )
                        break
            kept.append((found, decision))
        return kept

    def verify(self, result: FileResult) -> str | None:
        """Why the result must not be written; None if it is proven."""
        try:
            after = replace(self.module.source, text=result.after)
            after.encode(result.after)
            tree = parse(after)
        except SyntaxError as error:
            return f"line {error.lineno} would not compile: {error.msg}"
        except UnicodeEncodeError as error:
            return f"the new text can't be written as {self.module.source.encoding}: {error.reason}"
        world = World(self.engine.root, self.engine.targets) if self.engine.root is None else self.evaluator.world
        scopes = world.reopen(after, tree)
        missing = unbound(scopes) - unbound(self.scopes)
        if missing:
            return f"the name `{sorted(missing)[0]}` would not be bound"
        lines = _changed_lines(after, result.replacements)
        _, replacements = _Run(self.engine, Module(after, tree), scopes, Evaluator(world), lines).decided()
        again = _applied(result.after, replacements)
        if again != result.after:
            return f"a second run would change it again ({_first_difference(result.after, again)})"
        return None

    # --- records --------------------------------------------------------------------------------------------------

    def use(self, found: Found, decision: Decision, spans: Sequence[tuple[int, int]]) -> Use:
        """The record of one use; an import counts as changed when its text changed."""
        start, end = self.span(found)
        state, rule = _state(decision)
        if found.kind in ("import", "reference") and state is State.SAME and any(
            first <= end and start <= last for first, last in spans
        ):
            state = State.CHANGED
        return Use(found.name, found.kind, start, end, self.position(start), state, rule)

    def change(self, found: Found, decision: Changed) -> Change:
        """The record of one rewritten use."""
        start, end = self.span(found)
        return Change(
            decision.rule.id, decision.rule.title, found.name, self.position(start), start, end, decision.confidence,
            decision.reason,
        )  # fmt: skip

    def review(self, found: Found, decision: ForReview | Unaccounted) -> Review:
        """The record of one use that is left to a person."""
        start, end = self.span(found)
        if isinstance(decision, Unaccounted):
            return Review(NO_RULE, found.name, self.position(start), start, end, f"no rule treats this: {decision.reason}")
        return Review(
            decision.rule, found.name, self.position(start), start, end, decision.reason, decision.recipe, decision.unsafe
        )

    def notes(self, decisions: Sequence[tuple[Found, Decision]]) -> Iterator[Note]:
        """What the rules that fired want a reader to know, once each."""
        told: dict[str, Rule] = {}
        for _, decision in decisions:
            if isinstance(decision, Changed) and decision.rule.note:
                told[decision.rule.id] = decision.rule
        for rule in told.values():
            assert rule.note is not None
            yield Note(rule.id, rule.note)

    def span(self, found: Found) -> tuple[int, int]:
        """Where the use stands: the whole call for calls."""
        node = found.call if found.call is not None else found.node
        assert isinstance(node, ast.expr | ast.stmt | ast.alias)
        if isinstance(node, ast.FunctionDef):
            return self.module.start(node), self.module.start(node) + len(f"def {node.name}")
        return self.module.start(node), self.module.end(node)

    def position(self, offset: int) -> Position:
        """Line and column of an offset."""
        return self.module.source.position(offset)


def _state(decision: Decision) -> tuple[State, str | None]:
    match decision:
        case Changed(rule=rule):
            return State.CHANGED, rule.id
        case Already():
            return State.ALREADY, None
        case Same():
            return State.SAME, None
        case ForReview(rule=rule_id):
            return State.REVIEW, rule_id
        case Unaccounted():
            return State.UNACCOUNTED, None


def _dropped(decisions: Sequence[tuple[Found, Decision]], names: Names) -> dict[Binding, str]:
    """Imports of names that Keras 2 has not and that nothing in the file uses."""
    dropped: dict[Binding, str] = {}
    by_node = {binding.node: binding for binding in names.scopes.imports}
    for found, _ in decisions:
        if found.kind != "import" or found.module or found.new:
            continue
        binding = by_node[found.node]
        unused = not names.loads(binding) and binding.name not in names.scopes.exported
        exists = names.places.name(found.name) is not None or names.places.exists(found.spelled)
        if not exists and unused and found.name not in names.places.rules.gone:
            rules = names.places.rules.calls.get(found.name)
            if rules:
                dropped[binding] = rules[0].id
    return dropped


def _left_over(found: Found, decision: Decision, names: Names, dropped: dict[Binding, str]) -> Decision:
    """An import of a name that Keras 2 has not, and that has to stay, is for a person."""
    if found.kind != "import" or found.module or found.new or isinstance(decision, ForReview | Unaccounted):
        return decision
    if names.places.name(found.name) is not None or names.places.exists(found.spelled):
        return decision
    binding = next(binding for binding in names.scopes.imports if binding.node is found.node)
    if binding in dropped or not names.stays(binding):
        return decision
    rules = names.places.rules.calls.get(found.name)
    return ForReview(
        rules[0].id if rules else NO_RULE, f"`{found.name}` does not exist in Keras 2, and `{binding.name}` is still used.",
        "Migrate the uses that are left, then remove the import.",
    )  # fmt: skip


def _applied(text: str, replacements: Sequence[object]) -> str:
    from kmigrate.edits import Replacement

    out: list[str] = []
    position = 0
    for item in replacements:
        assert isinstance(item, Replacement)
        out.append(text[position : item.start])
        out.append(item.text)
        position = item.end
    out.append(text[position:])
    return "".join(out)


def _hints(rules: RuleIndex) -> dict[str, tuple[str, frozenset[str]]]:
    """Methods that only Keras 1 would be called with such keywords: (documented name, keywords)."""
    hints: dict[str, tuple[str, frozenset[str]]] = {}
    for path, listed in rules.calls.items():
        owner, _, name = path.rpartition(".")
        if not owner.startswith("keras.models.") or not name.islower():
            continue
        keywords: set[str] = set()
        for rule in listed:
            if rule.rewrite is not None:
                keywords.update(
                    key for key, spec in rule.rewrite.arguments.items() if spec.rename not in (None, key) and "," not in key
                )
        if keywords and (name not in hints or owner == "keras.models.Model"):
            hints[name] = (path, frozenset(keywords))
    return hints


def _changed_lines(after: Source, replacements: Sequence[Replacement]) -> frozenset[int]:
    """The lines of the new text that hold something new."""
    lines: set[int] = set()
    shift = 0
    for item in replacements:
        start = item.start + shift
        end = start + len(item.text)
        shift += len(item.text) - (item.end - item.start)
        lines.update(range(after.position(start).line, after.position(end).line + 1))
    return frozenset(lines)


def _failed(source: Source, reason: str, line: int | None) -> FileResult:
    position = Position(line, 1) if line else None
    return FileResult(
        source.path, Outcome.FAILED, source.text, source.text, source, failure=Failure(reason, position)
    )


def _first_difference(first: str, second: str) -> str:
    lines = zip(first.splitlines(), second.splitlines(), strict=False)
    for number, (a, b) in enumerate(lines, start=1):
        if a != b:
            return f"line {number}: {a.strip()!r} -> {b.strip()!r}"
    return "the number of lines differs"


@contextmanager
def _collector_off() -> Iterator[None]:
    """Syntax trees are no garbage while a file is worked on: the cycle collector would only look at them again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
