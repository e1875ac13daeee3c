"use strict";
// Draws the diffs when they come into view, filters, walks by keys, and exports the plan with what is checked.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);
const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
};

const plan = JSON.parse(one("#plan").textContent);
const entries = new Map(); // "path|rule|start|end" -> entry of the plan
const idOf = (path, key) => [path, ...key].join("|");
for (const file of plan.files)
  for (const entry of file.changes) entries.set(idOf(file.path, [entry.rule, entry.start, entry.end]), entry);

// --- the diff of a file ---------------------------------------------------------------------------------------------

const COLOURS = { s: "s", c: "c", k: "k", n: "u" };

function line(segments, word) {
  return segments.map((segment) => {
    if (typeof segment === "string") return segment;
    const [classes, text] = segment;
    const differs = classes.endsWith("+");
    const colour = COLOURS[classes[0]];
    const node = make(differs ? word : "span", colour ? { class: colour } : {}, text);
    return node;
  });
}

function row([changed, oldNumber, old, newNumber, fresh]) {
  const side = (number, segments, name, sign, word) => [
    make("td", { class: number === null ? "n blank" : "n", role: "cell" }, number === null ? "" : `${number}${changed ? sign : ""}`),
    make("td", { class: changed ? (number === null ? "none" : name) : "", role: "cell" }, ...line(segments, word)),
  ];
  return make("tr", { class: changed ? "changed" : "same", role: "row" },
    ...side(oldNumber, old, "old", "−", "del"), ...side(newNumber, fresh, "new", "+", "ins"));
}

function choice(path, change) {
  const id = idOf(path, change.key);
  const entry = entries.get(id);
  const label = make("label", { class: entry && !entry.approved ? "off" : "" });
  if (entry) {
    const box = make("input", { type: "checkbox", "data-id": id });
    box.checked = entry.approved;
    label.append(box);
    if (entry.group !== null) label.title = "belongs together with others: all of them, or none";
  }
  label.append(make("span", {}, make("b", { class: "code" }, change.rule), ` ${change.place}: ${change.title.replaceAll("`", "")}`,
      change.reason ? ` (${change.reason.replaceAll("`", "")})` : ""));
  if (change.confidence === "unsafe") label.append(make("span", { class: "tag unsafe" }, "unsafe"));
  return label;
}

// The rows of a hunk, each change told above the line where it begins.
function rowsOf(path, hunk) {
  const waiting = [...hunk.changes];
  const told = (change) => make("tr", { class: "told stop", role: "row", tabindex: "-1", "data-rules": change.rule,
    "data-confidence": change.confidence }, make("td", { colspan: "4", role: "cell" }, choice(path, change)));
  const drawn = [];
  for (const line of hunk.rows) {
    while (waiting.length && line[1] !== null && waiting[0].at <= line[1]) drawn.push(told(waiting.shift()));
    drawn.push(row(line));
  }
  return [...drawn, ...waiting.map(told)];
}

function draw(section) {
  const place = one(".hunks", section);
  if (place.childElementCount) return;
  const { hunks } = JSON.parse(one(`#data-${section.dataset.number}`).textContent);
  place.append(...hunks.map((hunk) => {
    const rules = hunk.changes.map((change) => change.rule).concat(hunk.rules);
    const confidences = new Set(hunk.changes.map((change) => change.confidence));
    const head = make("div", { class: "head" }, `${hunk.place}: ${hunk.rules.join(" ")}`);
    const table = make("table", { class: "diff code", role: "table", "aria-label": `${section.dataset.path}, ${hunk.place}` },
      make("colgroup", {}, make("col", { class: "n" }), make("col"), make("col", { class: "n" }), make("col")),
      make("tbody", {}, ...rowsOf(section.dataset.path, hunk)));
    return make("div", { class: hunk.changes.length ? "hunk" : "hunk stop", tabindex: "-1", "data-rules": [...new Set(rules)].join(" "),
      "data-confidence": [...confidences].join(" ") }, head, table);
  }));
  place.style.minHeight = "0";
  sift(section);
}

const MARGIN = 900; // so many pixels before it comes into view, a diff is drawn

const watcher = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen)
    if (isIntersecting) { watcher.unobserve(target); draw(target); }
}, { rootMargin: `${MARGIN}px` });
all(".file").forEach((section) => watcher.observe(section));
addEventListener("beforeprint", () => {
  all(".file:not([hidden])").forEach(draw);
  all("details").forEach((details) => { details.open = true; });
});

// --- filters --------------------------------------------------------------------------------------------------------

const wanted = { path: one("#path"), rule: one("#rule"), confidence: one("#confidence") };

function fits(node) {
  const has = (name, value) => !value || (node.dataset[name] || "").split(" ").includes(value);
  const path = wanted.path.value.trim().toLowerCase();
  return (!path || !("path" in node.dataset) || node.dataset.path.toLowerCase().includes(path)) &&
    (!("rules" in node.dataset) || has("rules", wanted.rule.value)) &&
    (!("confidence" in node.dataset) || has("confidence", wanted.confidence.value));
}

function sift(section) {
  all(".hunk", section).forEach((hunk) => { hunk.hidden = !fits(hunk); });
  all(".told", section).forEach((told) => { told.classList.toggle("dim", !fits(told)); });
  sum(section);
}

function filter() {
  all("[data-path]").forEach((node) => { node.hidden = !fits(node); });
  all(".file").forEach(sift);
  document.body.classList.toggle("narrowed", Boolean(wanted.rule.value || wanted.confidence.value));
  tell();
}

Object.values(wanted).forEach((control) => control.addEventListener("input", filter));
all("a[data-rule]").forEach((link) => link.addEventListener("click", (event) => {
  event.preventDefault();
  wanted.rule.value = link.dataset.rule;
  filter();
  wanted.rule.focus();
}));

