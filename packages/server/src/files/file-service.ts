/** Files of conversations: announced, uploaded, looked at, sent, read, deleted. */
import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import { type AppId, ChatError, type FileId, type UploadTicket } from '@chat-widget/protocol'
import type { AppConfig, AppFilesConfig } from '../config/config.ts'
import { DEFAULT_FILES } from '../config/files-limits.ts'
import { hashToken, newSessionToken } from '../identity/session-token.ts'
import { createRateLimit } from '../limits/rate-limits.ts'
import type { FileFacts, FileRecord, Uploader } from '../storage/file-storage.ts'
import { ownerOf, sameOwner } from '../storage/records.ts'
import type { SessionRecord, Storage } from '../storage/storage.ts'
import { ADDRESS_BYTES_PER_DAY, TICKET_MS } from './file-limits.ts'
import { cleanName } from './file-name.ts'
import { createInspection } from './inspection.ts'
import type { Scanner } from './scanner.ts'
import type { ByteRange, FileStore } from './stores/file-store.ts'

const DAY_MS = 24 * 3_600_000
/** Time after which an uploader whose day is used up may ask again. Milliseconds. */
const USED_UP_MS = 3_600_000

export interface FileServiceOptions {
  readonly storage: Pick<Storage, 'files' | 'conversations'>
  readonly store: FileStore
  readonly scanner: Scanner | null
  readonly apps: ReadonlyMap<AppId, AppConfig>
  readonly now: () => number
}

interface Announced {
  readonly app: AppId
  readonly uploader: Uploader
  /** As the sender's device has it. */
  readonly name: string
  /** Bytes. */
  readonly size: number
}

/** Who asks for a file's bytes. */
export type FileReader =
  | { readonly kind: 'session'; readonly session: SessionRecord }
  | { readonly kind: 'agent' }
  /** By one of the app's keys. */
  | { readonly kind: 'app' }

export type FileService = ReturnType<typeof createFileService>

