/** Authentication requests as an integration makes them: with curl, against a server that is killed and restarted. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuthenticationRequestAnswer } from '@chat-widget/protocol'
import { type ChatServer, createChatServer } from '@chat-widget/server'
import { jwtVerify } from 'jose'
import { describe, it, type TestContext } from 'vitest'
import { curl, startCurl } from './support/curl.ts'
import { publishedKeys } from './support/published-keys.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'
import { API_KEY, sha256, shopConfig } from './support/shop.ts'
import { until } from './support/wait.ts'

/** The published commands, except for the address. */
const ASK = `curl -X POST $BASE/v1/authentication-request/ -H "Content-Type: application/json" -d '{"email": "test@example.com", "application_title": "My App"}'`
const ASK_AND_LEAVE = `curl -X POST $BASE/v1/authentication-request/ -H "Content-Type: application/json" -d '{"email": "test@example.com", "application_title": "My App", "wait_for_response": 0}'`
const ASK_AGAIN = `curl -X POST $BASE/v1/authentication-request/ -H "Content-Type: application/json" -d '{"email": "test@example.com", "application_title": "My App", "wait_for_response": 0, "authentication_request_id": "{ID}"}'`
const ASK_WITH_KEY = `curl -X POST $BASE/v1/authentication-request/ -H "Content-Type: application/json" -H "Authorization: Token {API_KEY}" -d '{"email": "test@example.com", "application_title": "My App"}'`

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

async function startProcess({ onTestFinished }: TestContext): Promise<ServerProcess> {
  const server = await startServer({ config: shopConfig() })
  onTestFinished(() => server.close())
  return server
}

interface Approver {
  readonly chat: ChatServer
  readonly base: string
  /** Opens the link of a request, by default the newest, and decides. */
  decide(decision: 'approved' | 'denied', id?: string): Promise<void>
  /** Keyed by the request's id. */
  readonly links: ReadonlyMap<string, string>
}

/** A server in this process, whose links reach this test instead of a mailbox. */
async function startWithApprover({ expect, onTestFinished }: TestContext): Promise<Approver> {
  const dataDir = await mkdtemp(join(tmpdir(), 'chat-approver-'))
  const links = new Map<string, string>()
  const chat = await createChatServer({
    apps: [{ id: 'shop', origins: ['http://localhost:*'], apiKeyHashes: [sha256(API_KEY)] }],
    dataDir,
    port: 0,
    delivery: {
      async deliver({ record, link }) {
        links.set(record.id, link)
      },
    },
  })
  onTestFinished(async () => {
    await chat.close()
    await rm(dataDir, { recursive: true, force: true })
  })
  return {
    chat,
    links,
    base: await chat.listen(),
    async decide(decision, id = [...links.keys()].at(-1)) {
      const token = links.get(id ?? '')?.split('/a/')[1] ?? ''
      const view = await chat.authenticationRequests.viewLink(token)
      const nonce = view.kind === 'pending' ? view.nonce : ''
      const outcome = await chat.authenticationRequests.decideByLink({
        ...{ token, nonce, decision, code: null, mutes: false },
      })
      expect(outcome.kind).toBe('decided')
    },
  }
}

const parse = (printed: string) => JSON.parse(printed) as AuthenticationRequestAnswer
const pending = (id: unknown) => ({
  authentication_request_id: id,
  authentication_request_status: 'pending',
  authentication_request_response: null,
})

