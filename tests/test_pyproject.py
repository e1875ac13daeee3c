"""`[tool.kmigrate]`: where it is found, what it may say, and in which line it says it."""

from pathlib import Path

import pytest

import kmigrate
from kmigrate.config import Settings
from kmigrate.errors import InvalidSetting
from kmigrate.pyproject import KEYS, Configuration, Kind, configuration


def written(folder: Path, text: str) -> Path:
    (folder / "pyproject.toml").write_text(text)
    return folder


def lines(found: Configuration) -> dict[str, int]:
    return {key: entry.line for key, entry in found.entries.items()}


def test_values_and_lines(tmp_path: Path) -> None:
    (tmp_path / "own rules").mkdir()
    text = """\
[project]
dependencies = [
    "kmigrate",  # [tool.kmigrate]
]

[tool.kmigrate]
# to = "2.0.9"
to = "2.3.1"
select = [  # these
    "km1",

    "KM2",
]
unsafe = true;
rules = ["own rules"]

[tool.other]
select = 3
"""
    found = configuration(written(tmp_path, text.replace(";", "  ")))
    assert found.path == tmp_path / "pyproject.toml"
    assert lines(found) == {"to": 8, "select": 9, "unsafe": 14, "rules": 15}
    rules = (tmp_path / "own rules",)
    assert found.settings == Settings("2.3.1", True, ("KM1", "KM2"), (), rules)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[tool]\nkmigrate.to = "2.3.1"\nkmigrate.unsafe = true\n', {"to": 2, "unsafe": 3}),
        ('[tool]\n\nkmigrate = { to = "2.3.1", unsafe = true }\n', {"to": 3, "unsafe": 3}),
        ('tool.kmigrate.to = "2.3.1"\n', {"to": 1}),
        ('[ tool . kmigrate ]\r\n\r\nignore = [\r\n"KM1"]\r\nto = """\r\n2.3.1"""\r\n', {"ignore": 3, "to": 5}),
        ('["tool"."kmigrate"]\n"to" = "2.3.1"\n', {"to": 2}),
        ("[tool.kmigrate]\n", {}),
    ],
)
def test_every_way_to_write_the_table(tmp_path: Path, text: str, expected: dict[str, int]) -> None:
    assert lines(configuration(written(tmp_path, text))) == expected


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("unsfe = true", "[tool.kmigrate] has no key `unsfe`; did you mean `unsafe`?"),
        ("allow_dirty = true", "no key `allow_dirty`; did you mean `allow-dirty`?"),
        ("unsafe = 1", "`unsafe` is 1 (write true or false)"),
        ("to = 2.3", "`to` is 2.3 (write a text in quotes"),
        ('select = "KM1"', "`select` is 'KM1' (write a list of texts"),
        ("select = [1]", "`select` is [1]"),
        ('rules = ["nowhere"]', "`rules` is ['nowhere'] (write a list of folders that exist"),
        ('out = ""', "`out` is ''"),
        ("unsafe = tru", "this is no TOML: "),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    written(tmp_path, f"[tool.kmigrate]\n\n{line}\n")
    with pytest.raises(InvalidSetting) as caught:
        configuration(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'pyproject.toml'}:3: ")
    assert said in str(caught.value)


def test_a_table_is_a_table(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match="is no table"):
        configuration(written(tmp_path, "[tool]\nkmigrate = 3\n"))


def test_the_nearest_table_counts(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    written(tmp_path, "[tool.kmigrate]\nunsafe = true\n")
    written(tmp_path / "a", "[tool.other]\nunsafe = 3\n")
    assert configuration(inner).path == tmp_path / "pyproject.toml"
    written(inner, '[tool.kmigrate]\nto = "2.3.1"\n')
    assert configuration(inner).settings == Settings("2.3.1")


def test_the_work_tree_is_the_border(tmp_path: Path) -> None:
    (tmp_path / "clone" / ".git").mkdir(parents=True)
    written(tmp_path, "[tool.kmigrate]\nunsafe = true\n")
    assert configuration(tmp_path / "clone") == Configuration()


def test_broken_files_of_others_do_not_matter(tmp_path: Path) -> None:
    assert configuration(written(tmp_path, "[tool.other\n")).path != tmp_path / "pyproject.toml"


def test_an_editor_gets_the_settings(tmp_path: Path) -> None:
    written(tmp_path, '[tool.kmigrate]\nselect = ["km9"]\nallow-dirty = true\n')
    (tmp_path / "net.py").write_text("")
    assert kmigrate.settings_for(tmp_path / "net.py") == Settings(select=("KM9",))
    assert kmigrate.settings_for(tmp_path) == kmigrate.settings_for(tmp_path / "new" / "..")


def test_every_kind_is_used_or_gone() -> None:
    assert {*KEYS.values(), Kind.NUMBER} == set(Kind)
