/** Files that are pasted, or dragged over a page. */

/** Types of what is carried. With text from a spreadsheet or a document, browsers bring a picture of it as well. */
const FILES = /^(?!.*plain.*html|.*html.*plain).*Files/

/** The files of a `paste`, `drop` or `dragover` event, which tells of them only when they are dropped; `null`: it has none. */
export function carriedFiles(event: Event): readonly File[] | null {
  const { clipboardData, dataTransfer } = event as Partial<ClipboardEvent & DragEvent>
  const data = clipboardData ?? dataTransfer
  return data && FILES.test(`${data.types}`) ? [...data.files] : null
}
