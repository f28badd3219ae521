import { randomUUID } from 'node:crypto'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type AppId, type FileId, LIMITS, type Message, type UploadTicket } from '@chat-widget/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startS3Server } from '../../../../scripts/s3-server.mjs'
import { CONSOLE_COOKIE } from '../agents/agent-accounts.ts'
import { newClientId, openAgent } from '../realtime/test-device.testing.ts'
import { SHOP, startFiles, upload } from './files.testing.ts'
import { GIF, JPEG, PNG, phoneJpeg } from './pictures/samples.testing.ts'

const PDF = Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\n')

let server: Awaited<ReturnType<typeof startFiles>>
beforeAll(async () => {
  const limits = { maxBytes: 200_000, types: ['image/*', 'application/pdf', 'text/html', 'image/svg+xml'] }
  const quota = { visitorFilesPerDay: 5, visitorBytesPerDay: 500_000, totalBytes: 5_000_000 }
  server = await startFiles({
    apps: [
      { ...SHOP, files: { ...limits, ...quota } },
      { ...SHOP, id: 'other', files: false },
    ],
  })
})
afterAll(() => server.remove())

describe('[FI1] a file', () => {
  it('is sent by its id, and the server says what it is', async () => {
    const visitor = await server.visitor()
    const message = await visitor.sendFile(phoneJpeg(6), '../My tent.JPG', 'It is **broken**')
    expect(message).toMatchObject({
      kind: 'file',
      text: `It is **broken**\nFile: My tent.JPG (${message.file.size} bytes)`,
      caption: 'It is **broken**',
      file: { name: 'My tent.JPG', mediaType: 'image/jpeg', width: 8, height: 16 },
    })
    const { messages } = await visitor.device.ask<{ messages: Message[] }>('messages:fetch', {
      conversationId: visitor.conversationId,
      limit: 10,
    })
    expect(messages).toEqual([message])
  })

  it('is sent once: the same message again is the same, another one is refused', async () => {
    const visitor = await server.visitor()
    const clientId = newClientId()
    const ticket = await visitor.announce(PNG)
    await upload(server.address, ticket, PNG)
    const first = await visitor.send(ticket.fileId, { clientId })
    expect(await visitor.send(ticket.fileId, { clientId })).toEqual(first)
    await expect(visitor.send(ticket.fileId)).rejects.toThrow('bad-request: file.id: was sent before')
  })

  it('is its sender’s alone, and must be whole', async () => {
    const [visitor, other] = [await server.visitor(), await server.visitor()]
    const ticket = await visitor.announce(PNG)
    await expect(visitor.send(ticket.fileId)).rejects.toThrow('bad-request: file.id: is not uploaded whole')
    await upload(server.address, ticket, PNG)
    const refusal = 'bad-request: file.id: is no file of the sender'
    await expect(other.send(ticket.fileId)).rejects.toThrow(refusal)
    await expect(other.send(randomUUID() as string as FileId)).rejects.toThrow(refusal)
    const posted = await server.rest(`/conversations/${visitor.conversationId}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ file: { id: ticket.fileId } }),
    })
    expect(posted.status).toBe(404)
    expect((await visitor.send(ticket.fileId)).file.id).toBe(ticket.fileId)
  })

  it('says nothing of itself: name, type and size are the server’s', async () => {
    const visitor = await server.visitor()
    const claimed = { id: randomUUID(), name: 'x', mediaType: 'image/png', size: 1 }
    const request = { conversationId: visitor.conversationId, clientId: newClientId(), file: claimed }
    expect(await visitor.device.refusal('message:send', request)).toMatchObject({ code: 'bad-request' })
  })
})

describe('[FI2] an upload', () => {
  const patch = (ticket: UploadTicket, headers: Readonly<Record<string, string>> = {}, body: Buffer = PNG) =>
    fetch(`${server.address}${ticket.path}`, {
      method: 'PATCH',
      headers: {
        ...{
          'tus-resumable': '1.0.0',
          'upload-offset': '0',
          'content-type': 'application/offset+octet-stream',
        },
        ...{ 'upload-ticket': ticket.ticket, ...headers },
      },
      body: new Uint8Array(body),
    })

  it('goes on where it was, with a new ticket, which ends the one before', async () => {
    const visitor = await server.visitor()
    const first = await visitor.announce(PNG)
    expect(first).toMatchObject({ ticket: expect.stringMatching(/^[\w-]{43}$/), isStored: false })
    expect(first.path).not.toContain(first.ticket)
    expect((await patch(first, {}, PNG.subarray(0, 30))).status).toBe(204)
    const again = await visitor.device.ask<UploadTicket>('file:upload', { fileId: first.fileId })
    expect((await patch(first)).status).toBe(404)
    await upload(server.address, again, PNG, { chunkSize: 7 })
    expect((await visitor.send(first.fileId)).file).toMatchObject({ mediaType: 'image/png' })
    const third = await visitor.device.ask<UploadTicket>('file:upload', { fileId: first.fileId })
    expect(third.isStored).toBe(true)
  })

  it('needs its own ticket, in the header', async () => {
    const visitor = await server.visitor()
    const [one, other] = [await visitor.announce(PNG), await visitor.announce(PNG)]
    const statuses = await Promise.all([
      patch(one, { 'upload-ticket': other.ticket }),
      patch(one, { 'upload-ticket': '' }),
      patch({ ...one, path: one.path.replace('/shop/', '/other/') }),
      patch({ ...one, path: `${one.path}?upload-ticket=${one.ticket}` }, { 'upload-ticket': 'x'.repeat(43) }),
      fetch(`${server.address}${one.path}`, { headers: { 'upload-ticket': one.ticket } }),
      fetch(`${server.address}${one.path}`, { method: 'POST', headers: { 'upload-ticket': one.ticket } }),
    ]).then((answers) => answers.map(({ status }) => status))
    expect(statuses).toEqual([404, 404, 404, 404, 404, 404])
    const stranger = await server.visitor()
    expect(await stranger.device.refusal('file:upload', { fileId: one.fileId })).toMatchObject({
      code: 'not-found',
    })
  })

  it('takes no more than was announced', async () => {
    const visitor = await server.visitor()
    const ticket = await visitor.announce(PNG)
    const more = Buffer.concat([PNG, PNG])
    expect((await patch(ticket, {}, more)).status).toBe(413)
    expect((await patch(ticket, { 'upload-length': '5000' })).status).toBe(400)
    await upload(server.address, await visitor.device.ask('file:upload', { fileId: ticket.fileId }), PNG)
  })

  it('can be given up, until it was sent', async () => {
    const visitor = await server.visitor()
    const discard = ({ path, ticket }: UploadTicket) =>
      fetch(`${server.address}${path}`, {
        method: 'DELETE',
        headers: { 'tus-resumable': '1.0.0', 'upload-ticket': ticket },
      })
    const [one, other] = [await visitor.announce(PNG), await visitor.announce(PNG)]
    expect((await discard(one)).status).toBe(204)
    await expect(visitor.send(one.fileId)).rejects.toThrow('bad-request')
    await upload(server.address, other, PNG)
    await visitor.send(other.fileId)
    await discard(other)
    expect((await visitor.get(other.fileId)).status).toBe(200)
  })

  it('comes from pages of the app alone', async () => {
    const visitor = await server.visitor()
    const ticket = await visitor.announce(PNG)
    const from = (origin: string, method: string) =>
      fetch(`${server.address}${ticket.path}`, {
        method,
        headers: {
          ...{ origin, 'tus-resumable': '1.0.0', 'upload-ticket': ticket.ticket },
          ...{ 'access-control-request-method': 'PATCH', 'access-control-request-headers': 'upload-ticket' },
        },
      })
    const preflight = await from(SHOP.origins[0], 'OPTIONS')
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe(SHOP.origins[0])
    expect(preflight.headers.get('access-control-allow-headers')).toContain('upload-ticket')
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull()
    const head = await from(SHOP.origins[0], 'HEAD')
    expect([head.status, head.headers.get('upload-offset')]).toEqual([200, '0'])
    expect(head.headers.get('access-control-allow-origin')).toBe(SHOP.origins[0])
    for (const method of ['OPTIONS', 'HEAD']) {
      const refused = await from('https://evil.example', method)
      expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, null])
    }
  })
})

describe('[FI3] too much', () => {
  it('is refused before it is uploaded, by stable codes', async () => {
    const visitor = await server.visitor()
    const ask = (size: number, name = 'tent.png') =>
      visitor.device.request<UploadTicket>('file:upload', { name, size })
    const code = async (asked: ReturnType<typeof ask>) => {
      const answer = await asked
      return answer.ok ? 'ok' : answer.error.code
    }
    expect(await code(ask(200_001))).toBe('too-large')
    // Nor does it count for all who share the address.
    expect(await code(ask(2 ** 40))).toBe('too-large')
    expect(await code(ask(0))).toBe('bad-request')
    expect(await code(ask(1.5))).toBe('bad-request')
    expect(await code(ask(10, 'x'.repeat(1_001)))).toBe('bad-request')
    expect([await code(ask(200_000)), await code(ask(200_000)), await code(ask(200_000))]).toEqual([
      'ok',
      'ok',
      'rate-limited',
    ])
    for (let count = 2; count < 5; count++) expect(await code(ask(10))).toBe('ok')
    expect(await code(ask(10))).toBe('rate-limited')
  })
})

describe('[FI4] a type that the app does not take', () => {
  it('is refused, at the upload and at the message', async () => {
    const visitor = await server.visitor()
    const program = Buffer.from('4d5a90000300000004000000ffff0000b8', 'hex')
    const ticket = await visitor.announce(program, 'tent.png')
    await expect(upload(server.address, ticket, program)).rejects.toMatchObject({ code: 'file-refused' })
    const sent = {
      conversationId: visitor.conversationId,
      clientId: newClientId(),
      file: { id: ticket.fileId },
    }
    expect(await visitor.device.refusal('message:send', sent)).toMatchObject({ code: 'file-refused' })
    const broken = await visitor.announce(JPEG.subarray(0, 25))
    await expect(upload(server.address, broken, JPEG.subarray(0, 25))).rejects.toMatchObject({
      code: 'file-refused',
    })
  })

  it('is not asked for by its sender: the content says it', async () => {
    const visitor = await server.visitor()
    const message = await visitor.sendFile(GIF, 'tent.html')
    expect(message.file).toMatchObject({ name: 'tent.html.gif', mediaType: 'image/gif' })
  })

  it('of an app without files, any', async () => {
    const { device } = await server.visitor()
    device.close()
    const other = await startFiles({ apps: [{ ...SHOP, files: false }] })
    const visitor = await other.visitor()
    expect(await visitor.device.refusal('file:upload', { name: 'a', size: 1 })).toMatchObject({
      code: 'not-found',
    })
    await other.remove()
  })
})

describe('[FI7] reading a file', () => {
  it('is for who may see its message, each time, and for nobody else', async () => {
    const [visitor, stranger] = [await server.visitor(), await server.visitor()]
    const { file } = await visitor.sendFile(PNG)
    const answer = await visitor.get(file.id)
    expect(answer.status).toBe(200)
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(PNG)
    expect((await server.rest(`/files/${file.id}`)).status).toBe(200)
    const url = server.fileUrl(file.id)
    const statuses = await Promise.all([
      stranger.get(file.id),
      fetch(url),
      fetch(url, { headers: { authorization: 'Token wrong' } }),
      fetch(url, { headers: { authorization: `Bearer ${'x'.repeat(43)}` } }),
      fetch(server.fileUrl(file.id, 'other'), { headers: { authorization: `Bearer ${visitor.token}` } }),
      fetch(`${url}?session=${visitor.token}`),
      visitor.get(randomUUID() as string as FileId),
    ]).then((answers) => answers.map(({ status }) => status))
    expect(statuses).toEqual([404, 401, 401, 401, 401, 401, 404])
  })

  it('ends with the session, also for a browser that has it', async () => {
    const visitor = await server.visitor()
    const { file } = await visitor.sendFile(PNG)
    const first = await visitor.get(file.id)
    const etag = first.headers.get('etag') ?? ''
    expect(first.headers.get('cache-control')).toBe('private, no-cache')
    expect((await visitor.get(file.id, { 'if-none-match': etag })).status).toBe(304)
    await visitor.device.ask('identity:sign-out', { everywhere: false })
    expect((await visitor.get(file.id, { 'if-none-match': etag })).status).toBe(401)
  })

  it('can do no harm in a browser', async () => {
    const visitor = await server.visitor()
    const script = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
    const page = Buffer.from('<!doctype html><script>alert(1)</script>')
    const files = {
      picture: await visitor.sendFile(PNG, 'tent.png'),
      document: await visitor.sendFile(PDF, '写真 "x".pdf'),
      drawing: await visitor.sendFile(script, 'tent.svg'),
      page: await visitor.sendFile(page, 'tent.html'),
    }
    for (const [name, { file }] of Object.entries(files)) {
      const { headers } = await visitor.get(file.id)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
      const disposition = name === 'picture' ? 'inline' : 'attachment'
      expect(headers.get('content-disposition')).toMatch(new RegExp(`^${disposition}; filename`))
    }
    const { headers } = await visitor.get(files.document.file.id)
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="?? x.pdf"; filename*=UTF-8''%E5%86%99%E7%9C%9F%20x.pdf`,
    )
    const { file } = await visitor.sendFile(PDF, 'Größe.pdf')
    expect((await visitor.get(file.id)).headers.get('content-disposition')).toBe(
      `attachment; filename="Gr??e.pdf"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.pdf`,
    )
  })

  it('understands ranges', async () => {
    const visitor = await server.visitor()
    const { file } = await visitor.sendFile(PNG)
    const range = async (value: string) => {
      const answer = await visitor.get(file.id, { range: value })
      return [answer.status, answer.headers.get('content-range'), Buffer.from(await answer.arrayBuffer())]
    }
    const { length } = PNG
    expect(await range('bytes=1-3')).toEqual([206, `bytes 1-3/${length}`, PNG.subarray(1, 4)])
    expect(await range('bytes=60-')).toEqual([206, `bytes 60-${length - 1}/${length}`, PNG.subarray(60)])
    expect(await range('bytes=-4')).toEqual([
      206,
      `bytes ${length - 4}-${length - 1}/${length}`,
      PNG.subarray(-4),
    ])
    expect(await range(`bytes=-${length + 100}`)).toEqual([206, `bytes 0-${length - 1}/${length}`, PNG])
    expect(await range('bytes=0-1,5-6')).toEqual([200, null, PNG])
    expect(await range('lines=1-2')).toEqual([200, null, PNG])
    expect(await range(`bytes=${length}-`)).toEqual([416, `bytes */${length}`, Buffer.alloc(0)])
    const etag = (await visitor.get(file.id)).headers.get('etag') ?? ''
    const resumed = async (version: string) =>
      (await visitor.get(file.id, { range: 'bytes=1-3', 'if-range': version })).status
    expect(await Promise.all([etag, '"other"', 'Wed, 21 Oct 2026 07:28:00 GMT'].map(resumed))).toEqual([
      206, 200, 200,
    ])
  })

  it('is not sent again to who has it, as caches and proxies ask', async () => {
    const visitor = await server.visitor()
    const { file } = await visitor.sendFile(PNG)
    const etag = (await visitor.get(file.id)).headers.get('etag') ?? ''
    const status = async (value: string) => (await visitor.get(file.id, { 'if-none-match': value })).status
    const held = [etag, `W/${etag}`, `"other", ${etag}`, `"other",W/${etag}`, '*']
    expect(await Promise.all(held.map(status))).toEqual(held.map(() => 304))
    expect(await status('"other"')).toBe(200)
  })

  it('can be asked for without its bytes', async () => {
    const visitor = await server.visitor()
    const { file } = await visitor.sendFile(PNG)
    const headers = { authorization: `Bearer ${visitor.token}` }
    const answer = await fetch(server.fileUrl(file.id), { method: 'HEAD', headers })
    expect([answer.status, answer.headers.get('content-length')]).toEqual([200, String(PNG.length)])
  })

  it('whose bytes are gone is answered as one that is not there', async () => {
    const visitor = await server.visitor()
    const { file } = await visitor.sendFile(PNG)
    rmSync(join(server.dataDir, 'files', 'kept', file.id.slice(0, 2), file.id))
    const answer = await visitor.get(file.id)
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ error: { code: 'not-found' } })
  })

  it('is for pages of the app alone', async () => {
    const visitor = await server.visitor()
    const { file } = await visitor.sendFile(PNG)
    const from = (origin: string) => visitor.get(file.id, { origin })
    expect((await from(SHOP.origins[0])).headers.get('access-control-allow-origin')).toBe(SHOP.origins[0])
    const refused = await from('https://evil.example')
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, null])
    expect(
      (await fetch(server.fileUrl(file.id), { method: 'OPTIONS', headers: { origin: SHOP.origins[0] } }))
        .status,
    ).toBe(204)
  })
})

