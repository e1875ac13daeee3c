"""`kmigrate lsp`: what does an editor start?"""

from __future__ import annotations

from typing import Annotated

import typer

from kmigrate.cli import options
from kmigrate.errors import InvalidSetting

Stdio = Annotated[bool, typer.Option("--stdio", hidden=True, help="What some editors say to every server; it has no other way.")]


def lsp(stdio: Stdio = False, debug: options.Debug = False) -> None:
    """Serve an editor over standard input and output, by the Language Server Protocol.

    It shows what is Keras 1 in the file that you type, and migrates a use, all uses of a rule, or the file.
    """
    try:
        from kmigrate.lsp.server import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise InvalidSetting("the language server needs pygls", hint="pip install 'kmigrate[lsp]'") from error
    serve()
