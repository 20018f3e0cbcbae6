// The JSON tab: what is typed is saved, judged and brought together while it is typed; a problem leads to its place.
// Without this file the text is saved by its buttons.

const byId = (id) => document.getElementById(id);
let sent = "";
let timer;
let dirty = false;
let top = 0; // where the text stood before it was drawn anew
const says = () => JSON.parse(byId("definition").dataset.says);

function tell(words, alert = false) {
  const place = byId("saved");
  if (!place) return;
  place.className = alert ? "tag ask" : "";
  if (place.textContent !== words) place.textContent = words;
}

function gutter() {
  const text = byId("text");
  const marks = new Map();
  for (const link of document.querySelectorAll("#places a")) {
    const line = Number(link.dataset.line);
    if (marks.get(line) !== "error") marks.set(line, link.dataset.severity);
  }
  const count = text.value.split("\n").length;
  const whole = document.createDocumentFragment();
  let plain = "";
  for (let n = 1; n <= count; n++) {
    if (!marks.has(n)) {
      plain += `${n}\n`;
      continue;
    }
    const mark = document.createElement("b");
    mark.className = marks.get(n) === "error" ? "ask" : "check";
    mark.textContent = `${n}\n`;
    whole.append(plain, mark);
    plain = "";
  }
  whole.append(plain);
  byId("gutter").replaceChildren(whole);
  byId("gutter").scrollTop = text.scrollTop;
}

let drawn = 0;
function lines() {
  const count = byId("text").value.split("\n").length;
  if (count !== drawn) gutter();
  drawn = count;
}

function go(link) {
  const text = byId("text");
  const start = Number(link.dataset.start);
  text.focus({ preventScroll: true });
  text.setSelectionRange(start, Number(link.dataset.end));
  const height = parseFloat(getComputedStyle(text).lineHeight);
  const line = text.value.slice(0, start).split("\n").length;
  text.scrollTop = Math.max(0, (line - 6) * height);
  text.scrollLeft = 0;
  text.closest(".editor").scrollIntoView({ block: "nearest" });
}

// The browser's own undo goes back over it.
function put(words) {
  const text = byId("text");
  const at = text.selectionStart;
  const had = document.activeElement === text;
  const top = text.scrollTop;
  if (had) text.select();
  if (!had || !document.execCommand("insertText", false, words)) text.value = words;
  const near = Math.min(at, words.length);
  text.setSelectionRange(near, near);
  text.scrollTop = top;
  dirty = false;
  clearTimeout(timer);
  gutter();
}

function save() {
  clearTimeout(timer);
  const form = byId("definition");
  if (new Blob([byId("text").value]).size > Number(form.dataset.most)) return tell(says().large, true);
  htmx.trigger(form, "typed");
}

function begin() {
  const text = byId("text");
  if (!text || text.dataset.ready) return;
  text.dataset.ready = "1";
  text.scrollTop = top;
  gutter();
  text.addEventListener("scroll", () => {
    top = text.scrollTop;
    byId("gutter").scrollTop = top;
  });
  text.addEventListener("input", () => {
    lines();
    if (text.readOnly) return;
    dirty = true;
    tell(says().typing);
    clearTimeout(timer);
    timer = setTimeout(save, 700);
  });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#places a");
  if (!link) return;
  event.preventDefault();
  go(link);
});

const ours = (event) => event.detail.elt?.closest?.("#definition");
document.addEventListener("htmx:beforeRequest", (event) => {
  if (ours(event)) sent = byId("text").value;
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!ours(event)) return;
  const status = event.detail.xhr?.status ?? 0;
  if (status === 0 || status >= 500) {
    tell(says().failed, true);
    clearTimeout(timer);
    timer = setTimeout(save, 20000);
  } else if (status === 400 || status === 401) tell(says().ended, true);
  else if (status !== 200) tell(says().typing, true);
});
document.addEventListener("source:answered", () => {
  const text = byId("text");
  const replaced = byId("replaced");
  const alert = document.querySelector("#source-news [role=alert]");
  if (!alert) {
    const same = text.value === sent;
    if (replaced && same) put(replaced.value);
    if (!text.readOnly && !byId("source-state").querySelector("[name=_waited]").value) {
      byId("base").value = replaced && same ? replaced.value : sent;
    }
    if (same) {
      dirty = false;
      tell(says().saved);
    }
  } else alert.scrollIntoView({ block: "nearest" });
  gutter();
});

// Another tab of this browser, another designer or undo has changed the form; what is being typed here stays.
document.addEventListener("studio:refresh", (event) => {
  if (dirty && byId("text")) event.preventDefault();
});
document.addEventListener("htmx:load", begin);
addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});
document.addEventListener("submit", () => { dirty = false; });
// Whoever leaves by a link has it saved first.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!dirty || !link || link.target || link.closest("#places") || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  document.addEventListener("source:answered", () => {
    if (!dirty) location.href = link.href;
  }, { once: true });
  save();
});
begin();
