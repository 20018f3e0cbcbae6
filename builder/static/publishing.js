// What axe finds in the preview joins the list of checks.
const list = document.getElementById("axe-found")
const frame = document.getElementById("axe-frame")
const line = (tone, word, text) => {
  const item = document.createElement("li")
  const tag = document.createElement("span")
  tag.className = `tag ${tone}`
  tag.textContent = word
  item.append(tag, " ", text)
  return item
}
addEventListener("message", (event) => {
  if (event.origin !== location.origin || event.source !== frame?.contentWindow || event.data?.kind !== "axe") return
  const { found, failed } = event.data
  const words = list.dataset
  if (failed) list.replaceChildren(line("check", words.hint, `${words.failed} ${failed}`))
  else if (!found.length) list.replaceChildren(line("known", words.nothing, words.fine))
  else
    list.replaceChildren(
      ...found.map((one) => {
        const hard = one.impact === "critical" || one.impact === "serious"
        return line(hard ? "ask" : "check", hard ? words.error : words.hint, `${one.help} (${one.places.join("; ")})`)
      }),
    )
})
if (frame) frame.src = frame.dataset.src
