/**
 * Remembers, in a few bytes, what is stored here, so that the launcher knows it without loading anything ([ID18]): a
 * session, and whether there is something to tell whoever comes back.
 */
import { attempt, localArea, tabArea } from '@chat-widget/client/browser'
import type { StorageMode } from '../public-types.ts'

/** `''`: nothing was said, nothing waits to be sent, and no login is waited for. Else how many messages are unread. */
export type SessionHint = '' | `${number}`

export interface HintPlace {
  readonly app: string
  readonly storage: StorageMode
}

const key = (app: string) => `chat-widget:${app}:hint`

const AREAS: Readonly<Record<StorageMode, () => Storage | undefined>> = {
  none: () => undefined,
  session: tabArea,
  persistent: localArea,
  'on-interaction': localArea,
}

/** `null` where nothing is stored, or the browser refuses to say. */
export const readHint = ({ app, storage }: HintPlace): string | null =>
  attempt(() => AREAS[storage]()?.getItem(key(app))) ?? null

/** Does nothing where the browser refuses: the hint only saves time. `null` forgets. */
export function writeHint({ app, storage }: HintPlace, hint: SessionHint | null): void {
  attempt(() => {
    if (hint === null) AREAS[storage]()?.removeItem(key(app))
    else AREAS[storage]()?.setItem(key(app), hint)
  })
}
