/** What a device keeps of a visitor: unsent messages, draft, login requests. Loaded, taken along and forgotten together. */
import type { SentMessage } from '@chat-widget/protocol'
import { REQUEST_KEY } from './built-in-login/kept-request.ts'
import type { Reply } from './connection/event-maps.ts'
import { Draft } from './draft.ts'
import { LoginRequests } from './login-requests.ts'
import type { AddressedEntry } from './outbox/outbox.ts'
import { Outgoing } from './outgoing.ts'
import type { ResilientStorage } from './storage/resilient-storage.ts'
import { createTabStorage } from './storage/tab-storage.ts'
import { ANONYMOUS } from './user-following.ts'

const DEPARTURE = 'departure'

export interface BelongingsOptions {
  readonly app: string
  readonly server: string
  readonly storage: ResilientStorage
  readonly send: (entry: AddressedEntry<string>) => Promise<Reply<SentMessage>>
  readonly loginTimeoutMs?: number | undefined
}

export class Belongings {
  readonly outgoing: Outgoing
  readonly draft: Draft
  readonly logins: LoginRequests
  readonly #storage: ResilientStorage
  /** The mark of the last departure that this tab knows of. */
  #departure: string | undefined

  constructor({ app, server, storage, send, loginTimeoutMs }: BelongingsOptions) {
    this.outgoing = new Outgoing(storage, send)
    this.draft = new Draft(storage, ANONYMOUS)
    this.logins = new LoginRequests(createTabStorage(app, server, storage), loginTimeoutMs)
    this.#storage = storage
  }

  async load(): Promise<void> {
    const parts = [this.outgoing.outbox, this.draft, this.logins]
    await Promise.all(parts.map((part) => part.load()))
    this.#departure ??= await this.#readDeparture()
  }

  /** What an anonymous visitor wrote and did not send yet is the owner's, whoever they turn out to be. */
  async takeAlong(owner: string): Promise<void> {
    await Promise.all([this.outgoing.outbox.reassign(ANONYMOUS, owner), this.draft.own(owner)])
  }

  /**
   * Forgets everything of the owner, and of anonymous visitors. Leaves a mark in storage, for a tab that cannot be told:
   * one in the back/forward cache.
   */
  async forget(owner: string, departure: string): Promise<void> {
    const { outbox } = this.outgoing
    this.#departure = departure
    await Promise.all([
      this.#storage.set(DEPARTURE, departure),
      this.#storage.delete(REQUEST_KEY),
      outbox.purge(owner),
      outbox.purge(ANONYMOUS),
      this.draft.purge(),
      this.logins.purge(),
    ])
  }

  /** The mark of a departure that this tab was not told of. */
  async missedDeparture(): Promise<string | undefined> {
    const last = await this.#readDeparture()
    return last === this.#departure ? undefined : last
  }

  async close(): Promise<void> {
    this.outgoing.close()
    this.logins.close()
    await this.draft.save()
  }

  #readDeparture(): Promise<string | undefined> {
    return this.#storage.get<string>(DEPARTURE)
  }
}
