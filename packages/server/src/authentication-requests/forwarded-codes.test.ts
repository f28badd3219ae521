import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AppId } from '@chat-widget/protocol'
import { describe, expect, it, vi } from 'vitest'
import type { ForwardConfig } from '../config/config.ts'
import { type Asked, json, say, startAskedServer } from './asked-server.testing.ts'
import type { ForwardedCodeTuning } from './forwarded-codes.ts'
import { createForwardingProvider } from './forwarding-provider.ts'
import { byKey, never, SHOP, startRequests, wish } from './requests.testing.ts'

const CODE = '480251'
/** Matches the code, but not within a time or an id. */
const WRITTEN = new RegExp(`(?<![0-9a-f-])${CODE}(?![0-9a-f-])`)
const asked = wish({ creator: byKey, binding: 'code' })
const keyless = wish({ binding: 'code' })
const isAsk = ({ path }: Asked) => path.endsWith('/authentication-request/')

/** The other server answers `pending` with its code, unless a test says otherwise. */
async function setUp(
  changes: Partial<ForwardConfig> = {},
  { ownFile = false, ...tuning }: Partial<ForwardedCodeTuning> & { ownFile?: boolean } = {},
) {
  const server = await startAskedServer()
  server.answer = (call) => say(call, 'pending', null, { binding_code: CODE })
  const config = { kind: 'forward', url: server.url, app: 'shop', apiKey: 'key', ...changes } as const
  const provider = createForwardingProvider(config, { sliceSeconds: 1, paceMs: 1, answerMs: 30_000 })
  const requests = await startRequests({
    providers: new Map<AppId, typeof provider>([[SHOP, provider]]),
    forwardedCodeTuning: { keylessMs: 1, ...tuning },
    ownFile,
  })
  const codeOf = async ({ id }: { id: Parameters<typeof requests.service.cancel>[0] }) => {
    const record = await requests.service.find(SHOP, id)
    return record === null ? null : requests.service.bindingCodeOf(record)
  }
  return { server, requests, codeOf }
}

describe('[AR2] the binding code of a request that is forwarded', () => {
  it('is the other server’s, for who makes it, attaches and looks, while it is pending', async () => {
    const { server, requests, codeOf } = await setUp()
    const { service } = requests
    const { record, bindingCode } = await service.create(asked)
    expect(bindingCode).toBe(CODE)
    expect(server.calls[0]?.body).toMatchObject({ binding: 'code', wait_for_response: 0 })
    expect((await service.create({ ...asked, id: record.id })).bindingCode).toBe(CODE)
    expect(await codeOf(record)).toBe(CODE)
    server.answer = async (call) => say(call, 'approved', await server.sign(call))
    expect((await service.wait(record.id, 10_000, never)).status).toBe('approved')
    expect(await codeOf(record)).toBeNull()
  })

  it('[AR5] is neither in the database nor in the log', async () => {
    const { requests } = await setUp({}, { ownFile: true })
    expect((await requests.service.create(asked)).bindingCode).toBe(CODE)
    await requests.restart()
    expect(await readdir(requests.dataDir)).toContain('chat.db')
    for (const file of await readdir(requests.dataDir))
      expect(await readFile(join(requests.dataDir, file), 'latin1'), file).not.toMatch(WRITTEN)
    expect(requests.log()).not.toMatch(WRITTEN)
  })

  it('[AR9] is said again after a restart, at once, and an approval after it counts', async () => {
    const { server, requests, codeOf } = await setUp()
    const { record } = await requests.service.create(asked)
    await vi.waitFor(() => expect(server.calls.length).toBeGreaterThan(1))
    // The wait would never end: only an answer at once brings the code.
    server.answer = (call) =>
      call.body.wait_for_response === 0 ? say(call, 'pending', null, { binding_code: CODE }) : undefined
    await requests.restart()
    expect((await requests.service.create({ ...asked, id: record.id })).bindingCode).toBe(CODE)
    expect(await codeOf(record)).toBe(CODE)
    server.answer = async (call) => say(call, 'approved', await server.sign(call))
    await requests.restart()
    expect((await requests.service.wait(record.id, 10_000, never)).status).toBe('approved')
  })

  it('comes later where the other server does', async () => {
    const { server, requests, codeOf } = await setUp({}, { waitMs: 50 })
    server.answer = (call) => call.response.destroy()
    const { record, bindingCode } = await requests.service.create(asked)
    expect([record.status, bindingCode]).toEqual(['pending', null])
    server.answer = (call) => say(call, 'pending', null, { binding_code: CODE })
    await vi.waitFor(async () => expect(await codeOf(record)).toBe(CODE))
  })

  const without: Record<string, object> = {
    'no code': {},
    'an empty one': { binding_code: '' },
    'one with letters': { binding_code: '12345a' },
    'one that is too short': { binding_code: '12345' },
    'one that is a number': { binding_code: 123_456 },
  }
  it.each(Object.entries(without))(
    'is missing (%s): errored, and taken back there, never asked without',
    async (_title, changes) => {
      const { server, requests } = await setUp()
      server.answer = (call) => (isAsk(call) ? say(call, 'pending', null, changes) : json(call.response, {}))
      const { record, bindingCode } = await requests.service.create(asked)
      expect([record.status, bindingCode]).toEqual(['errored', null])
      expect(server.calls.map(({ path, authorization }) => [path, authorization])).toEqual([
        ['/v1/apps/shop/authentication-request/', 'Token key'],
        [`/v1/apps/shop/authentication-request/${record.id}/cancel`, 'Token key'],
      ])
    },
  )

  it('is refused as an unknown field: errored', async () => {
    const { server, requests } = await setUp()
    server.answer = (call) => json(call.response, {}, 400)
    expect((await requests.service.create(asked)).record.status).toBe('errored')
    expect(server.calls).toHaveLength(1)
  })

  it('is missing in a later answer: errored', async () => {
    const { server, requests } = await setUp()
    const { record } = await requests.service.create(asked)
    server.answer = (call) => say(call, 'pending')
    expect((await requests.service.wait(record.id, 10_000, never)).status).toBe('errored')
  })

  it('cannot have been typed: an approval before anybody saw the digits is none, signed or trusted', async () => {
    for (const changes of [{}, { app: undefined as never, trustUnsigned: true }]) {
      const { server, requests } = await setUp(changes)
      server.answer = async (call) => say(call, 'approved', await server.sign(call), { binding_code: CODE })
      const { record, bindingCode } = await requests.service.create(asked)
      expect([record.status, record.response, bindingCode]).toEqual(['errored', null, null])
    }
  })
})

