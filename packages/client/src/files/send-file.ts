/** Sends a message with a file: announces it, uploads it, goes on where it was ([FI11]). Loaded with the first file. */
import {
  type ClientMessageId,
  type FileId,
  type FileLimits,
  LIMITS,
  type Message,
  type PostedBy,
  type UploadRequest,
  type UploadTicket,
} from '@chat-widget/protocol'
import { holdLock } from '../browser/web-locks.ts'
import type { ConnectionState, OutgoingFile } from '../chat-state.ts'
import type { Reply, ReplyError } from '../connection/event-maps.ts'
import type { AddressedEntry, OutboxEntry } from '../conversation/outbox-entry.ts'
import { OUTBOX_KEY } from '../conversation/outbox-store.ts'
import { bytesKey, uploads } from '../conversation/outgoing-file.ts'
import type { ChatStorage } from '../storage/chat-storage.ts'
import { isTypeTaken } from './taken-types.ts'
import { upload } from './upload.ts'

export interface FileSendingPorts {
  readonly server: string
  readonly outbox: {
    find(clientId: ClientMessageId): { readonly isKept: boolean } | undefined
    on(name: 'dropped', listener: (entry: { readonly clientId: ClientMessageId }) => void): () => void
  }
  readonly storage: ChatStorage
  readonly connection: {
    readonly state: ConnectionState
    on(name: 'state', listener: (state: ConnectionState) => void): () => void
  }
  /** Limits of the entry's app; `null`: it takes no files; `undefined`: not known. */
  readonly limits: () => FileLimits | null | undefined
  announce(request: UploadRequest): Promise<Reply<UploadTicket>>
  post(entry: AddressedEntry<PostedFile>): Promise<Reply<Message>>
  /** The progress of an upload changed. */
  progressed(): void
}

export type FileEntry = AddressedEntry<OutgoingFile>
type PostedFile = Extract<PostedBy<'visitor'>, { readonly file: unknown }>
type Refusal = { readonly ok: false; readonly error: ReplyError }

/** Longest wait for another tab that uploads the same file. Milliseconds. */
const OTHER_TAB_MS = 30 * 60_000
/** Attempts without a byte more on the server, after which the visitor is asked: what was written later waits. */
const TRIES = 5
/** A longer wait that the server wants is left to the visitor. Milliseconds. */
const LONG_WAIT_MS = 60_000

const refused = (code: ReplyError['code'], message: string): Refusal => ({
  ok: false,
  error: { code, message, isFinal: true },
})

export async function sendFile(entry: FileEntry, ports: FileSendingPorts): Promise<Reply<Message>> {
  const { clientId } = entry
  const problem = problemOf(entry.body, ports.limits())
  if (problem !== null) return problem
  const held = new AbortController()
  const ended = new AbortController()
  const end = (why: 'dropped' | 'disconnected') => {
    ended.abort(why)
    held.abort()
  }
  const offDropped = ports.outbox.on('dropped', (dropped) => {
    if (dropped.clientId === clientId) end('dropped')
  })
  const offState = ports.connection.on('state', ({ status }) => {
    if (status !== 'connected') end('disconnected')
  })
  try {
    // Two tabs that upload one file would take each other's ticket.
    await holdLock(`chat-widget-file:${clientId}`, held.signal, { withinMs: OTHER_TAB_MS })
    if (ended.signal.aborted) return interrupted
    return await uploadAndPost(entry, ports, ended.signal)
  } finally {
    held.abort()
    offDropped()
    offState()
  }
}

const interrupted: Refusal = {
  ok: false,
  error: { code: 'server-unreachable', message: 'the upload was interrupted' },
}

