/** kill -9 of the chat server in the middle of an upload, between its pieces, and while it looks at the file: in a folder and in S3. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { FileId, Message, UploadTicket } from '@chat-widget/protocol'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type S3Server, startS3Server } from '../../scripts/s3-server.mjs'
import { connectVisitor, type RawVisitor, unwrap } from './support/raw-device.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'
import { shopConfig } from './support/shop.ts'

const PIECE = 64 * 1024
const PIECES = 6
const CONTENT = Buffer.from(randomBytes((PIECE * PIECES) / 2).toString('hex'))

let server: ServerProcess
let s3: S3Server
beforeAll(async () => {
  s3 = await startS3Server()
})
afterEach(() => server?.close())
afterAll(() => s3?.stop())

const PLACES = [
  ['a folder', { files: () => ({}), dying: () => server.kill() }],
  ['a bucket of S3', { files: () => ({ files: { s3: s3.config } }), dying: () => killedBy('PUT') }],
] as const

/** Kills the server when it is about to store something in S3. */
const killedBy = (method: string) =>
  new Promise<void>((resolve) => {
    s3.cutWhere(async (called) => {
      if (called !== method) return false
      await server.kill()
      s3.cutWhere(null)
      resolve()
      return true
    })
  })

const piece = (ticket: UploadTicket, offset: number) =>
  fetch(server.url + ticket.path, {
    method: 'PATCH',
    headers: {
      ...{ 'tus-resumable': '1.0.0', 'upload-ticket': ticket.ticket, 'upload-offset': String(offset) },
      'content-type': 'application/offset+octet-stream',
    },
    body: new Uint8Array(CONTENT.subarray(offset, offset + PIECE)),
  })

async function offsetOf(ticket: UploadTicket): Promise<number> {
  const headers = { 'tus-resumable': '1.0.0', 'upload-ticket': ticket.ticket }
  const answer = await fetch(server.url + ticket.path, { method: 'HEAD', headers })
  return Number(answer.headers.get('upload-offset'))
}

async function again(session: string): Promise<RawVisitor> {
  await server.kill()
  await server.start()
  return connectVisitor(server.url, { session })
}

it.each(PLACES)(
  '[FI8] what the server acknowledged of a file in %s is there after a kill -9, and the rest follows',
  async (_place, { files, dying }) => {
    server = await startServer({ config: { ...shopConfig(), ...files() } })
    let visitor = await connectVisitor(server.url)
    const token = visitor.ready.session?.token ?? ''
    const conversationId = visitor.ready.conversation!.id
    const announced = { name: 'report.txt', size: CONTENT.length }
    let ticket = unwrap(await visitor.socket.emitWithAck('file:upload', announced))
    const { fileId } = ticket
    const renewed = async () => unwrap(await visitor.socket.emitWithAck('file:upload', { fileId }))

    // Between two pieces.
    for (const offset of [0, PIECE]) expect((await piece(ticket, offset)).status).toBe(204)
    visitor = await again(token)
    expect(await offsetOf(ticket)).toBe(2 * PIECE)
    // In the middle of one, whose answer is lost.
    await Promise.allSettled([piece(ticket, 2 * PIECE), dying()])
    visitor = await again(token)
    ticket = await renewed()
    let offset = await offsetOf(ticket)
    expect(offset).toBeGreaterThanOrEqual(2 * PIECE)
    for (; offset < CONTENT.length - PIECE; offset = await offsetOf(ticket))
      expect((await piece(ticket, offset)).status).toBe(204)
    // While the server looks at the whole file.
    await Promise.allSettled([piece(ticket, offset), server.kill()])
    visitor = await again(token)
    ticket = await renewed()
    if (!ticket.isStored) {
      offset = await offsetOf(ticket)
      if (offset < CONTENT.length) expect((await piece(ticket, offset)).status).toBe(204)
    }
    const send = { conversationId, clientId: randomUUID(), file: { id: fileId } }
    const sent = unwrap(await visitor.socket.emitWithAck('message:send', send)) as Message<'file'>
    // After the ack.
    visitor = await again(token)
    expect(unwrap(await visitor.socket.emitWithAck('message:send', send))).toEqual(sent)
    expect(sent.file).toEqual({
      id: fileId as FileId,
      name: 'report.txt',
      mediaType: 'text/plain',
      size: CONTENT.length,
    })
    const answer = await fetch(`${server.url}/v1/apps/shop/files/${fileId}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(Buffer.from(await answer.arrayBuffer()).equals(CONTENT)).toBe(true)
  },
)
