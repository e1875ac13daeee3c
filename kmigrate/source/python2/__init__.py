"""Python 2: a shadow of the same length that Python 3 parses, so that its edits fit the original text."""

from kmigrate.source.python2.legality import refused
from kmigrate.source.python2.lexer import Unshadowable
from kmigrate.source.python2.shadow import shadow

__all__ = ["Unshadowable", "refused", "shadow"]
