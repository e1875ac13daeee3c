"""The text of a pull request: what it counts and lists, and that nothing in it is taken for markup."""

import io
import re

from made_results import failed, reviewed
from rich.console import Console

import kmigrate
from kmigrate.report import markdown
from kmigrate.report.model import Report
from kmigrate.report.text import show_verification
from kmigrate.verification import Answer, Finding, Verification

KERAS_1 = "from keras.layers import Dense, MaxoutDense\n\nnet = [Dense(output_dim=3), MaxoutDense(4)]\n"


def text_of(*more: kmigrate.FileResult, written: bool = False) -> str:
    return markdown.render(Report.of([kmigrate.migrate_text(KERAS_1, "net.py"), *more], None, written=written))


def test_it_counts_and_lists_what_is_left() -> None:
    text = text_of(failed(), reviewed(unsafe=True))
    assert "| Uses of Keras changed | 1 |" in text
    assert re.search(r"^### Left to do by hand \(\d\)$", text, re.MULTILINE)
    assert re.search(r"^- \[ \] `net\.py:3` KM\d+: ", text, re.MULTILINE)
    assert re.search(
        r"^### Waiting for `--unsafe` \(1\)\n\n- \[ \] `hand\.py:1` KM301: .*<br>→ Use `Dense`", text, re.MULTILINE
    )
    assert "- [ ] `bad.py:2` syntax error" in text
    assert "- [ ] `hand.py:2` `keras.odd` (call)" in text
    assert re.search(r"^\| \[KM100\]\(https://\S+\) \| `Dense`", text, re.MULTILINE)


def test_it_says_what_was_checked_and_for_which_keras() -> None:
    text = text_of(written=True)
    assert "every rewritten call binds to the signatures of Keras 2.2.4, 2.3.1, 2.15.0" in text
    assert "This moves the code" in text
    assert "This would move the code" in text_of()
    assert "What was checked" not in markdown.render(Report.of([reviewed()], None))


def test_text_is_no_markup() -> None:
    text = text_of(reviewed(path="a`b.py", reason="*no* <b> [x](y) a_b `c_d | <e>`"))
    assert "``a`b.py:1``" in text
    assert r"\*no\* &lt;b> \[x\](y) a\_b `c_d | <e>`" in text


def test_the_tables_have_as_many_cells_as_their_heads() -> None:
    rows = [line for line in text_of(reviewed()).splitlines() if line.startswith("| ")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {3, 6}


def test_what_real_kerases_say_is_evidence() -> None:
    findings = (
        Finding("train.py", "net", Answer.SAME),
        Finding("other_net.py", "a|b", Answer.DIFFERS, ("forward: 1 -> 2 (by 1)", "loss: 3 -> 4 (by 1)")),
        Finding("data.py", "", Answer.STOPPED, ("data.py:3: FileNotFoundError",)),
    )
    report = Report.of([reviewed()], None, verification=Verification("1.2.2", "2.3.1", findings))
    text = markdown.render(report)
    assert "### On real Kerases: 1.2.2 before, 2.3.1 after\n" in text
    assert "**1 model the same, 1 different; 1 script could not run**" in text
    assert "| train.py | net | same |  |" in text
    assert r"| other\_net.py | a\|b | differs | forward: 1 -> 2 (by 1)<br>loss: 3 -> 4 (by 1) |" in text
    assert "| data.py | · | could not run | data.py:3: FileNotFoundError |" in text
    many = Verification("1.2.2", "2.3.1", findings * 50)
    assert "… and 50 more" in markdown.render(Report.of([reviewed()], None, verification=many))


def test_packages_that_the_environments_lack_are_told_once() -> None:
    findings = (
        Finding("a.py", "", Answer.STOPPED, ("a.py:1: ModuleNotFoundError: No module named 'sklearn'",)),
        Finding("b.py", "", Answer.STOPPED, ("Keras 1 only: b.py:1: ModuleNotFoundError: No module named 'cv2'",)),
        Finding("c.py", "", Answer.STOPPED, ("c.py:2: ModuleNotFoundError: No module named 'cv2'",)),
        Finding("d.py", "", Answer.STOPPED, ("d.py:2: ModuleNotFoundError: No module named 'keras.layers.merge'",)),
        Finding("e.py", "", Answer.STOPPED, ("e.py:2: ModuleNotFoundError: No module named 'old.part'",)),
    )
    report = Report.of([reviewed()], None, verification=Verification("1.2.2", "2.3.1", findings))
    lacking = "The environments lack cv2, sklearn: install them there, or name environments of your own (--old, --new)."
    assert f"5 scripts could not run** {lacking}" in markdown.render(report)
    stream = io.StringIO()
    show_verification(report, Console(file=stream, width=80))
    assert f"{lacking}\n0 models the same" in stream.getvalue()
    report = Report.of([reviewed()], None, verification=Verification("1.2.2", "2.3.1", findings[3:]))
    assert "lack" not in markdown.render(report)


def test_a_long_list_is_cut_so_that_github_takes_it() -> None:
    many = [reviewed(path=f"folder/file_{number}.py") for number in range(2000)]
    text = markdown.render(Report.of(many, None))
    assert len(text) <= 65_536
    assert "### Left to do by hand (2000)" in text
    listed = text.count("KM301: MaxoutDense")
    assert f"… and {2000 - listed} more" in text
    assert listed > 300
