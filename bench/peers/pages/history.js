/** The conversation that a page shows, as the site serves it: `{ id, text, author: { kind, name }, at }[]`. */
export async function readHistory() {
  const response = await fetch(new URLSearchParams(location.search).get('history'))
  return response.json()
}

/** Hands `append(line)` to the measuring process, which calls it with one message at a time. */
export function offerAppend(append) {
  globalThis.append = append
}
