"""The server: messages in, answers out. All that looks at code happens in one thread beside the one that listens."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import BufferedWriter, FileIO
from typing import TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer

import kmigrate
from kmigrate.errors import KmigrateError
from kmigrate.lsp.actions import KINDS, Wanted, actions, edits, is_kind
from kmigrate.lsp.buffer import Buffer, look, path_of
from kmigrate.lsp.diagnostics import diagnostics
from kmigrate.lsp.hover import hover
from kmigrate.lsp.positions import Positions

PAUSE = 0.3
"""Seconds without a keystroke before a text is looked at."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found in one version of a text; no buffer where it is not about Keras."""

    version: int | None
    buffer: Buffer | None


class Server(LanguageServer):
    """What is known of the open texts. Texts come whole: what counts as a line end to Python is then nobody else's business."""

    def __init__(self) -> None:
        super().__init__("kmigrate", kmigrate.__version__, types.TextDocumentSyncKind.Full)
        self._seen: dict[str, Seen] = {}
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="kmigrate")
        self._complaint: str | None = None

    async def tell(self, uri: str) -> None:
        """Show what is in a text."""
        seen = await self.seen(uri)
        if seen is None:
            return
        buffer = seen.buffer
        found = await self.work(lambda: diagnostics(buffer, self.positions(buffer))) if buffer is not None else []
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, seen.version))

    async def seen(self, uri: str) -> Seen | None:
        """What is in a text as it is now; None where it is closed, or changes again before that is known."""
        document = self.workspace.text_documents.get(uri)
        if document is None:
            return None
        known = self._seen.get(uri)
        if known is not None and known.version == document.version:
            return known
        version, text, path = document.version, document.source, path_of(uri)
        beside = [
            (place, other.source) for other in self.workspace.text_documents.values()
            if other.uri != uri and (place := path_of(other.uri)) is not None
        ]  # fmt: skip
        try:
            buffer = await self.work(lambda: look(text, path, beside))
        except KmigrateError as error:
            self._complain(str(error))
            buffer = None
        document = self.workspace.text_documents.get(uri)
        if document is None or document.version != version:
            return None
        self._seen[uri] = Seen(version, buffer)
        return self._seen[uri]

    def forget(self, uri: str) -> None:
        """Look at a text anew, when it is asked for."""
        self._seen.pop(uri, None)

    def positions(self, buffer: Buffer) -> Positions:
        """The way between offsets in a buffer and the editor's places."""
        return Positions(buffer.source, self.workspace.position_codec)

    async def work(self, work: Callable[[], T]) -> T:
        """Do it in the thread that looks at code."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    def _complain(self, complaint: str) -> None:
        """Say once what is wrong with the settings of a project."""
        if complaint != self._complaint:
            self._complaint = complaint
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"kmigrate: {complaint}"))


def serve() -> None:
    """Answer on standard input and output until the editor leaves; whatever else is printed goes to standard error."""
    descriptor = os.dup(sys.stdout.fileno())
    with BufferedWriter(FileIO(descriptor, "w")) as messages, redirect_stdout(sys.stderr):  # the server closes them
        SERVER.start_io(stdout=messages)


SERVER = Server()


@SERVER.feature(types.TEXT_DOCUMENT_DID_OPEN)
async def opened(server: Server, params: types.DidOpenTextDocumentParams) -> None:
    """A text is shown."""
    await server.tell(params.text_document.uri)


@SERVER.feature(types.TEXT_DOCUMENT_DID_CHANGE)
async def changed(server: Server, params: types.DidChangeTextDocumentParams) -> None:
    """Somebody types."""
    uri, version = params.text_document.uri, params.text_document.version
    await asyncio.sleep(PAUSE)
    document = server.workspace.text_documents.get(uri)
    if document is not None and document.version == version:
        await server.tell(uri)


@SERVER.feature(types.TEXT_DOCUMENT_DID_SAVE)
async def saved(server: Server, params: types.DidSaveTextDocumentParams) -> None:
    """What other open files import may be another thing now; so may the settings."""
    for uri in list(server.workspace.text_documents):
        server.forget(uri)
        await server.tell(uri)


@SERVER.feature(types.TEXT_DOCUMENT_DID_CLOSE)
def closed(server: Server, params: types.DidCloseTextDocumentParams) -> None:
    """A text is shown no more."""
    server.forget(params.text_document.uri)
    server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(params.text_document.uri, []))


@SERVER.feature(types.TEXT_DOCUMENT_HOVER)
async def hovered(server: Server, params: types.HoverParams) -> types.Hover | None:
    """What is told of the use at a place."""
    seen = await server.seen(params.text_document.uri)
    if seen is None or (buffer := seen.buffer) is None:
        return None
    return await server.work(lambda: hover(buffer, server.positions(buffer), params.position))


@SERVER.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(list(KINDS), resolve_provider=True))
async def asked(server: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    """What can be done at a place; an editor that does not ask for it later gets the changes at once."""
    uri = params.text_document.uri
    seen = await server.seen(uri)
    if seen is None or (buffer := seen.buffer) is None:
        return []
    context = params.context
    found = [
        action for action in actions(buffer, server.positions(buffer), uri, seen.version, params.range, context.diagnostics)
        if is_kind(action, context.only)
    ]  # fmt: skip
    if not _resolves(server.client_capabilities):
        for action in found:
            action.edit = await _worked_out(server, Wanted.of(action.data))
        found = [action for action in found if action.edit is not None]
    return found


@SERVER.feature(types.CODE_ACTION_RESOLVE)
async def chosen(server: Server, action: types.CodeAction) -> types.CodeAction:
    """What an action changes."""
    try:
        wanted = Wanted.of(action.data)
    except TypeError as error:
        raise JsonRpcInvalidParams("the action is none of kmigrate's") from error
    action.edit = await _worked_out(server, wanted)
    if action.edit is None:
        what = "kmigrate: the change does not hold by itself, or the text has changed; migrate the file, or ask again"
        raise JsonRpcException(what, code=types.LSPErrorCodes.RequestFailed.value)
    return action


async def _worked_out(server: Server, wanted: Wanted) -> types.WorkspaceEdit | None:
    seen = await server.seen(wanted.uri)
    if seen is None or (buffer := seen.buffer) is None or seen.version != wanted.version:
        return None
    made = await server.work(lambda: edits(buffer, server.positions(buffer), wanted))
    if made is None:
        return None
    if not _knows_versions(server.client_capabilities):
        return types.WorkspaceEdit(changes={wanted.uri: made})
    document = types.OptionalVersionedTextDocumentIdentifier(wanted.uri, wanted.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, list(made))])


def _resolves(client: types.ClientCapabilities) -> bool:
    document = client.text_document
    support = document.code_action.resolve_support if document is not None and document.code_action is not None else None
    return support is not None and "edit" in support.properties


def _knows_versions(client: types.ClientCapabilities) -> bool:
    workspace = client.workspace
    return bool(workspace is not None and workspace.workspace_edit is not None and workspace.workspace_edit.document_changes)
