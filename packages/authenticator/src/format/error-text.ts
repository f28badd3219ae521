/** A sentence for each error that a person may see. */
import { ChatError, type ErrorCode } from '@chat-widget/protocol'
import type { Strings } from '../strings/strings.ts'

type Sentences = Partial<Readonly<Record<ErrorCode, string>>>

/** `own`: sentences for codes with another meaning at this place. */
export function errorText(error: unknown, strings: Strings, own: Sentences = {}): string {
  return error instanceof ChatError ? codeText(error.code, strings, own) : strings.errors.again
}

export function codeText(code: ErrorCode, { errors }: Strings, own: Sentences = {}): string {
  const usual: Sentences = {
    'server-unreachable': errors.unreachable,
    closed: errors.unreachable,
    'storage-unavailable': errors.storage,
    'rate-limited': errors.limited,
    unavailable: errors.unavailable,
  }
  return own[code] ?? usual[code] ?? errors.again
}
