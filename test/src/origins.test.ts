/** Origins that may connect: pages of the app's origins, and no page with an agent's cookie. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { addAgent } from './support/agent-account.ts'
import { connectAgent, connectVisitor, Refused, signInAgent } from './support/raw-device.ts'
import { type ServerHere, startServerHere } from './support/server-here.ts'
import { shopConfig } from './support/shop.ts'

let server: ServerHere
beforeAll(async () => {
  server = await startServerHere(
    shopConfig({
      origins: ['https://shop.example.com', 'https://*.shop.example.com', 'http://localhost:*'],
    }),
  )
})
afterAll(() => server?.close())

const from = (origin: string, transport: 'polling' | 'websocket') =>
  connectVisitor(server.url, {}, { transports: [transport], extraHeaders: { origin } })

const REFUSED = [
  'https://evil.example.com',
  'https://shop.example.com.evil.com',
  'http://shop.example.com',
  'https://shop.example.com:8443',
  'https://evilshop.example.com',
  'https://a.b.shop.example.com',
  'http://localhost.evil.com:80',
  'null',
]

describe.each(['polling', 'websocket'] as const)('by %s', (transport) => {
  it.each(['https://shop.example.com', 'https://www.shop.example.com', 'http://localhost:5173'])(
    'lets the origin %s in',
    async (origin) => {
      const visitor = await from(origin, transport)
      onTestFinished(() => visitor.close())
      expect(visitor.ready.identity.status).toBe('anonymous')
    },
  )

  it.each(REFUSED)('refuses the origin %s', async (origin) => {
    await expect(from(origin, transport)).rejects.toThrow()
  })
})

it.each(REFUSED)('tells a page of %s why, by WebSocket', async (origin) => {
  await expect(from(origin, 'websocket')).rejects.toMatchObject({ error: { code: 'origin-refused' } })
})

it.each(REFUSED)('lets a page of %s read nothing by polling', async (origin) => {
  const answer = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`, { headers: { origin } })
  expect(answer.status).toBe(403)
  expect(answer.headers.get('access-control-allow-origin')).toBeNull()
})

describe("an agent's cookie", () => {
  it('is of no use to a page of another origin', async () => {
    const { email, password } = await addAgent(server)
    const cookie = await signInAgent(server.url, email, password)
    const agent = await connectAgent(server.url, cookie)
    agent.disconnect()
    for (const transport of ['polling', 'websocket']) {
      const options = {
        transports: [transport],
        extraHeaders: { cookie, origin: 'https://evil.example.com' },
      }
      await expect(connectAgent(server.url, cookie, options)).rejects.toThrow()
    }
  })
})

describe('the handshake', () => {
  it.each([
    ['an unknown app', { app: 'nope' }, 'unknown-app', /app/],
    ['another version', { protocolVersion: 999 }, 'protocol-version', /999.*1|1.*999/],
    ['an unknown key', { colour: 'red' }, 'bad-request', /colour/],
    ['a session nobody issued', { session: 'x'.repeat(43) }, 'session-invalid', /./],
  ])('is refused with %s', async (_what, handshake, code, message) => {
    const error = await connectVisitor(server.url, handshake).then(
      () => null,
      (refused: unknown) => refused,
    )
    expect(error).toBeInstanceOf(Refused)
    expect(error).toMatchObject({ error: { code, message: expect.stringMatching(message) } })
  })
})