describe('[FI1] by REST', () => {
  const post = (conversationId: string, body: Buffer, name = 'invoice.pdf', init: RequestInit = {}) =>
    server.rest(`/conversations/${conversationId}/files?name=${encodeURIComponent(name)}`, {
      method: 'POST',
      body: new Uint8Array(body),
      ...init,
    })

  it('a file is posted as the raw body, and sent in its conversation', async () => {
    const visitor = await server.visitor()
    await visitor.device.send(visitor.conversationId, 'The invoice, please')
    const answer = await post(visitor.conversationId, PDF, 'Rechnung für Ada.pdf')
    expect(answer.status).toBe(201)
    const { id } = (await answer.json()) as { id: FileId }
    expect((await visitor.get(id)).status).toBe(404)
    expect(Buffer.from(await (await server.rest(`/files/${id}`)).arrayBuffer())).toEqual(PDF)
    const body = JSON.stringify({ file: { id }, text: 'Here you are' })
    const json = { 'content-type': 'application/json' }
    const messages = `/conversations/${visitor.conversationId}/messages`
    expect((await server.rest(messages, { method: 'POST', headers: json, body })).status).toBe(201)
    const told = await visitor.device.message(({ kind }) => kind === 'file')
    expect(told).toMatchObject({
      caption: 'Here you are',
      file: { name: 'Rechnung für Ada.pdf', size: PDF.length },
    })
    expect(Buffer.from(await (await visitor.get(id)).arrayBuffer())).toEqual(PDF)
    expect((await server.rest(messages, { method: 'POST', headers: json, body })).status).toBe(400)
  })

  it('one that is too large, of a wrong type, or for another conversation is refused', async () => {
    const visitor = await server.visitor()
    await visitor.device.send(visitor.conversationId, 'hi')
    const status = async (answer: Promise<Response>) => (await answer).status
    expect(await status(post(visitor.conversationId, Buffer.alloc(200_001)))).toBe(413)
    expect(await status(post(visitor.conversationId, Buffer.from('MZ\0\0\0\0')))).toBe(422)
    expect(await status(post(randomUUID(), PDF))).toBe(404)
    expect(await status(post(visitor.conversationId, PDF, ''))).toBe(400)
    const wrongKey = { headers: { authorization: 'Token wrong' } }
    expect(await status(post(visitor.conversationId, PDF, 'a.pdf', wrongKey))).toBe(401)
  })
})

