"""A real client of the language server: it starts `kmigrate lsp`, shows it texts, and makes the edits that it is given."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient

PATIENCE = 60.0
LINE_END = re.compile(r"\r\n|\r|\n")

RESOLVES = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(
        code_action=types.CodeActionClientCapabilities(
            data_support=True, resolve_support=types.ClientCodeActionResolveOptions(["edit"])
        )
    ),
    workspace=types.WorkspaceClientCapabilities(workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True)),
)
"""What an editor of today can do."""


class Editor:
    """What a person has open, and what the server told about it."""

    def __init__(self, client: LanguageClient) -> None:
        self.client = client
        self.told: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.messages: list[str] = []
        self.texts: dict[str, tuple[int, str]] = {}

    async def show(self, uri: str, text: str) -> list[types.Diagnostic]:
        """Open a text."""
        self.texts[uri] = (1, text)
        item = types.TextDocumentItem(uri, "python", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return await self.diagnostics(uri)

    async def type(self, uri: str, text: str) -> list[types.Diagnostic]:
        """Change a text."""
        version = self.texts[uri][0] + 1
        self.texts[uri] = (version, text)
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version, uri), [types.TextDocumentContentChangeWholeDocument(text)]
            )
        )
        return await self.diagnostics(uri)

    async def diagnostics(self, uri: str) -> list[types.Diagnostic]:
        """What is told next of a text."""
        while True:
            told = await asyncio.wait_for(self.told.get(), PATIENCE)
            if told.uri == uri:
                return list(told.diagnostics)

    async def actions(self, uri: str, place: types.Range, told: Sequence[types.Diagnostic] = ()) -> list[types.CodeAction]:
        """What can be done at a place."""
        context = types.CodeActionContext(list(told))
        found = await self.client.text_document_code_action_async(
            types.CodeActionParams(types.TextDocumentIdentifier(uri), place, context)
        )
        return [action for action in found or () if isinstance(action, types.CodeAction)]

    async def chosen(self, action: types.CodeAction) -> types.CodeAction:
        """An action with what it changes."""
        return await self.client.code_action_resolve_async(action)

    async def done(self, uri: str, action: types.CodeAction) -> str:
        """The text once an action is chosen; the server is told of it."""
        edit = (await self.chosen(action)).edit
        assert edit is not None and edit.document_changes is not None
        (change,) = edit.document_changes
        assert isinstance(change, types.TextDocumentEdit)
        assert (change.text_document.uri, change.text_document.version) == (uri, self.texts[uri][0])
        return edited(self.texts[uri][1], change.edits)

    async def over(self, uri: str, place: types.Position) -> str | None:
        """What is read over a place."""
        found = await self.client.text_document_hover_async(types.HoverParams(types.TextDocumentIdentifier(uri), place))
        if found is None:
            return None
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value


@asynccontextmanager
async def editor(can: types.ClientCapabilities = RESOLVES, folder: Path | None = None) -> AsyncIterator[Editor]:
    """An editor with its server, which ends with it."""
    client = LanguageClient("editor", "1")
    opened = Editor(client)

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def _told(params: types.PublishDiagnosticsParams) -> None:
        opened.told.put_nowait(params)

    @client.feature(types.WINDOW_SHOW_MESSAGE)
    def _message(params: types.ShowMessageParams) -> None:
        opened.messages.append(params.message)

    await client.start_io(sys.executable, "-m", "kmigrate", "lsp")
    try:
        root = folder.as_uri() if folder is not None else None
        await client.initialize_async(types.InitializeParams(capabilities=can, root_uri=root))
        client.initialized(types.InitializedParams())
        yield opened
        await client.shutdown_async(None)
        client.exit(None)
    finally:
        await client.stop()


def edited(text: str, edits: Sequence[Any]) -> str:
    """The text after edits, as an editor makes them: columns count the 16-bit units of a line."""
    for edit in sorted(edits, key=lambda edit: (edit.range.start.line, edit.range.start.character), reverse=True):
        start, end = offset(text, edit.range.start), offset(text, edit.range.end)
        text = text[:start] + edit.new_text + text[end:]
    return text


def offset(text: str, place: types.Position) -> int:
    """The index of the character at a place."""
    starts = [0, *(match.end() for match in LINE_END.finditer(text))]
    line = text[starts[place.line] :]
    return starts[place.line] + len(line.encode("utf-16-le")[: 2 * place.character].decode("utf-16-le"))


def under(text: str, place: types.Range) -> str:
    """What stands at a place."""
    return text[offset(text, place.start) : offset(text, place.end)]
