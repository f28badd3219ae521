/** A whole server with files, and devices that upload them. */
import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConversationId, FileId, Message, UploadTicket } from '@chat-widget/protocol'
import { Upload } from 'tus-js-client'
import { type ChatServer, createChatServer } from '../chat-server.ts'
import type { ChatServerOptions } from '../chat-server-options.ts'
import { openVisitor, type TestDevice } from '../realtime/test-device.testing.ts'
import { freshData } from '../storage/fresh-database.testing.ts'

const KEY = 'an-api-key'
const ORIGIN = 'https://shop.example.com'

export const SHOP = {
  id: 'shop',
  origins: [ORIGIN],
  apiKeyHashes: [createHash('sha256').update(KEY).digest('hex')],
} as const

export interface TestVisitor {
  readonly device: TestDevice
  readonly token: string
  readonly conversationId: ConversationId
  announce(content: Buffer, name?: string): Promise<UploadTicket>
  /** Uploads by the tus protocol, and sends. */
  sendFile(content: Buffer, name?: string, text?: string): Promise<Message<'file'>>
  send(id: FileId, more?: object): Promise<Message<'file'>>
  get(id: FileId, headers?: Readonly<Record<string, string>>): Promise<Response>
}

export async function startFiles(options: Partial<ChatServerOptions> = {}) {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'chat-files-'))
  if (options.dataDir === undefined) await freshData(dataDir)
  const server: ChatServer = await createChatServer({ apps: [SHOP], port: 0, dataDir, ...options })
  const address = await server.listen()
  const fileUrl = (id: FileId, app = 'shop') => `${address}/v1/apps/${app}/files/${id}`

  async function visitor(session?: string): Promise<TestVisitor> {
    const { device, ready } = await openVisitor(address, session === undefined ? {} : { session })
    const token = session ?? ready.session?.token ?? ''
    const conversationId = ready.conversation?.id ?? ('' as ConversationId)
    const announce = (content: Buffer, name = 'tent.png') =>
      device.ask<UploadTicket>('file:upload', { name, size: content.length })
    const send = (id: FileId, more: object = {}) =>
      device.ask<Message<'file'>>('message:send', {
        ...{ conversationId, clientId: randomUUID(), file: { id } },
        ...more,
      })
    return {
      ...{ device, token, conversationId, announce, send },
      async sendFile(content, name, text) {
        const ticket = await announce(content, name)
        await upload(address, ticket, content)
        return send(ticket.fileId, text === undefined ? {} : { text })
      },
      get: (id, headers = {}) =>
        fetch(fileUrl(id), { headers: { authorization: `Bearer ${token}`, ...headers } }),
    }
  }

  const rest = (path: string, init: RequestInit = {}) =>
    fetch(`${address}/v1/apps/shop${path}`, {
      ...init,
      headers: { authorization: `Token ${KEY}`, ...init.headers },
    })

  return {
    ...{ server, address, dataDir, fileUrl, visitor, rest },
    stop: () => server.close(),
    async remove() {
      await server.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Rejects with the answer's code and message. `chunkSize`: bytes of one request. */
export function upload(
  address: string,
  { path, ticket }: UploadTicket,
  content: Buffer,
  { chunkSize = Number.POSITIVE_INFINITY }: { readonly chunkSize?: number } = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    new Upload(content, {
      uploadUrl: `${address}${path}`,
      headers: { 'upload-ticket': ticket },
      uploadSize: content.length,
      retryDelays: null,
      chunkSize,
      onSuccess: () => resolve(),
      onError: (error) => {
        const body = 'originalResponse' in error ? (error.originalResponse?.getBody() ?? '') : ''
        reject(body.startsWith('{') ? Object.assign(error, JSON.parse(body).error) : error)
      },
    }).start()
  })
}
