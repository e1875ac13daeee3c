"""The same in python-lsp-server, for editors that run no second server: its plugin, which it finds by the entry point `pylsp`."""

from __future__ import annotations

from typing import Any

from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.workspace import PositionCodec
from pylsp import hookimpl

from kmigrate.errors import KmigrateError
from kmigrate.lsp.actions import Wanted, actions, edits, is_kind
from kmigrate.lsp.buffer import Buffer, look, path_of
from kmigrate.lsp.diagnostics import SOURCE, diagnostics
from kmigrate.lsp.hover import hover
from kmigrate.lsp.positions import Positions

_CONVERTER = get_converter()


class Plugin:
    """What is known of the open documents: by their addresses, the text that was looked at and what is in it."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[str, Buffer | None]] = {}

    @hookimpl
    def pylsp_lint(self, workspace: Any, document: Any) -> list[dict[str, Any]]:
        """What is shown of a document, looked at anew."""
        self._seen.pop(document.uri, None)
        try:
            buffer = self._buffer(workspace, document)
        except KmigrateError as error:
            start = types.Position(0, 0)
            found = [types.Diagnostic(types.Range(start, start), str(error), types.DiagnosticSeverity.Error, source=SOURCE)]
            return [_CONVERTER.unstructure(item) for item in found]
        found = diagnostics(buffer, _positions(buffer)) if buffer is not None else []
        return [_CONVERTER.unstructure(item) for item in found]

    @hookimpl
    def pylsp_code_actions(self, workspace: Any, document: Any, range: Any, context: Any) -> list[dict[str, Any]]:
        """What can be done at a place, with all changes: this server has no other moment for them."""
        buffer = self._known(workspace, document)
        if buffer is None:
            return []
        positions, uri = _positions(buffer), document.uri
        asked = _CONVERTER.structure(context, types.CodeActionContext)
        place = _CONVERTER.structure(range, types.Range)
        found = []
        for action in actions(buffer, positions, uri, document.version, place, asked.diagnostics):
            made = edits(buffer, positions, Wanted.of(action.data)) if is_kind(action, asked.only) else None
            if made is not None:
                action.edit = types.WorkspaceEdit(changes={uri: made})
                found.append(_CONVERTER.unstructure(action))
        return found

    @hookimpl(tryfirst=True)  # where it has something to say, it is what matters
    def pylsp_hover(self, workspace: Any, document: Any, position: Any) -> dict[str, Any] | None:
        """What is told of the use at a place; None lets others speak."""
        buffer = self._known(workspace, document)
        found = hover(buffer, _positions(buffer), _CONVERTER.structure(position, types.Position)) if buffer is not None else None
        return _CONVERTER.unstructure(found) if found is not None else None

    def _known(self, workspace: Any, document: Any) -> Buffer | None:
        """What is in a document; nothing where the settings of its project are wrong, which its diagnostics say."""
        try:
            return self._buffer(workspace, document)
        except KmigrateError:
            return None

    def _buffer(self, workspace: Any, document: Any) -> Buffer | None:
        text, buffer = self._seen.get(document.uri, (None, None))
        if text == document.source:
            return buffer
        others = [other for other in list(workspace.documents.values()) if other.uri != document.uri]
        beside = [(path, other.source) for other in others if (path := path_of(other.uri)) is not None]
        buffer = look(document.source, path_of(document.uri), beside)
        self._seen[document.uri] = (document.source, buffer)
        return buffer


def _positions(buffer: Buffer) -> Positions:
    return Positions(buffer.source, PositionCodec())


PLUGIN = Plugin()
