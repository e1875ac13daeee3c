"""The plugin of python-lsp-server, found and called by the real server."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import pytest
from editor import PATIENCE, edited, under
from lsprotocol import types
from lsprotocol.converters import get_converter
from pylsp_jsonrpc.endpoint import Endpoint
from pylsp_jsonrpc.streams import JsonRpcStreamReader, JsonRpcStreamWriter

import kmigrate

KERAS_1 = "from keras.layers import Dense\n\nname = '\U0001f60b'; layer = Dense(output_dim=3)\n"
_CONVERTER = get_converter()


class Server:
    """A server that runs, and what it told."""

    def __init__(self, folder: Path) -> None:
        self.uri = (folder / "net.py").as_uri()
        self._told: Queue[dict[str, Any]] = Queue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pylsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._endpoint = Endpoint(
            {"textDocument/publishDiagnostics": self._told.put}, JsonRpcStreamWriter(self._process.stdin).write
        )
        self._reader = JsonRpcStreamReader(self._process.stdout)
        self._listener = Thread(target=self._reader.listen, args=(self._endpoint.consume,))
        self._listener.start()
        self.ask("initialize", capabilities={}, rootUri=folder.as_uri(), processId=None)

    def ask(self, method: str, **params: Any) -> Any:
        return self._endpoint.request(method, params).result(timeout=PATIENCE)

    def show(self, text: str) -> list[types.Diagnostic]:
        """Open a text; what kmigrate tells of it."""
        item = {"uri": self.uri, "languageId": "python", "version": 1, "text": text}
        self._endpoint.notify("textDocument/didOpen", {"textDocument": item})
        told = self._told.get(timeout=PATIENCE)["diagnostics"]
        return [_CONVERTER.structure(item, types.Diagnostic) for item in told if item["source"] == "kmigrate"]

    def actions(self, place: types.Range, **context: Any) -> list[types.CodeAction]:
        found = self.ask(
            "textDocument/codeAction", textDocument={"uri": self.uri}, range=_CONVERTER.unstructure(place),
            context={"diagnostics": [], **context},
        )  # fmt: skip
        return [_CONVERTER.structure(item, types.CodeAction) for item in found]

    def leave(self) -> None:
        self.ask("shutdown")
        self._endpoint.notify("exit")
        self._process.wait(PATIENCE)
        self._listener.join(PATIENCE)
        self._endpoint.shutdown()
        for stream in (self._process.stdin, self._process.stdout):
            stream.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Server]]:
    """Starts servers for the project."""
    started: list[Server] = []

    def begin() -> Server:
        started.append(Server(tmp_path))
        return started[-1]

    yield begin
    for server in started:
        server.leave()


def test_python_lsp_server_tells_and_migrates(start: Callable[[], Server]) -> None:
    server = start()
    (told,) = server.show(KERAS_1)
    assert (told.code, under(KERAS_1, told.range)) == ("KM100", "Dense(output_dim=3)")
    found = {action.title: action for action in server.actions(told.range)}
    whole = found["Migrate this file to Keras 2 (1 change)"].edit
    assert whole is not None and whole.changes is not None
    assert edited(KERAS_1, whole.changes[server.uri]) == kmigrate.migrate_text(KERAS_1).after
    assert {action.kind for action in server.actions(told.range, only=["quickfix"])} == {types.CodeActionKind.QuickFix}
    place = _CONVERTER.unstructure(told.range.start)
    page = server.ask("textDocument/hover", textDocument={"uri": server.uri}, position=place)
    assert page["contents"]["value"].startswith("**KM100**")


def test_wrong_settings_are_told_in_the_document(start: Callable[[], Server], tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.kmigrate]\nto = '9.9'\n")
    server = start()
    (told,) = server.show(KERAS_1)
    assert "9.9" in told.message and told.severity == types.DiagnosticSeverity.Error
    assert server.actions(told.range) == []
