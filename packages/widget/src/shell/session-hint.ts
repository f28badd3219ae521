/** Remembers, in a few bytes, that a session is stored, so that the launcher knows what to load without loading it. */
import type { SessionHint } from '../engine-contract.ts'
import type { StorageMode } from '../public-types.ts'

export interface HintPlace {
  readonly app: string
  readonly storage: StorageMode
}

const key = (app: string) => `chat-widget:${app}:hint`

function area(storage: StorageMode): Storage | null {
  switch (storage) {
    case 'none':
      return null
    case 'session':
      return sessionStorage
    case 'persistent':
    case 'on-interaction':
      return localStorage
    default:
      return storage satisfies never
  }
}

/** `null` where nothing is stored, or the browser refuses to say. */
export function readHint({ app, storage }: HintPlace): SessionHint | null {
  try {
    const text = area(storage)?.getItem(key(app)) ?? null
    return text === null ? null : { unread: Number(text) || 0 }
  } catch {
    return null
  }
}

/** Does nothing where the browser refuses: the hint only saves time. */
export function writeHint({ app, storage }: HintPlace, hint: SessionHint | null): void {
  try {
    if (hint === null) area(storage)?.removeItem(key(app))
    else area(storage)?.setItem(key(app), String(hint.unread))
  } catch {}
}
