/** Unsent writing of one agent: replies without an ack, and drafts. Stored in the browser for that agent only. */
import type { AgentToServerEvents, ClientMessageId, ConversationId, Message } from '@chat-widget/protocol'
import type { OutgoingFile } from '../chat-state.ts'
import type { Reply, RequestOf, ValueOf } from '../connection/event-maps.ts'
import type { ReconnectPolicy } from '../connection/reconnect-policy.ts'
import { Outbox } from '../conversation/outbox.ts'
import type { AddressedEntry } from '../conversation/outbox-entry.ts'
import { createStoredOutbox, OUTBOX_KEY, SENT_KEY } from '../conversation/outbox-store.ts'
import { bodyOfFile, isFile, uploads } from '../conversation/outgoing-file.ts'
import type { FileEntry, FileSendingPorts } from '../files/send-file.ts'
import type { ChatStorage } from '../storage/chat-storage.ts'
import { createCheckedStorage } from '../storage/checked-storage.ts'
import { createResilientStorage, type ResilientStorage } from '../storage/resilient-storage.ts'
import { isEntry, listOf } from '../storage/stored-checks.ts'
import { randomId } from '../util/random-id.ts'
import { storableBody } from '../util/storable-text.ts'
import type { AgentMessageBody, AgentMessageDraft } from './agent-state.ts'
import type { PendingReply } from './open-conversation.ts'

type OutgoingBody = AgentMessageBody | OutgoingFile
type Drafts = Readonly<Record<ConversationId, string>>

export interface AgentWritingOptions {
  readonly storage: ChatStorage
  readonly server: FileSendingPorts['server']
  readonly connection: FileSendingPorts['connection']
  readonly request: <Name extends 'message:send' | 'file:upload'>(
    name: Name,
    payload: RequestOf<AgentToServerEvents, Name>,
  ) => Promise<Reply<ValueOf<AgentToServerEvents, Name>>>
  /** Limits of the files of a conversation's app. */
  readonly limits: (id: ConversationId) => ReturnType<FileSendingPorts['limits']>
  readonly policy: ReconnectPolicy
  readonly changed: () => void
  readonly acknowledged: (message: Message) => void
}

/** Everything in a store belongs to one agent. */
const OWNER = 'agent'
const DRAFTS_KEY = 'drafts'
/** Most drafts kept; the oldest are deleted first. */
const DRAFTS_AT_MOST = 200

const CHECKS = {
  [OUTBOX_KEY]: listOf(isEntry((body) => typeof body === 'object' && body !== null)),
  [DRAFTS_KEY]: (value: unknown) =>
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((text) => typeof text === 'string')
      ? value
      : undefined,
}

export class AgentWriting {
  readonly #storage: ResilientStorage
  readonly #outbox: Outbox<OutgoingBody>
  readonly #changed: () => void
  #drafts: Drafts = {}
  /** Drafts written in this window, which are newer than stored ones. */
  readonly #written = new Set<ConversationId>()

