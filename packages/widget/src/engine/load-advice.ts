/** Loads advice for the site developer. */
import type { ErrorCode } from '@chat-widget/protocol'

/** Never rejects: if the server is down, the advice cannot be loaded from it either. */
export async function loadAdvice(code: ErrorCode, server: string): Promise<string> {
  try {
    return (await import('./advice.ts')).ADVICE[code] ?? ''
  } catch {
    return `Check that the chat server runs at ${server}, and that the page’s CSP allows it.`
  }
}
