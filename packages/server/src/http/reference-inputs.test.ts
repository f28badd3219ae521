/** Requests of QuantAuth's callers beyond the plainest example. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startHttp } from './http-server.testing.ts'

let server: Awaited<ReturnType<typeof startHttp>>
beforeAll(async () => {
  server = await startHttp({ requestLimits: 'none' })
})
afterAll(() => server?.stop())

const ask = async (changes: object) => {
  const payload = {
    email: `${randomUUID()}@example.com`,
    application_title: 'My App',
    wait_for_response: 0,
    ...changes,
  }
  const response = await server.http.inject({ method: 'POST', url: '/v1/authentication-request/', payload })
  expect([response.statusCode, response.body]).toEqual([200, expect.any(String)])
  const { authentication_request_id: id } = response.json()
  const record = () => server.outbox.records.find((one) => one.id === id)
  await expect.poll(record).toBeDefined()
  return record()!
}

it.each([
  ['A.Big@Example.com', 'A.Big@Example.com'],
  ['ann@bücher.example', 'ann@xn--bcher-kva.example'],
  ['用户@例え.テスト', '用户@xn--r8jz45g.xn--zckzah'],
  ['"john doe"@example.com', '"john doe"@example.com'],
  ['ann@[192.0.2.1]', 'ann@[192.0.2.1]'],
])('mails the address %s as it was written, the domain as punycode', async (email, mailed) => {
  expect((await ask({ email })).addressee).toEqual({ kind: 'email', email: mailed })
})

it.each([
  ['fe80::1%eth0', 'fe80::1'],
  ['[2001:DB8::1]', '2001:db8::1'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['192.0.2.7:51234', '192.0.2.7'],
])('shows the address of %s', async (user_ip, shown) => {
  expect((await ask({ user_ip })).claims.userIp).toBe(shown)
})

it.each([null, ''])('takes %j for an optional parameter that is not given', async (absent) => {
  const optional = [
    'authentication_request_id',
    'user_name',
    'user_ip',
    'user_origin',
    'identifier',
    'binding',
    'expires_in',
  ]
  const record = await ask(Object.fromEntries(optional.map((name) => [name, absent])))
  expect(record).toMatchObject({
    claims: { userName: null, userIp: null, userOrigin: null },
    binding: 'none',
  })
})

it('answers for an address in another case the request that is there', async () => {
  const authentication_request_id = randomUUID()
  const email = `Ann.${randomUUID()}@Example.com`
  const first = await ask({ authentication_request_id, email })
  expect((await ask({ authentication_request_id, email: email.toLowerCase() })).id).toBe(first.id)
})

it('[AR8] takes no bare IP address for a domain', async () => {
  const payload = { email: 'ann@1.2.3.4', application_title: 'My App', wait_for_response: 0 }
  const response = await server.http.inject({ method: 'POST', url: '/v1/authentication-request/', payload })
  expect([response.statusCode, response.json().error.message]).toEqual([
    400,
    'email: must be an email address',
  ])
})
