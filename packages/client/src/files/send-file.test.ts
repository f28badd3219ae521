/** A visitor's files, from `send()` to the ack, against the real server. */
import type { FileId, Message } from '@chat-widget/protocol'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  ada,
  createClient,
  outboxOf,
  server,
  texts,
  until,
  untilConnected,
  untilStatus,
  useVisitorServer,
} from '../chat-client.testing.ts'
import type { ChatClient } from '../chat-client.ts'
import type { ChatStorage } from '../storage/chat-storage.ts'
import { createIndexedDbStorage } from '../storage/indexed-db-storage.ts'
import { readFile } from './read-file.ts'

useVisitorServer()

let storage: ChatStorage
beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  storage = createIndexedDbStorage('files', 'http://chat.test')
})

const PIECE = 1024 ** 2
/** Text, of so many bytes. */
const textFile = (name: string, size: number) =>
  new File([`${name} `.repeat(size).slice(0, size)], name, { type: 'text/plain' })
const client = (options: Parameters<typeof createClient>[0] = {}) => createClient({ storage, ...options })
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'sent').catch(({ code }) => code)
const pendingOf = (of: ChatClient) =>
  of.getState().timeline.items.flatMap((item) => (item.kind === 'pending' ? [item] : []))
const keptBytes = async () => {
  const keys: string[] = []
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open('chat-widget:files@http://chat.test')
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error)
  })
  await new Promise<void>((resolve) => {
    const all = database.transaction('chat').objectStore('chat').getAllKeys()
    all.onsuccess = () => {
      keys.push(...all.result.map(String))
      resolve()
    }
  })
  database.close()
  return keys.filter((key) => key.startsWith('file:'))
}
const textIn = async (of: ChatClient, { file }: Message<'file'>) => (await readFile(of, file.id)).text()

describe('a file', () => {
  it.each(['data:text/plain,x', ['x'], {}])(
    '[FI11] that is none, %j, fails, and what is written later is sent',
    async (file) => {
      const chat = client()
      await chat.connect()
      const sent = codeOf(chat.send({ file } as never))
      const later = chat.send('later')
      expect(await sent).toBe('file-unreadable')
      expect(await later).toMatchObject({ text: 'later' })
    },
  )

  it('[FI11] is uploaded, told how far, sent with its text, and read by its visitor', async () => {
    const chat = client()
    await chat.connect()
    const sent: number[] = []
    chat.on('change', () => sent.push(...pendingOf(chat).map(({ upload }) => upload?.sent ?? -1)))
    const file = textFile('notes.txt', 2.5 * PIECE)
    const message = await chat.send({ file, text: 'See here' })
    expect(message).toMatchObject({
      kind: 'file',
      caption: 'See here',
      file: { name: 'notes.txt', size: file.size, mediaType: 'text/plain' },
    })
    expect(server.relay.http).toEqual(['HEAD', 'PATCH 0', `PATCH ${PIECE}`, `PATCH ${2 * PIECE}`])
    expect(sent[0]).toBe(0)
    expect(sent).toEqual([...sent].sort((a, b) => a - b))
    expect(sent).toContain(PIECE)
    expect(await textIn(chat, message as Message<'file'>)).toBe(await file.text())
    expect(await codeOf(readFile(chat, crypto.randomUUID() as string as FileId))).toBe('not-found')
    await until(async () => expect(await keptBytes()).toEqual([]))
  })

  it('[DL4] keeps its place among the messages before and after it', async () => {
    const chat = client()
    await chat.connect()
    const messages = [
      chat.send('one'),
      chat.send({ file: textFile('two.txt', 10) }),
      chat.send('three'),
      chat.send({ file: textFile('four.txt', 10) }),
    ]
    await Promise.all(messages)
    expect(texts(chat)).toEqual(['one', 'File: two.txt (10 bytes)', 'three', 'File: four.txt (10 bytes)'])
  })

  it('[FI11] goes on where it was when its connection broke, and is on the server once', async () => {
    const chat = client()
    await chat.connect()
    server.relay.cutAfter = PIECE / 2
    const file = textFile('long.txt', 2 * PIECE)
    const message = await chat.send({ file })
    const offsets = server.relay.http.map((line) => Number(line.split(' ')[1] ?? Number.NaN))
    const again = offsets.findLast((offset) => offset > 0 && offset < PIECE) ?? 0
    expect(again).toBeGreaterThan(0)
    expect(await textIn(chat, message as Message<'file'>)).toBe(await file.text())
    expect(server.sends).toHaveLength(1)
  })

  it('[FI10] is kept with its bytes across a reload in the middle, and goes on where it was', async () => {
    const first = client()
    await first.connect()
    let pieces = 0
    server.relay.onHttp = async (method) => {
      if (method === 'PATCH') pieces += 1
      return pieces > 1 ? 503 : undefined
    }
    const file = textFile('kept.txt', 3 * PIECE)
    const sending = codeOf(first.send({ file, text: 'words' }))
    await until(() => expect(pieces).toBeGreaterThan(1))
    await first.close()
    expect(await sending).toBe('send-pending')
    expect(await keptBytes()).toHaveLength(1)

    server.relay.onHttp = async () => undefined
    server.relay.http.length = 0
    const second = client()
    await second.connect()
    await until(() => expect(texts(second)).toEqual(['words\nFile: kept.txt (3.1 MB)']))
    expect(server.relay.http).toEqual(['HEAD', `PATCH ${PIECE}`, `PATCH ${2 * PIECE}`])
    await until(async () => expect(await outboxOf(storage)).toEqual([]))
    expect(await keptBytes()).toEqual([])
  })

  it('[FI10] that was written without a connection is sent by the next page', async () => {
    const first = client()
    await first.connect()
    server.isDown = true
    server.cut()
    await until(() => expect(first.getState().connection.status).toBe('reconnecting'))
    void codeOf(first.send({ file: textFile('offline.txt', 10) }))
    await until(async () => expect(await outboxOf(storage)).toHaveLength(1))
    expect(pendingOf(first)).toMatchObject([
      { body: { file: { name: 'offline.txt', size: 10 } }, upload: { sent: 0 } },
    ])
    await first.close()
    server.isDown = false
    const second = client()
    await second.connect()
    await until(() => expect(texts(second)).toEqual(['File: offline.txt (10 bytes)']))
  })

  it('[FI12] that is given up ends at once, here and on the server, and lets the next message go', async () => {
    const chat = client()
    await chat.connect()
    let release = () => {}
    const stopped = new Promise<undefined>((resolve) => {
      release = () => resolve(undefined)
    })
    server.relay.onHttp = async (method) => (method === 'PATCH' ? stopped : undefined)
    const sending = codeOf(chat.send({ file: textFile('away.txt', PIECE) }))
    const after = chat.send('after')
    await until(() => expect(server.relay.http).toContain('PATCH 0'))
    await chat.discard(pendingOf(chat)[0]!.clientId)
    expect(await sending).toBe('identity-changed')
    expect((await after).seq).toBe(1)
    await until(() => expect(server.relay.http).toContain('DELETE'))
    release()
    expect(await keptBytes()).toEqual([])
    expect(texts(chat)).toEqual(['after'])
  })
})

