/** Authentication requests from end to end: asked over HTTP or by the SDK, mailed, decided on a page in a browser. */
import { createAuthenticationClient } from '@chat-widget/authentication-requests'
import type { AuthenticationRequestAnswer } from '@chat-widget/protocol'
import { jwtVerify } from 'jose'
import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { curl, startCurl } from './support/curl.ts'
import { linkIn, type Mail, mailsOf } from './support/mailbox.ts'
import { publishedKeys } from './support/published-keys.ts'
import { type ServerHere, startServerHere } from './support/server-here.ts'
import { API_KEY, shopConfig } from './support/shop.ts'
import { until } from './support/wait.ts'

const browser = useBrowser({ reuses: true })
let server: ServerHere
let mailed = 0
beforeAll(async () => {
  server = await startServerHere(shopConfig(), { args: ['--dev'] })
})
afterEach(async () => {
  mailed = (await mails()).length
})
afterAll(() => server?.close())

const mails = () => mailsOf(server.url)

/** Waits for the next mail to this address. */
async function nextMail(to: string): Promise<Mail & { readonly link: string }> {
  await until(`a mail to ${to}`, async () => (await mails()).length > mailed)
  const [mail] = await mails()
  expect(mail?.to).toBe(to)
  mailed += 1
  const link = linkIn(mail!)
  expect(mail!.html).toContain(link)
  return { ...mail!, link: link! }
}

const ask = (body: object, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/v1/authentication-request/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

const open = async (link: string, javaScriptEnabled = true): Promise<Page> => {
  const page = await browser.page({ javaScriptEnabled })
  await page.goto(link)
  return page
}
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

function sdk(apiKey?: string) {
  const client = createAuthenticationClient({
    server: server.url,
    app: 'shop',
    applicationTitle: 'My App',
    ...(apiKey === undefined ? {} : { apiKey }),
  })
  onTestFinished(() => client.close())
  return client.authentication()
}

describe('by email', () => {
  it('[AR3] [AR10] curl waits; the person approves on a page without JavaScript; the answer is signed', async () => {
    const waiting = startCurl(
      `curl -X POST $BASE/v1/authentication-request/ -H "Content-Type: application/json" -d '{"email": "Test@example.com", "application_title": "My App", "user_name": "Test Person", "user_ip": "203.0.113.7"}'`,
      { base: server.url },
    )
    const { link, subject } = await nextMail('Test@example.com')
    expect(subject).toContain('Northwind')
    const page = await open(link, false)
    for (const shown of ['Northwind', 'My App', 'Test Person', '203.0.113.7'])
      await page.getByText(shown).first().waitFor()
    await press(page, 'Approve')
    await page.getByRole('heading', { level: 1 }).waitFor()

    const answer = JSON.parse(await waiting.printed) as AuthenticationRequestAnswer
    expect(answer.authentication_request_status).toBe('approved')
    const keys = publishedKeys(server.url)
    const { payload } = await jwtVerify(answer.authentication_request_response!, keys, {
      issuer: server.url,
      audience: 'shop',
      algorithms: ['ES256'],
    })
    expect(payload).toMatchObject({
      decision: 'approved',
      subject: 'test@example.com',
      jti: answer.authentication_request_id,
    })
    expect(await page.context().cookies(), '[AR3] the approver gets no session').toEqual([])
  })

  it('[AR1] [AR4] scanners change nothing, and the first of many decisions wins', async () => {
    const { authentication_request_id: id } = (await (
      await ask({ email: 'scanned@example.com', application_title: 'My App', wait_for_response: 0 })
    ).json()) as AuthenticationRequestAnswer
    const { link } = await nextMail('scanned@example.com')
    for (let round = 0; round < 20; round += 1)
      await Promise.all(
        Array.from({ length: 50 }, (_, index) => fetch(link, { method: index % 2 === 0 ? 'GET' : 'HEAD' })),
      )
    const form = await (await fetch(link)).text()
    const nonce = /name="nonce" value="([^"]+)"/.exec(form)?.[1] ?? ''
    const decide = async (decision: string) => {
      const response = await fetch(link, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: server.url },
        body: new URLSearchParams({ nonce, decision }),
        redirect: 'manual',
      })
      return `${response.status} ${/<h1[^>]*>([^<]+)/.exec(await response.text())?.[1]}`
    }
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => decide(index % 2 === 0 ? 'approve' : 'deny')),
    )
    // One decides. Repeating that decision is told so; any other finds the link used.
    const [won] = answers.filter((answer) => /^200 (Approved|Denied)$/.test(answer))
    const again =
      won === '200 Approved' ? '200 You have approved this already' : '200 You have denied this already'
    const counted = (answer: string) => answers.filter((one) => one === answer).length
    expect([counted('200 Approved') + counted('200 Denied'), counted(again)]).toEqual([1, 24])
    expect(answers.filter((answer) => answer.startsWith('200'))).toHaveLength(25)
    const state = await ask({
      email: 'scanned@example.com',
      application_title: 'My App',
      wait_for_response: 0,
      authentication_request_id: id,
    })
    expect(((await state.json()) as AuthenticationRequestAnswer).authentication_request_status).toMatch(
      /^(approved|denied)$/,
    )
  })

  it('[AR2] the SDK asks with a code; a wrong one is refused, the right one approves', async () => {
    const authentication = sdk(API_KEY)
    const heard: string[] = []
    authentication.subscribe(({ cid, status }) => void heard.push(`${cid} ${status}`))
    const { cid, bindingCode = '' } = await authentication.request(
      { email: 'code@example.com' },
      { async: true, binding: 'code' },
    )
    const { link } = await nextMail('code@example.com')
    const page = await open(link)
    const field = page.getByRole('textbox')
    await field.fill(bindingCode === '000000' ? '000001' : '000000')
    await press(page, 'Approve')
    await page.getByRole('alert').getByText('4').waitFor()
    expect((await authentication.get(cid)).status).toBe('pending')
    await field.fill(bindingCode)
    await press(page, 'Approve')
    const res = await authentication.waitFor(cid)
    expect(res.isAccepted()).toBe(true)
    expect(res.selfID).toBe('code@example.com')
    await until('the subscriber heard it', () => heard.includes(`${cid} approved`))
    expect(heard).toEqual([`${cid} approved`])
  })

  it('a denial is a value, and "I didn\'t ask for this" keeps the next one from being sent [AR7]', async () => {
    const authentication = sdk(API_KEY)
    const asked = authentication.request({ email: 'muted@example.com' })
    const page = await open((await nextMail('muted@example.com')).link)
    await page.getByRole('button', { name: /didn.t ask/ }).click()
    const res = await asked
    expect(res.isAccepted()).toBe(false)
    expect(res.accepted).toBe(false)
    expect(res.selfID).toBe('muted@example.com')

    const next = await authentication.request({ email: 'muted@example.com' }, { async: true }).then(
      ({ cid }) => authentication.waitFor(cid),
      (error: { readonly code: string }) => error.code,
    )
    expect(typeof next === 'string' ? next : next.status).toMatch(/^(unauthorized|rate-limited)$/)
    expect((await mails()).length).toBe(mailed)
  })

  it('[AR5] no link is in the log', async () => {
    await ask({ email: 'logged@example.com', application_title: 'My App', wait_for_response: 0 })
    const { link } = await nextMail('logged@example.com')
    await (await open(link)).getByRole('heading', { level: 1 }).waitFor()
    await curl(`curl -s ${link} -o /dev/null`, { base: server.url })
    const token = link.split('/a/')[1]!
    expect(server.stdout() + server.stderr()).not.toContain(token)
  })
})
