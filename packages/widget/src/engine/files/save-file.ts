/** Saves bytes as a file of the visitor's. */

/** Time for which the browser may still read them. Milliseconds. */
const READ_WITHIN_MS = 60_000

export function saveFile(bytes: Blob, name: string): void {
  const url = URL.createObjectURL(bytes)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), READ_WITHIN_MS)
}
