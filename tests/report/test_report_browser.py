"""The page in a real browser: what is drawn and when, filters, keys, the exported plan, light and dark, small and printed."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from chromium import Chromium, found
from made_notebooks import notebook
from made_results import failed, reviewed

import kmigrate
from kmigrate.applying import apply
from kmigrate.batch.forms import html as rollup_page
from kmigrate.batch.records import recorded
from kmigrate.batch.rollup import Rollup, Totals
from kmigrate.config import Settings
from kmigrate.plan import read_plan
from kmigrate.replay import replay
from kmigrate.report import html
from kmigrate.report.model import Report
from kmigrate.report.words import visible
from kmigrate.runner import run
from kmigrate.waiting import with_texts

SAMPLES = Path(__file__).parents[2] / "samples"
DRAWN = "[...document.querySelectorAll('.file')].filter(file => file.querySelector('.hunk')).length"
MINUS = "\N{MINUS SIGN}"
WAITING = "import keras\n\n\ndef train(model):\n    model.fit(1, 2, nb_epoch=3)\n"

pytestmark = pytest.mark.skipif(found() is None, reason="there is no Chromium here")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """One browser for all tests of the module."""
    binary = found()
    assert binary
    chromium = Chromium(binary, tmp_path_factory.mktemp("profile"))
    yield chromium
    chromium.close()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: a sample, and a file with a change that waits for `--unsafe`."""
    for path in (SAMPLES / "two_tower").glob("*.py"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "waiting.py").write_text(WAITING)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


def report_of(project: Path) -> Report:
    found = list(run([Path()], Settings()))
    results = [*with_texts(found, [Path()], Settings()), failed(), reviewed(reason="`Maxout` is <b>gone</b>")]
    return Report.of(results, None, [Path()], settings=Settings())


def page_of(report: Report, folder: Path) -> Path:
    path = folder / "report.html"
    path.write_text(html.render(report), encoding="utf-8")
    return path


def test_the_diff_shows_both_texts(browser: Chromium, project: Path) -> None:
    report = report_of(project)
    browser.open(page_of(report, project), 1280)
    browser.run("all('.file').forEach(draw)")
    assert browser.complaints() == []
    for number, file in enumerate(report.changed, 1):
        cells = browser.run(
            f"[...document.querySelectorAll('#file-{number} tr:not(.told)')].map(tr => [...tr.cells].map(td => td.textContent))"
        )
        old, new = file.before.split("\n"), file.after.split("\n")
        assert cells
        for old_number, before, new_number, after in cells:
            assert before == (visible(old[int(old_number.rstrip(MINUS)) - 1]) if old_number else "")
            assert after == (visible(new[int(new_number.rstrip("+")) - 1]) if new_number else "")
    assert browser.run("document.querySelector('del').textContent")
    assert "Maxout is <b>gone</b>" in browser.run("document.querySelector('main').innerText")


def test_each_cell_of_a_notebook_is_shown_below_its_number(browser: Chromium, project: Path) -> None:
    cells = ("from keras.layers import Dense", "a = Dense(output_dim=3)", "b = Dense(output_dim=4)")
    (project / "course.ipynb").write_bytes(notebook(*cells))
    report = Report.of(run([Path("course.ipynb")], Settings()), None, [Path("course.ipynb")])
    browser.open(page_of(report, project), 1280)
    browser.run("all('.file').forEach(draw)")
    assert browser.run("all('.hunk').map(hunk => one('.head', hunk).textContent)") == [
        "cell 2, line 1: KM100",
        "cell 3, line 1: KM100",
    ]
    shown = browser.run("all('.hunk').map(hunk => all('tr', hunk).map(tr => tr.textContent))")
    for number, (told, row) in zip((2, 3), shown, strict=True):
        line = cells[number - 1]
        assert told.startswith(f"KM100 cell {number}, line 1: ")
        assert row == f"1{MINUS}{line}1+{line.replace('output_dim', 'units')}"