async function uploadAndPost(
  entry: FileEntry,
  ports: FileSendingPorts,
  signal: AbortSignal,
): Promise<Reply<Message>> {
  const { outbox, storage } = ports
  const { clientId, body } = entry
  const stored = await storedEntry(ports, clientId)
  // Another tab has sent it meanwhile, or given it up.
  if (stored === undefined && outbox.find(clientId)?.isKept)
    return refusedAs('not-found', 'it is not in the outbox')
  // Another tab may have begun the upload.
  body.file.id ??= stored?.body.file.id

  const kept = await storage.get<unknown>(bytesKey(clientId))
  const before = uploads.get(body)
  const bytes = kept instanceof Blob ? kept : before?.bytes
  if (bytes === undefined) return refused('file-unreadable', 'the bytes of the file are not here any more')
  const keep = (changed: { readonly sent?: number; readonly tries?: number }) => {
    uploads.set(body, { bytes, sent: 0, isKept: kept instanceof Blob, ...uploads.get(body), ...changed })
    ports.progressed()
  }
  keep({})

  const ticket = await announce(body, ports)
  if (signal.aborted) return interrupted
  if (!ticket.ok) return ticket
  const { fileId, isStored } = ticket.value
  // Before the first byte: after a reload the upload goes on, and the message is the same again ([DL2]).
  if (fileId !== body.file.id) await learnId(entry, fileId, storage)
  if (!isStored) {
    const outcome = await upload(bytes, {
      url: ports.server + ticket.value.path,
      ticket: ticket.value.ticket,
      signal,
      progressed: (sent, isAccepted) => keep({ sent, ...(isAccepted && { tries: 0 }) }),
    })
    if (outcome !== null) {
      const tries = (uploads.get(body)?.tries ?? 0) + 1
      const isFinal = outcome.isFinal === true || tries >= TRIES
      keep({ tries: isFinal ? 0 : tries })
      return { ok: false, error: { ...outcome, isFinal } }
    }
  }
  keep({ sent: bytes.size, tries: 0 })
  const { text } = body
  return ports.post({ ...entry, body: { file: { id: fileId }, ...(text && { text }) } })
}

/** Writes down under which id the server knows the file. */
async function learnId({ clientId, body }: FileEntry, id: FileId, storage: ChatStorage): Promise<void> {
  body.file.id = id
  await storage.update<readonly OutboxEntry<unknown>[]>(OUTBOX_KEY, (entries = []) =>
    entries.map((one) => (one.clientId === clientId ? { ...one, body } : one)),
  )
}

const refusedAs = (code: ReplyError['code'], message: string): Refusal => ({
  ok: false,
  error: { code, message },
})

async function storedEntry({ storage }: FileSendingPorts, clientId: ClientMessageId) {
  const entries = (await storage.get<readonly OutboxEntry<OutgoingFile>[]>(OUTBOX_KEY)) ?? []
  return entries.find((one) => one.clientId === clientId)
}

/** Asks for a ticket: again, where the server was told of the file before. */
async function announce({ file }: OutgoingFile, ports: FileSendingPorts): Promise<Reply<UploadTicket>> {
  const { id: fileId, name = 'file', size } = file
  const again = fileId === undefined ? null : await ports.announce({ fileId })
  // It has been deleted since: it was not sent within a day.
  const isGone = again === null || (!again.ok && again.error.code === 'not-found')
  const reply = isGone ? await ports.announce({ name, size }) : again
  if (reply.ok || (reply.error.retryAfterMs ?? 0) < LONG_WAIT_MS) return reply
  return { ok: false, error: { ...reply.error, isFinal: true } }
}

/** Problems that are known before a byte is read. */
function problemOf({ file, text }: OutgoingFile, limits: FileLimits | null | undefined): Refusal | null {
  // A host may have sent the address of a file, or its bytes as text; another release may have stored it otherwise.
  if (typeof file.size !== 'number' || typeof file.type !== 'string')
    return refused('file-unreadable', 'it is no File and no Blob')
  if (limits === null) return refused('not-found', 'this app takes no files')
  if (file.size > (limits?.maxBytes ?? Number.POSITIVE_INFINITY))
    return refused('too-large', `a file has at most ${limits?.maxBytes} bytes here`)
  if ((text?.length ?? 0) > LIMITS.textLength)
    return refused('too-large', `text must have at most ${LIMITS.textLength} characters`)
  if (file.size === 0) return refused('file-unreadable', 'the file is empty')
  return isTypeTaken(file.type, limits?.types)
    ? null
    : refused('file-refused', 'the app takes no files of this type')
}
