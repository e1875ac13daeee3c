"""The entry point: version, help, exit codes, rules, and what it does not import."""

import subprocess
import sys
from pathlib import Path

import pytest
from cli_project import COMMAND, Kmigrate, environment

import kmigrate
from kmigrate.cli import main
from kmigrate.exits import MEANING, Exit
from kmigrate.ruleset.loader import builtin_rules_folder, load_rules


def imported_by(statement: str) -> set[str]:
    code = f"import sys; sys.path.insert(0, {str(Path(kmigrate.__file__).parent.parent)!r}); {statement}\n"
    out = subprocess.run(
        [sys.executable, "-c", code + "print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in out.stdout.split()}


def test_version_says_what_pyproject_says(kmigrate_run: Kmigrate) -> None:
    pyproject = Path(kmigrate.__file__).parent.parent / "pyproject.toml"
    version = next(line.split('"')[1] for line in pyproject.read_text().splitlines() if line.startswith("version = "))
    assert kmigrate_run("--version").text == f"kmigrate {version}\n"
    assert kmigrate.__version__ == version


def test_the_version_and_the_package_import_nothing_heavy() -> None:
    heavy = {"typer", "click", "rich", "rope", "pydantic", "jinja2", "yaml", "pathspec"}
    assert not imported_by("import kmigrate") & heavy
    assert not imported_by("from kmigrate.cli import main; main(['--version'])") & heavy


@pytest.mark.parametrize("command", [(), ("diff",), ("migrate",), ("scan",)])
def test_help_shows_the_exit_codes(capsys: pytest.CaptureFixture[str], command: tuple[str, ...]) -> None:
    assert main([*command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"{code:d}  {meaning}" in shown for code, meaning in MEANING.items())


def test_each_command_that_can_end_with_one_is_named_in_the_table() -> None:
    named = MEANING[Exit.WORK_LEFT]
    assert all(command in named for command in ("diff", "scan", "batch", "todo list", "verify", "rules coverage", "written"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "yaml"), "'yaml' is not one of 'text'"), (("--jobs", "0"), "it must be 1 or more"),
        (("--jobs", "x"), "it must be a whole number"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_in_plain_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, str], said: str
) -> None:
    assert main(["diff", str(tmp_path), *arguments]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert said in told
    assert "Input should" not in told and "Value error" not in told


def test_no_command_and_a_wrong_command_are_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main(["transmogrify"]) == 2
    assert "transmogrify" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ("migrate", ""), ("migrate", "model.py", ""), ("diff", ""), ("scan", ""), ("review", ""), ("batch", ""), ("apply", ""),
        ("todo", "list", ""), ("todo", "clear", ""), ("verify", ""), ("config", "show", ""), ("rules", "check", ""),
        ("migrate", "model.py", "--out", ""), ("diff", "model.py", "--cache-dir", ""), ("diff", "model.py", "--rules", ""),
    ],
)  # fmt: skip
def test_an_empty_path_is_not_the_working_directory(project: Path, kmigrate_run: Kmigrate, arguments: tuple[str, ...]) -> None:
    before = (project / "model.py").read_bytes()
    done = kmigrate_run(*arguments)
    assert (done.code, done.out) == (2, b"")
    assert "a path is empty" in done.err and "`.` is the working directory" in done.err
    assert (project / "model.py").read_bytes() == before


@pytest.mark.parametrize(
    "arguments", [("verify", "nope"), ("config", "show", "nope"), ("config", "show", ".", "pkg/nope.py"), ("diff", "nope")]
)
def test_a_path_that_leads_to_nothing_is_two(kmigrate_run: Kmigrate, arguments: tuple[str, ...]) -> None:
    done = kmigrate_run(*arguments)
    assert (done.code, done.out) == (2, b"")
    assert done.err.startswith(f"kmigrate: error: `{arguments[-1]}` does not exist (")


def test_an_interruption_is_130(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kmigrate.runner.run", interrupted)
    assert main(["diff", str(tmp_path)]) == 130


def test_a_bug_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr("kmigrate.runner.run", broken)
    assert main(["diff", str(tmp_path)]) == 3
    said = capsys.readouterr().err
    assert said.startswith("kmigrate: internal error: ZeroDivisionError: by nought (")
    assert len(said.splitlines()) == 1
    with pytest.raises(ZeroDivisionError):
        main(["diff", "--debug", str(tmp_path)])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
def test_output_that_nobody_can_take_is_told_of(project: Path, tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "diff", "model.py"], cwd=project, env=environment(tmp_path / "state"), stdout=full, stderr=subprocess.PIPE
        )
    told = b"kmigrate: error: the output cannot be written: no space left on the device (make room)\n"
    assert (done.returncode, done.stderr) == (3, told)


def test_rules_are_listed_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    rule = load_rules()[0]
    assert main(["rules", "list"]) == 0
    assert f"{rule.id}  {rule.confidence:<6}  {rule.title}\n" in capsys.readouterr().out
    assert main(["rules", "explain", rule.id.lower()]) == 0
    assert capsys.readouterr().out == kmigrate.explain(rule.id)


def test_an_unknown_rule_is_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "explain", "KM999"]) == 2
    assert capsys.readouterr().err.startswith("kmigrate: error: no rule is called `KM999`")


def test_rules_are_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.yaml").write_text("id: nonsense\n")
    assert main(["rules", "check", str(tmp_path)]) == 2
    assert "bad.yaml:1:" in capsys.readouterr().out
    assert main(["rules", "check", str(tmp_path / "missing")]) == 2


def test_a_folder_without_rules_is_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    for arguments in (["rules", "check"], ["diff", str(tmp_path), "--rules"], ["rules", "list", "--rules"]):
        assert main([*arguments, str(tmp_path / "empty")]) == 2
        assert f"`{tmp_path / 'empty'}` holds no .yaml file (name a folder with rule files)" in capsys.readouterr().err


def test_a_good_rule_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = next(builtin_rules_folder().rglob("dense*.yaml"))
    (tmp_path / good.name).write_bytes(good.read_bytes())
    assert main(["rules", "check", str(tmp_path)]) == 0, capsys.readouterr().out
