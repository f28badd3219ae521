/** Words for files. */
import { fileLetters, fileSize, isTypeTaken } from '@chat-widget/client/files'
import { type ErrorCode, type FileLimits, plainName } from '@chat-widget/protocol'
import { html, nothing, type TemplateResult } from 'lit'
import { locale, words } from '../words/words.ts'

/** Type and size, each in the direction of its own language, e.g. "PDF · 1.2 MB". */
export function fileFacts(name: string, bytes: number): TemplateResult {
  const letters = fileLetters(plainName(name))
  const type = letters === '' ? nothing : html`<bdi>${letters}</bdi> · `
  return html`${type}<bdi>${fileSize(bytes, locale())}</bdi>`
}

/** Why a chosen file cannot be sent, as far as that is known before; `null`: it can. */
export function fileProblem({ size, type }: File, { maxBytes, types }: FileLimits): string | null {
  const { files } = words()
  if (size > maxBytes) return files.larger(fileSize(maxBytes, locale()))
  if (!isTypeTaken(type, types)) return files.refused
  return size === 0 ? files.empty : null
}

/** Why a file was not sent. */
export function fileError(code: ErrorCode): string {
  const { files } = words()
  switch (code) {
    case 'too-large':
      return files.tooLarge
    case 'file-refused':
      return files.refused
    case 'file-unreadable':
      return files.unreadable
    case 'rate-limited':
      return files.many
    case 'not-found':
      return files.notTaken
    default:
      return files.notSent
  }
}
