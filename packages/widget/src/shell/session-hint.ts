/**
 * Stores in a few bytes that there is a session, and if there is something to tell a returning visitor, so that the
 * launcher knows it without loading anything ([ID18]).
 */
import { attempt, localArea, tabArea } from '@chat-widget/client/browser'
import type { StorageMode } from '../public-types.ts'

/** `''`: no message, nothing to send, and no pending login. Else the number of unread messages. */
export type SessionHint = '' | `${number}`

export interface HintPlace {
  readonly app: string
  readonly storage: StorageMode
}

const key = (app: string) => `chat-widget:${app}:hint`

const areaOf = (storage: StorageMode): Storage | undefined =>
  storage === 'none' ? undefined : storage === 'session' ? tabArea() : localArea()

/** `null` if nothing is stored, or if the browser refuses. */
export const readHint = ({ app, storage }: HintPlace): string | null =>
  attempt(() => areaOf(storage)?.getItem(key(app))) ?? null

/** Does nothing if the browser refuses: the hint only saves time. `null` deletes it. */
export function writeHint({ app, storage }: HintPlace, hint: SessionHint | null): void {
  attempt(() => {
    if (hint === null) areaOf(storage)?.removeItem(key(app))
    else areaOf(storage)?.setItem(key(app), hint)
  })
}
