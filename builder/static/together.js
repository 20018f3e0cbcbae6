// Two designers on one form: what clashes is said, and what another has changed is shown, without taking the focus.
// Without this file a page shows the form as it was when it was drawn; saving brings both together all the same.

const byId = (id) => document.getElementById(id);

function speak(words) {
  const place = byId("spoken");
  if (!place || !words) return;
  place.className = "unseen";
  place.textContent = words;
}

document.addEventListener("htmx:beforeSwap", (event) => {
  // What clashes or is refused comes with its words: it is shown like any answer.
  if ([409, 413, 422].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

// A step says which form it was made on, so that the answer shows what else has changed.
document.addEventListener("htmx:configRequest", (event) => {
  const known = byId("here")?.dataset.known;
  if (event.detail.verb === "post" && known && !event.detail.parameters.known) event.detail.parameters.known = known;
});

let drawing = false;
async function refresh(words) {
  if (drawing || document.querySelector(".in-place, .dragged")) return; // it is asked again
  const canvas = byId("canvas");
  if (!canvas && !byId("tab")) return speak(words); // a tab that is not drawn anew says so
  const asks = new Event("studio:refresh", { cancelable: true });
  if (!canvas && !document.dispatchEvent(asks)) return;
  drawing = true;
  try {
    if (canvas) {
      const at = encodeURIComponent(canvas.querySelector(".picked")?.dataset.key ?? "");
      await htmx.ajax("GET", `${byId("studio-bar").dataset.fresh}?at=${at}`, { source: "#studio-bar", target: "#spoken", swap: "none" });
    } else {
      await htmx.ajax("GET", location.pathname + location.search, { source: "#studio-bar", target: "#tab", select: "#tab", selectOOB: "#studio-bar", swap: "outerHTML" });
      speak(words);
    }
  } finally {
    drawing = false;
  }
}

// What is being typed beside the canvas stays; if another has set the same meanwhile, saving it says so.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const old = event.detail.target;
  if (drawing && old?.id === "panel" && old.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")) event.detail.shouldSwap = false;
});

document.addEventListener("studio:changed", (event) => refresh(event.detail.said));
document.addEventListener("studio:done", () => {
  if (!byId("canvas")) refresh("");
});