  constructor(options: AgentWritingOptions) {
    const { storage, policy, changed, acknowledged } = options
    const ignore = () => {}
    const told = { onFailure: ignore, onRecovery: ignore }
    this.#storage = createResilientStorage(createCheckedStorage(storage, CHECKS, ignore), told)
    this.#outbox = new Outbox<OutgoingBody>({
      store: createStoredOutbox<OutgoingBody>(this.#storage),
      send: ({ body, ...entry }) =>
        isFile(body) ? this.#sendFile({ ...entry, body }, options) : send({ ...entry, body }, options),
      policy,
    })
    this.#outbox.on('change', changed)
    this.#outbox.on('sent', acknowledged)
    this.#changed = changed
    this.setConnected(false)
  }

  /** Loads stored drafts and replies, of before a reload or of another window. */
  async load(): Promise<void> {
    await Promise.all([this.#outbox.load(), this.loadDrafts()])
  }

  async loadDrafts(): Promise<void> {
    const stored = (await this.#storage.get<Drafts>(DRAFTS_KEY)) ?? {}
    const own = Object.entries(this.#drafts).filter(([id]) => this.#written.has(id as ConversationId))
    this.#drafts = { ...stored, ...Object.fromEntries(own) }
    this.#changed()
  }

  setConnected(isConnected: boolean): void {
    this.#outbox.setGate(
      OWNER,
      isConnected ? { open: true, conversationId: null } : { open: false, waitingFor: 'connection' },
    )
  }

  send(conversationId: ConversationId, message: AgentMessageDraft): ClientMessageId {
    const clientId = randomId<ClientMessageId>()
    const createdAt = new Date().toISOString()
    const body = 'file' in message ? bodyOfFile(message, clientId, this.#storage) : storableBody(message)
    void this.#outbox.add({ clientId, conversationId, body, owner: OWNER, createdAt })
    return clientId
  }

  async #sendFile(entry: FileEntry, options: AgentWritingOptions): Promise<Reply<Message>> {
    const { conversationId } = entry
    const { server, connection, request, limits } = options
    const part = await import('../files/send-file.ts').catch(() => null)
    const lost = { code: 'load-failed', message: 'sending files could not be loaded', isFinal: true } as const
    if (part === null) return { ok: false, error: lost }
    return part.sendFile(entry, {
      ...{ server, connection, outbox: this.#outbox, storage: this.#storage, progressed: this.#changed },
      limits: () => limits(conversationId),
      announce: (wanted) => request('file:upload', { ...wanted, conversationId }),
      post: (posted) => send(posted as AddressedEntry<never>, options),
    })
  }

  retry(clientId: ClientMessageId): void {
    this.#outbox.retry(clientId)
  }

  /** Deletes a failed reply, or a file; another one that is being sent cannot be recalled. */
  discard(clientId: ClientMessageId): void {
    const item = this.#outbox.items().find(({ entry }) => entry.clientId === clientId)
    if (item?.state.status === 'failed' || (item && isFile(item.entry.body)))
      void this.#outbox.discard(clientId)
  }

  /** Replies without an ack. */
  pending(conversationId: ConversationId): readonly PendingReply[] {
    return this.#outbox
      .items()
      .filter(({ entry }) => entry.conversationId === conversationId)
      .map(({ entry: { clientId, body, createdAt }, state }) => ({
        kind: 'pending',
        clientId,
        body,
        upload: uploads.get(body),
        createdAt,
        state: state.status === 'failed' ? state : { status: 'sending' },
      }))
  }

  /** Number of replies without an ack, including those of other windows. */
  async unsentReplies(): Promise<number> {
    await this.#outbox.load()
    return this.#outbox.items().length
  }

  draft(id: ConversationId): string {
    return this.#drafts[id] ?? ''
  }

  /** An empty text deletes the draft. */
  setDraft(id: ConversationId, text: string): void {
    this.#written.add(id)
    this.#drafts = withDraft(this.#drafts, id, text)
    void this.#storage.update<Drafts>(DRAFTS_KEY, (drafts = {}) => withDraft(drafts, id, text))
  }

  /** Deletes everything. */
  async clear(): Promise<void> {
    this.#drafts = {}
    await this.#outbox.purge(OWNER)
    await Promise.all([OUTBOX_KEY, SENT_KEY, DRAFTS_KEY].map((key) => this.#storage.set(key, undefined)))
  }

  /** Leaves stored drafts and replies where they are. Resolves with their number. */
  async close(): Promise<number> {
    this.#outbox.close()
    const entries = (await this.#storage.get<readonly unknown[]>(OUTBOX_KEY)) ?? []
    const drafts = (await this.#storage.get<Drafts>(DRAFTS_KEY)) ?? {}
    this.#storage.close?.()
    return entries.length + Object.keys(drafts).length
  }
}

const send = (
  { conversationId, clientId, body }: AddressedEntry<AgentMessageBody>,
  { request }: AgentWritingOptions,
): Promise<Reply<Message>> => request('message:send', { conversationId, clientId, body })

function withDraft(drafts: Drafts, id: ConversationId, text: string): Drafts {
  const { [id]: _, ...others } = drafts
  if (text === '') return others
  return Object.fromEntries([...Object.entries(others).slice(1 - DRAFTS_AT_MOST), [id, text]])
}
