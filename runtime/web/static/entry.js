// The filling page: each cell is checked when it was typed, the draft saves itself, rows come and go.
// Without this file the same form is saved by its buttons.

const form = document.getElementById("entry");
const live = document.getElementById("live");
const byId = (id) => document.getElementById(id);
const dirty = new Map();
const taken = new Map(); // names of rows as they were sent: what comes back in their place is theirs
const STATES = ["known", "ask", "check", "wrong"];
let queue = Promise.resolve();
let saving;
let checking;
let failed = false;
let tells = false;

const NAME = /#names?(\.\d+)?$/; // of a row that has a name, or of one to be added
const named = (name) => /^([/#]|_reason\/)/.test(name ?? "");

function picked(more) {
  const sent = new FormData();
  for (const [name, value] of new FormData(form)) {
    if (dirty.has(name) || ["_revision", "_csrf_token", "_open"].includes(name)) sent.append(name, value);
    if (dirty.has(name) && NAME.test(name)) taken.set(name, value);
  }
  for (const [name, value] of Object.entries(more || {})) sent.append(name, value);
  return sent;
}

function say(text) {
  const line = byId("saved");
  if (line) line.textContent = text;
}

function send(address, more) {
  const run = async () => {
    const before = new Map(dirty);
    failed = tells = false;
    // Heard where it was asked: what the page asks for by itself tells of other cells, and nothing of what is saved here.
    const told = new Promise((done) => live.addEventListener("yibiao:told", () => done(true), { once: true }));
    let saved = false;
    try {
      await htmx.ajax("POST", address, { values: picked(more), source: live, target: live, swap: "none" });
      // Only then do the cells say what is wrong; an answer that tells of none is a conflict, and nothing was saved.
      saved = tells && (await Promise.race([told, new Promise((done) => setTimeout(done, 10000, false))]));
    } catch {
      failed = true;
    }
    if (failed || !saved || address !== form.dataset.draft) return;
    for (const [name, stamp] of before) {
      const wrong = form.querySelector(`[name="${CSS.escape(name)}"][aria-invalid=true]`);
      // Rows that came or went may have given the name to another cell; what was typed since then is not sent yet.
      if (dirty.get(name) === stamp && (!wrong || more)) dirty.delete(name);
    }
  };
  queue = queue.then(run, run);
  return queue;
}

const save = () => {
  clearTimeout(saving);
  if (dirty.size) send(form.dataset.draft);
};

function touched(name) {
  dirty.set(name, performance.now());
  say(form.dataset.unsaved);
  clearTimeout(checking);
  // A name moves what stands below it to another place: that is told once it is saved.
  if (!NAME.test(name)) checking = setTimeout(() => send(form.dataset.check), 0);
  clearTimeout(saving);
  saving = setTimeout(save, 1500);
}

form.addEventListener("change", (event) => {
  const { name, type } = event.target;
  if (type === "file" || /^_drop[/#]/.test(name ?? "")) form.requestSubmit();
  else if (named(name)) touched(name);
});

// What was changed before this file had come is as good as what is changed after.
function changed(control) {
  if (control.matches("[type=radio], [type=checkbox]")) return control.checked !== control.defaultChecked;
  if (control.matches("select")) {
    const drawn = control.querySelector("option[selected]") ?? control.options[0];
    return control.value !== (drawn?.value ?? "");
  }
  const fresh = control.cloneNode();
  fresh.value = control.defaultValue; // as the browser cleans it, which is no change
  return control.value !== fresh.value;
}
for (const control of form.querySelectorAll("input:not([type=hidden], [type=file]), select:not([multiple]), textarea")) {
  if (named(control.name) && changed(control)) touched(control.name);
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-rows]");
  if (!button) return;
  event.preventDefault();
  clearTimeout(checking);
  clearTimeout(saving);
  send(form.dataset.draft, { _do: button.value });
  const [verb, place] = button.value.split(" ");
  if (verb === "open") {
    const open = document.createElement("input");
    Object.assign(open, { type: "hidden", name: "_open", value: place });
    form.append(open);
  }
});

form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("[data-name]") || event.isComposing) return;
  event.preventDefault();
  const add = byId(`${event.target.id}-add`);
  if (!add) return event.target.blur();
  if (event.target.value) touched(event.target.name);
  add.focus();
  add.click();
});

