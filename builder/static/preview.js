// In the frame of the preview: each change is sent, and the form drawn anew with its conditions, rows and totals.

let queue = Promise.resolve();
const form = () => document.getElementById("entry");

function draw(more = {}) {
  const run = async () => {
    const values = Object.fromEntries(Object.entries(more));
    await htmx.ajax("POST", form().action, { source: "#entry", target: "#entry", swap: "outerHTML", values });
    const focus = form().dataset.focus;
    if (focus) document.querySelector(`[name="${CSS.escape(focus)}"], [name^="${CSS.escape(focus)}/"]`)?.focus();
  };
  queue = queue.then(run, run);
}

document.addEventListener("change", (event) => {
  if (event.target.closest("#entry") && event.target.type !== "file") draw();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("#entry button");
  if (!button) return;
  event.preventDefault();
  if (button.value) draw({ _do: button.value });
});
document.addEventListener("submit", (event) => {
  event.preventDefault();
  draw();
});
// Links of cells lead to places of the form; all others lead nowhere from a preview.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (link && !link.getAttribute("href").startsWith("#")) event.preventDefault();
});