describe('a file that cannot be sent', () => {
  const refusals = [
    ['too-large', () => new File([new Uint8Array(21 * PIECE)], 'big.txt')],
    ['file-refused', () => new File(['x'], 'film.mp4', { type: 'video/mp4' })],
    ['file-unreadable', () => new File([], 'empty.txt')],
  ] as const
  it.each(refusals)('[FI12] is a failed message, %s, before anything is uploaded', async (code, file) => {
    const chat = client()
    await chat.connect()
    expect(await codeOf(chat.send({ file: file() }))).toBe(code)
    expect(pendingOf(chat)).toMatchObject([{ state: { status: 'failed', code } }])
    expect(server.relay.http).toEqual([])
    expect((await chat.send('next')).seq).toBe(1)
  })

  it('[FI12] is a failed message where the server refuses its content', async () => {
    const chat = client()
    await chat.connect()
    const page = new File(['<!doctype html><script>1</script>'], 'page.txt', { type: 'text/plain' })
    expect(await codeOf(chat.send({ file: page }))).toBe('file-refused')
    expect(pendingOf(chat)).toMatchObject([{ state: { status: 'failed', code: 'file-refused' } }])
  })

  it('[FI12] after several attempts is left to the visitor, who may try again', async () => {
    const chat = client()
    await chat.connect()
    server.relay.onHttp = async () => 503
    const code = codeOf(chat.send({ file: textFile('later.txt', 10) }))
    expect(await code).toBe('unavailable')
    const [item] = pendingOf(chat)
    server.relay.onHttp = async () => undefined
    chat.retry(item!.clientId)
    await until(() => expect(texts(chat)).toEqual(['File: later.txt (10 bytes)']))
  })

  it('[FI10] whose bytes are gone says so', async () => {
    const first = client()
    await first.connect()
    server.isDown = true
    server.cut()
    await until(() => expect(first.getState().connection.status).toBe('reconnecting'))
    void codeOf(first.send({ file: textFile('gone.txt', 10) }))
    await until(async () => expect(await keptBytes()).toHaveLength(1))
    await first.close()
    for (const key of await keptBytes()) await storage.update(key, () => undefined)
    server.isDown = false
    const second = client()
    await second.connect()
    await until(() =>
      expect(pendingOf(second)).toMatchObject([{ state: { status: 'failed', code: 'file-unreadable' } }]),
    )
  })
})

describe('whose it is', () => {
  it('[ID13] at sign-out its bytes are gone, its upload ends, and nobody sends it', async () => {
    const chat = client()
    await chat.setUser(ada())
    await untilStatus(chat, 'identified')
    server.relay.onHttp = (method) =>
      method === 'PATCH' ? new Promise(() => {}) : Promise.resolve(undefined)
    const sending = codeOf(chat.send({ file: textFile('hers.txt', PIECE) }))
    await until(() => expect(server.relay.http).toContain('PATCH 0'))
    expect(await keptBytes()).toHaveLength(1)
    await chat.setUser(null)
    expect(await sending).toBe('identity-changed')
    expect(await keptBytes()).toEqual([])
    await untilConnected(chat)
    await chat.send('somebody else')
    expect(server.sends.map((one) => ('text' in one ? one.text : ''))).toEqual(['somebody else'])
  })

  it('[ID11] what an anonymous visitor was uploading is sent as the user’s whom they turned out to be', async () => {
    const chat = client()
    await chat.connect()
    await chat.send('hello')
    let release = () => {}
    const stopped = new Promise<undefined>((resolve) => {
      release = () => resolve(undefined)
    })
    server.relay.onHttp = async (method) => (method === 'PATCH' ? stopped : undefined)
    const sending = chat.send({ file: textFile('mine.txt', 10) })
    await until(() => expect(server.relay.http).toContain('PATCH 0'))
    await chat.setUser(ada())
    release()
    expect(await sending).toMatchObject({ kind: 'file' })
    expect(texts(chat)).toContain('File: mine.txt (10 bytes)')
  })
})
