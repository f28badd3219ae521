/**
 * The other tabs of this browser, on the same app and server: who is there, by Web Locks, and what they say, by
 * BroadcastChannel. Both are of one origin, so whoever listens could read the tab's memory as well.
 */
import { type Channel, openChannel } from '../browser/browser.ts'
import { startDeadline } from '../browser/deadline.ts'
import { countHolders, holdLock, takeLock } from '../browser/web-locks.ts'
import { watchPage } from '../connection/page-signals.ts'
import { randomId } from '../util/random-id.ts'
import { SOCKET_TOPIC, type SocketNote } from './socket-note.ts'

/** What tabs tell each other. All are of one owner, and only that owner's tabs listen. */
interface TabTopics {
  /** The owner leaves; the value marks this departure. */
  leave: string
  /** Nothing of who left is left in this tab. */
  left: null
  /** Which session does the owner have? */
  ask: null
  /** This one; `null`: none that this tab knows. */
  session: unknown
  /** The host was asked in vain. */
  failed: unknown
  /** What is in the stored outbox cannot be sent by the tab that says so. */
  outbox: null
  /** The tab's last will: what is as good as told when it is gone. It holds the lock as long as it is there. */
  will: { readonly lock: string; readonly topic: 'outbox' }
  /** The text being written. */
  draft: string
  /** Between the leader and its followers. */
  [SOCKET_TOPIC]: SocketNote
}

export type TabTopic = keyof TabTopics

/** What goes back to the tabs; nothing, where nothing is to be said. */
type Answer = { [Topic in TabTopic]: readonly [Topic, TabTopics[Topic]] }[TabTopic] | undefined

export interface Tabs {
  /** Whose tab this is from now on; `null`: nobody else's business. */
  join(owner: string | null): void
  readonly owner: string | null
  /** To the other tabs of the owner, or of whoever was it before. */
  tell<Topic extends TabTopic>(topic: Topic, value: TabTopics[Topic], owner?: string | null): void
  /**
   * As `tell`, and resolves when as many tabs as there are have told `answer`, or after `withinMs`, time in which this
   * page itself stood still not counted: a tab that is frozen says nothing.
   */
  ask<Topic extends TabTopic>(
    topic: Topic,
    value: TabTopics[Topic],
    answer: TabTopic,
    withinMs: number,
  ): Promise<void>
  /** As `tell`, once this tab is gone, be it by a crash: to those who are there now. */
  tellWhenGone(topic: 'outbox'): Promise<void>
  /** One listener for each topic. */
  on<Topic extends TabTopic>(
    topic: Topic,
    listener: (value: TabTopics[Topic]) => Answer | Promise<Answer>,
  ): void
  /** The name of a lock for what only one of the owner's tabs may do at a time; `null` where there are no others. */
  readonly turn: string | null
  /** The name of the lock that the owner's leader holds; `null` where there are no others. */
  readonly lead: string | null
  /** The page goes away, perhaps into the back/forward cache, which takes no page that holds on to others. */
  hide(): void
  close(): void
}

interface Note {
  readonly owner: string
  readonly topic: TabTopic
  readonly value: unknown
}

/** How long a tab that cannot know how many there are waits for answers. */
const BLIND_WAIT_MS = 300
/** The browser's own list of locks is there in a few milliseconds, and so is a lock that is shared. */
const COUNT_MS = 1_000

/** `name` is shared by the tabs; `joined` is called when the owner is another. Outside a page there are no other tabs. */
export function createTabs(name: string, joined: () => void = () => {}): Tabs {
  const listeners: { [Topic in TabTopic]?: (value: never) => unknown } = {}
  const answered: { [Topic in TabTopic]?: () => void } = {}
  let owner: string | null = null
  let channel: Channel | null = null
  let presence = new AbortController()
  /** Resolves to the name of the lock that this tab holds as long as it is there. */
  let present: Promise<string> | undefined
  /** Locks that are waited for: one for each tab that has a will. */
  const watched = new Set<string>()

  const presenceOf = (whose: string | null) => `${name}/tab:${whose}/`
  const tell = (topic: TabTopic, value: unknown, whose = owner) => {
    if (whose !== null) channel?.post({ owner: whose, topic, value } satisfies Note)
  }
  const hear = async ({ owner: whose, topic, value }: Note) => {
    if (whose !== owner) return
    answered[topic]?.()
    const answer = (await listeners[topic]?.(value as never)) as Answer
    if (answer !== undefined) tell(answer[0], answer[1], whose)
  }
  const others = async (): Promise<number> => {
    if (channel === null || owner === null) return 0
    // This tab's own lock is one of them; without locks there is none.
    return ((await countHolders(presenceOf(owner), COUNT_MS)) ?? 0) - 1
  }
  const appear = () => {
    leave()
    presence = new AbortController()
    const lock = presenceOf(owner) + randomId()
    if (channel !== null && owner !== null)
      present = holdLock(lock, presence.signal, { withinMs: COUNT_MS }).then(() => lock)
  }
  const leave = () => {
    presence.abort()
    present = undefined
    watched.clear()
  }
  const hide = () => {
    leave()
    channel?.close()
    channel = null
  }
  const resume = () => {
    if (channel !== null || typeof document === 'undefined') return
    channel = openChannel(name, (note) => void hear(note as Note))
    appear()
  }
  resume()
  const unwatch = watchPage({ resume })
  const lockName = (what: string) => (channel === null || owner === null ? null : `${name}/${what}:${owner}`)
  listeners.will = async ({ lock, topic }: TabTopics['will']) => {
    if (watched.has(lock)) return
    watched.add(lock)
    const whose = owner
    const release = await takeLock(lock, presence)
    watched.delete(lock)
    release?.()
    if (release && whose !== null) void hear({ owner: whose, topic, value: null })
  }

  return {
    join(next) {
      if (next === owner) return
      owner = next
      appear()
      joined()
    },
    get owner() {
      return owner
    },
    tell,
    ask(topic, value, answer, withinMs) {
      return new Promise((resolve) => {
        let answers = 0
        let expected = Number.POSITIVE_INFINITY
        let isOver = false
        const end = () => {
          isOver = true
          for (const stop of stops) stop()
          resolve()
        }
        const stops = [startDeadline(withinMs, end)]
        const check = () => {
          if (answers >= expected) end()
        }
        answered[answer] = () => {
          answers += 1
          check()
        }
        // Ahead of what this tab does next, e.g. the request that ends the session of all of them.
        tell(topic, value)
        void others().then((count) => {
          if (count >= 0) expected = count
          else if (!isOver) stops.push(startDeadline(BLIND_WAIT_MS, end))
          check()
        })
      })
    },
    async tellWhenGone(topic) {
      if (owner === null || channel === null) return
      const { signal } = presence
      const lock = await present
      if (!signal.aborted) tell('will', { lock, topic })
    },
    on(topic, listener) {
      listeners[topic] = listener
    },
    get turn() {
      return lockName('turn')
    },
    get lead() {
      return lockName(SOCKET_TOPIC)
    },
    hide,
    close() {
      unwatch()
      hide()
    },
  }
}
