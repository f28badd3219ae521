/** Remembers, in a few bytes, that a session is stored, so that the launcher knows what to load without loading it. */
import { attempt, localArea, tabArea } from '@chat-widget/client/browser'
import type { StorageMode } from '../public-types.ts'

/** What is known of a stored session before the engine is loaded. */
export interface SessionHint {
  readonly unread: number
}

export interface HintPlace {
  readonly app: string
  readonly storage: StorageMode
}

const key = (app: string) => `chat-widget:${app}:hint`

function area(storage: StorageMode): Storage | undefined {
  switch (storage) {
    case 'none':
      return undefined
    case 'session':
      return tabArea()
    case 'persistent':
    case 'on-interaction':
      return localArea()
    default:
      return storage satisfies never
  }
}

/** `null` where nothing is stored, or the browser refuses to say. */
export function readHint({ app, storage }: HintPlace): SessionHint | null {
  const text = attempt(() => area(storage)?.getItem(key(app))) ?? null
  return text === null ? null : { unread: Number(text) || 0 }
}

/** Does nothing where the browser refuses: the hint only saves time. `null` forgets. */
export function writeHint({ app, storage }: HintPlace, hint: SessionHint | null): void {
  attempt(() => {
    if (hint === null) area(storage)?.removeItem(key(app))
    else area(storage)?.setItem(key(app), String(hint.unread))
  })
}
