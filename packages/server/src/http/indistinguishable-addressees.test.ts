/** [AR6] Properties of an addressee that a caller without a key could measure. */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { CREATOR_SECRET_HEADER, type DeviceId } from '@chat-widget/protocol'
import { expect, it, onTestFinished } from 'vitest'
import { DeliveryRefused } from '../authentication-requests/authentication-requests.ts'
import { createOutbox } from '../authentication-requests/requests.testing.ts'
import { newRequest } from '../storage/contract-authentication-requests.testing.ts'
import { SHOP } from '../storage/contract-fixture.testing.ts'
import type { Storage } from '../storage/storage.ts'
import { startHttp } from './http-server.testing.ts'

const ROUNDS = 40
/**
 * On a busy machine chance alone brings one in a hundred batches of `ROUNDS` over `MOST`, so rounds are added to those.
 * With each batch a chance difference shrinks; a real one stays.
 */
const MOST_ROUNDS = 5 * ROUNDS
const PATH = '/v1/authentication-request/'
/** Time of a mail server's answer, which must not be part of the caller's. Milliseconds. */
const DELIVERY_MS = 20
/** Above the ratios that chance makes on a busy machine, below those that waiting for a delivery would make. */
const MOST = 1.5

const emails = (count = MOST_ROUNDS) => Array.from({ length: count }, () => `${randomUUID()}@example.com`)
const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** Enrolls a person whom the app may ask, or one who muted it. */
async function enroll(storage: Storage, identifier: string, isMuted: boolean): Promise<void> {
  const id = randomUUID() as string as DeviceId
  const publicKey = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' } as const
  const person = { identifier, device: { id, name: 'Phone', publicKey }, recoveryHashes: [randomUUID()] }
  await storage.authenticators.enroll({ ...person, at: Date.now() })
  await storage.authenticators.connect(id, SHOP, Date.now())
  if (!isMuted) return
  const request = newRequest({ addressee: { kind: 'identifier', identifier } })
  await storage.authenticationRequests.create(request)
  const denial = { status: 'denied', subject: identifier, response: 'd.e.f' } as const
  await storage.authenticationRequests.denyAndMute(request.id, denial, request.createdAt)
}

it('[AR6] known, unknown, muted, refused and not connected addressees look and time the same', async () => {
  const [unknown, known, muted, refused] = [emails(), emails(), emails(), emails()] as const
  const [nobody, connected, mutedThere] = [1_112_220_000, 2_112_220_000, 3_112_220_000].map((from) =>
    Array.from({ length: MOST_ROUNDS }, (_, index) => String(from + index)),
  ) as [string[], string[], string[]]
  const outbox = createOutbox()
  const server = await startHttp({
    requestLimits: 'none',
    limits: { restRequestsPerMinute: 100_000 },
    delivery: {
      async deliver(request) {
        await delay(DELIVERY_MS)
        const { addressee } = request.record
        if ('email' in addressee && refused.includes(addressee.email))
          throw new DeliveryRefused('no such mailbox')
        await outbox.deliver(request)
      },
    },
  })
  onTestFinished(() => server.stop())
  const base = await server.http.listen({ port: 0, host: '127.0.0.1' })
  const ask = (addressee: object) =>
    fetch(`${base}${PATH}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...addressee, application_title: 'My App', wait_for_response: 0 }),
    })

  async function prepare(from: number, to: number): Promise<void> {
    for (const email of [...known.slice(from, to), ...muted.slice(from, to)]) {
      await expect.poll(() => server.countOwed(), { interval: 10 }).toBe(0)
      const before = outbox.tokens.length
      await ask({ email })
      await expect.poll(() => outbox.tokens.length, { interval: 10 }).toBe(before + 1)
      const token = outbox.tokens[before] ?? ''
      const view = await server.requests.viewLink(token)
      if (view.kind !== 'pending') throw new Error(view.kind)
      const decision = { token, nonce: view.nonce, code: null, decision: 'denied' } as const
      await server.requests.decideByLink({ ...decision, mutes: muted.includes(email) })
    }
    for (const identifier of [...connected.slice(from, to), ...mutedThere.slice(from, to)])
      await enroll(server.storage, identifier, mutedThere.includes(identifier))
  }

  const kinds = {
    unknown: unknown.map((email) => ({ email })),
    known: known.map((email) => ({ email })),
    muted: muted.map((email) => ({ email })),
    refused: refused.map((email) => ({ email })),
    nobody: nobody.map((identifier) => ({ identifier })),
    connected: connected.map((identifier) => ({ identifier })),
    mutedThere: mutedThere.map((identifier) => ({ identifier })),
  }
  type Kind = keyof typeof kinds
  const names = Object.keys(kinds) as Kind[]
  const times = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Kind, number[]>
  const shapes = new Set<string>()
  const made: { readonly id: string; readonly secret: string }[] = []
  async function measure(round: number): Promise<void> {
    for (const name of [...names].sort(() => Math.random() - 0.5)) {
      // Work left by the request before would be measured with the next.
      await expect.poll(() => server.countOwed(), { interval: 10 }).toBe(0)
      const start = performance.now()
      const response = await ask(kinds[name][round] ?? {})
      const text = await response.text()
      times[name].push(performance.now() - start)
      const answer = JSON.parse(text) as { authentication_request_id: string }
      made.push({
        id: answer.authentication_request_id,
        secret: response.headers.get(CREATOR_SECRET_HEADER) ?? '',
      })
      const shape = { ...answer, authentication_request_id: '' }
      shapes.add(JSON.stringify([response.status, [...response.headers.keys()].sort(), shape, text.length]))
    }
  }
  /** Ratios within a round, so that a machine that is busy for a while slows all kinds alike. */
  function ratiosOf(): Record<string, number> {
    const rounds = times.unknown.map((_, round) =>
      median(names.map((name) => times[name][round] ?? Number.NaN)),
    )
    const ratioOf = (name: Kind) =>
      median(times[name].map((time, round) => time / (rounds[round] ?? Number.NaN)))
    return Object.fromEntries(names.map((name) => [name, ratioOf(name)]))
  }
  const spreadOf = (ratios: readonly number[]) => Math.max(...ratios) / Math.min(...ratios)

  let rounds = 0
  let ratios: Record<string, number> = {}
  do {
    await prepare(rounds, rounds + ROUNDS)
    for (let round = rounds; round < rounds + ROUNDS; round += 1) await measure(round)
    rounds += ROUNDS
    ratios = ratiosOf()
  } while (!(spreadOf(Object.values(ratios)) < MOST) && rounds < MOST_ROUNDS)
  expect(spreadOf(Object.values(ratios)), JSON.stringify(ratios)).toBeLessThan(MOST)
  expect(shapes.size).toBe(1)

  // With all deliveries done or given up, too.
  await expect.poll(() => outbox.tokens.length).toBe(2 * rounds + 2 * rounds)
  await expect.poll(() => server.countOwed()).toBe(0)
  const statuses = await Promise.all(
    made.map(async ({ id, secret }) => {
      const headers = { authorization: `Secret ${secret}` }
      return ((await (await fetch(`${base}${PATH}${id}`, { headers })).json()) as Record<string, string>)
        .authentication_request_status
    }),
  )
  expect(new Set(statuses)).toEqual(new Set(['pending']))
  for (const [identifiers, count] of [
    [nobody, 0],
    [connected, 1],
    [mutedThere, 0],
  ] as const)
    for (const identifier of identifiers.slice(0, rounds))
      expect(await server.requests.pendingOf(identifier), 'shown to devices').toHaveLength(count)
})
