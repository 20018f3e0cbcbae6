// Around the preview: what is chosen is shown at once, and a wide frame is as tall as what it shows; a phone is as tall as it is.

document.addEventListener("change", (event) => {
  if (event.target.closest("#chosen")) event.target.form.requestSubmit();
});

function fit(frame) {
  const inside = frame.contentDocument?.documentElement;
  if (!inside) return;
  const measure = () => {
    frame.style.blockSize = `${Math.max(480, frame.contentDocument.body.scrollHeight + 16)}px`;
  };
  measure();
  new ResizeObserver(measure).observe(frame.contentDocument.body);
}

function begin() {
  for (const frame of document.querySelectorAll(".stage:not(.phone) iframe.device")) {
    if (frame.dataset.ready) continue;
    frame.dataset.ready = "1";
    frame.addEventListener("load", () => fit(frame));
    if (frame.contentDocument?.readyState === "complete") fit(frame);
  }
}
document.addEventListener("htmx:load", begin);
begin();
