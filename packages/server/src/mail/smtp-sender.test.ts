import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { pino } from 'pino'
import type { SMTPServerOptions } from 'smtp-server'
import { expect, it, onTestFinished } from 'vitest'
import { MailNotSent, RecipientRefused } from './mail-sender.ts'
import { createSmtpSender, type SmtpOptions } from './smtp-sender.ts'
import { headerNames, OUR_HEADERS, parseMail, refusal, startSmtpServer } from './smtp-server.testing.ts'

const LINK = 'https://chat.example.com/a/kH8yRk2Zr0cYwq0m5nB3nU1xT7e2sVd9QfLpWcJaXbE'
const PASSWORD = 'p@ss word:of/the#server'

const mail = (
  changes: { readonly to?: string; readonly subject?: string; readonly signal?: AbortSignal } = {},
) => ({
  to: 'alex@example.com',
  subject: 'Is this you?',
  text: `Answer here:\n${LINK}\n`,
  html: `<p><a href="${LINK}">Answer here</a></p>`,
  signal: new AbortController().signal,
  ...changes,
})

async function smtpServer(options?: SMTPServerOptions & { readonly port?: number }) {
  const server = await startSmtpServer(options)
  onTestFinished(() => server.close())
  return server
}

const senderTo = (smtpUrl: string, options: Partial<SmtpOptions> = {}) =>
  createSmtpSender({ smtpUrl, from: 'Northwind <chat@shop.example.com>', timeoutMs: 5000, ...options })

const failureOf = (sending: Promise<void>): Promise<Error> =>
  sending.then(
    () => Promise.reject(new Error('it was sent')),
    (error: Error) => error,
  )

it('delivers both parts, from the configured address to the one recipient', async () => {
  const server = await smtpServer()
  await senderTo(server.url).send(mail())
  const [received] = server.mails
  expect(server.mails).toHaveLength(1)
  expect(received).toMatchObject({ from: 'chat@shop.example.com', to: ['alex@example.com'] })
  const parsed = await parseMail(received!.raw)
  expect(parsed.subject).toBe('Is this you?')
  expect(parsed.text?.split('\n')).toContain(LINK)
  expect(parsed.html).toContain(`<a href="${LINK}">`)
  expect(parsed.headers).toContainEqual(
    expect.objectContaining({ key: 'auto-submitted', value: 'auto-generated' }),
  )
})

it('rejects while the server is down, and delivers once it is up', async () => {
  const before = await startSmtpServer()
  await before.close()
  const sender = senderTo(before.url)
  const failure = await failureOf(sender.send(mail()))
  expect(failure).toBeInstanceOf(MailNotSent)
  expect(failure.message).toContain('ESOCKET')
  const server = await smtpServer({ port: before.port })
  await sender.send(mail())
  expect(server.mails).toHaveLength(1)
})

it('gives up on a server that accepts and then says nothing, as soon as the signal aborts', async () => {
  const silent = createServer()
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    silent.close()
  })
  const connected = new Promise<{ readonly closed: Promise<void> }>((resolve) =>
    silent.once('connection', (socket) => {
      socket.on('error', () => undefined).resume()
      resolve({ closed: new Promise((closed) => socket.once('close', () => closed())) })
    }),
  )
  const abort = new AbortController()
  const sending = failureOf(
    senderTo(`smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`, { timeoutMs: 60_000 }).send(
      mail({ signal: abort.signal }),
    ),
  )
  const { closed } = await connected
  abort.abort()
  expect(await sending).toBeInstanceOf(MailNotSent)
  // Nothing goes on after it.
  await closed
})

it('gives up by itself on a server that says nothing', async () => {
  const server = await smtpServer({ onRcptTo: () => undefined })
  const failure = await failureOf(senderTo(server.url, { timeoutMs: 200 }).send(mail()))
  expect(failure).toBeInstanceOf(MailNotSent)
  expect(failure.message).toContain('ETIMEDOUT')
})

it('does not begin when the signal was aborted before', async () => {
  const server = await smtpServer()
  expect(await failureOf(senderTo(server.url).send(mail({ signal: AbortSignal.abort() })))).toBeInstanceOf(
    MailNotSent,
  )
  expect(server.mails).toEqual([])
})