def test_filters(browser: Chromium, project: Path) -> None:
    browser.open(page_of(report_of(project), project), 1280)
    browser.run("all('.file').forEach(draw)")

    def shown(**wanted: str) -> tuple[list[str], set[str]]:
        for name in ("path", "rule", "confidence"):
            browser.run(f"wanted.{name}.value = {json.dumps(wanted.get(name, ''))}")
        browser.run("filter()")
        files = browser.run("all('.file:not([hidden])').map(file => file.dataset.path)")
        rules = browser.run(
            "all('.file:not([hidden]) .hunk:not([hidden])').flatMap(hunk => hunk.dataset.rules.split(' '))"
        )
        return files, set(rules)

    everything, rules = shown()
    assert len(everything) == 3 and len(rules) > 5
    files, rules = shown(rule="KM440")
    assert files == ["model.py"] and "KM440" in rules
    assert shown(path="BLOCKS")[0] == ["blocks.py"]
    assert shown(confidence="unsafe")[0] == []
    assert browser.run("all('main > .entry:not([hidden])').map(entry => entry.dataset.path)") == [
        "bad.py",
        "waiting.py",
    ]
    assert browser.run("document.querySelector('#told').textContent") == "0 of 3 changed files shown"


def test_escape_in_the_file_filter_shows_all_files_again(browser: Chromium, project: Path) -> None:
    browser.open(page_of(report_of(project), project), 1280)
    browser.press("/")
    browser.run("document.execCommand('insertText', false, 'blocks')")
    assert browser.run("all('.file:not([hidden])').length") == 1
    browser.press("Escape")
    assert browser.run("[wanted.path.value, all('.file:not([hidden])').length]") == ["", 3]
    assert browser.run("document.activeElement === document.body")


def stop(browser: Chromium, key: str) -> str:
    """The place where a key leads to."""
    browser.press(key)
    found: str = browser.run("here.closest('.file').id + ' ' + all('.stop').indexOf(here) + ' ' + here.textContent")
    return found


def test_keys_walk_and_approve_and_the_plan_is_applied(browser: Chromium, project: Path) -> None:
    before = {path.name: path.read_text() for path in project.glob("*.py")}
    browser.open(page_of(report_of(project), project), 1280)
    browser.run("URL.createObjectURL = blob => { window.exported = blob; return 'blob:x'; }; 0")
    assert browser.run("one('#export').textContent").startswith("Export plan (")
    stops = []
    while (now := stop(browser, "j")) not in stops:
        stops.append(now)
    assert len(stops) == browser.run("all('.stop').length")
    assert browser.run("all('.file').every(section => section.contains(here) || section.querySelector('.stop'))")
    assert stop(browser, "k") == stops[-2]
    browser.run("here = null; wanted.rule.value = 'KM440'; filter()")
    browser.press("j")
    assert browser.run("here.querySelectorAll('input').length") == 0, "the import follows, there is nothing to decide"
    browser.press("j")
    browser.press("x")
    assert browser.run("all('label.off').map(label => label.closest('.told').dataset.rules)") == ["KM440", "KM441"]
    browser.run("one('input[data-id*=waiting]').click()")
    browser.press("e")
    (project / "plan.json").write_text(browser.run("exported.text()"))
    plan = read_plan(project / "plan.json")
    refused = {(file.path, entry.rule) for file in plan.files for entry in file.changes if not entry.approved}
    assert {path for path, _ in refused} == {"model.py"} and ("model.py", "KM440") in refused
    results, recorded = apply(replay(plan))
    assert recorded and not [result.failure for result in results if result.failure]
    assert "K.concatenate(" in (project / "model.py").read_text()
    assert "epochs=3" in (project / "waiting.py").read_text()
    assert (project / "blocks.py").read_text() != before["blocks.py"]


def test_the_box_of_a_file_follows_its_changes_and_reaches_those_that_are_shown(browser: Chromium, project: Path) -> None:
    browser.open(page_of(report_of(project), project), 1280)
    browser.run("""section = one('.file[data-path="model.py"]'); whole = one("[data-all]", section); draw(section); 0""")

    def state() -> str:
        found: str = browser.run("whole.indeterminate ? 'some' : whole.checked ? 'all' : 'none'")
        return found

    def approved(rules: str) -> set[bool]:
        return set(browser.run(f"[...entries].filter(([id, _]) => /model.py.KM{rules}/.test(id)).map(([_, e]) => e.approved)"))

    assert state() == "all"
    browser.run("one('input[data-id]', section).click()")
    assert state() == "some"
    browser.run("whole.click()")
    assert state() == "all" and approved("") == {True}
    browser.run("wanted.rule.value = 'KM330'; filter(); whole.click()")
    assert state() == "none" and approved("330") == {False} and approved("(?!330)") == {True}
    assert "shown" in browser.run("getComputedStyle(whole.closest('label'), '::after').content")
    browser.run("wanted.rule.value = ''; filter()")
    assert state() == "some"
    browser.run("whole.click(); whole.click()")
    assert state() == "none" and approved("") == {False}


