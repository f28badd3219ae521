/** A request's state by its id alone, the creator's own secret, and the first event of a subscription. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KEYS, startHttp } from './http-server.testing.ts'

let server: Awaited<ReturnType<typeof startHttp>>
beforeAll(async () => {
  server = await startHttp({ requestLimits: 'none' })
})
afterAll(() => server?.stop())

const PATH = '/v1/apps/shop/authentication-request/'
const key = { authorization: `Token ${KEYS.shop}` }
const post = (payload: object, headers: Record<string, string> = {}, url = PATH) =>
  server.http.inject({ method: 'POST', url, payload, headers })
const whole = (changes: object = {}) => ({
  ...{ email: `${randomUUID()}@example.com`, application_title: 'My App', wait_for_response: 0 },
  ...changes,
})
const idOf = (response: { json(): unknown }) =>
  (response.json() as { authentication_request_id: string }).authentication_request_id

describe('the id alone', () => {
  it('answers the state, by itself or with some of the body, and makes nothing', async () => {
    const body = whole()
    const id = idOf(await post(body))
    const before = server.outbox.records.length
    for (const more of [{}, { application_title: 'My App' }, { email: body.email.toUpperCase() }]) {
      const response = await post({ authentication_request_id: id, wait_for_response: 0, ...more })
      expect([response.statusCode, response.json().authentication_request_status]).toEqual([200, 'pending'])
    }
    expect((await post({ authentication_request_id: randomUUID(), wait_for_response: 0 })).statusCode).toBe(
      404,
    )
    const other = { authentication_request_id: id, email: 'bob@example.com', wait_for_response: 0 }
    expect((await post(other)).statusCode).toBe(409)
    expect(server.outbox.records.length - before).toBeLessThanOrEqual(1)
  })

  it('waits for the decision', async () => {
    const id = idOf(await post(whole()))
    const waiting = post({ authentication_request_id: id })
    await expect.poll(() => server.requests.waiting).toBe(1)
    await server.requests.cancel(id as never)
    expect((await waiting).json().authentication_request_status).toBe('canceled')
  })

  it('[AR3] of a request that was made with a key needs the key, and its app', async () => {
    const id = idOf(await post(whole(), key))
    const byId = { authentication_request_id: id, wait_for_response: 0 }
    expect((await post(byId)).statusCode).toBe(404)
    expect((await post(byId, key)).statusCode).toBe(200)
    const others = { authorization: `Token ${KEYS.other}` }
    expect((await post(byId, others, PATH.replace('shop', 'other'))).statusCode).toBe(404)
  })

  it.each([
    [{}, 'email'],
    [{ email: 'ann@example.com' }, 'application_title'],
    [{ application_title: 'My App' }, 'email'],
  ])('without an id, %j is 400 and names %s', async (body, name) => {
    const response = await post(body)
    expect(response.statusCode).toBe(400)
    expect(response.json().error.message).toMatch(new RegExp(`^${name}: `))
  })
})

describe('[AR3] a secret of the creator’s own', () => {
  const given = 's'.repeat(43)
  it('opens the request from then on, and is not needed again', async () => {
    const headers = { 'authentication-request-secret': given }
    const body = whole({ authentication_request_id: randomUUID() })
    const made = await post(body, headers)
    expect(made.headers['authentication-request-secret']).toBe(given)
    const url = `${PATH}${idOf(made)}/cancel`
    const cancel = (secret: string) => post({}, { authorization: `Secret ${secret}` }, url)
    expect((await cancel('t'.repeat(43))).statusCode).toBe(404)
    // Attaching with a secret gives no access.
    const attached = await post(body, { 'authentication-request-secret': 'u'.repeat(43) })
    expect(attached.headers['authentication-request-secret']).toBeUndefined()
    expect((await cancel('u'.repeat(43))).statusCode).toBe(404)
    expect((await cancel(given)).json().authentication_request_status).toBe('canceled')
  })

  it('[AR5] is as hard to guess as the server’s', async () => {
    for (const secret of ['short', 's'.repeat(42), 's'.repeat(201), `${'s'.repeat(43)}!`]) {
      const response = await post(whole(), { 'authentication-request-secret': secret })
      expect(response.statusCode).toBe(400)
      expect(response.json().error.message).toMatch(/^authentication-request-secret: /)
    }
  })
})

it('outcomes of the last so many milliseconds are told, with when they were', async () => {
  const events = async (query: string) =>
    (
      await server.http.inject({
        url: `/v1/apps/other/authentication-request-events${query}`,
        headers: others,
      })
    ).json()
  const others = { authorization: `Token ${KEYS.other}` }
  const ended = async () => {
    const id = idOf(await post(whole(), others, PATH.replace('shop', 'other')))
    await server.requests.cancel(id as never)
    return id
  }
  expect(await events('?ago=60000')).toEqual({ events: [], cursor: '0', server_time: expect.any(String) })
  const ids = [await ended(), await ended()]
  const page = await events('?ago=60000')
  expect(page.events.map(({ authentication_request_id: id }: never) => id)).toEqual(ids)
  for (const { ended_at: at } of page.events) {
    expect(Date.parse(at)).toBeLessThanOrEqual(Date.parse(page.server_time))
    expect(Date.parse(page.server_time) - Date.parse(at)).toBeLessThan(60_000)
  }
  const all = await events('')
  const later = await events(`?after=${all.cursor}`)
  expect(later).toMatchObject({ events: [], cursor: all.cursor })
  for (const query of ['?ago=-1', '?ago=x', '?ago=1&after=1', `?ago=${86_400_001}`]) {
    const url = `/v1/apps/other/authentication-request-events${query}`
    expect((await server.http.inject({ url, headers: others })).statusCode, query).toBe(400)
  }
})