export function createFileService({ storage, store, scanner, apps, now }: FileServiceOptions) {
  const ofAddress = createRateLimit({
    burst: ADDRESS_BYTES_PER_DAY,
    perSecond: ADDRESS_BYTES_PER_DAY / (DAY_MS / 1_000),
  })
  const inspection = createInspection({ store, scanner })
  /** A file is looked at once, however many ask. */
  const finishing = new Map<FileId, Promise<FileRecord>>()

  function limitsOf(app: AppId): AppFilesConfig {
    const files = apps.get(app)?.files ?? DEFAULT_FILES
    if (files === false) throw new ChatError('not-found', 'This app takes no files.')
    return files
  }

  async function begin({ app, uploader, name, size }: Announced, ticket: string | null): Promise<FileId> {
    const limits = limitsOf(app)
    if (size > limits.maxBytes)
      throw new ChatError('too-large', `size: a file has at most ${limits.maxBytes} bytes here`)
    const id = randomUUID() as string as FileId
    const at = now()
    const isVisitors = uploader.kind === 'visitor' || uploader.kind === 'user'
    const { visitorFilesPerDay: files, visitorBytesPerDay: bytes, totalBytes } = limits
    const begun = await storage.files.begin(
      {
        ...{ id, app, uploader, name: cleanName(name), size, at },
        ticketHash: ticket === null ? null : hashToken(ticket),
        ticketExpiresAt: ticket === null ? null : at + TICKET_MS,
      },
      { ofUploader: isVisitors ? { since: at - DAY_MS, files, bytes } : null, totalBytes },
    )
    if (begun === 'too-many')
      throw new ChatError('rate-limited', 'Too many files for one day.', { retryAfterMs: USED_UP_MS })
    if (begun === 'full') throw new ChatError('too-large', "size: there is no room left for the app's files")
    // The row is first: bytes without one would never be deleted.
    await createUpload(id, size).catch((error: unknown) => {
      throw unavailable(error)
    })
    return id
  }

  async function createUpload(id: FileId, size: number): Promise<void> {
    // Loaded by the first upload.
    const { Upload } = await import('@tus/server')
    const uploads = await store.uploads()
    await uploads.create(new Upload({ id, size, offset: 0 }))
  }

  const ticketFor = (app: AppId, fileId: FileId, ticket: string, isStored: boolean): UploadTicket => ({
    fileId,
    ticket,
    path: `/v1/apps/${app}/uploads/${fileId}`,
    expiresInMs: TICKET_MS,
    isStored,
  })

  async function finish(id: FileId): Promise<FileRecord> {
    const running = finishing.get(id)
    if (running !== undefined) return running
    const work = inspect(id)
    finishing.set(id, work)
    try {
      return await work
    } finally {
      finishing.delete(id)
    }
  }

  async function inspect(id: FileId): Promise<FileRecord> {
    const before = await found(id)
    if (before.state === 'uploading') {
      const uploads = await store.uploads()
      const { offset } = await uploads.getUpload(id).catch((error: unknown) => {
        throw unavailable(error)
      })
      if (offset !== before.size) throw new ChatError('bad-request', 'file.id: is not uploaded whole')
      const facts = await inspection.run(before, limitsOf(before.app))
      await storage.files.settle(id, facts)
      // What fails here is done by the upkeep.
      await store.removeUpload(id).then(
        () => storage.files.uploadRemoved(id),
        () => undefined,
      )
    }
    const file = await found(id)
    if (file.state === 'refused') throw refused()
    return file
  }

  async function found(id: FileId): Promise<FileRecord> {
    const file = await storage.files.find(id)
    if (file === null) throw notFound()
    return file
  }

  /** A file that was not sent yet is for its uploader alone. */
  async function findUnsent(id: FileId, reader: FileReader): Promise<FileRecord | null> {
    if (reader.kind === 'session') return storage.files.findOwn(id, ownerOf(reader.session))
    if (reader.kind === 'agent') return null
    const file = await storage.files.find(id)
    return file?.uploader.kind === 'app' ? file : null
  }

  return {
    /** The limits of an app; `null` if it takes no files. */
    limitsOf(app: AppId): AppFilesConfig | null {
      const files = apps.get(app)?.files ?? DEFAULT_FILES
      return files === false ? null : files
    },

    /** Announces a file. Rejects with `too-large`, `rate-limited` or, if the app takes none, `not-found`. */
    async announce(file: Announced, network: string | null): Promise<UploadTicket> {
      if (network !== null) {
        const retryAfterMs = await ofAddress.waitMs(network)
        if (retryAfterMs > 0)
          throw new ChatError('rate-limited', 'Too many bytes from one address.', { retryAfterMs })
      }
      const ticket = newSessionToken()
      const id = await begin(file, ticket)
      // Those of a file that was refused are never sent: they must not use up the day of all who share the address.
      if (network !== null) await ofAddress.charge(network, file.size)
      return ticketFor(file.app, id, ticket, false)
    },

    /** A new ticket for a file that was announced before, in the place of its last one. */
    async announceAgain(app: AppId, uploader: Uploader, id: FileId): Promise<UploadTicket> {
      const file = await storage.files.findOwn(id, uploader)
      if (file === null || file.app !== app) throw notFound()
      if (file.state === 'refused') throw refused()
      const ticket = newSessionToken()
      await storage.files.setTicket(id, hashToken(ticket), now() + TICKET_MS)
      return ticketFor(app, id, ticket, file.state === 'stored')
    },

    /** Rejects with `not-found` unless the ticket is this file's, and not over. */
    async admitUpload(app: string, id: FileId, ticket: string): Promise<void> {
      const file = await storage.files.find(id)
      const isGood =
        file !== null &&
        file.app === app &&
        file.ticketHash === hashToken(ticket) &&
        (file.ticketExpiresAt ?? 0) > now()
      if (!isGood) throw notFound()
    },

    /** Looks at a file that is uploaded whole. Idempotent. Rejects with `file-refused`, and with `bad-request` too early. */
    finish,

    /** Gives up a file that was not sent. */
    async discard(id: FileId): Promise<void> {
      const file = await storage.files.find(id)
      if (file === null || (await storage.files.findSent(id)) !== null) return
      await store.removeUpload(id)
      await store.remove(id)
      await storage.files.remove(id)
    },

    /** Takes a file in one piece. */
    async take(file: Announced, content: Readable): Promise<FileId> {
      const id = await begin(file, null)
      const uploads = await store.uploads()
      const offset = await uploads.write(content, id, 0).catch((error: unknown) => {
        throw unavailable(error)
      })
      if (offset !== file.size) throw new ChatError('bad-request', 'the body ended before its Content-Length')
      await finish(id)
      return id
    },

    /** The facts of a file that this sender uploaded, for a message of it. */
    async toSend(id: FileId, sender: Uploader): Promise<FileFacts> {
      const own = await storage.files.findOwn(id, sender)
      if (own === null) throw new ChatError('bad-request', 'file.id: is no file of the sender')
      const { facts } = own.facts === null ? await finish(id) : own
      if (facts === null) throw refused()
      return facts
    },

    /** Facts of a file that the reader may read. Rejects with `not-found`, alike for any other. */
    async toRead(app: string, id: FileId, reader: FileReader): Promise<FileFacts> {
      const sent = await storage.files.findSent(id)
      if (sent === null) {
        const own = await findUnsent(id, reader)
        if (own?.facts == null || own.app !== app) throw notFound()
        return own.facts
      }
      const { file, conversationId } = sent
      if (file.app !== app || file.facts === null) throw notFound()
      if (reader.kind === 'session') {
        const conversation = await storage.conversations.find(conversationId)
        if (conversation === null || !sameOwner(conversation.owner, ownerOf(reader.session))) throw notFound()
      }
      return file.facts
    },

    read: (id: FileId, range?: ByteRange): Promise<Readable> => store.read(id, range),
  }
}

const notFound = () => new ChatError('not-found', 'There is no such file.')
const refused = () =>
  new ChatError(
    'file-refused',
    'file.id: its content is of a type that the app does not take, or was found harmful',
  )
const unavailable = (error: unknown) =>
  error instanceof ChatError
    ? error
    : new ChatError('unavailable', 'The files cannot be used right now.', { cause: error })
