/** What a device keeps of a visitor: unsent messages, draft, login requests. Loaded, taken along and forgotten together. */
import type { Message } from '@chat-widget/protocol'
import { REQUEST_KEY } from './built-in-login/kept-request.ts'
import type { OutgoingBody } from './chat-state.ts'
import type { Reply } from './connection/event-maps.ts'
import { Draft } from './conversation/draft.ts'
import type { AddressedEntry } from './conversation/outbox-entry.ts'
import { SENT_KEY } from './conversation/outbox-store.ts'
import { createOutgoing, type Outgoing } from './conversation/outgoing.ts'
import { ANONYMOUS } from './identity/states.ts'
import type { LoginRequests } from './login-requests.ts'
import type { ChatStorage } from './storage/chat-storage.ts'
import type { ClientStorage } from './storage/client-storage.ts'
import type { Tabs } from './tabs/tabs.ts'

const DEPARTURE = 'departure'
/** As in login-requests.ts, whose code may not be there. */
const LOGINS_KEY = 'logins'
const EARLY_KEPT = 20

/** Loads the code of login requests; rejects if it cannot be loaded. */
export type LoadLogins = () => Promise<Pick<typeof import('./login-requests.ts'), 'LoginRequests'>>

export interface BelongingsOptions {
  readonly storage: ClientStorage
  readonly send: (entry: AddressedEntry<OutgoingBody>) => Promise<Reply<Message>>
  readonly loginTimeoutMs?: number | undefined
  readonly loadLogins: LoadLogins
  readonly tabs: Pick<Tabs, 'tell' | 'tellWhenGone' | 'on'>
  /** True if another tab leads, which then sends what is left behind. */
  readonly isFollowing: () => boolean
  /** Whether the visitor is leaving. */
  readonly isLeaving: () => boolean
  /** Another tab changed what is shown. */
  readonly changed: () => void
}

export class Belongings {
  readonly outgoing: Outgoing
  readonly draft: Draft
  /** `null` until there is one: most visitors never tap a login button. */
  logins: LoginRequests | null = null
  readonly #options: BelongingsOptions
  readonly #storage: ClientStorage
  /** Outcomes of earlier pages' login requests that came before those were loaded. */
  #early: ((logins: LoginRequests) => void)[] = []
  #isClosed = false
  /** The mark of the last departure that this tab knows of; `null`: none; `undefined`: it could not be read yet. */
  #departure: string | null | undefined
  #forgotten: Promise<unknown> = Promise.resolve()

  constructor(options: BelongingsOptions) {
    const { storage, send, tabs, isFollowing, isLeaving, changed } = options
    this.#options = options
    this.outgoing = createOutgoing(storage, this.#rereading(storage), send)
    this.draft = new Draft(this.#rereading(storage), ANONYMOUS, (text) => tabs.tell('draft', text))
    this.#storage = storage
    const { outbox } = this.outgoing
    outbox.on('added', () => void tabs.tellWhenGone('outbox'))
    outbox.on('waiting', () => tabs.tell('outbox', null))
    tabs.on('outbox', async () => {
      if (!isFollowing()) await outbox.takeOver()
      return undefined
    })
    tabs.on('draft', (text) => {
      // [ID12] It would be the next one's.
      if (typeof text !== 'string' || isLeaving()) return undefined
      this.draft.follow(text)
      changed()
      return undefined
    })
  }

  async load(): Promise<void> {
    void this.withLogins()
    const [departure] = await Promise.all([
      this.#readDeparture(),
      this.outgoing.outbox.load(),
      this.draft.load(),
    ])
    this.#learnOf(departure)
  }

  /** The visitor taps a login button, which brings the code. */
  useLogins(Requests: typeof LoginRequests): LoginRequests {
    if (this.logins === null) {
      const { storage, loginTimeoutMs, changed } = this.#options
      this.logins = new Requests(this.#rereading(storage.ofTab), loginTimeoutMs)
      this.logins.on('change', changed)
      for (const act of this.#early.splice(0)) act(this.logins)
      void this.logins.load()
    }
    return this.logins
  }

  /**
   * Calls with the login requests if there are any; with those of earlier pages once their code has loaded. If it cannot
   * be loaded, the next call tries again.
   */
  async withLogins(act: (logins: LoginRequests) => void = () => {}): Promise<void> {
    if (this.logins !== null) return act(this.logins)
    const { storage, loadLogins } = this.#options
    this.#early = [...this.#early, act].slice(-EARLY_KEPT)
    const stored = await this.#rereading(storage.ofTab)
      .get(LOGINS_KEY)
      .catch(() => {})
    if (stored === undefined) this.#early = []
    const code = stored === undefined ? undefined : await loadLogins().catch(() => {})
    if (code !== undefined && !this.#isClosed) this.useLogins(code.LoginRequests)
  }

  /**
   * What an anonymous visitor wrote and did not send yet is the owner's, who they turned out to be. Where conversations
   * stay separate, messages stay the anonymous visitor's, until somebody leaves.
   */
  async takeAlong(owner: string, policy: 'merge' | 'separate'): Promise<void> {
    const { outgoing, draft } = this
    if (policy === 'separate') outgoing.release('send-pending', 'kept', ANONYMOUS)
    await Promise.all([
      policy === 'separate' ? undefined : outgoing.outbox.claim(ANONYMOUS, owner),
      draft.own(owner),
    ])
  }

  /**
   * Forgets everything of the owner, and of anonymous visitors; what is written from now on is the next one's. Leaves a
   * mark in storage, for a tab that cannot be told: one in the back/forward cache.
   */
  async forget(owner: string, departure: string, next: string): Promise<void> {
    const { outbox } = this.outgoing
    this.#departure = departure
    this.#early = []
    this.#forgotten = Promise.allSettled([
      this.#forgotten,
      this.#storage.set(DEPARTURE, departure),
      this.#storage.set(REQUEST_KEY, undefined),
      this.#storage.set(SENT_KEY, undefined),
      this.#storage.set('drafts', undefined),
      outbox.purge(owner),
      outbox.purge(ANONYMOUS),
      this.draft.purge(next),
      this.logins?.purge() ?? this.#storage.ofTab.update(LOGINS_KEY, () => undefined),
    ])
    await this.#forgotten
  }

  /** The mark of a departure that this tab was not told of. */
  async missedDeparture(): Promise<string | undefined> {
    const last = await this.#readDeparture()
    this.#learnOf(last)
    return last === this.#departure ? undefined : (last ?? undefined)
  }

  /** Resolves when everything is written down. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.logins?.close()
    await this.outgoing.close(this.draft.save())
  }

  /** What is read while somebody leaves may be theirs: it is read again when they are gone. */
  #rereading<Storage extends ChatStorage>(storage: Storage): Storage {
    const get = async <Value>(key: string): Promise<Value | undefined> => {
      for (;;) {
        const forgotten = this.#forgotten
        await forgotten
        const value = await storage.get<Value>(key)
        if (forgotten === this.#forgotten) return value
      }
    }
    return Object.assign(Object.create(storage), { get })
  }

  /** Until then; that there was none is known as well. */
  #learnOf(departure: string | null | undefined): void {
    if (this.#departure === undefined) this.#departure = departure
  }

  async #readDeparture(): Promise<string | null | undefined> {
    const departure = await this.#storage.get<string>(DEPARTURE)
    return departure ?? (this.#storage.saved === 'persistent' ? null : undefined)
  }
}
