// Tables of cells: arrow keys and Enter move, a block copied from a spreadsheet is pasted cell by cell.

const CONTROL = "input:not([type=hidden], [type=checkbox], [type=radio]), select:not([hidden]), textarea";

function lines(table) {
  return [...table.tBodies].flatMap((body) => [...body.rows]).map((row) => [...row.querySelectorAll("td:not(.tools)")]);
}

function place(control) {
  const cell = control.closest("td");
  const table = cell?.closest("table.cells");
  if (!table) return undefined;
  const grid = lines(table);
  const row = grid.findIndex((line) => line.includes(cell));
  return { grid, row, column: grid[row].indexOf(cell) };
}

function step(control, down, across) {
  const at = place(control);
  if (!at) return false;
  for (let row = at.row + down, column = at.column + across; at.grid[row]?.[column]; row += down, column += across) {
    const next = at.grid[row][column].querySelector(CONTROL);
    if (!next) continue;
    next.focus();
    if (next.select && next.type === "text") next.select();
    return true;
  }
  return false;
}

document.addEventListener("keydown", (event) => {
  const control = event.target;
  if (event.altKey || event.ctrlKey || event.metaKey || !control.matches?.("table.cells input, table.cells select")) return;
  const text = control.tagName === "INPUT" && !["date", "month", "time", "checkbox", "radio", "file"].includes(control.type);
  const start = text && control.selectionStart === 0 && (control.selectionEnd === 0 || control.selectionEnd === control.value.length);
  const end = text && control.selectionEnd === control.value.length;
  const rtl = getComputedStyle(control).direction === "rtl" ? -1 : 1;
  let moved = false;
  if (event.key === "Enter") {
    event.preventDefault();
    step(control, event.shiftKey ? -1 : 1, 0);
    return;
  }
  if (event.shiftKey) return;
  if (event.key === "ArrowDown" && text) moved = step(control, 1, 0);
  else if (event.key === "ArrowUp" && text) moved = step(control, -1, 0);
  else if (event.key === "ArrowLeft" && start) moved = step(control, 0, -rtl);
  else if (event.key === "ArrowRight" && end) moved = step(control, 0, rtl);
  if (moved) event.preventDefault();
});

function put(control, text) {
  if (control.readOnly || control.disabled) return;
  if (control.tagName === "SELECT") {
    const option = [...control.options].find((o) => o.text.trim() === text || o.value === text);
    if (!option) return;
    control.value = option.value;
  } else if (control.type === "date") {
    const parts = text.match(/^(\d{4})\D(\d{1,2})\D(\d{1,2})\D?$/);
    control.value = parts ? `${parts[1]}-${parts[2].padStart(2, "0")}-${parts[3].padStart(2, "0")}` : text;
  } else control.value = text;
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("paste", (event) => {
  if (!event.target.matches?.("table.cells input, table.cells select")) return;
  const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
  if (!/[\t\n]/.test(text)) return;
  const at = place(event.target);
  if (!at) return;
  event.preventDefault();
  text.split("\n").forEach((line, down) => {
    line.split("\t").forEach((value, across) => {
      const control = at.grid[at.row + down]?.[at.column + across]?.querySelector(CONTROL);
      if (control) put(control, value.trim());
    });
  });
});
