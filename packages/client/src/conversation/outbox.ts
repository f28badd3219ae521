/**
 * Messages to send: stored before they are sent, sent in order and one at a time per conversation, kept until an ack
 * carries their seq ([DL1]). Knows neither connection nor identity: a gate says if it may send.
 */
import {
  type ClientMessageId,
  type ConversationId,
  type ErrorCode,
  FATAL_SEND_CODES,
  type Message,
} from '@chat-widget/protocol'
import type { Reply, ReplyError } from '../connection/event-maps.ts'
import { createFullJitterPolicy, type ReconnectPolicy } from '../connection/reconnect-policy.ts'
import { createEmitter } from '../util/emitter.ts'
import type {
  Address,
  AddressedEntry,
  OutboxEntry,
  OutboxGate,
  OutboxState,
  OutboxStore,
} from './outbox-entry.ts'
import { createItem, type OutboxItem } from './outbox-item.ts'

export interface OutboxOptions<Body> {
  readonly store: OutboxStore<Body>
  readonly send: (entry: AddressedEntry<Body>) => Promise<Reply<Message>>
  /** Waits between retries. Default: full jitter. */
  readonly policy?: ReconnectPolicy
}

export interface OutboxEvents<Body> {
  change: undefined
  /** Acknowledged, as the server stored it; emitted before the entry leaves `items()`. */
  sent: Message
  failed: { readonly entry: OutboxEntry<Body>; readonly code: ErrorCode; readonly message: string }
  /** Removed without being sent: discarded or purged. */
  dropped: OutboxEntry<Body>
  /** Removed because it is another owner's now, who has sent it or will ([ID11]). */
  taken: OutboxEntry<Body>
  /** About to be stored. */
  added: undefined
  /** Stored entries cannot go for now; another outbox on the same store may send them. */
  waiting: undefined
}

export class Outbox<Body> {
  readonly #options: OutboxOptions<Body>
  readonly #policy: ReconnectPolicy
  readonly #emitter = createEmitter<OutboxEvents<Body>>()
  readonly on = this.#emitter.on
  readonly #items: OutboxItem<Body>[] = []
  /** Conversations with an attempt or a wait under way. */
  readonly #busy = new Set<ConversationId>()
  /** Waits for the next attempt; each may be ended early. */
  readonly #waits = new Map<ReturnType<typeof setTimeout>, () => void>()
  /** Removed here, and still to be removed from the store. */
  readonly #leaving = new Set<ClientMessageId>()
  #loading = 0
  #owner = ''
  #gate: OutboxGate = { open: false, waitingFor: 'connection' }
  #closed = false

  constructor(options: OutboxOptions<Body>) {
    this.#options = options
    this.#policy = options.policy ?? createFullJitterPolicy()
  }

