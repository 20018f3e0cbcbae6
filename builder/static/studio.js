// The studio by keyboard and pointer: picking, moving, labels in place, copy and paste. Without this file every part
// is picked by its link, and changed by the forms beside it.

const studio = document.querySelector(".studio");
const canvas = document.getElementById("canvas");
const may = studio && !("readonly" in studio.dataset);
const words = studio ? JSON.parse(studio.dataset.says) : {};
const nodes = () => [...document.querySelectorAll("#canvas .node")];
const nodeOf = (key) => nodes().find((node) => node.dataset.key === key);
const current = () => document.querySelector("#canvas .node.picked") ?? nodes()[0];
const parent = (node) => node.parentElement.closest(".node") ?? nodeOf("");
const inField = (element) => element?.closest?.("input, textarea, select, [contenteditable], dialog, .bench, .beside a");

function speak(text) {
  const place = document.getElementById("spoken");
  place.className = "unseen";
  place.textContent = text;
}

function mark(node) {
  for (const one of nodes()) {
    const is = one === node;
    one.classList.toggle("picked", is);
    one.tabIndex = is ? 0 : -1;
    if (is) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  }
  for (const input of document.querySelectorAll("input[data-at]")) input.value = node.dataset.key;
  history.replaceState(history.state, "", `${studio.dataset.here}?at=${encodeURIComponent(node.dataset.key)}`);
}

// The part that was picked while its properties are not there yet. What was set of the one before is kept first:
// a step that waits for another would go with the panel that it was made in.
let asking;
let wanted = null;
function pick(node, { focus = true } = {}) {
  if (!node) return;
  mark(node);
  if (focus) node.focus({ preventScroll: true });
  node.scrollIntoView({ block: "nearest" });
  wanted = node.dataset.key;
  clearTimeout(asking);
  asking = setTimeout(properties, 90);
}

async function properties() {
  if (document.querySelector("#panel .htmx-request")) {
    asking = setTimeout(properties, 30);
    return;
  }
  const key = wanted;
  await htmx.ajax("GET", `${studio.dataset.part}?at=${encodeURIComponent(key)}`, { target: "#panel", swap: "innerHTML" });
  if (wanted === key) wanted = null;
}

// Whoever goes on while a step is under way keeps the focus where it is by then.
let from = null;
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.requestConfig.verb === "post") from = document.activeElement;
});

function send(values) {
  if (!may) return;
  htmx.ajax("POST", studio.dataset.steps, { source: document.getElementById("do"), swap: "none", values: { at: current().dataset.key, ...values } });
}

function rename(node) {
  const label = node.querySelector(":scope > .node-head .label, :scope > .label, :scope > .drawn label, :scope > .drawn legend, :scope > .drawn .label");
  if (!label || node.querySelector(".in-place")) return;
  const input = document.createElement("input");
  input.className = "in-place";
  input.value = node.dataset.title;
  input.setAttribute("aria-label", words.label);
  const drawn = label.closest(".drawn");
  (drawn ?? label).before(input);
  label.hidden = true;
  input.focus();
  input.select();
  let over = false;
  const end = (keep) => {
    if (over) return;
    over = true;
    const text = input.value.trim();
    input.remove();
    label.hidden = false;
    node.focus({ preventScroll: true });
    if (keep && text !== node.dataset.title) send({ do: "label", at: node.dataset.key, text });
  };
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter" || event.key === "Escape") {
      event.preventDefault();
      end(event.key === "Enter");
    }
  });
  input.addEventListener("blur", () => end(true));
}

async function copy(node) {
  const answer = await fetch(`${studio.dataset.copy}?at=${encodeURIComponent(node.dataset.key)}`);
  const text = await answer.text();
  if (!answer.ok) return speak(text);
  localStorage.setItem("yibiao.part", text);
  speak(words.copied);
}

function paste() {
  const fragment = localStorage.getItem("yibiao.part");
  if (fragment) send({ do: "paste", fragment });
  else speak(words.nothing);
}

const ways = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "in" };

function move(event, node) {
  const all = nodes();
  const place = all.indexOf(node);
  const to = {
    ArrowDown: () => all[place + 1],
    ArrowUp: () => all[place - 1],
    ArrowLeft: () => parent(node),
    ArrowRight: () => node.querySelector(".node") ?? all[place + 1],
    Home: () => all[0],
    End: () => all.at(-1),
  }[event.key];
  event.preventDefault();
  pick(to());
}