def test_a_thousand_files_are_drawn_when_they_are_looked_at(browser: Chromium, project: Path) -> None:
    one = report_of(project).changed[0]
    many = [replace(one, path=f"folder/file_{number:04}.py") for number in range(1000)]
    browser.open(page_of(Report.of(many, None), project), 1280)
    assert browser.run("all('.file').length") == 1000
    assert browser.run(DRAWN) <= 20
    browser.run("draw(one('#file-500'))")
    laid_out = "one('#file-{} .hunk').checkVisibility({{contentVisibilityAuto: true}})"
    assert not browser.run(laid_out.format(500)), "what is drawn and far away costs no filter its time"
    browser.run("one('#file-900').scrollIntoView(); new Promise(done => setTimeout(done, 500))")
    assert browser.run(laid_out.format(900))
    assert browser.run(DRAWN) <= 60
    top = browser.run("one('#file-900').getBoundingClientRect().top")
    assert -50 <= top <= 900
    browser.run("wanted.path.value = 'file_0999'; filter()")
    assert browser.run("all('.file:not([hidden])').length") == 1


def test_the_text_of_a_waiting_change_is_shown_beside_its_box(browser: Chromium, project: Path) -> None:
    browser.open(page_of(report_of(project), project), 1280)
    entry = "one('input[data-id*=waiting]').closest('.entry')"
    assert browser.run(f"all('dd', {entry}).map(text => [text.className, text.textContent])") == [
        ["code old", "model.fit(1, 2, nb_epoch=3)"],
        ["code new", "model.fit(1, 2, epochs=3)"],
    ]
    browser.open(page_of(Report.of(run([Path()], Settings()), None, [Path()]), project), 1280)
    assert not browser.run("one('input[data-id*=waiting]')"), "nobody agrees to what is not shown"


@pytest.mark.parametrize("width", [1280, 900, 390])
def test_the_skip_link_leads_below_the_bar(browser: Chromium, project: Path, width: int) -> None:
    browser.open(page_of(report_of(project), project), width)
    browser.run("one('.skip').click(); new Promise(done => setTimeout(done, 300))")
    assert 0 <= browser.run(BELOW_BAR.format("#changes")) <= 20


@pytest.mark.parametrize("width", [1280, 900, 390])
@pytest.mark.parametrize("way", ["by a link", "by its address"])
def test_a_jump_to_a_file_ends_at_its_head(browser: Chromium, project: Path, width: int, way: str) -> None:
    wide = kmigrate.migrate_text("from keras.layers import Dense\n" + WIDE * 12)
    page = page_of(Report.of([replace(wide, path=f"file_{number:02}.py") for number in range(40)], None), project)
    browser.open(page, width, fragment="file-30" if way == "by its address" else "")
    if way == "by a link":
        browser.run("""one('a[href="#file-30"]').click()""")
    browser.run("new Promise(done => setTimeout(done, 500))")
    assert browser.complaints() == []
    assert 0 <= browser.run(BELOW_BAR.format("#file-30")) <= 20
    assert browser.run(DRAWN) < 30


WIDE = f"x = Dense(output_dim=3, init='uniform', name='{'a_long_name_' * 12}')(x)\n"
BELOW_BAR = "one('{}').getBoundingClientRect().top - Math.max(0, one('.bar').getBoundingClientRect().bottom)"