it('tells a recipient that is refused for good from one that is refused for now', async () => {
  for (const [code, kind] of [
    [550, RecipientRefused],
    [553, RecipientRefused],
    [450, MailNotSent],
  ] as const) {
    const server = await smtpServer({
      onRcptTo: (_address, _session, callback) => callback(refusal(code, 'no such mailbox')),
    })
    const failure = await failureOf(senderTo(server.url).send(mail()))
    expect(failure).toBeInstanceOf(kind)
    expect(failure.message).toContain(String(code))
  }
})

it('does not try again where the sender or the content is refused for good: it would be refused again', async () => {
  const bySender = await smtpServer({
    onMailFrom: (_address, _session, callback) => callback(refusal(550, 'who are you')),
  })
  expect(await failureOf(senderTo(bySender.url).send(mail()))).toBeInstanceOf(RecipientRefused)
  const byContent = await smtpServer({
    onData(stream, _session, callback) {
      stream.resume().on('end', () => callback(refusal(554, 'looks like spam')))
    },
  })
  expect(await failureOf(senderTo(byContent.url).send(mail()))).toBeInstanceOf(RecipientRefused)
  const notNow = await smtpServer({
    onMailFrom: (_address, _session, callback) => callback(refusal(451, 'later')),
  })
  expect(await failureOf(senderTo(notNow.url).send(mail()))).toBeInstanceOf(MailNotSent)
})

it.each([
  ['A.Big@Example.com', 'A.Big@example.com'],
  ['"john doe"@example.com', '"john doe"@example.com'],
  ['"evil@example.org "@example.com', '"evil@example.org "@example.com'],
  ['alex@[192.0.2.1]', 'alex@[192.0.2.1]'],
  ['alex@xn--bcher-kva.example', 'alex@xn--bcher-kva.example'],
])('[AR8] sends to %s and to nobody else, in the case that it was written in', async (to, heard) => {
  // The server of the other tests knows no quoted addresses.
  const recipients: string[] = []
  const listening = createServer((socket) => {
    let isData = false
    const answer = (line: string) => {
      if (line.startsWith('RCPT TO:')) recipients.push(line.slice('RCPT TO:'.length))
      if (isData && line !== '.') return
      isData = line === 'DATA'
      socket.write(isData ? '354 go on\r\n' : '250 ok\r\n')
    }
    socket.on('error', () => undefined).write('220 here\r\n')
    createInterface(socket).on('line', answer)
  })
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void listening.close())
  await senderTo(`smtp://127.0.0.1:${(listening.address() as AddressInfo).port}`).send(mail({ to }))
  expect(recipients).toEqual([`<${heard}>`])
})

it('signs in with the user and password of the address', async () => {
  const server = await smtpServer({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, callback) =>
      username === 'chat@shop' && password === PASSWORD
        ? callback(null, { user: username })
        : callback(refusal(535, 'wrong password')),
  })
  const withAuth = server.url.replace('//', `//chat%40shop:${encodeURIComponent(PASSWORD)}@`)
  await senderTo(withAuth).send(mail())
  expect(server.mails).toHaveLength(1)
  const wrong = await failureOf(senderTo(server.url.replace('//', '//chat:wrong@')).send(mail()))
  expect(wrong).toBeInstanceOf(MailNotSent)
  expect(wrong.message).toMatch(/EAUTH, 535/)
})

it('hands its password to no server elsewhere that offers no TLS', async () => {
  const handed: unknown[] = []
  const server = await smtpServer({
    allowInsecureAuth: true,
    onAuth(auth, _session, callback) {
      handed.push(auth)
      callback(null, { user: 'chat' })
    },
  })
  // Leads to this machine, by a name that could be any machine's.
  const elsewhere = `smtp://chat:secret@0.0.0.0:${server.port}`
  expect(await failureOf(senderTo(elsewhere).send(mail()))).toBeInstanceOf(MailNotSent)
  expect(handed).toEqual([])
})

