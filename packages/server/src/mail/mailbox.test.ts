import { pino } from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { createHttpServer } from '../http/http-server.ts'
import { createMailbox } from './mailbox.ts'
import { registerMailbox } from './mailbox-routes.ts'

const LINK = 'https://chat.example.com/a/token-of-the-link'
const { signal } = new AbortController()

async function mailboxServer() {
  const log: string[] = []
  const mailbox = createMailbox({ now: () => Date.UTC(2026, 10, 25) })
  const http = createHttpServer(pino({ level: 'trace' }, { write: (line: string) => log.push(line) }))
  registerMailbox(http, mailbox)
  onTestFinished(() => http.close())
  await http.ready()
  const send = (subject: string, text = `Answer here:\n${LINK}\n`) =>
    mailbox.send({ to: 'alex@example.com', subject, text, html: '<p>hello</p>', signal })
  return { http, mailbox, send, log }
}

it('/dev/mailbox.json has every mail, newest first', async () => {
  const { http, send } = await mailboxServer()
  await send('first')
  await send('second')
  const { headers, body } = await http.inject('/dev/mailbox.json')
  expect(headers['cache-control']).toBe('no-store')
  const common = {
    to: 'alex@example.com',
    text: `Answer here:\n${LINK}\n`,
    html: '<p>hello</p>',
    at: '2026-11-25T00:00:00.000Z',
  }
  expect(JSON.parse(body)).toEqual([
    { ...common, subject: 'second' },
    { ...common, subject: 'first' },
  ])
})

it('/dev/mailbox shows them with their links, and as text whatever is in them', async () => {
  const { http, send } = await mailboxServer()
  expect((await http.inject('/dev/mailbox')).body).toContain('No mail yet.')
  await send('<b>Is this you?</b>', `<script>alert(1)</script>\nAnswer here:\n${LINK}\njavascript:alert(1)\n`)
  const { headers, body } = await http.inject('/dev/mailbox')
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'self'; /)
  expect(body).toContain(`<a href="${LINK}">${LINK}</a>`)
  expect(body).toContain('&lt;b&gt;Is this you?&lt;/b&gt;')
  expect(body).not.toMatch(/<script|href="javascript/)
})

it('keeps the last 100', async () => {
  const { mailbox, send } = await mailboxServer()
  for (let count = 1; count <= 101; count += 1) await send(`number ${count}`)
  expect(mailbox.mails).toHaveLength(100)
  expect(mailbox.mails[0]?.subject).toBe('number 101')
  expect(mailbox.mails.at(-1)?.subject).toBe('number 2')
})

it('takes no mail once the signal aborted', async () => {
  const { mailbox } = await mailboxServer()
  const sending = mailbox.send({
    to: 'a@b.example',
    subject: '',
    text: '',
    html: '',
    signal: AbortSignal.abort(),
  })
  await expect(sending).rejects.toThrow()
  expect(mailbox.mails).toEqual([])
})

it.each([
  ['another machine', { remoteAddress: '192.0.2.7' }],
  ['another machine behind a proxy on this one', { headers: { 'x-forwarded-for': '192.0.2.7' } }],
  ['a page whose name leads here', { headers: { host: 'evil.example:8080' } }],
  ['a page that says otherwise', { headers: { host: 'evil.example', 'x-forwarded-host': 'localhost' } }],
  ['another name behind a proxy', { headers: { host: 'localhost', 'x-forwarded-host': 'chat.example.com' } }],
])('[AR5] does not exist for %s', async (_who, from) => {
  const { http, send } = await mailboxServer()
  await send('secret')
  for (const url of ['/dev/mailbox', '/dev/mailbox.json']) {
    const { statusCode, body } = await http.inject({ url, ...from })
    expect(statusCode).toBe(404)
    expect(body).not.toContain('secret')
  }
})

it.each([
  { remoteAddress: '::1', headers: { host: '[::1]:8080' } },
  { remoteAddress: '::ffff:127.0.0.1', headers: { host: 'localhost' } },
])('is there for this machine: $remoteAddress', async (from) => {
  const { http } = await mailboxServer()
  expect((await http.inject({ url: '/dev/mailbox.json', ...from })).statusCode).toBe(200)
})

it('[AR5] no link is in the log', async () => {
  const { http, send, log } = await mailboxServer()
  await send('Is this you?')
  await http.inject('/dev/mailbox.json')
  await http.inject({ url: '/dev/mailbox', remoteAddress: '192.0.2.7' })
  expect(log.join('')).not.toContain('token-of-the-link')
})