CONTRAST = """
(() => {
  const parse = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = node => { for (; node; node = node.parentElement) {
    const colour = parse(getComputedStyle(node).backgroundColor); if (colour.length < 4 || colour[3] > 0) return colour; }
    return [255, 255, 255]; };
  const bad = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text; text = walker.nextNode();) {
    const node = text.parentElement;
    if (!text.data.trim() || node.closest('script, style, dialog, noscript, .skip, option') || !node.checkVisibility()) continue;
    const [a, b] = [light(parse(getComputedStyle(node).color)), light(behind(node))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) bad.push([text.data.slice(0, 30), node.className, ratio.toFixed(2)]);
  }
  return bad;
})()
"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_readable_at_every_width_and_in_the_dark(
    browser: Chromium, project: Path, width: int, dark: bool
) -> None:
    browser.open(page_of(report_of(project), project), width, dark=dark)
    browser.run("all('.file').forEach(draw)")
    assert browser.run("document.documentElement.scrollWidth") == width
    background = browser.run("getComputedStyle(document.body).backgroundColor")
    assert background == ("rgb(20, 24, 29)" if dark else "rgb(255, 255, 255)")
    assert browser.run(CONTRAST) == []
    columns = browser.run(
        "all('tr.changed').map(tr => new Set([...tr.cells].filter(c => c.offsetWidth).map(c => c.offsetLeft)).size)"
    )
    assert max(columns) == (4 if width == 1280 else 2)
    browser.press("t")
    assert browser.run("getComputedStyle(document.body).backgroundColor") != background


def test_every_control_has_a_name_and_the_outline_is_whole(browser: Chromium, project: Path) -> None:
    browser.open(page_of(report_of(project), project), 1280)
    browser.run("all('.file').forEach(draw)")
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    controls = [node for node in nodes if node.get("role", {}).get("value") in CONTROLS and not node.get("ignored")]
    assert {node["role"]["value"] for node in controls} >= {"button", "checkbox", "searchbox", "combobox"}
    assert [node for node in controls if not node.get("name", {}).get("value")] == []
    assert browser.run("all('h1, h2:not(dialog *), h3').map(node => node.tagName)")[0] == "H1"
    assert browser.run("all('[id]').length === new Set(all('[id]').map(node => node.id)).size")


CONTROLS = {"button", "checkbox", "searchbox", "combobox", "link"}


def test_all_files_are_printed(browser: Chromium, project: Path) -> None:
    browser.open(page_of(report_of(project), project), 1280, dark=True)
    printed = browser.pdf()
    assert printed.startswith(b"%PDF") and len(printed) > 20_000
    assert browser.run(DRAWN) == 3
    assert browser.run("all('details').every(details => details.open)")
    assert browser.run("document.documentElement.dataset.theme") == "dark"


def test_paper_has_no_controls_and_tells_what_was_approved(browser: Chromium, project: Path) -> None:
    browser.open(page_of(report_of(project), project), 1280)
    browser.run("all('.file').forEach(draw); one('input[data-id*=waiting]').click()")
    browser.call("Emulation.setEmulatedMedia", media="print")
    assert browser.run("all('input, button, select').filter(control => control.checkVisibility()).length") == 0
    printed = browser.run("one('main').innerText")
    assert "make this change" not in printed and "all of this file" not in printed
    waiting = "getComputedStyle(one('input[data-id*=waiting]').closest('p'), '::after').content"
    assert browser.run(waiting) == '"approved"'
    browser.run("one('input[data-id*=waiting]').click()")
    assert browser.run(waiting) == "none"


def test_what_was_written_is_not_to_be_approved(browser: Chromium, project: Path) -> None:
    browser.open(page_of(replace(report_of(project), written=True), project), 1280)
    browser.run("all('.file').forEach(draw)")
    assert browser.complaints() == []
    assert browser.run("all('input[type=checkbox]').length + all('#export:not([hidden])').length") == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_the_roll_up_of_a_batch_is_readable_at_every_width(browser: Chromium, tmp_path: Path, width: int) -> None:
    record = recorded("owner/a-repository-with-a-long-name", tmp_path, [failed(), reviewed()])
    record = replace(record, failure=f"/{'a-long-folder' * 9}: permission denied")
    totals = Totals()
    totals.add(record)
    page = tmp_path / "rollup.html"
    page.write_text("".join(rollup_page.render(Rollup((record.name,), totals, True, lambda names: iter([record])))))
    browser.open(page, width)
    assert browser.complaints() == []
    assert browser.run("document.documentElement.scrollWidth") == width
    assert browser.run("document.querySelector('tbody td').offsetWidth") >= 150
