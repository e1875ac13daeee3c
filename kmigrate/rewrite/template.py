"""How a template becomes text: holes filled with the user's own arguments, whole segments dropped when not given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from kmigrate.edits import Confidence, Edit, Piece, Span, replace
from kmigrate.match.arguments import Bound
from kmigrate.rewrite.layout import Layout
from kmigrate.rewrite.plan import Refusal

_HOLE = re.compile(r"\$(\w+(?:\.rest\b)?)")
_OPTIONAL = re.compile(r",\s*(?:\w+=)?\$(\w+)")
_NO_HOLES: Mapping[str, tuple[Piece, ...]] = MappingProxyType({})


def fill(
    template: str, bound: Bound, shape: Layout | None, whole: Span, defaults: Mapping[str, str | None],
    imported: Mapping[str, str], owner: Span | None = None, holes: Mapping[str, tuple[Piece, ...]] = _NO_HOLES,
) -> list[Piece] | Refusal:  # fmt: skip
    """The pieces of a template.

    `$name` is the argument for the Keras 1 parameter `name`; a segment `, key=$name` goes when the call does not give it;
    elsewhere the Keras 1 default is written. `$all` is the whole original text, `$object` (the span `owner`) what stands
    before the dot. `imported` maps the names that the template uses to how they are spelled in this file, `holes` gives
    further holes their text; `$name.rest` is a tuple without its first item.
    """

    def optional(match: re.Match[str]) -> str:
        name = match.group(1)
        return match.group(0) if name in ("all", "object", *holes) or bound.get(name) is not None else ""

    text = _OPTIONAL.sub(optional, template.strip())
    for name, spelled in imported.items():
        if name != spelled:
            text = re.sub(rf"(?<![\w.$]){re.escape(name)}(?!\w)", spelled, text)
    pieces: list[Piece] = []
    position = 0
    for hole in _HOLE.finditer(text):
        pieces.append(text[position : hole.start()])
        position = hole.end()
        name = hole.group(1)
        if name in holes:
            pieces.extend(holes[name])
            continue
        if name == "all":
            pieces.append(whole)
            continue
        if name == "object":
            if owner is None:
                return Refusal("there is no object before the dot.")
            pieces.append(owner)
            continue
        argument = bound.get(name)
        if argument is not None and shape is not None:
            pieces.append(shape.slots[argument.order + bound.leading].value)
            continue
        default = defaults.get(name)
        if default is None:
            return Refusal(f"`{name}` is not given, and the Keras 2 text needs it.")
        pieces.append(default)
    pieces.append(text[position:])
    return [piece for piece in pieces if piece != ""]


def edits_of(
    rule: str, template: str, bound: Bound, shape: Layout | None, whole: Span, defaults: Mapping[str, str | None],
    confidence: Confidence, owner: Span | None, spelled: Mapping[str, str], *,
    holes: Mapping[str, tuple[Piece, ...]] = _NO_HOLES,
) -> list[Edit]:  # fmt: skip
    """The edit that puts a filled template in the place of `whole`; `spelled` maps Keras 2 paths to how they are called.

    Only for templates that `fill` did not refuse.
    """
    names = {path.rpartition(".")[2]: text for path, text in spelled.items()}
    pieces = fill(template, bound, shape, whole, defaults, names, owner, holes)
    assert not isinstance(pieces, Refusal)
    return [replace(whole.start, whole.end, *pieces, rule=rule, confidence=confidence)]