it('sends nothing over TLS that it cannot trust', async () => {
  // `smtp-server` brings a self-signed certificate for tests.
  const server = await smtpServer({ disabledCommands: [] })
  const failure = await failureOf(senderTo(server.url).send(mail()))
  expect(failure).toBeInstanceOf(MailNotSent)
  const secure = await smtpServer({ secure: true })
  expect(await failureOf(senderTo(secure.url.replace('smtp:', 'smtps:')).send(mail()))).toBeInstanceOf(
    MailNotSent,
  )
  expect([...server.mails, ...secure.mails]).toEqual([])
})

it.each([
  'alex@example.com\r\nBcc: evil@example.org',
  'alex@example.com, evil@example.org',
  'alex@example.com\u2028evil@example.org',
  'Alex <alex@example.com>',
  'alex@evil@example.com',
  'alex\u0000@example.com',
  'alex',
  '',
])('[AR8] refuses %j for an address, before it speaks to the server', async (to) => {
  const connections: string[] = []
  const server = await smtpServer({
    onConnect({ remoteAddress }, callback) {
      connections.push(remoteAddress)
      callback()
    },
  })
  expect(await failureOf(senderTo(server.url).send(mail({ to })))).toBeInstanceOf(RecipientRefused)
  expect(connections).toEqual([])
})

it('delivers to addresses that are unusual but plain', async () => {
  const server = await smtpServer()
  for (const to of ["o'neil+chat=1@example.com", 'a.b-c_d@sub.example.co.uk'])
    await senderTo(server.url).send(mail({ to }))
  expect(server.mails.map(({ to }) => to)).toEqual([
    ["o'neil+chat=1@example.com"],
    ['a.b-c_d@sub.example.co.uk'],
  ])
})

it.each([
  'Hi\r\nBcc: evil@example.org',
  'Hi\nX-Evil: 1\n\nbody',
  'Hi\u2028Bcc: evil@example.org\u2029\u0085',
  '=?utf-8?Q?=0D=0ABcc:_evil@example.org?=',
  `Grüße ${'lang '.repeat(60)}\r\n\r\n<script>`,
])('[AR8] a subject stays one header: %j', async (subject) => {
  const server = await smtpServer()
  await senderTo(server.url).send(mail({ subject }))
  const [{ raw, to } = { raw: '', to: [] }] = server.mails
  expect(headerNames(raw)).toEqual(OUR_HEADERS)
  expect(to).toEqual(['alex@example.com'])
  const parsed = await parseMail(raw)
  expect(parsed.subject).not.toMatch(/[\r\n]/u)
  expect(parsed.bcc).toBeUndefined()
  expect(parsed.text).toContain(LINK)
})

it('[AR5] no password, link or word of the mail is in an error, whatever the server says', async () => {
  const seen: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line: string) => seen.push(line) })
  const credentials = `//chat:${encodeURIComponent(PASSWORD)}@`
  const parrot = `you said ${PASSWORD} ${encodeURIComponent(PASSWORD)} ${LINK}`
  const servers: SMTPServerOptions[] = [
    { onAuth: (_auth, _session, callback) => callback(refusal(535, parrot)), allowInsecureAuth: true },
    { onAuth: (_auth, _session, callback) => callback(null, { user: 'chat' }), allowInsecureAuth: true },
    { onMailFrom: (_address, _session, callback) => callback(refusal(451, parrot)) },
    { onRcptTo: (_address, _session, callback) => callback(refusal(550, parrot)) },
    {
      onData(stream, _session, callback) {
        stream.resume().on('end', () => callback(refusal(554, parrot)))
      },
    },
  ]
  for (const options of servers) {
    const server = await smtpServer({
      onData(stream, _session, callback) {
        stream.resume().on('end', () => callback(refusal(451, parrot)))
      },
      ...options,
    })
    const url = options.onAuth === undefined ? server.url : server.url.replace('//', credentials)
    const failure = await failureOf(senderTo(url).send(mail()))
    logger.error({ err: failure }, 'failed')
    expect(failure.cause).toBeUndefined()
  }
  expect(seen).toHaveLength(servers.length)
  for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), LINK])
    expect(seen.join('')).not.toContain(secret)
})