it('[FI6] a harmful file is refused, and nobody gets it', async () => {
  const harmful = Buffer.from(`X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD${'-ANTIVIRUS-TEST-FILE!$H+H*'}`)
  const command = ['sh', '-c', 'if grep -q EICAR; then exit 1; else exit 0; fi']
  const scanned = await startFiles({ files: { scanner: { command, timeoutMs: 10_000 } } })
  const visitor = await scanned.visitor()
  const ticket = await visitor.announce(harmful, 'note.txt')
  await expect(upload(scanned.address, ticket, harmful)).rejects.toMatchObject({ code: 'file-refused' })
  expect((await visitor.get(ticket.fileId)).status).toBe(404)
  expect((await visitor.sendFile(Buffer.from('a broken tent'), 'note.txt')).file.mediaType).toBe('text/plain')
  await scanned.remove()
})

describe('[FI1] [FI7] [AG3] an agent', () => {
  it('sends a file, and reads those of its visitors, by the cookie of the console', async () => {
    const visitor = await server.visitor()
    const { file } = await visitor.sendFile(PNG)
    await server.server.agents.add({ name: 'Grace', email: 'grace@example.com', password: 'correct horse' })
    const signedIn = await server.server.agents.signIn('grace@example.com', 'correct horse')
    const cookie = `${CONSOLE_COOKIE}=${signedIn?.token ?? ''}`
    const { device, ready } = await openAgent(server.address, cookie)
    expect(ready.apps.map(({ files }) => files?.maxBytes)).toEqual([200_000, undefined])
    const url = server.fileUrl(file.id)
    const status = async (headers: Readonly<Record<string, string>>) => (await fetch(url, { headers })).status
    expect(await status({ cookie, 'sec-fetch-site': 'same-origin' })).toBe(200)
    expect(await status({ cookie, 'sec-fetch-site': 'cross-site' })).toBe(401)
    expect(await status({ cookie: `${CONSOLE_COOKIE}=wrong` })).toBe(401)
    const apps = ['elsewhere' as AppId]
    await server.server.agents.add({ name: 'Olga', email: 'o@example.com', password: 'correct horse', apps })
    const other = await server.server.agents.signIn('o@example.com', 'correct horse')
    const theirs = { cookie: `${CONSOLE_COOKIE}=${other?.token ?? ''}` }
    expect(await status(theirs)).toBe(401)
    const transcript = `${server.address}/v1/apps/shop/conversations/${visitor.conversationId}/transcript`
    expect((await fetch(transcript, { headers: { cookie } })).status).toBe(200)
    expect((await fetch(transcript, { headers: theirs })).status).toBe(401)
    const { conversationId } = visitor
    const ticket = await device.ask<UploadTicket>('file:upload', {
      conversationId,
      name: 'a.pdf',
      size: PDF.length,
    })
    await upload(server.address, ticket, PDF)
    const send = (id: string) =>
      device.request('message:send', {
        conversationId: id,
        clientId: newClientId(),
        body: { file: { id: ticket.fileId } },
      })
    const elsewhere = await server.visitor()
    await elsewhere.device.send(elsewhere.conversationId, 'hi')
    expect(await send(elsewhere.conversationId)).toMatchObject({ ok: false, error: { code: 'bad-request' } })
    expect(await send(conversationId)).toMatchObject({ ok: true })
    await visitor.device.message((message) => message.kind === 'file' && message.author.kind === 'agent')
    expect((await visitor.get(ticket.fileId)).status).toBe(200)
    expect((await elsewhere.get(ticket.fileId)).status).toBe(404)
    device.close()
  })
})

