"""`kmigrate lsp`: what does an editor start?"""

from __future__ import annotations

from kmigrate.cli import options
from kmigrate.errors import InvalidSetting


def lsp(debug: options.Debug = False) -> None:
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
