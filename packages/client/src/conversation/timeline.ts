/**
 * Messages of a conversation as they are shown: stored ones by seq, without gap or copy, then those not yet
 * acknowledged. Knows neither connection nor outbox: messages are passed in, and fetched through a port.
 */
import type {
  ClientMessageId,
  ConversationId,
  FetchedMessages,
  FetchMessagesRequest,
  Message,
} from '@chat-widget/protocol'
import type { Reply } from '../connection/event-maps.ts'
import { createEmitter } from '../util/emitter.ts'
import { MessageWindow } from './message-window.ts'

/** Progress of an own message: stored by the server, held by a device of the other side, read there. */
export type Delivery = 'sent' | 'delivered' | 'read'

export interface StoredItem {
  readonly kind: 'stored'
  readonly message: Message
  /** `null` for messages of the other side. */
  readonly delivery: Delivery | null
}

export interface PendingItem {
  readonly kind: 'pending'
  readonly clientId: ClientMessageId
}

export interface TimelineView<Pending extends PendingItem> {
  readonly items: readonly (StoredItem | Pending)[]
  readonly hasOlder: boolean
  readonly status: 'empty' | 'loading' | 'loaded'
}

export interface TimelineOptions {
  readonly fetch: (request: FetchMessagesRequest) => Promise<Reply<FetchedMessages>>
  /** True if a message is of this side, whose delivery is shown. */
  readonly isOwn: (message: Message) => boolean
  /** Messages in the first and in each older page. Default `PAGE`. */
  readonly pageSize?: number
}

export interface TimelineEvents {
  change: undefined
  /** Messages after the loaded ones, in order; not emitted for the first page. */
  appended: readonly Message[]
}

export const PAGE = 50
const CATCH_UP_PAGE = 200

export class Timeline<Pending extends PendingItem> {
  readonly #options: TimelineOptions
  readonly #emitter = createEmitter<TimelineEvents>()
  readonly on = this.#emitter.on
  #conversation: ConversationId | null = null
  #window = new MessageWindow(0)
  #loaded = false
  #stored: StoredItem[] = []
  readonly #storedIds = new Set<ClientMessageId>()
  #pending: readonly Pending[] = []
  /** Acknowledged, but beyond a gap: shown as pending until the run reaches their seq. */
  readonly #held = new Map<ClientMessageId, { readonly item: Pending; readonly seq: number }>()
  #peer = { delivered: 0, read: 0 }
  #catchingUp: Promise<void> | null = null
  #paging: Promise<boolean> | null = null
  #view: TimelineView<Pending> | null = null

  constructor(options: TimelineOptions) {
    this.#options = options
  }

  get conversation(): ConversationId | null {
    return this.#conversation
  }

  /** The last seq known to exist. */
  get headSeq(): number {
    return this.#window.head
  }

  /** The last seq held without a gap. */
  get cursor(): number {
    return this.#window.last
  }

  get messages(): readonly Message[] {
    return this.#window.messages
  }