it('[FI8] in a bucket it is the same', async () => {
  const s3 = await startS3Server()
  const there = await startFiles({ files: { s3: s3.config } })
  const visitor = await there.visitor()
  const picture = await visitor.sendFile(phoneJpeg(6), 'tent.jpg')
  const ticket = await visitor.announce(PDF, 'a.pdf')
  await upload(there.address, ticket, PDF, { chunkSize: 10 })
  const document = await visitor.send(ticket.fileId)
  expect(picture.file).toMatchObject({ mediaType: 'image/jpeg', width: 8, height: 16 })
  expect((await (await visitor.get(picture.file.id)).arrayBuffer()).byteLength).toBe(picture.file.size)
  const part = await visitor.get(document.file.id, { range: 'bytes=0-3' })
  expect([part.status, await part.text()]).toEqual([206, '%PDF'])
  expect([...s3.keys()].sort()).toEqual([picture, document].map(({ file }) => `chat/kept/${file.id}`).sort())
  await there.remove()
  await s3.stop()
})

it('[FI8] nothing of what is sent stays among the uploads', async () => {
  const visitor = await server.visitor()
  const { file } = await visitor.sendFile(PNG)
  const folder = join(server.dataDir, 'files')
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.includes(file.id) && statSync(join(folder, name)).isFile(),
  )
  expect(names).toEqual([join('kept', file.id.slice(0, 2), file.id)])
})

it('[FI4] a name is no longer than the limit', async () => {
  const visitor = await server.visitor()
  const { file } = await visitor.sendFile(PNG, `${'x'.repeat(500)}.png`)
  expect(file.name).toHaveLength(LIMITS.fileNameLength)
})
