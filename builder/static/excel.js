// Keys on a sheet: arrows go from cell to cell, letters do what the panel's buttons do.
// Without this file cells are links and the buttons are buttons.

const LETTERS = { a: "do-accept", o: "do-own", n: "do-none" };

function slots() {
  return [...document.querySelectorAll(".slot")];
}

function place(slot) {
  return { sheet: Number(slot.dataset.sheet), row: Number(slot.dataset.row), column: Number(slot.dataset.column) };
}

function next(from, key) {
  const here = place(from);
  const across = key === "ArrowLeft" || key === "ArrowRight";
  const ahead = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
  const rated = slots().filter((slot) => slot !== from).map((slot) => {
    const there = place(slot);
    const along = (across ? there.column - here.column : there.row - here.row) * ahead;
    const aside = Math.abs(across ? there.row - here.row : there.column - here.column);
    return { slot, along, cost: along + aside * 20, same: there.sheet === here.sheet };
  });
  const fits = rated.filter((one) => one.same && one.along > 0).sort((a, b) => a.cost - b.cost);
  return fits[0]?.slot;
}

function typing(target) {
  return target.closest("input, select, textarea");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  if (event.key === "/") {
    const search = document.getElementById("q");
    if (search) {
      event.preventDefault();
      search.focus();
    }
    return;
  }
  const button = document.getElementById(LETTERS[event.key.toLowerCase()] ?? "");
  if (button && event.target.closest("#work, body")) {
    event.preventDefault();
    button.click();
    return;
  }
  const slot = event.target.closest(".slot");
  if (slot && event.key.startsWith("Arrow")) {
    const to = next(slot, event.key);
    if (to) {
      event.preventDefault();
      to.focus();
    }
  }
});

// What was decided is drawn anew: whoever was in the sheet stays there, at the cell that is looked at now.
let inSheet = false;
document.addEventListener("htmx:beforeSwap", () => {
  inSheet = Boolean(document.activeElement?.closest(".slot, #panel"));
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "work" || event.detail.elt.id === "work") {
    if (inSheet) document.querySelector(".slot[aria-current]")?.focus({ preventScroll: false });
  }
});