// What stood under a name that was typed anew stands under the new one.
function renamed(name) {
  for (const box of form.querySelectorAll("[data-name]")) {
    const old = box.name.replace(/#name$/, "");
    if (old === box.name || !dirty.has(box.name) || !(name === old || name.startsWith(`${old}/`) || name.startsWith(`${old}#`))) continue;
    const step = box.value.trim().replaceAll("~", "~0").replaceAll("/", "~1");
    return `${old.slice(0, old.lastIndexOf("/") + 1)}${step}${name.slice(old.length)}`;
  }
  return name;
}

form.addEventListener("submit", () => {
  dirty.clear();
  clearTimeout(saving);
});

// A form beside this one is sent once what was typed here is saved; what is wrong is to be mended first.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-after-save]") || !dirty.size) return;
  event.preventDefault();
  save();
  queue.then(() => {
    if (dirty.size) (form.querySelector("[aria-invalid=true]") ?? byId("saved").querySelector("button"))?.focus();
    else event.target.submit();
  });
});

addEventListener("pagehide", () => {
  if (dirty.size) fetch(form.dataset.draft, { method: "POST", body: new URLSearchParams(picked()), keepalive: true });
});

for (const event of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(event, (told) => {
    if (told.detail.elt !== live) return;
    failed = true;
    // 400 and 401: who sent it is no longer signed in; the page that Save leads to keeps all and says what to do.
    say([400, 401].includes(told.detail.xhr?.status) ? form.dataset.ended : form.dataset.failed);
    clearTimeout(saving);
    saving = setTimeout(save, 20000);
  });
}

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.elt === live) tells = detail.xhr.getResponseHeader("HX-Trigger-After-Settle")?.includes("yibiao:told") ?? false;
});

// What is drawn already stays; what has the focus keeps it, with what is being typed into it.
let held;
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const old = event.detail.target;
  const fresh = event.detail.fragment.firstElementChild ?? event.detail.fragment;
  if (old?.dataset?.shape && old.dataset.shape === fresh?.dataset?.shape) {
    event.detail.shouldSwap = false;
    for (const part of fresh.querySelectorAll("[data-shape]")) {
      const there = byId(part.id);
      if (there && there.dataset.shape !== part.dataset.shape) {
        there.replaceWith(part);
        htmx.process(part);
      }
    }
    return;
  }
  const active = document.activeElement;
  if (!old?.contains(active) || !active.id) return;
  const name = renamed(active.name ?? "");
  const value = taken.get(active.name) === active.value ? undefined : active.value;
  held = { id: active.id, name, value, at: active.selectionStart };
  // What was typed into it meanwhile is sent under its new name.
  if (name !== active.name && active.value !== active.defaultValue && !NAME.test(name)) touched(name);
});
document.addEventListener("htmx:oobAfterSwap", () => {
  if (!held) return;
  const again = byId(held.id) ?? (held.name ? form.querySelector(`[name="${CSS.escape(held.name)}"]`) : null);
  if (again && again !== document.activeElement) {
    if (held.value !== undefined && again.value !== held.value && "value" in again && again.type !== "radio" && again.type !== "checkbox") again.value = held.value;
    again.focus({ preventScroll: true });
    if (again.setSelectionRange && again.type === "text" && held.value !== undefined) again.setSelectionRange(held.at, held.at);
  }
  held = undefined;
});

