// The grid of texts: saved cell by cell, moved through by arrows and Enter, a column pasted from a spreadsheet.
// Without this file all texts are saved by the button below them.

let grid;
const says = () => JSON.parse(grid.dataset.says);
const boxes = () => [...grid.querySelectorAll("tbody textarea")];
const was = (box) => box.parentElement.querySelector("input[type=hidden]");
const told = (box) => box.parentElement.querySelector(".says");
const column = (box) => boxes().filter((other) => other.dataset.language === box.dataset.language);

function change(box) {
  const row = box.closest("tr");
  return { key: row.querySelector("[name^='k.']").value, word: row.querySelector("[name^='w.']").value, language: box.dataset.language, text: box.value.trim(), was: was(box).value };
}

function mark(box) {
  box.closest("td").classList.toggle("lacks", !box.value.trim());
}

let queue = Promise.resolve();
function save(some) {
  const sent = some.filter((box) => box.value.trim() !== was(box).value.trim());
  if (!sent.length) return;
  const run = async () => {
    const changes = sent.map(change);
    const done = new Promise((resolve) => {
      const end = (event) => {
        if (event.detail.elt?.id !== "wording-do") return;
        document.removeEventListener("htmx:afterRequest", end);
        resolve(event.detail.xhr?.status ?? 0);
      };
      document.addEventListener("htmx:afterRequest", end);
    });
    try {
      await htmx.ajax("POST", grid.dataset.post, { source: "#wording-do", target: "#spoken", swap: "none", values: { changes: JSON.stringify(changes) } });
    } catch { /* said below */ }
    const status = await done;
    sent.forEach((box, n) => {
      const cell = box.closest("td");
      cell.classList.toggle("wrong", status !== 200);
      if (status === 200) {
        was(box).value = changes[n].text;
        told(box).hidden = true;
        mark(box);
      } else if (status !== 409) {
        told(box).textContent = says().failed;
        told(box).hidden = false;
      }
    });
  };
  queue = queue.then(run, run);
}

function go(box, step) {
  const all = column(box);
  const next = all[all.indexOf(box) + step];
  if (!next) return;
  next.focus();
  next.setSelectionRange(next.value.length, next.value.length);
}

function aside(box, step) {
  const row = [...box.closest("tr").querySelectorAll("textarea")];
  row[row.indexOf(box) + step]?.focus();
}

function keyed(event) {
  const box = event.target;
  if (!box.matches?.("#wording textarea") || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const at = box.selectionStart;
  const alone = at === box.selectionEnd;
  const first = !box.value.slice(0, at).includes("\n");
  const last = !box.value.slice(at).includes("\n");
  const moves = {
    Enter: () => !event.shiftKey && (go(box, 1), true),
    ArrowDown: () => alone && last && (go(box, 1), true),
    ArrowUp: () => alone && first && (go(box, -1), true),
    ArrowRight: () => alone && at === box.value.length && (aside(box, 1), true),
    ArrowLeft: () => alone && at === 0 && (aside(box, -1), true),
    Escape: () => { box.value = was(box).value; mark(box); return true; },
  };
  if (moves[event.key]?.()) event.preventDefault();
}

// Cells as a spreadsheet copies them: a tab between columns, quotes around what holds lines.
function cells(text) {
  const rows = [[]];
  const pattern = /("(?:[^"]|"")*"|[^\t\r\n]*)(\t|\r\n|\n|\r|$)/y;
  while (pattern.lastIndex < text.length) {
    const found = pattern.exec(text);
    if (!found) break;
    const value = found[1].startsWith('"') && found[1].length > 1 ? found[1].slice(1, -1).replaceAll('""', '"') : found[1];
    rows.at(-1).push(value);
    if (found[2] && found[2] !== "\t") rows.push([]);
    if (!found[0]) break;
  }
  return rows.filter((row) => row.length);
}

function pasted(event) {
  const box = event.target;
  if (!box.matches?.("#wording textarea") || box.readOnly) return;
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const rows = cells(text);
  if (rows.length < 2 && (rows[0]?.length ?? 0) < 2) return;
  event.preventDefault();
  const all = column(box);
  const start = all.indexOf(box);
  const changed = [];
  rows.forEach((row, n) => {
    const first = all[start + n];
    if (!first) return;
    const beside = [...first.closest("tr").querySelectorAll("textarea")];
    row.forEach((value, m) => {
      const into = beside[beside.indexOf(first) + m];
      if (!into) return;
      into.value = value;
      mark(into);
      changed.push(into);
    });
  });
  save(changed);
}

function begin() {
  const found = document.getElementById("wording");
  if (!found || found === grid) return;
  grid = found;
  grid.classList.add("scripted");
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.("#wording textarea")) save([event.target]);
});
document.addEventListener("keydown", keyed);
document.addEventListener("paste", pasted);
document.addEventListener("wording:clash", (event) => {
  for (const one of event.detail.cells) {
    const box = boxes().find((other) => {
      const own = change(other);
      return own.key === one.key && own.word === one.word && own.language === one.language;
    });
    if (!box) continue;
    was(box).value = one.now;
    told(box).textContent = one.said;
    told(box).hidden = false;
    box.closest("td").classList.add("wrong");
  }
});
// What is being typed is not drawn over.
document.addEventListener("studio:refresh", (event) => {
  if (grid && boxes().some((box) => box === document.activeElement || box.value.trim() !== was(box).value.trim())) event.preventDefault();
});
document.addEventListener("htmx:load", begin);
begin();
