/** Two servers: the first forwards authentication requests to the second, which mails and asks the person. */
import { randomUUID } from 'node:crypto'
import type { AuthenticationRequestAnswer } from '@chat-widget/protocol'
import { jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { linkTo, mailsOf } from './support/mailbox.ts'
import { publishedKeys } from './support/published-keys.ts'
import { type ServerHere, startServerHere } from './support/server-here.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'
import { API_KEY, shopConfig } from './support/shop.ts'
import { until } from './support/wait.ts'

const browser = useBrowser({ reuses: true })
let asking: ServerProcess
beforeAll(async () => {
  asking = await startServer({ config: shopConfig(), args: ['--dev'] })
})
afterAll(() => asking?.close())

/** Named differently, so that its signatures can be told apart from the other server's. */
function forwarding(provider: object = {}): object {
  const forward = {
    kind: 'forward',
    url: asking.url,
    app: 'shop',
    apiKey: { env: 'ASKING_KEY' },
    ...provider,
  }
  const { apps } = shopConfig() as { readonly apps: readonly object[] }
  return {
    apps: apps.map((app) => ({ ...app, id: 'desk', authenticationRequests: { provider: forward } })),
    publicUrl: 'http://localhost:1',
  }
}

const COMMAND = { args: ['--dev'], env: { ASKING_KEY: API_KEY } }

async function startForwarding(provider: object = {}): Promise<ServerHere> {
  const server = await startServerHere(forwarding(provider), COMMAND)
  onTestFinished(() => server.close())
  return server
}

/** One that can be killed. */
async function startForwardingProcess(): Promise<ServerProcess> {
  const server = await startServer({ config: forwarding(), ...COMMAND })
  onTestFinished(() => server.close())
  return server
}

const mailsTo = async (email: string, server: { readonly url: string } = asking) =>
  (await mailsOf(server.url)).filter(({ to }) => to === email)

async function press(link: string, name: string): Promise<void> {
  const page = await browser.page()
  await page.goto(link)
  await page.getByRole('button', { name, exact: true }).click()
  await page.getByRole('button', { name, exact: true }).waitFor({ state: 'detached' })
}

async function ask(server: { readonly url: string }, body: object): Promise<AuthenticationRequestAnswer> {
  const response = await fetch(`${server.url}/v1/authentication-request/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Token ${API_KEY}` },
    body: JSON.stringify({ application_title: 'My App', ...body }),
  })
  return (await response.json()) as AuthenticationRequestAnswer
}

/** Claims of an answer that the first server's own keys prove. */
async function proven(server: { readonly url: string }, answer: AuthenticationRequestAnswer) {
  const keys = publishedKeys(server.url)
  const { payload } = await jwtVerify(answer.authentication_request_response ?? '', keys, {
    issuer: 'http://localhost:1',
    audience: 'desk',
    algorithms: ['ES256'],
  })
  return payload
}

describe('requests that are forwarded to another server', () => {
  it('[AR9] "Approve" and "Deny" on the other one’s page answer the caller of this one', async () => {
    const server = await startForwarding()
    for (const [button, status] of [
      ['Approve', 'approved'],
      ['Deny', 'denied'],
    ] as const) {
      const email = `${status}@example.com`
      const waiting = ask(server, { email, user_name: 'Test Person' })
      await press(await linkTo(asking.url, email), button)
      const answer = await waiting
      expect(answer.authentication_request_status).toBe(status)
      expect(await proven(server, answer)).toMatchObject({
        decision: status,
        subject: email,
        jti: answer.authentication_request_id,
      })
      expect(await mailsTo(email, server), 'it sends no mail itself').toEqual([])
    }
    expect(server.stdout() + server.stderr()).not.toContain(API_KEY)
  })

  it('[AR9] [AR4] kill -9 while one is pending asks nobody twice, and it still ends, once', async () => {
    const server = await startForwardingProcess()
    const [email, id] = ['killed@example.com', randomUUID()]
    const body = { email, authentication_request_id: id }
    const first = ask(server, body).catch(() => null)
    const link = await linkTo(asking.url, email)
    await server.kill()
    expect(await first).toBeNull()
    await server.start()
    await server.kill()
    // Decided while the server is down.
    await press(link, 'Approve')
    await server.start()
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(server, body)))
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(answers[0]?.authentication_request_status).toBe('approved')
    expect(await proven(server, answers[0]!)).toMatchObject({ jti: id, subject: email })
    expect(await mailsTo(email)).toHaveLength(1)
  })

  it('[AR2] [AR5] the digits are the other one’s, also after a restart; its page wants them before it approves', async () => {
    const server = await startForwardingProcess()
    const [email, id] = ['digits@example.com', randomUUID()]
    const body = { email, authentication_request_id: id, binding: 'code' }
    const { binding_code: code } = await ask(server, { ...body, wait_for_response: 0 })
    expect(code).toMatch(/^\d{6}$/)
    const page = await browser.page()
    await page.goto(await linkTo(asking.url, email))
    const type = async (digits: string) => {
      await page.getByLabel('Code shown where you asked').fill(digits)
      await page.getByRole('button', { name: 'Approve', exact: true }).click()
    }
    await type(String((Number(code) + 1) % 1_000_000).padStart(6, '0'))
    await page.getByRole('link', { name: /That is not the code/ }).waitFor()
    await server.kill()
    await server.start()
    const again = await ask(server, { ...body, wait_for_response: 0 })
    expect(again).toMatchObject({ authentication_request_status: 'pending', binding_code: code })
    const waiting = ask(server, body)
    await type(code!)
    const answer = await waiting
    expect(answer).toMatchObject({ authentication_request_status: 'approved' })
    expect(answer).not.toHaveProperty('binding_code')
    expect(await proven(server, answer)).toMatchObject({ jti: id, subject: email })
    expect(await mailsTo(email)).toHaveLength(1)
    // Not as a part of a time of day.
    const inLog = new RegExp(`(?<!\\d)${code}(?!\\d)`)
    for (const { stdout, stderr } of [server, asking]) expect(stdout() + stderr()).not.toMatch(inLog)
  })

  it('[AR9] an approval that is signed for another app approves nothing', async () => {
    const server = await startForwarding({ audience: 'another' })
    const waiting = ask(server, { email: 'elsewhere@example.com' })
    await press(await linkTo(asking.url, 'elsewhere@example.com'), 'Approve')
    expect(await waiting).toMatchObject({
      authentication_request_status: 'errored',
      authentication_request_response: null,
    })
  })

  it('[AR9] without the other server it is pending, is tried again, and goes on when that is back', async () => {
    const server = await startForwarding()
    await asking.kill()
    const waiting = ask(server, { email: 'later@example.com' })
    await until('it was tried', () => server.stderr().includes('could not be delivered'))
    await asking.start()
    await press(await linkTo(asking.url, 'later@example.com'), 'Approve')
    expect((await waiting).authentication_request_status).toBe('approved')
  })
})