function keyed(event) {
  if (inField(event.target)) return;
  const node = event.target.closest("#canvas .node") ?? current();
  const command = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (event.altKey && event.key in ways) {
    event.preventDefault();
    send({ do: ways[event.key] });
  } else if (command && key === "z") {
    event.preventDefault();
    send({ do: event.shiftKey ? "redo" : "undo" });
  } else if (command && key === "y") {
    event.preventDefault();
    send({ do: "redo" });
  } else if (command && key === "c" && !String(getSelection())) copy(node);
  else if (command && key === "v") paste();
  else if (command || event.altKey) return;
  else if (["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) move(event, node);
  else if (event.key === "Enter" && event.target.closest(".node") && may) {
    event.preventDefault();
    rename(node);
  } else if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    send({ do: "remove" });
  } else if (event.key === "/") {
    event.preventDefault();
    document.getElementById("find")?.focus();
  } else if (event.key === "?") document.getElementById("keys").showModal();
}

function between(event) {
  if (event.key === "F6") {
    event.preventDefault();
    const toCanvas = !event.target.closest("#canvas"); // from the panel, the palette, the page
    (toCanvas ? current() : document.querySelector("#panel input:not([type=hidden]), #panel select, #panel textarea"))?.focus();
  } else if (event.key === "Escape" && event.target.id === "find") current().focus();
  else if (event.key === "ArrowDown" && event.target.id === "find") {
    event.preventDefault();
    sought = true;
    seek();
  } else if (event.target.matches?.(".offer") && ["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) {
    event.preventDefault();
    const offers = [...document.querySelectorAll("#shelves details[open] .offer")];
    const next = offers.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1);
    if (event.key === "Escape" || next < 0) document.getElementById("find").focus();
    else offers[next]?.focus();
  }
}

// Enter and the arrow down in the search go to the first that answers, as soon as it is there: an offer of the
// search before would go from under the focus.
let sought = false;
function seek() {
  const shelves = document.getElementById("shelves");
  if (!sought || shelves.dataset.query !== document.getElementById("find").value) return;
  sought = false;
  shelves.querySelector("details[open] .offer")?.focus();
}

// Dragging is an extra: the same moves as by keyboard.
let dragged;
function place(event) {
  const over = event.target.closest?.("#canvas .node");
  for (const one of document.querySelectorAll(".over, .over-in")) one.classList.remove("over", "over-in");
  if (!dragged || !over || dragged.contains(over) || !("placed" in over.dataset)) return null;
  event.preventDefault();
  const holds = ["section", "columns"].includes(over.dataset.kind) && dragged.dataset.kind !== "section";
  const box = over.getBoundingClientRect();
  const into = holds && event.clientY > box.top + 14;
  over.classList.add(into ? "over-in" : "over");
  return { to: over.dataset.key, place: into ? "in" : "before" };
}

if (studio) {
  for (const link of document.querySelectorAll(".pick")) link.tabIndex = -1;
  if (location.search.includes("at=")) current().scrollIntoView({ block: "center" });
  document.addEventListener("htmx:load", (event) => {
    for (const input of event.detail.elt.querySelectorAll?.("input[data-at]") ?? []) input.value = current().dataset.key;
    for (const link of event.detail.elt.querySelectorAll?.(".pick") ?? []) link.tabIndex = -1;
  });
  const find = document.getElementById("find");
  find?.addEventListener("input", () => (sought = false));
  find?.form.addEventListener("submit", (event) => {
    event.preventDefault();
    sought = true;
    seek();
  });
  document.addEventListener("htmx:afterSettle", seek);
  document.addEventListener("click", (event) => {
    const problem = event.target.closest("[data-pick]");
    if (problem) {
      event.preventDefault();
      return pick(nodeOf(problem.dataset.pick));
    }
    const node = event.target.closest("#canvas .node");
    if (node && !inField(event.target)) {
      event.preventDefault();
      pick(node);
    }
  });
  document.addEventListener("dblclick", (event) => {
    const node = event.target.closest("#canvas .node");
    if (node && may) rename(node);
  });
  studio.addEventListener("keydown", keyed);
  document.addEventListener("keydown", between);
  document.addEventListener("studio:done", (event) => {
    studio.dataset.done = Number(studio.dataset.done ?? 0) + 1;
    const next = wanted === null ? undefined : nodeOf(wanted);
    if (next) return mark(next); // another part was picked since
    const node = nodeOf(event.detail.at);
    if (!node) return;
    mark(node);
    const now = document.activeElement;
    // A step that waited for another is sent while one types elsewhere already: a field always keeps the focus.
    const stays = now && now !== document.body && (now !== from || inField(now));
    if (!stays && !now?.closest?.("#panel")) node.focus({ preventScroll: true });
    node.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("#canvas .node[data-placed], .offer");
    dragged?.classList.add("dragged");
  });
  document.addEventListener("dragover", place);
  document.addEventListener("drop", (event) => {
    const found = place(event);
    if (found && dragged.matches(".offer")) send({ do: "add", at: found.to, what: dragged.value });
    else if (found) send({ do: "move", at: dragged.dataset.key, ...found });
  });
  document.addEventListener("dragend", () => {
    dragged?.classList.remove("dragged");
    dragged = null;
    for (const one of document.querySelectorAll(".over, .over-in")) one.classList.remove("over", "over-in");
  });
}
