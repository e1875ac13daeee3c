"""How the arguments of a call move: the argument table of a rule applied to the text of one call."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from kmigrate.edits import Edit, Piece, Span, insert, replace
from kmigrate.keras.signatures import Signature
from kmigrate.match.arguments import Argument, Bound
from kmigrate.match.conditions import Conditions, same
from kmigrate.rewrite.decision import Told
from kmigrate.rewrite.initializers.refusal import initializer_refusal
from kmigrate.rewrite.layout import Layout, layout
from kmigrate.rewrite.literals import convert, lookup, text_of
from kmigrate.rewrite.plan import Refusal, literal_of, names
from kmigrate.ruleset.schema import Argument as Spec
from kmigrate.ruleset.schema import Expression, Rewrite
from kmigrate.source.module import Module
from kmigrate.verify.binding import misfit


@dataclass(slots=True)
class Rewritten:
    """The edits of one argument list, the Keras 2 names they use, why they are only probably right, if so, and what to tell."""

    edits: list[Edit] = field(default_factory=list)
    imports: list[str] = field(default_factory=list)
    doubt: str | None = None
    notes: list[str | Told] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Site:
    """The call under rewrite and all that is known of it."""

    rule: str
    module: Module
    call: ast.Call
    bound: Bound
    keras1: Signature
    targets: tuple[tuple[str, Signature], ...]
    conditions: Conditions
    partial: bool = False


@dataclass(slots=True)
class _Fate:
    """What becomes of one argument: `name` is its Keras 2 parameter; `group` the arguments that fold into it."""

    argument: Argument
    name: str | None
    spec: Spec | None = None
    group: tuple[Argument, ...] = ()


def rewrite_arguments(site: Site, rewrite: Rewrite) -> Rewritten | Refusal:
    """The edits that turn the Keras 1 arguments into Keras 2 ones, or why a person must do it."""
    fates = _fates(site, rewrite)
    if isinstance(fates, Refusal):
        return fates
    return _Writer(site, rewrite).write(fates)


def _fates(site: Site, rewrite: Rewrite) -> list[_Fate] | Refusal:
    specs = rewrite.by_parameter
    fates: list[_Fate] = []
    done: set[str] = set()
    for argument in site.bound.arguments:
        name = argument.parameter
        if name in done:
            continue
        if name in specs:
            group, spec = specs[name]
            if spec.tuple is not None:
                members = [site.bound.get(part) for part in group]
                missing = [part for part, member in zip(group, members, strict=True) if member is None]
                if missing and spec.missing is None:
                    return Refusal(f"`{'`, `'.join(missing)}` must be given together with `{name}` to fold into one.")
                done.update(group)
                fates.append(_Fate(argument, spec.tuple, spec, tuple(m for m in members if m is not None)))
            else:
                fates.append(_Fate(argument, spec.rename, spec))
        elif name in rewrite.drop:
            refusal = _droppable(site, rewrite, argument)
            if refusal is not None:
                return refusal
            fates.append(_Fate(argument, None))
        elif site.keras1.parameter(name) is None and site.keras1.keywords is None:
            return Refusal(f"`{name}` is no parameter of Keras: Keras 1 hands it on to the backend, Keras 2 refuses it.")
        else:
            fates.append(_Fate(argument, name))
    return fates


def _droppable(site: Site, rewrite: Rewrite, argument: Argument) -> Refusal | None:
    allowed = rewrite.drop[argument.parameter]
    if allowed == "any":
        return None
    parameter = site.keras1.parameter(argument.parameter)
    default = parameter.default if parameter else None
    value = site.conditions.literal(argument.value)
    for item in allowed if isinstance(allowed, tuple) else (allowed,):
        if item == "default":
            if default is not None and same(value, literal_of(default)):
                return None
        elif same(value, item):
            return None
    shown = site.module.segment(argument.value)
    return Refusal(f"`{argument.parameter}={shown}` has no counterpart in Keras 2.")


class _Writer:
    def __init__(self, site: Site, rewrite: Rewrite) -> None:
        self.site = site
        self.rewrite = rewrite
        self.out = Rewritten()
        self.positional: list[str] = []
        self.keywords: list[str] = []
        self.reordered = False
        self.dropped: frozenset[int] = frozenset()
        self.moved_over: frozenset[int] = frozenset()
        self.folded_over: frozenset[int] = frozenset()

    @cached_property
    def shape(self) -> Layout:
        """The layout of the call; many calls need none."""
        return layout(self.site.module, self.site.call)

    def write(self, fates: list[_Fate]) -> Rewritten | Refusal:
        first = self._first(fates)
        self.reordered = first is not None and self._slot(first.argument) > 0
        self.dropped = frozenset(self._slot(fate.argument) for fate in fates if fate.name is None)
        removed: set[int] = set()
        still_positional = True
        ordered = ([first] if first else []) + [fate for fate in fates if fate is not first]
        for fate in ordered:
            if fate.name is None:
                removed.add(self._slot(fate.argument))
                continue
            stays = still_positional and (fate is first or self._stays_positional(fate))
            still_positional = stays
            (self.positional if stays else self.keywords).append(fate.name)
            refusal = self._fold(fate, stays) if fate.group else self._single(fate, stays, fate is first)
            if refusal is not None:
                return refusal
        if any(self.shape.comment_goes_with(index) for index in removed):
            self.out.doubt = "a comment between the arguments would be lost"
        written = self._written_anyway(fates)
        if removed:
            for span in self.shape.removals(frozenset(removed) - self.moved_over - self.folded_over):
                self.out.edits.append(replace(span.start, span.end, rule=self.site.rule))
        if written:
            self._append(written, bool(fates) and len(removed) < len(self.shape.slots))
        problem = misfit(
            self.positional, self.keywords, self.site.targets, partial=self.site.partial, by_place=self.rewrite.first
        )
        if problem is not None:
            return Refusal(f"the rewritten call would not fit Keras {problem}.")
        return self.out

    def _slot(self, argument: Argument) -> int:
        return argument.order + self.site.bound.leading

    def _first(self, fates: list[_Fate]) -> _Fate | None:
        wanted = self.rewrite.first[0] if self.rewrite.first else None
        if wanted is None or self.site.bound.leading:
            return None
        return next((fate for fate in fates if fate.name == wanted and not fate.group), None)

    def _stays_positional(self, fate: _Fate) -> bool:
        if fate.argument.keyword is not None or fate.name in self.rewrite.keywords:
            return False
        first = fate.argument.order if not fate.group else fate.group[0].order
        for order, argument in enumerate(fate.group, start=first):
            if argument.keyword is not None or argument.order != order:
                return False
        index = len(self.positional)
        assert fate.name is not None
        for _, signature in self.site.targets:
            limit = signature.positional_limit
            if signature.position(fate.name) != index or (limit is not None and index >= limit):
                return False
        return True

    def _single(self, fate: _Fate, positional: bool, first: bool) -> Refusal | None:
        argument = fate.argument
        rule = self.site.rule
        refusal = self._convert(fate.spec, argument) if fate.spec is not None else None
        if refusal is not None:
            return refusal
        if first and (argument.keyword is not None or self._slot(argument) > 0):
            self._to_front(argument)
        elif argument.keyword is None and not positional:
            slot = self.shape.slots[self._slot(argument)]
            bare = isinstance(argument.value, ast.NamedExpr) and self.site.module.text[slot.value.start] != "("
            self.out.edits.append(
                insert(slot.value.start, f"{fate.name}={'(' if bare else ''}", rule=rule, inner=self.reordered)
            )
            if bare:
                self.out.edits.append(insert(slot.value.end, ")", rule=rule, inner=self.reordered))
        elif argument.keyword is not None and argument.keyword.arg != fate.name:
            start = self.site.module.start(argument.keyword)
            assert argument.keyword.arg is not None and fate.name is not None
            self.out.edits.append(replace(start, start + len(argument.keyword.arg), fate.name, rule=rule))
        return None

    def _convert(self, spec: Spec, argument: Argument) -> Refusal | None:
        """Write the new value of an argument, if it changes."""
        imports: list[str] = []
        edits: list[Edit] = []
        if spec.converts:
            slot = self.shape.slots[self._slot(argument)]
            converted = convert(spec, argument.value, slot.value, self.site.module, self.site.conditions)
            if isinstance(converted, Refusal):
                return Refusal(f"`{argument.parameter}`: {converted.reason}")
            if converted.unsafe:
                self.out.doubt = f"the value of `{argument.parameter}` is not known"
            imports = converted.imports
            edits = [replace(span.start, span.end, *pieces, rule=self.site.rule) for span, pieces in converted.edits]
        if spec.rename is not None and (spec.rename.endswith("_initializer") or spec.rename == "initializer"):
            refusal = initializer_refusal(argument.value, self.site.conditions)
            if refusal is not None:
                return refusal
        self.out.imports.extend(imports)
        self.out.edits.extend(edits)
        return None

    def _to_front(self, argument: Argument) -> None:
        index = self._slot(argument)
        slot = self.shape.slots[index]
        rule = self.site.rule
        if index == 0:
            self.out.edits.append(replace(slot.whole.start, slot.value.start, rule=rule))
            return
        start = self.shape.slots[0].whole.start
        kept = [i for i in range(index) if i not in self.dropped]
        pieces: list[Piece] = [slot.value]
        if len(kept) == index:
            pieces.extend((", ", Span(start, self.shape.slots[index - 1].whole.end)))
            self._mind_comments([index - 1, index])
        else:
            for i in kept:
                pieces.extend((", ", self.shape.slots[i].whole))
            self._mind_comments([0, index])
        self.moved_over = frozenset(range(index))
        self.out.edits.append(replace(start, slot.whole.end, *pieces, rule=rule))

    def _fold(self, fate: _Fate, positional: bool) -> Refusal | None:
        rule = self.site.rule
        spec = fate.spec
        assert spec is not None
        by_name = {argument.parameter: argument for argument in fate.group}
        wanted = [by_name.get(part) for part in self._parts(fate)]
        slots = [self.shape.slots[self._slot(argument)] for argument in fate.group]
        orders = [self._slot(argument) for argument in fate.group]
        adjacent = orders == list(range(orders[0], orders[0] + len(orders)))
        single = "," if len(wanted) == 1 else ""
        opening = "(" if positional else f"{fate.name}=("
        between = self.site.module.text[slots[0].whole.end : slots[-1].whole.start]
        if adjacent and None not in wanted and ("\n" not in between or "#" in between):
            for index, slot in enumerate(slots):
                lead = opening if index == 0 else ""
                if slot.whole.start != slot.value.start or lead:
                    self.out.edits.append(replace(slot.whole.start, slot.value.start, lead, rule=rule))
            self.out.edits.append(insert(slots[-1].whole.end, f"{single})", rule=rule, inner=self.reordered))
            return None
        self._mind_comments(sorted(orders))
        pieces: list[Piece] = [opening]
        for position, argument in enumerate(wanted):
            pieces.append(", " if position else "")
            pieces.append(self.shape.slots[self._slot(argument)].value if argument is not None else str(spec.missing))
        pieces.append(f"{single})")
        involved = sorted(orders)
        for here, following in pairwise(involved):
            for index in range(here + 1, following):
                if index not in self.dropped:
                    pieces.append(Span(self.shape.slots[index - 1].whole.end, self.shape.slots[index].whole.end))
        self.folded_over |= self.dropped & set(range(involved[0], involved[-1]))
        start, end = self.shape.slots[involved[0]].whole.start, self.shape.slots[involved[-1]].whole.end
        self.out.edits.append(replace(start, end, *pieces, rule=rule))
        return None

    def _mind_comments(self, involved: list[int]) -> None:
        """A comment beside an argument that moves is lost: that lowers the confidence."""
        source = self.site.module.text
        slots = self.shape.slots
        gaps = [source[slots[i].whole.end : slots[i + 1].whole.start] for i in range(involved[0], involved[-1])]
        if any("#" in gap for gap in gaps):
            self.out.doubt = "a comment between the arguments would be lost"

    def _parts(self, fate: _Fate) -> tuple[str, ...]:
        return next(names(key) for key in self.rewrite.arguments if fate.argument.parameter in names(key))

    def _written_anyway(self, fates: list[_Fate]) -> list[tuple[str, tuple[Piece, ...]]]:
        """Arguments that the call leaves out and Keras 2 must be told: (parameter, text)."""
        written: list[tuple[str, tuple[Piece, ...]]] = []
        given = {fate.name for fate in fates}
        for name in self.rewrite.require:
            parameter = self.site.keras1.parameter(name)
            spec = self.rewrite.arguments.get(name)
            target = spec.rename if spec is not None and spec.rename else name
            if name in self.site.bound.names or target in given or parameter is None or parameter.default is None:
                continue
            written.append((target, (self._default(spec, parameter.default),)))
        for target, text in self.rewrite.add.items():
            if target in given:
                continue
            filled = self._filled(text)
            if filled is not None:
                written.append((target, filled))
                words = "".join(piece for piece in filled if isinstance(piece, str))
                self.out.imports.extend(path for path in self.rewrite.imports if path.rpartition(".")[2] in words)
        return written

    def _default(self, spec: Spec | None, default: str) -> str:
        if spec is None or spec.values is None:
            return default
        listed, new = lookup(spec.values, literal_of(default))
        if not listed:
            return default
        if isinstance(new, Expression):
            self.out.imports.extend(new.imports)
            return new.expression
        return text_of(new, default)

    def _filled(self, text: str) -> tuple[Piece, ...] | None:
        """`add` text with its `$parameter` holes filled by the migrated arguments; None when one is not given."""
        pieces: list[Piece] = []
        position = 0
        for hole in re.finditer(r"\$(\w+)", text):
            argument = self.site.bound.get(hole.group(1))
            if argument is None:
                return None
            pieces.append(text[position : hole.start()])
            pieces.append(self.shape.slots[self._slot(argument)].value)
            position = hole.end()
        pieces.append(text[position:])
        return tuple(piece for piece in pieces if piece != "")

    def _append(self, written: list[tuple[str, tuple[Piece, ...]]], anything_left: bool) -> None:
        rule = self.site.rule
        front = self.rewrite.first[0] if self.rewrite.first and not self.site.bound.leading else None
        for name, pieces in written:
            if name == front:
                tail = ", " if anything_left or len(written) > 1 else ""
                self.positional.insert(0, name)
                at = self.shape.open + 1
                self.out.edits.append(replace(at, at, *pieces, tail, rule=rule))
        rest = [(name, pieces) for name, pieces in written if name != front]
        self.keywords.extend(name for name, _ in rest)
        if not rest:
            return
        text = ", ".join(f"{name}={self._shown(pieces)}" for name, pieces in rest)
        joiner = self.shape.joiner(text) if anything_left else ", "
        comma_stays = len(self.shape.slots) - 1 in self.dropped and self.shape.comment_before_last
        at = self.shape.open + 1
        if anything_left:
            last = self.shape.slots[-1].whole
            at = last.start if comma_stays else last.end
        for index, (name, pieces) in enumerate(rest):
            before = joiner if index or (anything_left and not comma_stays) else ""
            self.out.edits.append(replace(at, at, f"{before}{name}=", *pieces, rule=rule))

    def _shown(self, pieces: tuple[Piece, ...]) -> str:
        text = self.site.module.text
        return "".join(piece if isinstance(piece, str) else text[piece.start : piece.end] for piece in pieces)