describe('[AR6] without a key, a code is shown', () => {
  type Set = Awaited<ReturnType<typeof setUp>>
  const reasons: Record<string, (set: Set) => unknown> = {
    'the person muted the app': ({ requests }) => mute(requests),
    'the other server cannot ask them': ({ server }) => {
      server.answer = (call) => say(call, 'unauthorized')
    },
    'the other server knows no codes': ({ server }) => {
      server.answer = (call) => say(call, 'pending')
    },
  }
  it.each(Object.entries(reasons))(
    'also where %s; it lasts, and the request expires',
    async (_title, make) => {
      const set = await setUp()
      const { requests, codeOf } = set
      await make(set)
      const { record, bindingCode } = await requests.service.create(keyless)
      expect(record.status).toBe('pending')
      expect(bindingCode).toMatch(/^\d{6}$/)
      expect(await codeOf(record)).toBe(bindingCode)
      await requests.restart()
      expect(await codeOf(record)).toBe(bindingCode)
      requests.clock.now = record.expiresAt
      expect((await requests.service.wait(record.id, 10_000, never)).status).toBe('expired')
      expect(await codeOf(record)).toBeNull()
    },
  )

  it('while with a key the reason is told at once', async () => {
    const set = await setUp()
    await mute(set.requests)
    const { record, bindingCode } = await set.requests.service.create(asked)
    expect([record.status, bindingCode]).toEqual(['unauthorized', null])
    expect(set.server.calls).toEqual([])
  })

  it('not before some time has passed, which does not tell whether anybody was asked', async () => {
    const { requests } = await setUp({}, { keylessMs: 150 })
    await mute(requests)
    const before = performance.now()
    await requests.service.create(keyless)
    // Timers may fire a millisecond early.
    expect(performance.now() - before).toBeGreaterThan(148)
  })
})

/** Mutes an addressee, as after a request that this server sent by link. */
async function mute({ storage, clock }: Awaited<ReturnType<typeof startRequests>>): Promise<void> {
  const denied = { status: 'denied', subject: 'ann@example.com', response: 'a.b.c' } as const
  for (const creator of ['key', 'anyone'] as const) {
    const id = crypto.randomUUID() as string as Parameters<typeof storage.authenticationRequests.find>[0]
    await storage.authenticationRequests.create({
      ...{ id, app: SHOP, addressee: asked.addressee, claims: asked.claims, binding: 'none', creator },
      ...{ createdAt: clock.now, expiresAt: clock.now, creatorSecretHash: 'hash', linkHash: id },
      ...{ mustWait: () => 0, countSince: clock.now, conversationId: null },
    })
    await storage.authenticationRequests.denyAndMute(id, denied, clock.now)
  }
}