document.addEventListener("yibiao:told", (event) => {
  const { cells, focus, saved } = event.detail;
  if (saved) asked = undefined; // what was told of a cell may be of before
  for (const [id, [state, required, value]] of Object.entries(cells)) {
    const control = byId(id);
    const box = byId(`${id}-box`) ?? control; // a choice is its own box
    if (!box || !control) continue;
    box.classList.remove(...STATES);
    if (state) box.classList.add(state);
    control.toggleAttribute("aria-invalid", false);
    if (state === "wrong") control.setAttribute("aria-invalid", "true");
    if (required && control.name) control.setAttribute("aria-required", "true");
    else control.removeAttribute("aria-required");
    const plain = control.matches("input:not([type=radio],[type=checkbox],[type=hidden],[type=file],[role]), textarea");
    if (plain && control !== document.activeElement && !dirty.has(control.name) && control.value !== value) control.value = value;
  }
  const wrong = Object.entries(cells).find(([, [state]]) => state === "wrong");
  live.textContent = wrong ? byId(`${wrong[0]}-says`)?.textContent ?? "" : "";
  // Whoever has gone on to type elsewhere stays there.
  const active = document.activeElement ?? document.body;
  if (focus && (active === document.body || active.matches("button[data-rows]"))) {
    const place = byId(focus);
    (place?.querySelector("input:not([type=hidden], [data-name]), select, textarea, button") ?? place)?.focus();
  }
});

// Beside the form: why this value.
const wide = matchMedia("(min-width: 64rem)");

// What the focus in a cell opens by itself needs no stop of its own; where nothing takes the focus, the link stays one.
function passed(root) {
  for (const link of root.querySelectorAll(".says > a[href]")) {
    const box = link.closest("[id$='-box']");
    const asks = box && [...box.querySelectorAll("input, select, textarea")].some((c) => c.type !== "hidden" && c.name.startsWith("/"));
    if (asks) link.tabIndex = -1;
  }
}
passed(form);
document.addEventListener("yibiao:told", () => passed(form));
let asking;
let asked;
form.addEventListener("focusin", (event) => {
  const cell = event.target.name || event.target.closest(".combo")?.querySelector("select")?.name;
  if (!cell?.startsWith("/") || cell.includes("#") || cell === asked) return;
  if (!wide.matches) {
    // A narrow page has no room beside the form: the way to the same words stands at the foot.
    const link = byId("why-link");
    link.href = `${form.dataset.why}?cell=${encodeURIComponent(cell)}`;
    link.hidden = false;
    return;
  }
  clearTimeout(asking);
  asking = setTimeout(() => {
    asked = cell;
    htmx.ajax("GET", `${form.dataset.why}?cell=${encodeURIComponent(cell)}`, { target: "#why", swap: "innerHTML", source: "#why" }).catch(() => { asked = undefined; });
  }, 150);
});

// After a save the next thing to do has the focus; it stands in view already, and what was said on top stays so too.
if (!location.hash && !document.querySelector("[autofocus]")) document.querySelector("[data-go]")?.focus({ preventScroll: true });

// To the next cell of a kind, after the one that has the focus.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-jump]");
  if (!link) return;
  const kinds = link.dataset.jump === "check" ? ".check, .wrong" : `.${link.dataset.jump}`;
  const controls = [...form.querySelectorAll(kinds)]
    .map((box) => box.querySelector(box.matches(".rows-part") ? ":scope > footer button" : "input:not([type=hidden]), select:not([hidden]), textarea, output"))
    .filter(Boolean);
  if (!controls.length) return;
  event.preventDefault();
  const after = document.activeElement;
  const from = form.contains(after) ? after : window.yibiaoLast;
  const next = controls.find((c) => from && from.compareDocumentPosition(c) & Node.DOCUMENT_POSITION_FOLLOWING);
  (next ?? controls[0]).focus();
});
form.addEventListener("focusout", (event) => {
  window.yibiaoLast = event.target;
});
