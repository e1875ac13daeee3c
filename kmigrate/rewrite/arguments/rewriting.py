"""The edits of one argument list."""

from __future__ import annotations

import ast

from kmigrate.edits import Edit, Piece, insert, replace
from kmigrate.match.arguments import Argument
from kmigrate.rewrite.arguments.added import Added, added
from kmigrate.rewrite.arguments.fates import Fate, fates
from kmigrate.rewrite.arguments.moves import Moved, Moves
from kmigrate.rewrite.arguments.site import Rewritten, Site
from kmigrate.rewrite.initializers.refusal import initializer_refusal
from kmigrate.rewrite.layout import Below
from kmigrate.rewrite.literals import convert
from kmigrate.rewrite.plan import Refusal
from kmigrate.ruleset.schema import Argument as Spec
from kmigrate.ruleset.schema import Rewrite
from kmigrate.verify.binding import misfit

_THINGS = (ast.Name, ast.Attribute, ast.Subscript, ast.Call)
"""What can be an array, and needs no parentheses."""

_LOSES_COMMENT = "a comment between the arguments would be lost"


def rewrite_arguments(site: Site, rewrite: Rewrite) -> Rewritten | Refusal:
    """The edits that turn the Keras 1 arguments into Keras 2 ones, or why a person must do it."""
    found = fates(site, rewrite)
    if isinstance(found, Refusal):
        return found
    return _Writer(site, rewrite, found).write()