  /** A new object after each change, and only then. */
  get view(): TimelineView<Pending> {
    this.#view ??= {
      items: this.#stored.concat([
        ...[...this.#held.values()].map(({ item }) => item),
        ...this.#pending.filter(
          ({ clientId }) => !this.#held.has(clientId) && !this.#storedIds.has(clientId),
        ),
      ] as never),
      hasOlder: this.#window.first > 1,
      status: this.#conversation === null ? 'empty' : this.#loaded ? 'loaded' : 'loading',
    }
    return this.#view
  }

  /** The last seqs that the other side holds, and has read. */
  get peer(): { readonly delivered: number; readonly read: number } {
    return this.#peer
  }

  /**
   * Shows a conversation. One that is shown already is kept and catches up to `headSeq`, if that is known. `newest`: its
   * first page, if that is there already.
   */
  open(conversation: ConversationId, headSeq?: number, newest?: readonly Message[]): void {
    if (conversation !== this.#conversation) {
      this.#reset(conversation, headSeq ?? 0)
      this.#loaded = headSeq === 0
      this.#changed()
    }
    if (newest && !this.#loaded) this.#show(this.#window.begin(newest))
    void this.head(conversation, headSeq ?? 0)
  }

  /** Shows no conversation. */
  clear(): void {
    this.#reset(null, 0)
    this.#changed()
  }

  /** [DL3] Takes the server's head seq, and fetches missing messages: resolves when it has, or could not. */
  async head(conversation: ConversationId, headSeq: number): Promise<void> {
    if (conversation !== this.#conversation) return
    this.#window.raiseHead(headSeq)
    if (this.#lacks) await this.#catchUp()
  }

  /** Takes messages in any order and number of copies. */
  receive(messages: readonly Message[]): void {
    const ours = messages.filter((message) => message.conversationId === this.#conversation)
    if (ours.length === 0) return
    if (this.#loaded) this.#append(this.#window.receive(ours))
    else for (const message of ours) this.#window.raiseHead(message.seq)
    if (this.#lacks) void this.#catchUp()
  }

  /** Replaces a pending item by its acknowledged message. Call it before `setPending` removes the item. */
  acknowledge(message: Message): void {
    if (message.conversationId !== this.#conversation) return
    const item = this.#pending.find((pending) => pending.clientId === message.clientId)
    if (item !== undefined) this.#held.set(item.clientId, { item, seq: message.seq })
    this.#pending = this.#pending.filter((pending) => pending !== item)
    this.receive([message])
    this.#release()
    this.#changed()
  }

  setPending(items: readonly Pending[]): void {
    this.#pending = items
    this.#changed()
  }

  /** The last seq that the other side holds, or has read. */
  setPeer(progress: 'delivered' | 'read', seq: number): void {
    if (seq <= this.#peer[progress]) return
    this.#peer[progress] = seq
    let changed = false
    for (let index = this.#stored.length - 1; index >= 0; index -= 1) {
      const item = this.#stored[index]
      if (item === undefined || item.delivery === 'read') break
      const delivery = this.#deliveryOf(item.message)
      if (delivery === item.delivery) continue
      this.#stored[index] = { ...item, delivery }
      changed = true
    }
    if (changed) this.#changed()
  }

  /** Prepends the page before the first message. Resolves with true if there is more. */
  loadOlder(): Promise<boolean> {
    this.#paging ??= this.#page().finally(() => {
      this.#paging = null
    })
    return this.#paging
  }

  close(): void {
    this.#emitter.clear()
  }

  async #page(): Promise<boolean> {
    const window = this.#window
    if (this.#conversation === null || window.first <= 1) return false
    const reply = await this.#fetch({ before: window.first, limit: this.#options.pageSize ?? PAGE })
    if (window !== this.#window) return false
    if (reply.ok) {
      window.prepend(reply.value.messages)
      this.#stored = window.messages.map((message) => this.#item(message))
      for (const message of reply.value.messages) this.#storedIds.add(message.clientId)
      this.#changed()
    }
    return window.first > 1
  }

  get #lacks(): boolean {
    return !this.#loaded || this.#window.lacks
  }

  #catchUp(): Promise<void> {
    const window = this.#window
    this.#catchingUp ??= this.#fetchMissing(window).finally(() => {
      if (window === this.#window) this.#catchingUp = null
    })
    return this.#catchingUp
  }

  /** Ends when nothing is missing, or at the first failure: the next head starts again. */
  async #fetchMissing(window: MessageWindow): Promise<void> {
    while (this.#lacks) {
      const cursor = window.last
      const reply = await this.#fetch(
        this.#loaded ? { after: cursor, limit: CATCH_UP_PAGE } : { limit: this.#options.pageSize ?? PAGE },
      )
      if (window !== this.#window || !reply.ok) return
      window.raiseHead(reply.value.headSeq)
      if (this.#loaded) this.#append(window.receive(reply.value.messages))
      else this.#show(window.begin(reply.value.messages))
      // Guards against a server that reports more messages and returns none.
      if (window.last === cursor) return
    }
  }

  #fetch(page: Omit<FetchMessagesRequest, 'conversationId'>): Promise<Reply<FetchedMessages>> {
    return this.#options.fetch({ conversationId: this.#conversation as ConversationId, ...page })
  }

  #show(messages: readonly Message[]): void {
    this.#loaded = true
    this.#store(messages)
  }

  #append(messages: readonly Message[]): void {
    if (messages.length === 0) return
    this.#store(messages)
    for (const message of messages) this.#revise(message)
    this.#emitter.emit('appended', messages)
  }

  #store(messages: readonly Message[]): void {
    for (const message of messages) {
      this.#stored.push(this.#item(message))
      this.#storedIds.add(message.clientId)
    }
    this.#release()
    this.#changed()
  }

  /** [MK9] Shows an earlier message as it is since it was edited or deleted; one that is not loaded comes like that. */
  #revise(change: Message): void {
    if (change.kind !== 'event' || !('of' in change.event)) return
    const { event, text } = change
    const index = event.of - this.#window.first
    const item = this.#stored[index]
    if (!item) return
    const { id, clientId, conversationId, seq, author, createdAt } = item.message
    const kept = { id, clientId, conversationId, seq, author, createdAt }
    const message = {
      ...kept,
      kind: 'text',
      text,
      ...('body' in event && event.body),
      [event.type]: true,
    } as Message
    this.#window.replace(message)
    this.#stored[index] = { ...item, message }
    this.#changed()
  }

  /** Removes acknowledged messages that are in place now: in the run, or in a page before it. */
  #release(): void {
    if (!this.#loaded) return
    for (const [clientId, { seq }] of this.#held) if (seq <= this.#window.last) this.#held.delete(clientId)
  }

  #item(message: Message): StoredItem {
    return { kind: 'stored', message, delivery: this.#deliveryOf(message) }
  }

  #deliveryOf(message: Message): Delivery | null {
    const { read, delivered } = this.#peer
    if (!this.#options.isOwn(message)) return null
    return message.seq <= read ? 'read' : message.seq <= delivered ? 'delivered' : 'sent'
  }

  #reset(conversation: ConversationId | null, headSeq: number): void {
    this.#conversation = conversation
    this.#window = new MessageWindow(headSeq)
    this.#loaded = false
    this.#stored = []
    this.#storedIds.clear()
    this.#held.clear()
    this.#pending = []
    this.#peer = { delivered: 0, read: 0 }
    this.#catchingUp = null
    this.#paging = null
  }

  #changed(): void {
    this.#view = null
    this.#emitter.emit('change', undefined)
  }
}
