/** The address that an agent came for, kept while a single sign-on leads away from the page. */
import { conversationOfHash, pageOfHash } from './hash-route.ts'

const KEY = 'chat-console:address'

export function keepAddress(): void {
  try {
    sessionStorage.setItem(KEY, location.hash)
  } catch {
    // A browser that stores nothing: the inbox opens.
  }
}

/** Returns the hash once; `null` if there is none, or none of the console's. */
export function takeKeptAddress(): string | null {
  try {
    const hash = sessionStorage.getItem(KEY) ?? ''
    sessionStorage.removeItem(KEY)
    return conversationOfHash(hash) === null && pageOfHash(hash) === null ? null : hash
  } catch {
    return null
  }
}
