/** Sound and notification of a message that came while no tab of the site was looked at: in one tab alone. */
import type { ChatState } from '@chat-widget/client'
import { notify, playTone, takeLock } from '@chat-widget/client/browser'
import type { Message } from '@chat-widget/protocol'
import type { WidgetConfig } from '../../engine-contract.ts'
import { spokenText } from '../elements/message-row.ts'
import type { Words } from '../load-strings.ts'
import { readChoices } from './visitor-choices.ts'

export interface Ring {
  readonly config: WidgetConfig
  readonly words: Words
  readonly state: ChatState
  readonly open: () => void
}

/** Time in which a tab that is looked at claims the message, or it is read elsewhere. Milliseconds. */
const RING_AFTER_MS = 400
/** Longer than any tab waits: timers of hidden ones may run once a second. Milliseconds. */
const CLAIMED_MS = 10_000
/** An older message was there when the page was opened. Milliseconds. */
const NEWS_MS = 60_000

/** Resolves with true in the one tab that may ring for the message. Without Web Locks, each tab rings. */
async function claim({ id }: Message): Promise<boolean> {
  const release = await takeLock(`chat-widget:ring:${id}`, { ifAvailable: true })
  if (release) setTimeout(release, CLAIMED_MS)
  return release !== null
}

export function createRinging() {
  let timer: ReturnType<typeof setTimeout> | undefined
  let closeNotification: (() => void) | undefined

  async function ringNow(message: Message, { config, words, state, open }: Ring): Promise<void> {
    const choices = readChoices(config)
    if (!(await claim(message))) return
    if (choices.sound) playTone()
    if (!choices.notifications || config.alerts !== 'all') return
    closeNotification?.()
    closeNotification = notify(
      {
        title: state.app?.name ?? words.strings.title,
        body: spokenText({ kind: 'stored', message, delivery: null }, words.strings),
        lang: words.locale,
        dir: config.direction,
        tag: `chat-widget:${message.conversationId}`,
      },
      open,
    )
  }

  return {
    ring(message: Message, ring: Ring): void {
      clearTimeout(timer)
      const isNew = Date.now() - Date.parse(message.createdAt) < NEWS_MS
      // A page that is looked at is enough: it shows the message, and hidden ones are silent.
      if (document.visibilityState === 'visible') void claim(message)
      else if (isNew && ring.config.alerts !== 'preview')
        timer = setTimeout(() => void ringNow(message, ring), RING_AFTER_MS)
    },
    /** The messages were read. */
    stop(): void {
      clearTimeout(timer)
      closeNotification?.()
      closeNotification = undefined
    },
  }
}
