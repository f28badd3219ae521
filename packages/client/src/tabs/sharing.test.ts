/** Bounds of what a follower asks and a leader has the server asked for, and what comes of the rest. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Reply } from '../connection/event-maps.ts'
import { createFollower } from './follower.ts'
import type { SharingPorts } from './lead-ports.ts'
import { createLeaderService } from './leader-service.ts'
import type { SocketNote } from './socket-note.ts'

const told: SocketNote[] = []
/** Of the server, oldest first. */
const answers: ((reply: Reply<unknown>) => void)[] = []
const READY = {
  serverTime: 0,
  identity: { status: 'anonymous', visitorId: 'v1' },
  conversation: null,
  app: { name: 'Shop', login: { methods: [], continueAsGuest: true } },
} as never
const DONE: Reply<unknown> = { ok: true, value: null }
const REFUSED = { ok: false, error: { code: 'rate-limited', retryAfterMs: 1_000 } }

const ports = {
  isSettled: () => true,
  term: () => null,
  tell: (note) => told.push(note),
  take: async () => false,
  restart() {},
  shown: () => 'anonymous ',
  peek: async () => 'anonymous ',
  connection: () => ({
    state: { status: 'connected' },
    restart() {},
    request: () => new Promise((resolve) => answers.push(resolve)),
    notify() {},
    tell() {},
  }),
} as Partial<SharingPorts> as SharingPorts

/** A follower whose leader has answered that it is there. */
async function connecting() {
  const follower = createFollower(ports)
  const found = follower.find()
  await vi.advanceTimersByTimeAsync(0)
  const [hello] = toldOf('hello') as [SocketNote]
  const [from, to] = ['leader', hello.from]
  follower.hear({ type: 'here', from, to })
  const socket = await found
  socket?.connect()
  return { follower, socket, from, to }
}

const toldOf = (type: SocketNote['type']) => told.filter((note) => note.type === type)

beforeEach(() => {
  vi.useFakeTimers()
  told.length = answers.length = 0
})
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

it('[DL6] a follower has 100 requests under way, is told to wait with more, and gives up those that nobody answers', async () => {
  const { follower, socket, from, to } = await connecting()
  follower.hear({ type: 'welcome', from, to, ready: READY, isStranger: false })
  const heard: [number, Error | null, unknown][] = []
  const ask = (id: number) =>
    socket?.timeout(10_000).emit('message:send', {}, (error, reply) => heard.push([id, error, reply]))

  for (let id = 1; id <= 101; id += 1) ask(id)
  expect(toldOf('request')).toHaveLength(100)
  expect(heard).toMatchObject([[101, null, REFUSED]])
  follower.hear({ type: 'answer', from, to, id: 1, reply: DONE })
  expect(heard.at(-1)).toEqual([1, null, DONE])
  ask(102)
  expect(toldOf('request')).toHaveLength(101)

  // The leader is alive, and says nothing of them.
  for (let passed = 0; passed < 10_000; passed += 500) {
    await vi.advanceTimersByTimeAsync(500)
    follower.hear({ type: 'here', from, to })
  }
  expect(heard).toHaveLength(102)
  for (const [, error] of heard.slice(2)) expect(error).toBeInstanceOf(Error)
  follower.stop()
})

it('[DL6] a follower asks a leader again that was not ready to answer', async () => {
  const { follower, from, to } = await connecting()
  await vi.advanceTimersByTimeAsync(0)
  const asked = toldOf('hello').length
  await vi.advanceTimersByTimeAsync(500)
  expect(toldOf('hello')).toHaveLength(asked + 1)
  follower.hear({ type: 'welcome', from, to, ready: READY, isStranger: false })
  await vi.advanceTimersByTimeAsync(500)
  expect(toldOf('hello')).toHaveLength(asked + 1)
  expect(toldOf('ping')).toHaveLength(1)
  follower.stop()
})

it('[DL6] a leader has 200 requests of its followers under way, and has them wait with more', async () => {
  const service = createLeaderService(ports, { id: 'leader', lock: 'lock', owner: '', release() {} })
  const ask = (from: string, id: number) =>
    service.hear({ type: 'request', from, to: 'leader', id, name: 'message:send', payload: {} })
  for (let id = 1; id <= 100; id += 1) for (const from of ['one', 'other']) ask(from, id)
  await vi.advanceTimersByTimeAsync(0)
  expect(answers).toHaveLength(200)
  expect(toldOf('answer')).toEqual([])

  ask('third', 1)
  await vi.advanceTimersByTimeAsync(0)
  expect(answers).toHaveLength(200)
  expect(toldOf('answer')).toMatchObject([{ to: 'third', id: 1, reply: REFUSED }])

  answers[0]?.(DONE)
  await vi.advanceTimersByTimeAsync(0)
  expect(toldOf('answer').at(-1)).toMatchObject({ to: 'one', id: 1, reply: DONE })
  ask('third', 2)
  await vi.advanceTimersByTimeAsync(0)
  expect(answers).toHaveLength(201)
})
