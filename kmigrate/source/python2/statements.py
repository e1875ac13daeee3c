"""Where do the statements of a token list start and end: simple ones, and the headers of blocks, also on one line?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kmigrate.source.python2.lexer import Token

_HEADS = frozenset("if elif else for while try except finally with def class async".split())
_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")


def statements(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of each statement, without the `;`, the line end, or the colon of a block header that ends it."""
    current: list[Token] = []
    depth = lambdas = 0
    for token in tokens:
        ends = False
        if token.kind == "newline":
            ends = True
        elif token.kind == "op":
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
            if depth == 0 and token.text == ";":
                ends = True
            elif depth == 0 and token.text == ":":
                ends = not lambdas and bool(current) and current[0].text in _HEADS
                lambdas = max(0, lambdas - 1)
        elif depth == 0 and token.text == "lambda":
            lambdas += 1
        if not ends:
            current.append(token)
            continue
        if current:
            yield current
        current = []
        lambdas = 0
    if current:
        yield current


def top_level(tokens: Sequence[Token], text: str) -> Token | None:
    """The first operator `text` that stands in no bracket."""
    depth = 0
    for token in tokens:
        if token.kind == "op":
            if depth == 0 and token.text == text:
                return token
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
    return None