class _Writer:
    def __init__(self, site: Site, rewrite: Rewrite, found: list[Fate]) -> None:
        self.site = site
        self.rewrite = rewrite
        self.fates = found
        self.out = Rewritten()
        self.positional: list[str] = []
        self.keywords: list[str] = []
        self.first = self._first()
        self.reordered = self.first is not None and site.slot(self.first.argument) > 0
        self.dropped = frozenset(site.slot(fate.argument) for fate in found if fate.name is None)
        self.moved: set[int] = set()
        """The places of arguments whose text has gone with others."""

    def write(self) -> Rewritten | Refusal:
        still_positional = True
        for fate in ([self.first] if self.first else []) + [fate for fate in self.fates if fate is not self.first]:
            if fate.name is None:
                continue
            still_positional = still_positional and (fate is self.first or self._stays_positional(fate))
            (self.positional if still_positional else self.keywords).append(fate.name)
            if fate.group:
                self._fold(fate, still_positional)
            elif (refusal := self._single(fate, still_positional)) is not None:
                return refusal
        if any(self.site.layout.comment_goes_with(index) for index in self.dropped):
            self.out.doubt = _LOSES_COMMENT
        missing = added(self.site, self.rewrite, frozenset(fate.name for fate in self.fates))
        if self.dropped:
            for span in self.site.layout.removals(self.dropped - self.moved):
                self.out.edits.append(replace(span.start, span.end, rule=self.site.rule))
        if missing:
            self._append(missing, len(self.dropped) < len(self.site.layout.slots))
        problem = misfit(
            self.positional, self.keywords, self.site.targets, partial=self.site.partial, by_place=self.rewrite.first
        )
        if problem is not None:
            return Refusal(f"the rewritten call would not fit Keras {problem}.")
        return self.out

    def _first(self) -> Fate | None:
        wanted = self.rewrite.first[0] if self.rewrite.first else None
        if wanted is None or self.site.bound.leading:
            return None
        return next((fate for fate in self.fates if fate.name == wanted and not fate.group), None)

    def _stays_positional(self, fate: Fate) -> bool:
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

    def _single(self, fate: Fate, positional: bool) -> Refusal | None:
        argument = fate.argument
        rule = self.site.rule
        refusal = self._convert(fate.spec, argument) if fate.spec is not None else None
        if refusal is not None:
            return refusal
        if fate is self.first and (argument.keyword is not None or self.site.slot(argument) > 0):
            self._take(self._moves().to_front(self.site.slot(argument)))
        elif argument.keyword is None and not positional:
            slot = self.site.layout.slots[self.site.slot(argument)]
            bare = self.site.is_bare(argument)
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
        item = self._alone(spec, argument)
        if item is not None:
            edits = [item]
        elif spec.converts:
            slot = self.site.layout.slots[self.site.slot(argument)]
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

    def _alone(self, spec: Spec, argument: Argument) -> Edit | None:
        """The item of a list display in the place of the list, where a target wants it by itself and nothing else is lost."""
        value = argument.value
        if spec.alone is None or not isinstance(value, ast.List) or len(value.elts) != 1:
            return None
        module, (item,) = self.site.module, value.elts
        whole, inner = module.span(value), module.span(item)
        around = module.text[whole.start : inner.start] + module.text[inner.end : whole.end]
        wanted = self.site.is_for(spec.alone)
        if not wanted or around.strip("[], \t") or not isinstance(item, _THINGS):
            return None
        return replace(whole.start, whole.end, inner, rule=self.site.rule)

    def _fold(self, fate: Fate, positional: bool) -> None:
        assert fate.spec is not None
        places = {argument.parameter: self.site.slot(argument) for argument in fate.group}
        wanted = [places.get(part, str(fate.spec.missing)) for part in fate.parts]
        opening = "(" if positional else f"{fate.name}=("
        self._take(self._moves().fold(list(places.values()), wanted, opening))

    def _moves(self) -> Moves:
        return Moves(self.site.layout, self.site.rule, self.dropped, self.reordered)

    def _take(self, moved: Moved) -> None:
        """Have the edits of a move; a comment beside an argument that moves is lost, which lowers the confidence."""
        self.out.edits.extend(moved.edits)
        self.moved |= moved.over
        if moved.loses_comment:
            self.out.doubt = _LOSES_COMMENT

    def _append(self, missing: list[Added], anything_left: bool) -> None:
        rule, shape = self.site.rule, self.site.layout
        front = self.rewrite.first[0] if self.rewrite.first and not self.site.bound.leading else None
        for argument in missing:
            self.out.imports.extend(argument.imports)
            if argument.name == front:
                tail = ", " if anything_left or len(missing) > 1 else ""
                self.positional.insert(0, argument.name)
                self.out.edits.append(replace(shape.open + 1, shape.open + 1, *argument.value, tail, rule=rule))
        rest = [argument for argument in missing if argument.name != front]
        self.keywords.extend(argument.name for argument in rest)
        if not rest:
            return
        below = shape.below() if anything_left and len(shape.slots) - 1 not in self.dropped else None
        if below is not None:
            self._append_below(rest, below)
            return
        text = ", ".join(f"{argument.name}={self._shown(argument.value)}" for argument in rest)
        joiner = shape.joiner(text) if anything_left else ", "
        comma_stays = len(shape.slots) - 1 in self.dropped and shape.comment_before_last
        hidden = next((keyword for keyword in self.site.call.keywords if keyword.arg is None), None)
        if hidden is not None:  # Python 2 wants `**options` last
            at = self.site.module.start(hidden)
            for argument in rest:
                self.out.edits.append(replace(at, at, f"{argument.name}=", *argument.value, ", ", rule=rule))
            return
        at = shape.open + 1
        if anything_left:
            last = shape.slots[-1].whole
            at = last.start if comma_stays else last.end
        for index, argument in enumerate(rest):
            before = joiner if index or (anything_left and not comma_stays) else ""
            self.out.edits.append(replace(at, at, f"{before}{argument.name}=", *argument.value, rule=rule))

    def _append_below(self, missing: list[Added], below: Below) -> None:
        """New arguments on lines of their own; the comment stays with the argument that it is about."""
        rule, text, end = self.site.rule, self.site.module.text, self.site.layout.slots[-1].whole.end
        if not below.comma:  # it takes the place of a blank, so that comments below each other stay in line
            self.out.edits.append(replace(end, end + text.startswith("  ", end), ",", rule=rule))
        for number, argument in enumerate(missing, start=1):
            comma = "," if below.comma or number < len(missing) else ""
            before = f"{self.site.module.source.newline}{below.indent}{argument.name}="
            self.out.edits.append(replace(below.at, below.at, before, *argument.value, comma, rule=rule))

    def _shown(self, pieces: tuple[Piece, ...]) -> str:
        text = self.site.module.text
        return "".join(piece if isinstance(piece, str) else text[piece.start : piece.end] for piece in pieces)
