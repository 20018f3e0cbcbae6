// Looks at the form with axe, and tells the page around it what was found.
const own = document.querySelector("script[data-locale]")
const tell = (found) => parent.postMessage({ kind: "axe", found }, location.origin)
const label = (node) => {
  const element = document.querySelector(node.target[0])
  const near = element?.closest(".field, .rows-part, fieldset, table, section")
  const words = near?.querySelector("label, legend, caption, h2, h3")?.textContent ?? element?.textContent ?? ""
  return words.trim().replace(/\s+/g, " ").slice(0, 60) || node.target.join(" ")
}
try {
  if (own.dataset.locale) {
    // Only what rules are called: the rest of a locale is made into functions, which the content policy forbids.
    const { lang, rules } = await (await fetch(own.dataset.locale)).json()
    axe.configure({ locale: { lang, rules } })
  }
  const { violations } = await axe.run("#preview", { resultTypes: ["violations"], preload: false })
  tell(violations.map((one) => ({ id: one.id, impact: one.impact, help: one.help, places: [...new Set(one.nodes.map(label))].slice(0, 5), count: one.nodes.length })))
} catch (error) {
  parent.postMessage({ kind: "axe", failed: String(error) }, location.origin)
}
