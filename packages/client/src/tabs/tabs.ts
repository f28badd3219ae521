/**
 * The other tabs of this browser, on the same app and server: who is there, by Web Locks, and what they say, by
 * BroadcastChannel. Both are of one origin, so whoever listens could read the tab's memory as well.
 */
import { holdLock } from '../util/hold-lock.ts'
import { randomId } from '../util/random-id.ts'

/** What tabs tell each other. All are of one owner, and only that owner's tabs listen. */
export interface TabTopics {
  /** The owner leaves; answered when nothing of them is left in that tab. The value marks this departure. */
  leave: string
  /** Asked: which session the owner has; told: the one they just got. */
  session: unknown
  /** The host could not be asked with success: the code why. */
  failed: unknown
}

export type TabTopic = keyof TabTopics

export interface Tabs {
  /** Whose tab this is from now on; `null`: nobody else's business. */
  join(owner: string | null): void
  /** To the other tabs of the owner. */
  tell<Topic extends TabTopic>(topic: Topic, value: TabTopics[Topic]): void
  /**
   * As `tell`, and resolves with what they answer: once all have, one answered what `isEnough`, or after `withinMs`.
   * A tab that is frozen does not answer.
   */
  ask<Topic extends TabTopic>(
    topic: Topic,
    value: TabTopics[Topic],
    withinMs: number,
    isEnough?: (answer: unknown) => boolean,
  ): Promise<readonly unknown[]>
  /** What the listener answers goes back to a tab that asks. One listener for each topic. */
  on<Topic extends TabTopic>(topic: Topic, listener: (value: TabTopics[Topic]) => unknown): void
  /** The name of a lock for what only one of the owner's tabs may do at a time; `null` where there are no others. */
  readonly turn: string | null
  /** The page goes away, perhaps into the back/forward cache, which takes no page that holds on to others. */
  hide(): void
  resume(): void
  close(): void
}

interface Note {
  readonly topic: TabTopic
  readonly owner: string
  readonly value: unknown
  /** Of a question. */
  readonly id?: string
  /** Of an answer: the question's id. */
  readonly to?: string
}

/** How long a tab that cannot know how many there are waits for answers. */
const BLIND_WAIT_MS = 300

/** `name` is shared by the tabs. Outside a page there are no others. */
export function createTabs(name: string): Tabs {
  const listeners: { [Topic in TabTopic]?: (value: never) => unknown } = {}
  const questions = new Map<string, (answer: unknown) => void>()
  let owner: string | null = null
  let channel: BroadcastChannel | null = null
  let presence = new AbortController()

  const lockOf = (whose: string) => `${name}/tab:${whose}`
  const post = (note: Note) => channel?.postMessage(note)

  const hear = async ({ topic, owner: whose, value, id, to }: Note) => {
    if (to !== undefined) return questions.get(to)?.(value)
    if (whose !== owner) return
    const answer = await listeners[topic]?.(value as never)
    if (id !== undefined) post({ topic, owner: whose, value: answer, to: id })
  }
  const others = async (whose: string): Promise<number> => {
    const locks = globalThis.navigator?.locks
    if (locks === undefined) return Number.POSITIVE_INFINITY
    const { held = [] } = await locks.query()
    return held.filter((lock) => lock.name === lockOf(whose)).length - 1
  }
  const appear = () => {
    if (channel === null) return
    presence.abort()
    presence = new AbortController()
    if (owner !== null) void holdLock(lockOf(owner), presence.signal, 'shared')
  }
  const hide = () => {
    presence.abort()
    channel?.close()
    channel = null
  }
  const resume = () => {
    if (channel !== null || typeof document === 'undefined' || typeof BroadcastChannel === 'undefined') return
    channel = new BroadcastChannel(name)
    channel.onmessage = ({ data }) => void hear(data)
    appear()
  }
  resume()

  return {
    join(next) {
      if (next === owner) return
      owner = next
      appear()
    },
    tell(topic, value) {
      if (owner !== null) post({ topic, owner, value })
    },
    async ask(topic, value, withinMs, isEnough = () => false) {
      const whose = owner
      const answers: unknown[] = []
      if (channel === null || whose === null) return answers
      const waiting = await others(whose).catch(() => Number.POSITIVE_INFINITY)
      const id = randomId()
      const isBlind = waiting === Number.POSITIVE_INFINITY
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, isBlind ? Math.min(withinMs, BLIND_WAIT_MS) : withinMs)
        const hearAnswer = (answer: unknown) => {
          answers.push(answer)
          if (answers.length < waiting && !isEnough(answer)) return
          clearTimeout(timer)
          resolve()
        }
        questions.set(id, hearAnswer)
        post({ topic, owner: whose, value, id })
        if (waiting <= 0) {
          clearTimeout(timer)
          resolve()
        }
      })
      questions.delete(id)
      return answers
    },
    on(topic, listener) {
      listeners[topic] = listener
    },
    get turn() {
      return channel === null || owner === null ? null : `${name}/turn:${owner}`
    },
    hide,
    resume,
    close() {
      hide()
      questions.clear()
    },
  }
}
