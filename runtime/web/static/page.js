// On every page: lists to choose from become searchable, and what went wrong takes the focus.
// Without this file a list is a plain <select> and all works the same.

let number = 0;

function searchable(select) {
  if (select.dataset.search === "on") return;
  select.dataset.search = "on";
  const box = document.createElement("div");
  const input = document.createElement("input");
  const list = document.createElement("ul");
  box.className = "combo";
  list.className = "combo-list";
  list.id = `list-${++number}`;
  list.setAttribute("role", "listbox");
  list.hidden = true;
  for (const name of ["id", "aria-describedby", "aria-required", "aria-invalid", "aria-label"]) {
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
    select.removeAttribute(name);
  }
  const label = document.querySelector(`label[for="${CSS.escape(input.id)}"]`);
  list.setAttribute("aria-label", label ? label.textContent.trim() : input.getAttribute("aria-label") || "");
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-autocomplete", "list");
  input.autocomplete = "off";
  select.hidden = true;
  select.before(box);
  box.append(input, list, select);
  const shown = () => select.selectedOptions[0]?.value ? select.selectedOptions[0].text : "";
  input.value = shown();
  let at = -1;

  function close() {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
  function open(all) {
    const words = all ? [] : input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = [...select.options].filter((o) => o.value && words.every((w) => `${o.text} ${o.value}`.toLowerCase().includes(w))).slice(0, 80);
    list.replaceChildren(...fits.map((option, n) => {
      const item = document.createElement("li");
      item.setAttribute("role", "option");
      item.id = `${list.id}-${n}`;
      item.textContent = option.text;
      item.dataset.value = option.value;
      item.setAttribute("aria-selected", "false");
      return item;
    }));
    at = -1;
    list.hidden = !fits.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }
  function point(step) {
    if (list.hidden) open(true);
    const items = [...list.children];
    if (!items.length) return;
    items[at]?.setAttribute("aria-selected", "false");
    at = (at + step + items.length) % items.length;
    items[at].setAttribute("aria-selected", "true");
    items[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", items[at].id);
  }
  function take(value) {
    const was = select.value;
    select.value = value;
    input.value = shown();
    close();
    if (was !== value) select.dispatchEvent(new Event("change", { bubbles: true }));
  }
  input.addEventListener("input", () => open(false));
  input.addEventListener("click", () => list.hidden && open(true));
  input.addEventListener("change", (event) => event.stopPropagation());
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      event.stopPropagation();
      point(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      const item = list.children[at] ?? list.children[0];
      if (item) take(item.dataset.value);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      input.value = shown();
      close();
    }
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    if (event.target.dataset.value !== undefined) take(event.target.dataset.value);
  });
  input.addEventListener("blur", () => {
    if (!input.value.trim()) take("");
    else {
      const typed = input.value.trim().toLowerCase();
      const exact = [...select.options].find((o) => o.value && (o.text.toLowerCase() === typed || o.value.toLowerCase() === typed));
      if (exact) take(exact.value);
      else input.value = shown();
    }
    close();
  });
}

function enhance(root) {
  if (root.matches?.("select[data-search]")) searchable(root);
  root.querySelectorAll?.("select[data-search]").forEach(searchable);
}

enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));
document.querySelector("[autofocus][tabindex='-1']")?.focus();
