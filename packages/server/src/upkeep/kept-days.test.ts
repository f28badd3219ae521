/** [PD3] The end of the days for which an app keeps a conversation: on devices, and of a file on a whole server. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type {
  AppId,
  Conversation,
  ConversationPage,
  FileId,
  OwnConversationPage,
} from '@chat-widget/protocol'
import Database from 'libsql'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { SHOP, startFiles, type TestVisitor } from '../files/files.testing.ts'
import { PNG } from '../files/pictures/samples.testing.ts'
import { signIn, startRealtime, type TestRealtime } from '../realtime/realtime.testing.ts'
import { newClientId, type TestDevice } from '../realtime/test-device.testing.ts'
import type { Tuning } from '../realtime/tuning.ts'

const DAY_MS = 24 * 3_600_000
const sending = (to: Conversation | undefined) => ({
  conversationId: to?.id,
  clientId: newClientId(),
  text: 'hi',
})

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

describe('[PD3] what grew old', () => {
  let server: TestRealtime | null = null
  afterEach(async () => {
    await server?.stop()
    server = null
  })

  /** A customer's device that shows an old conversation, another one that shows a newer one, an agent who watches. */
  async function startOld(tuning: Partial<Tuning> = {}) {
    vi.useRealTimers()
    server = await startRealtime({ tuning })
    const { storage, jobs } = server
    const [one, other] = [
      await server.visitor({ intent: 'identify' }),
      await server.visitor({ intent: 'identify' }),
    ]
    const { conversationId: old } = await signIn(one.device)
    await one.device.send(old, 'my old secret')
    await signIn(other.device)
    const before = Date.now() + 1
    await vi.waitUntil(() => Date.now() > before)
    const { id: recent } = await other.device.ask<Conversation>('conversation:start', {})
    await other.device.send(recent, 'just now')
    await one.device.ask('conversation:show', { conversationId: old })
    const { device: agent } = await server.agent()
    await agent.ask('conversation:watch', { conversationId: old })
    return {
      ...{ jobs, old, recent, one: one.device, other: other.device, agent },
      purge: () => storage.persons.purgeConversations('shop' as AppId, before, 10),
    }
  }
  const shown = (device: TestDevice) => device.all<Conversation>('conversation').at(-1)

  it('is told to the devices that show it, to the others, and to agents, whose counts follow', async () => {
    const { jobs, old, recent, one, other, agent, purge } = await startOld()
    await agent.heard<{ count: number }>('unread', ({ count }) => count === 2)
    expect(await purge()).toBe(1)
    jobs.wake('erasure')
    await one.heard<Conversation>('conversation', ({ id }) => id !== old && id !== recent)
    expect(shown(one)).toMatchObject({ headSeq: 0 })
    await other.heard('conversations:deleted')
    expect(shown(other)?.id).not.toBe(shown(one)?.id)
    const { conversations } = await other.ask<OwnConversationPage>('conversations:list', {})
    expect(conversations.map(({ id }) => id)).toEqual([recent])
    await vi.waitFor(() => expect(agent.all('conversations:deleted')).not.toEqual([]), 5_000)
    const page = await agent.ask<ConversationPage>('conversations:list', { limit: 50 })
    expect(page.conversations.map(({ id }) => id)).toEqual([recent])
    await vi.waitFor(() => expect(agent.all<{ count: number }>('unread').at(-1)).toEqual({ count: 1 }), 5_000)
    // Beside the open one none is begun that nobody asked for.
    expect((await one.refusal('message:send', sending(shown(one)))).code).toBe('conflict')
    expect(shown(one)?.id).toBe(recent)
    expect(await one.send(recent, 'hello again')).toMatchObject({ seq: 2 })
  })

  it('is found at the head by a page that was not told', async () => {
    const { jobs, old, one, other, purge } = await startOld({ headIntervalMs: 50 })
    await jobs.close()
    await one.heard('head')
    expect(await purge()).toBe(1)
    await one.heard<Conversation>('conversation', ({ id, headSeq }) => id !== old && headSeq === 0)
    expect(other.all('conversations:deleted')).toEqual([])
  })

  it('is found at the head by a page that came back to it since the head before', async () => {
    const { jobs, old, recent, one, purge } = await startOld({ headIntervalMs: 500 })
    await jobs.close()
    await one.ask('conversation:show', { conversationId: recent })
    const heads = one.all('head').length
    await vi.waitFor(() => expect(one.all('head').length).toBeGreaterThan(heads))
    await one.ask('conversation:show', { conversationId: old })
    expect(await purge()).toBe(1)
    await one.heard<Conversation>('conversation', ({ id, headSeq }) => id !== old && headSeq === 0)
  })
})

it('[PD3] [FI9] leaves nothing of it: conversation, message, row and bytes; another conversation’s file stays', async () => {
  const now = Date.now()
  vi.setSystemTime(now - 31 * DAY_MS)
  const server = await startFiles({ apps: [{ ...SHOP, keepDays: { conversations: 30 } }] })
  onTestFinished(() => server.remove())
  const old = await server.visitor()
  const { file: gone } = await old.sendFile(PNG, 'old.png', 'my old secret')
  vi.setSystemTime(now - DAY_MS)
  const recent = await server.visitor()
  const { file: kept } = await recent.sendFile(PNG)

  const listed = async () => {
    const { conversations } = await (await server.rest('/conversations')).json()
    return conversations.map(({ id }: { id: string }) => id)
  }
  const rows = (sql: string) => {
    const database = new Database(join(server.dataDir, 'chat.db'), { readonly: true })
    try {
      return database.prepare(sql).raw().all().flat()
    } finally {
      database.close()
    }
  }
  const stored = (id: FileId) =>
    readdirSync(join(server.dataDir, 'files'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.includes(id),
    )
  const got = async (visitor: TestVisitor, id: FileId) => (await visitor.get(id)).status
  expect(await listed()).toEqual([recent.conversationId, old.conversationId])
  expect(await got(old, gone.id)).toBe(200)
  const [all] = [rows('select id from files')]
  expect(new Set(all)).toEqual(new Set([gone.id, kept.id]))

  // The day is over; upkeep is due.
  vi.setSystemTime(now)
  await expect.poll(listed).toEqual([recent.conversationId])
  await expect.poll(() => stored(gone.id)).toEqual([])
  expect(rows('select id from files')).toEqual([kept.id])
  expect(rows('select conversation_id from messages')).toEqual([recent.conversationId])
  expect(await got(old, gone.id)).toBe(404)
  expect(stored(kept.id)).not.toEqual([])
  expect(await got(recent, kept.id)).toBe(200)
})