// Concurrent, as one of them waits for 10 s, and killed servers for a second each.
describe.concurrent('the published curl commands', () => {
  it('ask and wait until the person has decided; the decision is verified by the published keys', async (context) => {
    const { expect } = context
    const { base, links, decide } = await startWithApprover(context)
    const asked = curl(ASK, { base })
    await until('the link is there', () => links.size === 1)
    expect([...links.values()][0]).toMatch(new RegExp(`^${base}/a/[\\w-]{43}$`))
    await decide('approved')
    const answer = parse(await asked)
    expect(answer).toEqual({
      authentication_request_id: expect.stringMatching(UUID),
      authentication_request_status: 'approved',
      authentication_request_response: expect.any(String),
    })
    const keys = publishedKeys(base)
    const { payload } = await jwtVerify(answer.authentication_request_response ?? '', keys, {
      issuer: base,
      audience: 'shop',
      algorithms: ['ES256'],
    })
    expect(payload).toEqual({
      iss: base,
      aud: 'shop',
      jti: answer.authentication_request_id,
      iat: expect.any(Number),
      decision: 'approved',
      decided_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      subject: 'test@example.com',
    })
  })

  it('wait for longer than proxies let a connection be silent, and notice nothing of it', async (context) => {
    const { expect } = context
    const { base, decide } = await startWithApprover(context)
    const waiting = startCurl(ASK.replace('curl', 'curl -N'), { base })
    await until('the first white space is there', () => waiting.output() === ' ')
    await decide('denied')
    expect(parse(await waiting.printed)).toMatchObject({ authentication_request_status: 'denied' })
  })

  it('ask, leave, and come back for the state by the id; with the key they may ask more', async (context) => {
    const { expect } = context
    const { base, links, decide } = await startWithApprover(context)
    const left = parse(await curl(ASK_AND_LEAVE, { base }))
    expect(left).toEqual(pending(expect.stringMatching(UUID)))
    const askAgain = () => curl(ASK_AGAIN.replace('{ID}', left.authentication_request_id), { base })
    expect(parse(await askAgain())).toEqual(left)
    await until('the link is there', () => links.size === 1)
    await decide('approved')
    expect(parse(await askAgain())).toMatchObject({
      authentication_request_id: left.authentication_request_id,
      authentication_request_status: 'approved',
    })

    // [AR7] Until the limit without a key is reached.
    const printed: string[] = []
    while (!printed.at(-1)?.includes('rate-limited')) {
      expect(printed.length, 'there is no limit').toBeLessThan(20)
      printed.push(await curl(ASK_AND_LEAVE, { base }))
    }
    expect(await curl(ASK_AND_LEAVE.replace('curl', 'curl -i'), { base })).toMatch(
      /^HTTP\/1\.1 429 [\s\S]*\r\nretry-after: \d+\r\n/,
    )
    // Links come some time after the answer: one of these may still be under way.
    const others: readonly string[] = [left, ...printed.slice(0, -1).map(parse)].map(
      (answer) => answer.authentication_request_id,
    )
    const newest = () => [...links.keys()].find((id) => !others.includes(id))
    const withKey = curl(ASK_WITH_KEY.replace('{API_KEY}', API_KEY), { base })
    await until('the link is there', () => newest() !== undefined)
    await decide('approved', newest())
    expect(parse(await withKey)).toMatchObject({ authentication_request_status: 'approved' })
  })

  it('run one after the other against the command’s server, which is told to stop while one waits', async (context) => {
    const { expect } = context
    const server = await startProcess(context)
    const base = server.url
    const left = parse(await curl(ASK_AND_LEAVE, { base }))
    expect(left).toEqual(pending(expect.stringMatching(UUID)))
    expect(parse(await curl(ASK_AGAIN.replace('{ID}', left.authentication_request_id), { base }))).toEqual(
      left,
    )
    // There is no mail yet, and callers with the key are told so.
    expect(parse(await curl(ASK_WITH_KEY.replace('{API_KEY}', API_KEY), { base }))).toMatchObject({
      authentication_request_status: 'errored',
    })
    const waiting = curl(ASK, { base })
    await until('it waits', () => server.stderr().split('reaches nobody').length > 3)
    expect(await server.stop()).toBe(0)
    expect(parse(await waiting)).toEqual(pending(expect.stringMatching(UUID)))
  })
})

describe.concurrent('[AR9] a server that is killed', () => {
  it('has what was pending pending again, and never approved', async (context) => {
    const { expect } = context
    const server = await startProcess(context)
    const id = randomUUID()
    const ask = (changes: object = {}) =>
      fetch(`${server.url}/v1/authentication-request/`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          ...{ email: 'test@example.com', application_title: 'My App', authentication_request_id: id },
          ...{ binding: 'code', wait_for_response: 0, ...changes },
        }),
      })
    const made = await ask()
    const secret = made.headers.get('authentication-request-secret') ?? ''
    const before = await made.json()
    expect(before).toEqual({ ...pending(id), binding_code: expect.stringMatching(/^\d{6}$/) })
    const keys = await (await fetch(`${server.url}/.well-known/jwks.json`)).json()
    // A caller that waits when it dies gets no answer, least of all an approval.
    const waiting = ask({ wait_for_response: 900 }).then(
      (response) => response.text(),
      () => '',
    )
    for (let kill = 0; kill < 2; kill += 1) {
      await server.kill()
      await server.start()
      expect(await (await ask()).json()).toEqual(before)
    }
    expect(await waiting).not.toContain('approved')
    expect(await (await fetch(`${server.url}/.well-known/jwks.json`)).json()).toEqual(keys)

    const authorization = `Secret ${secret}`
    const read = () => fetch(`${server.url}/v1/authentication-request/${id}`, { headers: { authorization } })
    expect(await (await read()).json()).toEqual(before)
    const canceled = await fetch(`${server.url}/v1/authentication-request/${id}/cancel`, {
      method: 'POST',
      headers: { authorization },
    })
    expect(await canceled.json()).toMatchObject({ authentication_request_status: 'canceled' })
    await server.kill()
    await server.start()
    expect(await (await read()).json()).toMatchObject({ authentication_request_status: 'canceled' })
  })
})