// --- approval -------------------------------------------------------------------------------------------------------

function tell() {
  const approved = [...entries.values()].filter((entry) => entry.approved).length;
  one("#export").textContent = `Export plan (${approved} of ${entries.size})`;
  const shown = all(".file:not([hidden])").length;
  one("#told").textContent = `${shown} of ${all(".file").length} changed files shown`;
}

tell();

function mark(box, on) {
  entries.get(box.dataset.id).approved = box.checked = on;
  box.closest("label").classList.toggle("off", !on);
}

// The boxes of a file that the filters let through.
const choices = (section) => all(".told:not(.dim) input[data-id]", section).filter((box) => !box.closest("[hidden]"));

// The box of a file says whether all of these are checked, or some.
function sum(section) {
  const box = one("input[data-all]", section);
  const mine = choices(section);
  if (!box || !mine.length) return;
  box.checked = mine.every((other) => other.checked);
  box.indeterminate = !box.checked && mine.some((other) => other.checked);
}

// What belongs together is approved together, or not at all.
function approve(box) {
  const { group } = entries.get(box.dataset.id);
  const section = box.closest(".file");
  const mates = group === null ? [box] : all("input[data-id]", section).filter((other) => entries.get(other.dataset.id).group === group);
  mates.forEach((mate) => mark(mate, box.checked));
  if (section) sum(section);
  tell();
}

document.addEventListener("change", (event) => {
  if (event.target.matches("input[data-id]")) approve(event.target);
  if (event.target.matches("input[data-all]")) {
    const section = event.target.closest(".file");
    const on = event.target.checked;
    draw(section);
    choices(section).forEach((box) => { box.checked = on; approve(box); });
  }
});

one("#export").addEventListener("click", () => {
  const url = URL.createObjectURL(new Blob([JSON.stringify(plan, null, 1)], { type: "application/json" }));
  make("a", { href: url, download: "plan.json" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
});

// --- keys -----------------------------------------------------------------------------------------------------------

let here = null;

function go(node) {
  if (!node) return;
  if (here) here.classList.remove("here");
  here = node;
  here.classList.add("here");
  here.focus({ preventScroll: true });
  here.scrollIntoView({ block: "center" });
}

const stops = (section) => all(".stop", section).filter((stop) => !stop.closest("[hidden]") && !stop.matches(".dim"));

// The next place to stop at, or the previous one, in this file or the next ones that are shown.
function change(step) {
  const sections = all(".file:not([hidden])");
  let at = sections.findIndex((section) => here && section.contains(here));
  const beside = at < 0 ? undefined : stops(sections[at])[stops(sections[at]).indexOf(here) + step];
  if (beside) return beside;
  if (at < 0 && step < 0) return null;
  for (at += step; at >= 0 && at < sections.length; at += step) {
    draw(sections[at]);
    const found = stops(sections[at]);
    if (found.length) return found.at(step > 0 ? 0 : -1);
  }
  return null;
}

function file(step) {
  const sections = all(".file:not([hidden])");
  const section = sections[sections.findIndex((item) => here && item.contains(here)) + step];
  if (!section) return null;
  draw(section);
  return stops(section)[0];
}

const keys = {
  j: () => go(change(1)), k: () => go(change(-1)), n: () => go(file(1)), p: () => go(file(-1)),
  x: () => { if (here) { const boxes = all("input[data-id]", here); const on = boxes.some((box) => !box.checked);
    boxes.forEach((box) => { box.checked = on; approve(box); }); } },
  e: () => one("#export").click(), "/": () => wanted.path.focus(), t: () => theme(), "?": () => one("#help").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target === wanted.path) { wanted.path.value = ""; filter(); }
  if (event.key === "Escape" && event.target.matches("input, select")) event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || one("#help").open) return;
  if (event.target.matches("input[type=search], select, textarea")) return;
  const act = keys[event.key];
  if (act) { event.preventDefault(); act(); }
});

// --- jumps ----------------------------------------------------------------------------------------------------------

// What comes near a file is drawn before a jump to it, so that nothing grows above it afterwards.
function settle(section) {
  const shown = all(".file:not([hidden])");
  for (const step of [-1, 1]) {
    let room = MARGIN + 2 * innerHeight;
    for (let at = shown.indexOf(section); at >= 0 && at < shown.length && room > 0; at += step) {
      draw(shown[at]);
      shown[at].style.contentVisibility = "visible"; // so that it is as tall as it will be
      if (shown[at] !== section) room -= shown[at].offsetHeight;
    }
  }
}

// A jump ends below the bar.
const bar = one(".bar");
const leave = () => document.documentElement.style.setProperty("--bar", `${bar.offsetHeight}px`);
new ResizeObserver(leave).observe(bar);
leave();

all('a[href^="#file-"]').forEach((link) => link.addEventListener("click", () => settle(one(link.hash))));
if (location.hash.startsWith("#file-") && one(location.hash)) {
  settle(one(location.hash));
  one(location.hash).scrollIntoView();
}

// --- light and dark -------------------------------------------------------------------------------------------------

const dark = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;
const set = (on) => { root.dataset.theme = on ? "dark" : "light"; };
const theme = () => set(root.dataset.theme !== "dark");
set(dark.matches);
dark.addEventListener("change", (event) => set(event.matches));
addEventListener("beforeprint", () => { root.dataset.before = root.dataset.theme; set(false); });
addEventListener("afterprint", () => { root.dataset.theme = root.dataset.before; });
one("#theme").addEventListener("click", theme);
one("#keys").addEventListener("click", () => one("#help").showModal());
all("dialog button").forEach((button) => button.addEventListener("click", () => button.closest("dialog").close()));