  /**
   * Loads stored entries, of before or of another outbox on the same store. Nothing is sent meanwhile, to keep the
   * order.
   */
  async load(): Promise<void> {
    const { store } = this.#options
    this.#loading += 1
    // Entries being written are newer than those that are read.
    const held = new Map(this.#items.filter(({ isStored }) => isStored).map((item) => [item, item.entry]))
    try {
      const entries = await store.load()
      this.#take(entries)
      if (held.size > 0) this.#learn(held, [...(await store.sent()), ...entries])
    } finally {
      this.#loading -= 1
    }
    this.#changed()
    this.#pump()
  }

  /** Loads entries that another outbox on the same store has stored; if they may not be sent yet, once they may. */
  async takeOver(): Promise<void> {
    if (this.#gate.open) await this.load()
  }

  /** Resolves when the entry is stored, which does not delay sending. */
  add(entry: OutboxEntry<Body>): Promise<void> {
    const item = createItem(entry)
    const stored = this.#write(item)
    this.#items.push(item)
    this.#emitter.emit('added', undefined)
    this.#changed()
    this.#pump()
    item.isShared = item.entry.conversationId === null
    void stored.then(() => this.#tellWaiting())
    return stored
  }

  /** Sets the owner whose entries are sent and shown, and whether they may go. */
  setGate(owner: string, gate: OutboxGate): void {
    const isOther = JSON.stringify([this.#owner, this.#gate]) !== JSON.stringify([owner, gate])
    const { open: wasOpen } = this.#gate
    const left = this.#gate.open && gate.open && owner === this.#owner ? this.#gate.conversationId : null
    this.#owner = owner
    this.#gate = gate
    if (isOther) this.#changed()
    // The server that asked for a wait is gone with the connection.
    if (!gate.open && gate.waitingFor === 'connection') for (const end of this.#waits.values()) end()
    // [DL15] Another conversation was chosen: messages that wait for their turn belong to the one they were written in.
    if (isOther && left !== null)
      void this.#rewrite((entry) =>
        entry.owner === owner && entry.conversationId === null ? { ...entry, conversationId: left } : entry,
      )
    if (!wasOpen && gate.open) void this.load()
    else this.#pump()
    if (wasOpen) this.#tellWaiting()
  }

  /** The owner's entries in order of writing. */
  items(): readonly { readonly entry: OutboxEntry<Body>; readonly state: OutboxState }[] {
    return this.#items
      .filter((item) => item.entry.owner === this.#owner)
      .map((item) => ({ entry: item.entry, state: this.#stateOf(item) }))
  }

  /** Retries a failed entry with the same client id. */
  retry(clientId: ClientMessageId): void {
    const item = this.#items.find((one) => one.entry.clientId === clientId)
    if (item === undefined || item.failed === null) return
    item.failed = null
    this.#changed()
    this.#pump()
  }

  discard(clientId: ClientMessageId): Promise<void> {
    return this.#remove((entry) => entry.clientId === clientId)
  }

  /** Deletes all entries of an owner. */
  purge(owner: string): Promise<void> {
    return this.#remove((entry) => entry.owner === owner)
  }

  /**
   * Gives an anonymous visitor's entries, also those of other tabs, to the user they turned out to be. Entries for a
   * conversation that is not `reachable` (any more) go to the current one instead.
   */
  async claim(from: string, owner: string, reachable?: ReadonlySet<ConversationId>): Promise<void> {
    const change = (entry: OutboxEntry<Body>): OutboxEntry<Body> => {
      const { conversationId } = entry
      if (entry.owner !== from && entry.owner !== owner) return entry
      const isReachable = conversationId === null || reachable?.has(conversationId) !== false
      if (entry.owner === owner && isReachable) return entry
      return { ...entry, owner, conversationId: isReachable ? conversationId : null }
    }
    const written = this.#rewrite(change)
    await this.load()
    // Another owner may have followed ([ID12]).
    if (owner === this.#owner) await this.#rewrite(change)
    await written
  }

  /** Finds an unacknowledged entry; says if the server may have it, and if it is stored. */
  find(
    clientId: ClientMessageId,
  ): Readonly<Pick<OutboxItem<Body>, 'entry' | 'isTried' | 'isKept'>> | undefined {
    return this.#items.find(({ entry }) => entry.clientId === clientId)
  }

  /** Called when this page is left: another outbox on the same store takes the entries over. */
  handOver(): void {
    if (this.items().length > 0) this.#emitter.emit('waiting', undefined)
  }

  /** Resolves when all entries are stored. */
  async written(): Promise<void> {
    await Promise.all(this.#items.map(({ stored }) => stored))
  }

  close(): void {
    this.#closed = true
    for (const timer of this.#waits.keys()) clearTimeout(timer)
    this.#emitter.clear()
  }

  #pump(): void {
    const gate = this.#gate
    if (!gate.open || this.#closed || this.#loading > 0) return
    let isAnyUnderWay = false
    for (const item of [...this.#items]) {
      if (item.failed !== null || item.entry.owner !== this.#owner) continue
      const conversationId = item.entry.conversationId ?? gate.conversationId
      if (conversationId === null) continue
      // The entry before may yet be sent to the current conversation as well ([DL10]); it goes first.
      const mustWait = item.entry.conversationId === null && isAnyUnderWay
      isAnyUnderWay ||= item.isUnderWay
      if (mustWait || item.isUnderWay || this.#busy.has(conversationId)) continue
      this.#busy.add(conversationId)
      item.isUnderWay = true
      isAnyUnderWay = true
      void this.#attempt(item, conversationId)
    }
  }

  async #attempt(item: OutboxItem<Body>, conversationId: ConversationId): Promise<void> {
    const entry = { ...item.entry, conversationId }
    const isNewlyAddressed = item.entry.conversationId === null
    item.entry = entry
    this.#changed()
    await item.stored
    // The conversation is stored before the first attempt: a repeat must go to the same one to be recognised. An entry
    // that was removed meanwhile must not be stored again.
    if (isNewlyAddressed && this.#holds(item)) await this.#write(item)
    if (this.#closed || !this.#holds(item) || !this.#gate.open || item.entry.owner !== this.#owner) {
      return this.#free(item, conversationId)
    }
    item.isTried = true
    const reply = await this.#options.send(entry)
    if (this.#closed) return
    if (!this.#holds(item)) return this.#free(item, conversationId)
    if (reply.ok) {
      this.#emitter.emit('sent', reply.value)
      this.#forget(item)
      this.#free(item, conversationId)
      const sent = item.isShared ? { clientId: entry.clientId, conversationId } : undefined
      await this.#erase([item], (stored) => stored.clientId === entry.clientId, sent)
      return
    }
    if (reply.error.code === 'not-found' && (await this.#isTaken(item))) {
      this.#forget(item)
      this.#emitter.emit('taken', entry)
      return this.#free(item, conversationId)
    }
    this.#failed(item, conversationId, reply.error)
  }

  /** True if another tab signed the visitor in, and the conversation went with them. */
  async #isTaken({ entry, isKept }: OutboxItem<Body>): Promise<boolean> {
    const entries = await this.#options.store.load()
    const isOurs = ({ clientId, owner }: OutboxEntry<Body>) =>
      clientId === entry.clientId && owner === entry.owner
    return isKept && !entries.some(isOurs)
  }

  #failed(item: OutboxItem<Body>, conversationId: ConversationId, error: ReplyError): void {
    if (error.isFinal || FATAL_SEND_CODES.has(error.code)) {
      item.failed = error.code
      this.#emitter.emit('failed', { entry: item.entry, code: error.code, message: error.message })
      this.#free(item, conversationId)
      return
    }
    // [DL10] Another device began the conversation, and the server has said which it is.
    if (error.code === 'conflict') {
      item.isTried = false
      this.#unaddress(item.entry.owner, conversationId)
    }
    // A closed gate reopens by itself; the wait matters only while it stayed open.
    if (!this.#gate.open) {
      this.#free(item, conversationId)
      return
    }
    item.attempts += 1
    const delay = Math.max(error.retryAfterMs ?? 0, this.#policy.nextDelayMs(item.attempts))
    const end = () => {
      clearTimeout(timer)
      this.#waits.delete(timer)
      this.#free(item, conversationId)
    }
    const timer = setTimeout(end, delay)
    this.#waits.set(timer, end)
  }

  /** Stored with the next address. */
  #unaddress(owner: string, conversationId: ConversationId): void {
    for (const item of this.#items) {
      const { entry } = item
      if (entry.owner === owner && entry.conversationId === conversationId)
        item.entry = { ...entry, conversationId: null }
    }
  }

  #free(item: OutboxItem<Body>, conversationId: ConversationId): void {
    item.isUnderWay = false
    this.#busy.delete(conversationId)
    this.#changed()
    this.#pump()
  }

  #stateOf(item: OutboxItem<Body>): OutboxState {
    if (item.failed !== null) return { status: 'failed', code: item.failed }
    if (!this.#gate.open) return { status: 'waiting', for: this.#gate.waitingFor }
    return { status: 'sending' }
  }

  #holds(item: OutboxItem<Body>): boolean {
    return this.#items.includes(item)
  }

  #forget(item: OutboxItem<Body>): void {
    const index = this.#items.indexOf(item)
    if (index >= 0) this.#items.splice(index, 1)
  }

  async #remove(drop: (entry: OutboxEntry<Body>) => boolean): Promise<void> {
    const gone = this.#items.filter((item) => drop(item.entry))
    for (const item of gone) {
      this.#forget(item)
      this.#emitter.emit('dropped', item.entry)
    }
    this.#changed()
    await this.#erase(gone, drop)
  }

  async #erase(
    gone: readonly OutboxItem<Body>[],
    drop: (entry: OutboxEntry<Body>) => boolean,
    sent?: Address,
  ): Promise<void> {
    for (const { entry } of gone) this.#leaving.add(entry.clientId)
    await this.#options.store.remove(drop, sent)
    for (const { entry } of gone) this.#leaving.delete(entry.clientId)
  }

  /** In order of writing, which is that of the store; entries that are not stored yet come last. */
  #take(entries: readonly OutboxEntry<Body>[]): void {
    const places = new Map(entries.map(({ clientId }, index) => [clientId, index]))
    for (const entry of entries) {
      if (this.find(entry.clientId) !== undefined || this.#leaving.has(entry.clientId)) continue
      this.#items.push({
        ...createItem(entry),
        isShared: entry.conversationId === null,
        isStored: true,
        isKept: true,
      })
    }
    const placeOf = ({ entry }: OutboxItem<Body>) => places.get(entry.clientId) ?? entries.length
    this.#items.sort((a, b) => placeOf(a) - placeOf(b))
  }

  /**
   * [DL4] Another tab may have sent an entry of this one: a repeat must go to the same conversation to be recognised.
   */
  #learn(held: ReadonlyMap<OutboxItem<Body>, OutboxEntry<Body>>, addresses: readonly Address[]): void {
    const known = new Map(addresses.map(({ clientId, conversationId }) => [clientId, conversationId]))
    for (const [item, entry] of held) {
      const conversationId = known.get(entry.clientId) ?? null
      const isOpen = item.entry === entry && !item.isTried && !item.isUnderWay
      if (isOpen && conversationId !== null) item.entry = { ...entry, conversationId }
    }
  }

  #write(item: OutboxItem<Body>): Promise<void> {
    const { entry } = item
    item.isStored = false
    item.stored = this.#options.store.put(entry).then(() => {
      item.isStored = item.entry === entry
      item.isKept = true
    })
    return item.stored
  }

  #tellWaiting(): void {
    if (this.#gate.open || this.#closed) return
    const isWaiting = this.#items.some(({ entry, failed }) => failed === null && entry.owner === this.#owner)
    if (isWaiting) this.#emitter.emit('waiting', undefined)
  }

  async #rewrite(change: (entry: OutboxEntry<Body>) => OutboxEntry<Body>): Promise<void> {
    const writes: Promise<void>[] = []
    for (const item of this.#items) {
      const entry = change(item.entry)
      if (entry === item.entry) continue
      item.entry = entry
      writes.push(this.#write(item))
    }
    if (writes.length === 0) return
    this.#changed()
    await Promise.all(writes)
    this.#pump()
  }

  #changed(): void {
    if (!this.#closed) this.#emitter.emit('change', undefined)
  }
}
