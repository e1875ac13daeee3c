"""The language server, started as an editor starts it, and driven by a real client."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from editor import Editor, editor, under
from lsprotocol import types
from pygls.exceptions import JsonRpcException

import kmigrate

KERAS_1 = """\
from keras.layers import Dense, Dropout

layer = Dense(output_dim=3)
other = Dropout(p=0.5)
last = Dense(output_dim=4)
"""
NET = "from keras.layers import Dense\n"
USER = "from net import Dense\n\nlayer = Dense(output_dim=3)\n"
UNPROVEN = "def train(model):\n    model.fit([1], [2], nb_epoch=3)\n\n\nimport keras\n"


def run(scenario: Callable[[Editor], Coroutine[Any, Any, None]], **options: Any) -> None:
    async def main() -> None:
        async with editor(**options) as opened:
            await asyncio.wait_for(scenario(opened), 120)

    asyncio.run(main())


def uri_of(folder: Path, name: str, text: str | None = None) -> str:
    if text is not None:
        (folder / name).write_text(text)
    return (folder / name).as_uri()


def test_what_is_keras_1_is_underlined_with_rule_and_link(tmp_path: Path) -> None:
    async def scenario(opened: Editor) -> None:
        told = await opened.show(uri_of(tmp_path, "net.py"), KERAS_1)
        assert [(item.code, under(KERAS_1, item.range), item.severity) for item in told] == [
            ("KM100", "Dense(output_dim=3)", types.DiagnosticSeverity.Warning),
            ("KM103", "Dropout(p=0.5)", types.DiagnosticSeverity.Warning),
            ("KM100", "Dense(output_dim=4)", types.DiagnosticSeverity.Warning),
        ]
        assert all(item.source == "kmigrate" and item.code_description is not None for item in told)

    run(scenario, folder=tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        KERAS_1,
        KERAS_1.replace("\n", "\r\n"),
        KERAS_1.replace("layer =", "\fname = '\u2028'; tasty = '\U0001f60b'; layer ="),
        "\ufeff" + KERAS_1,
        "from keras.layers import merge, Input\n\na = Input((2,))\nb = merge(\n    [a, a],\n    mode='sum')\n",
    ],
    ids=["plain", "crlf", "wide characters", "byte order mark", "several lines"],
)
def test_a_file_is_migrated_as_the_library_migrates_it(tmp_path: Path, text: str) -> None:
    async def scenario(opened: Editor) -> None:
        uri = uri_of(tmp_path, "net.py")
        told = await opened.show(uri, text)
        (action,) = [item for item in await opened.actions(uri, told[0].range) if item.kind == "source.fixAll.kmigrate"]
        after = await opened.done(uri, action)
        assert after != text
        assert after.removeprefix("\ufeff") == kmigrate.migrate_text(text).after
        assert await opened.type(uri, after) == []

    run(scenario)


def test_one_use_or_all_of_its_rule_is_migrated(tmp_path: Path) -> None:
    async def scenario(opened: Editor) -> None:
        uri = uri_of(tmp_path, "net.py")
        told = await opened.show(uri, KERAS_1)
        one, all_, keep, whole = await opened.actions(uri, told[0].range, told)
        assert one.is_preferred and [item.code for item in one.diagnostics or ()] == ["KM100"]
        assert one.edit is None  # it is worked out when it is chosen
        assert await opened.done(uri, one) == KERAS_1.replace("output_dim=3", "units=3")
        assert await opened.done(uri, all_) == KERAS_1.replace("output_dim", "units")
        assert (keep.kind, whole.kind) == ("quickfix", "source.fixAll.kmigrate")

    run(scenario)


def test_a_use_that_is_kept_is_told_no_more(tmp_path: Path) -> None:
    async def scenario(opened: Editor) -> None:
        uri = uri_of(tmp_path, "net.py")
        told = await opened.show(uri, KERAS_1)
        keep = next(item for item in await opened.actions(uri, told[1].range) if "ignore" in item.title)
        after = await opened.done(uri, keep)
        assert "Dropout(p=0.5)  # kmigrate: ignore[KM103]\n" in after
        assert [item.code for item in await opened.type(uri, after)] == ["KM100", "KM100"]

    run(scenario)


def test_an_editor_that_asks_once_gets_the_changes_at_once(tmp_path: Path) -> None:
    async def scenario(opened: Editor) -> None:
        uri = uri_of(tmp_path, "net.py")
        told = await opened.show(uri, KERAS_1)
        one, *_ = await opened.actions(uri, told[1].range)
        assert one.edit is not None and one.edit.changes is not None
        assert [edit.new_text for edit in one.edit.changes[uri]] == ["rate"]

    run(scenario, can=types.ClientCapabilities())


def test_only_the_kinds_that_an_editor_asks_for_are_named(tmp_path: Path) -> None:
    async def scenario(opened: Editor) -> None:
        uri = uri_of(tmp_path, "net.py")
        told = await opened.show(uri, KERAS_1)

        async def kinds(only: str) -> set[Any]:
            context = types.CodeActionContext([], [only])
            place = types.TextDocumentIdentifier(uri)
            found = await opened.client.text_document_code_action_async(types.CodeActionParams(place, told[0].range, context))
            return {item.kind for item in found or () if isinstance(item, types.CodeAction)}

        assert await kinds("quickfix") == {"quickfix"}
        assert await kinds("source.fixAll") == await kinds("source") == {"source.fixAll.kmigrate"}
        assert await kinds("refactor") == set()

    run(scenario)


def test_what_could_not_be_proven_waits_for_its_own_quick_fix(tmp_path: Path) -> None:
    async def scenario(opened: Editor) -> None:
        uri = uri_of(tmp_path, "net.py")
        (told,) = await opened.show(uri, UNPROVEN)
        assert told.severity == types.DiagnosticSeverity.Information
        found = await opened.actions(uri, told.range)
        assert [item.kind for item in found] == ["quickfix", "quickfix"]  # nothing that is safe in the whole file
        assert not found[0].is_preferred and "not proven" in found[0].title
        assert await opened.done(uri, found[0]) == UNPROVEN.replace("nb_epoch", "epochs")

    run(scenario)


def test_a_project_can_consent_to_what_could_not_be_proven(tmp_path: Path) -> None:
    async def scenario(opened: Editor) -> None:
        uri = uri_of(tmp_path, "net.py")
        uri_of(tmp_path, "pyproject.toml", "[tool.kmigrate]\nunsafe = true\n")
        (told,) = await opened.show(uri, UNPROVEN)
        assert told.severity == types.DiagnosticSeverity.Warning

    run(scenario)


def test_wrong_settings_are_told_once(tmp_path: Path) -> None:
    async def scenario(opened: Editor) -> None:
        uri = uri_of(tmp_path, "net.py")
        uri_of(tmp_path, "pyproject.toml", "[tool.kmigrate]\nunsafe = 1\n")
        assert await opened.show(uri, KERAS_1) == []
        assert await opened.type(uri, KERAS_1 + "\n") == []
        (message,) = opened.messages
        assert "pyproject.toml:2" in message and "unsafe" in message

    run(scenario)


def test_a_page_is_shown_over_a_use(tmp_path: Path) -> None:
    async def scenario(opened: Editor) -> None:
        uri = uri_of(tmp_path, "net.py")
        await opened.show(uri, KERAS_1)
        page = await opened.over(uri, types.Position(2, 10))
        assert page is not None and page.startswith("**KM100**") and "```python\nDense(units=3)\n```" in page
        assert await opened.over(uri, types.Position(1, 0)) is None

    run(scenario)


def test_what_is_open_and_not_saved_counts_for_those_who_import_it(tmp_path: Path) -> None:
    async def scenario(opened: Editor) -> None:
        net, user = uri_of(tmp_path, "net.py", "Dense = print\n# keras\n"), uri_of(tmp_path, "user.py", USER)
        assert await opened.show(user, USER) == []
        await opened.show(net, NET)
        assert [item.code for item in await opened.type(user, USER + "\n")] == ["KM100"]

    run(scenario)


def test_a_saved_file_is_news_for_those_who_import_it(tmp_path: Path) -> None:
    async def scenario(opened: Editor) -> None:
        net, user = uri_of(tmp_path, "net.py", "Dense = print\n# keras\n"), uri_of(tmp_path, "user.py", USER)
        assert await opened.show(user, USER) == []
        uri_of(tmp_path, "net.py", NET)
        opened.client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(net)))
        assert [item.code for item in await opened.diagnostics(user)] == ["KM100"]

    run(scenario)


def test_a_text_without_a_file_is_looked_at_by_itself() -> None:
    async def scenario(opened: Editor) -> None:
        assert len(await opened.show("untitled:Untitled-1", KERAS_1)) == 3

    run(scenario)


def test_nothing_is_told_of_other_texts(tmp_path: Path) -> None:
    async def scenario(opened: Editor) -> None:
        assert await opened.show(uri_of(tmp_path, "a.py"), "import numpy\nnumpy.fit(nb_epoch=1)\n") == []
        assert await opened.show(uri_of(tmp_path, "b.ipynb"), KERAS_1) == []
        assert await opened.actions(uri_of(tmp_path, "a.py"), types.Range(types.Position(0, 0), types.Position(1, 0))) == []

    run(scenario)


def test_a_half_typed_line_is_told_and_forgotten(tmp_path: Path) -> None:
    async def scenario(opened: Editor) -> None:
        uri = uri_of(tmp_path, "net.py")
        (told,) = await opened.show(uri, NET + "layer = Dense(output_dim=\n")
        assert "syntax error" in told.message and told.severity == types.DiagnosticSeverity.Information
        assert await opened.actions(uri, told.range) == []
        assert [item.code for item in await opened.type(uri, NET + "layer = Dense(output_dim=3)\n")] == ["KM100"]

    run(scenario)


def test_an_action_for_an_older_text_is_refused(tmp_path: Path) -> None:
    async def scenario(opened: Editor) -> None:
        uri = uri_of(tmp_path, "net.py")
        told = await opened.show(uri, KERAS_1)
        one, *_ = await opened.actions(uri, told[0].range)
        await opened.type(uri, "\n" + KERAS_1)
        with pytest.raises(JsonRpcException, match="has changed"):
            await opened.chosen(one)

    run(scenario)


def test_a_closed_text_is_forgotten(tmp_path: Path) -> None:
    async def scenario(opened: Editor) -> None:
        uri = uri_of(tmp_path, "net.py")
        assert await opened.show(uri, KERAS_1)
        opened.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
        assert await opened.diagnostics(uri) == []

    run(scenario)


def test_the_server_leaves_quietly_when_it_is_told_to() -> None:
    def message(**content: Any) -> bytes:
        body = json.dumps({"jsonrpc": "2.0", **content}).encode()
        return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)

    hello = message(id=1, method="initialize", params={"processId": None, "rootUri": None, "capabilities": {}})
    goodbye = message(id=2, method="shutdown") + message(method="exit")
    for said in (hello + goodbye, hello):  # or the editor is gone
        done = subprocess.run([sys.executable, "-m", "kmigrate", "lsp", "--stdio"], input=said, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.count(b"Content-Length") == said.count(b'"id"')


def test_without_pygls_the_command_says_what_to_install() -> None:
    code = "import sys; sys.modules['pygls'] = None; from kmigrate.cli import main; sys.exit(main(['lsp']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "kmigrate: error: the language server needs pygls (pip install 'kmigrate[lsp]')\n"
