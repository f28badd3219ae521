import { randomUUID } from 'node:crypto'
import type { AppId } from '@chat-widget/protocol'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRequestMetrics } from '../authentication-requests/request-metrics.ts'
import { createOutbox } from '../authentication-requests/requests.testing.ts'
import { DEFAULT_REQUEST_LIMITS } from '../config/authentication-request-limits.ts'
import { KEYS, startHttp } from './http-server.testing.ts'

let server: Awaited<ReturnType<typeof startHttp>>
let isDown = true
const outbox = createOutbox(() => {
  if (isDown) throw new Error('the mail server is down')
})
beforeAll(async () => {
  const { withoutKey, withKey } = DEFAULT_REQUEST_LIMITS
  server = await startHttp({
    delivery: outbox,
    requestLimits: { withKey, withoutKey: { ...withoutKey, addresseeBurst: 1, ipBurst: 2, ipWaits: 1 } },
  })
})
afterAll(() => server?.stop())

const emails: string[] = []
const someone = () => {
  const email = `${randomUUID()}@example.com`
  emails.push(email)
  return email
}
async function ask(body: object, headers: Record<string, string> = { authorization: `Token ${KEYS.shop}` }) {
  const payload = { application_title: 'My App', wait_for_response: 0, ...body }
  const url = '/v1/apps/shop/authentication-request/'
  return server.http.inject({ method: 'POST', url, payload, headers })
}

/** Samples of the metrics of authentication requests, name and labels → value. */
async function read(): Promise<Record<string, number>> {
  const { body } = await server.http.inject({ url: '/metrics' })
  const lines = body.split('\n').filter((line) => line.startsWith('chat_authentication_'))
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  )
}
const requests = (outcome: string, method = 'email') =>
  `chat_authentication_requests_total{app="shop",method="${method}",outcome="${outcome}"}`
const deliveries = (result: string) => `chat_authentication_deliveries_total{result="${result}"}`
const limited = (limit: string) => `chat_authentication_rate_limited_total{limit="${limit}"}`

it('counts what became of requests, of their deliveries, and what was refused; no label says who was asked', async () => {
  expect(await read()).toMatchObject({
    [deliveries('delivered')]: 0,
    [limited('addressee')]: 0,
    chat_authentication_waiting: 0,
    'chat_authentication_requests_pending{app="shop"}': 0,
    'chat_authentication_requests_pending{app="other"}': 0,
  })

  // Retried, then delivered, and waited for until approved.
  const id = randomUUID()
  const waiting = ask({ email: someone(), authentication_request_id: id, wait_for_response: 900 })
  await expect.poll(async () => (await read())[deliveries('retried')]).toBeGreaterThan(0)
  expect(await read()).toMatchObject({
    [requests('created')]: 1,
    chat_authentication_waiting: 1,
    'chat_authentication_requests_pending{app="shop"}': 1,
  })
  isDown = false
  await expect.poll(() => outbox.tokens.length).toBe(1)
  const token = outbox.tokens[0] ?? ''
  const view = await server.requests.viewLink(token)
  const nonce = view.kind === 'pending' ? view.nonce : ''
  await server.requests.decideByLink({ token, nonce, decision: 'approved', code: null, mutes: false })
  await waiting

  // Replaced, cancelled, undeliverable.
  const twice = someone()
  await ask({ email: twice })
  const { authentication_request_id: second } = (await ask({ email: twice })).json()
  await server.requests.cancel(second)
  const identifier = '1112223334'
  const nobody = (await ask({ identifier, wait_for_response: 900 })).json()
  expect(nobody.authentication_request_status).toBe('unauthorized')
  const forgotten = someone()
  await ask({ email: forgotten })
  await server.requests.operators.forget('shop' as never, { kind: 'email', email: forgotten })

  // Over limits, without a key.
  const often = someone()
  const statuses = [
    await ask({ email: often }, {}),
    await ask({ email: often }, {}),
    await ask({ email: someone() }, {}),
  ].map(({ statusCode }) => statusCode)
  expect(statuses).toEqual([200, 429, 429])
  const creator = { kind: 'anyone', ip: '192.0.2.9' } as const
  const release = server.requests.holdWait('shop' as never, creator)
  expect(() => server.requests.holdWait('shop' as never, creator)).toThrow()
  release()

  await expect.poll(async () => (await read())[deliveries('delivered')]).toBeGreaterThanOrEqual(2)
  const samples = await read()
  expect(samples).toMatchObject({
    [requests('created')]: 5,
    [requests('approved')]: 1,
    [requests('canceled')]: 3,
    [requests('created', 'identifier')]: 1,
    [requests('unauthorized', 'identifier')]: 1,
    [deliveries('failed')]: 1,
    [limited('addressee')]: 1,
    [limited('ip')]: 1,
    [limited('waits')]: 1,
    [limited('app')]: 0,
    chat_authentication_waiting: 0,
    'chat_authentication_requests_pending{app="shop"}': 1,
    'chat_authentication_decision_seconds_count{app="shop",method="email",outcome="approved"}': 1,
    'chat_authentication_decision_seconds_bucket{le="900",app="shop",method="email",outcome="approved"}': 1,
  })
  const sum =
    samples['chat_authentication_decision_seconds_sum{app="shop",method="email",outcome="approved"}']
  expect(sum).toBeGreaterThan(0)

  const { body } = await server.http.inject({ url: '/metrics' })
  for (const personal of [...emails, identifier, id, second, token, 'My App', '192.0.2.9', '127.0.0.1'])
    expect(body, personal).not.toContain(personal)
  const labels = [...body.matchAll(/chat_authentication_\w+\{([^}]*)\}/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => `${name} ${value}`),
  )
  for (const label of new Set(labels))
    expect(label).toMatch(
      /^(app (shop|other)|method (email|identifier)|outcome [a-z]+|result [a-z]+|limit [a-z]+|le (\d+|\+Inf))$/,
    )
})

it('is there without the database, save for what is counted in it', async () => {
  const before = await read()
  const { authenticationUpkeep } = server.storage
  const count = authenticationUpkeep.countPending
  Object.assign(authenticationUpkeep, { countPending: () => Promise.reject(new Error('gone')) })
  const without = await read()
  Object.assign(authenticationUpkeep, { countPending: count })
  const pending = Object.keys(before).filter((name) =>
    name.startsWith('chat_authentication_requests_pending'),
  )
  expect(pending).toHaveLength(2)
  for (const name of pending) expect(without).not.toHaveProperty([name])
  expect(without[requests('approved')]).toBe(1)
})

it('has no label for an app that is not configured any more', async () => {
  const { observer, register } = createRequestMetrics(new Set(['shop' as AppId]))
  const registry = new Registry()
  const pending = async () => new Map([['gone' as AppId, 2]])
  register(registry, { waiting: 0 }, { authenticationUpkeep: { countPending: pending } as never })
  for (const app of ['shop', 'gone'] as AppId[]) {
    const request = { app, addressee: { kind: 'email', email: 'ann@example.com' } } as const
    observer.created(request)
    observer.ended(request, 'approved', 1)
  }
  const text = await registry.metrics()
  expect(text).toContain('{app="shop",method="email",outcome="approved"} 1')
  expect(text).not.toContain('gone')
})
