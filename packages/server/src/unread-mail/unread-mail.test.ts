/** Mails about unread messages: real jobs, a real SMTP server, and a clock that the tests set. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Message, MessageAuthor } from '@chat-widget/protocol'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AppConfig } from '../config/config.ts'
import { createJobQueue, type JobQueue } from '../jobs/job-queue.ts'
import { contentOfBody } from '../kinds/index.ts'
import { createSmtpSender } from '../mail/smtp-sender.ts'
import { parseMail, refusal, startSmtpServer } from '../mail/smtp-server.testing.ts'
import {
  newSecretHash,
  SHOP,
  START,
  stored,
  textFrom,
  visitorText,
} from '../storage/contract-fixture.testing.ts'
import type { AppendRequest, SessionRecord, Storage } from '../storage/storage.ts'
import { openTestStorage, releaseTestStorage } from '../storage/test-storage.testing.ts'
import type { Language } from '../text/language.ts'
import { unreadMail } from './unread-mail.ts'
import { createUnreadMailJob } from './unread-mail-job.ts'
import { createUnsubscribing, type Unsubscribing } from './unsubscribing.ts'

const MINUTE = 60_000
const AFTER = 10
const AGENT: MessageAuthor = { kind: 'agent', name: 'Robin' }
const app: AppConfig = {
  ...{ id: SHOP, name: 'Northwind', origins: ['https://shop.example.com'], actions: {}, apiKeyHashes: [] },
  login: { methods: ['host'], continueAsGuest: true },
  unreadMail: { afterMinutes: AFTER, page: 'https://shop.example.com/help' },
}
const logger = pino({ level: 'silent' })

let folder: string
let storage: Storage
let smtp: Awaited<ReturnType<typeof startSmtpServer>>
let unsubscribing: Unsubscribing
let queue: JobQueue
let now: number
let isOnline: boolean
/** Replies of the mail server to the next mails. */
let refusals: Error[]
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chat-unread-'))
  storage = await openTestStorage(folder)
  ;[now, isOnline, refusals] = [START, false, []]
  smtp = await startSmtpServer({
    onMailFrom: (_address, _session, callback) => callback(refusals.shift() ?? null),
  })
  unsubscribing = await createUnsubscribing({ mails: storage.unreadMails, keys: storage.serverKeys })
  queue = createJobQueue({ jobs: storage.jobs, logger, now: () => now })
  queue.handle('unread-mail', job(isOnlineNow))
  queue.start()
})
afterEach(async () => {
  await queue.close()
  await smtp.close()
  await storage.close()
  releaseTestStorage(folder)
  rmSync(folder, { recursive: true })
})

const isOnlineNow = async () => isOnline
const job = (online: () => Promise<boolean>) =>
  createUnreadMailJob({
    ...{ storage, unsubscribing, isOnline: online, logger },
    apps: new Map([[SHOP, app]]),
    sender: createSmtpSender({ smtpUrl: smtp.url, from: 'Northwind <chat@shop.example.com>' }),
    publicUrl: () => 'https://chat.example.com',
    now: () => now,
  })

const anonymous = () =>
  storage.sessions.createAnonymous({ app: SHOP, secretHash: newSecretHash(), at: START })
async function customer(
  userIdentifier: string,
  claims: readonly { value: string; verified: boolean }[] = [],
) {
  const { session } = await storage.sessions.identify({
    ...{ sessionId: null, app: SHOP, userIdentifier, contextExpiresAt: null, merge: true, at: START },
    claims: claims.map((claim) => ({ label: 'Email', ...claim })),
    newSecretHash: newSecretHash(),
  })
  return session
}
async function write(session: SessionRecord, changes: Partial<AppendRequest> = {}, language?: Language) {
  const request = visitorText(session, 'My tent is broken', { at: now, ...changes })
  const as = { ...request.as!, ...(language !== undefined && { language }) }
  return stored(await storage.messages.append({ ...request, as }))
}
async function answer(
  { conversationId }: SessionRecord,
  text: string,
  author = AGENT,
  body?: AppendRequest['body'],
) {
  const request = textFrom(author, conversationId, text, { at: now, ...(body && { body }) })
  return stored(await storage.messages.append({ ...request, mailAfterMs: () => AFTER * MINUTE })).message.seq
}
/** The customer leaves an address in a form. */
async function leave(session: SessionRecord, address: string) {
  const form = { fields: [{ name: 'address', label: 'Email', type: 'email' }], submit: 'Send' } as const
  const to = await answer(session, '', { kind: 'bot' }, { kind: 'form', text: 'Email', form })
  await write(session, { body: { kind: 'form-answer', text: '', to, values: { address } } })
}
async function pass(minutes: number) {
  now += minutes * MINUTE
  queue.wake()
}
/** Resolves when all jobs are done. */
const idle = () => expect.poll(() => storage.jobs.count()).toEqual([])
const mails = () => Promise.all(smtp.mails.map(async ({ to, raw }) => ({ ...(await parseMail(raw)), to })))

it('[UM1] an answer that was not read is mailed once, with what came after it', async () => {
  const session = await customer('ann@example.com')
  await write(session)
  await answer(session, 'Oh no!')
  await pass(4)
  await answer(session, 'Which one is it?')
  expect(smtp.mails).toEqual([])
  await pass(AFTER - 4)
  await expect.poll(() => smtp.mails).toHaveLength(1)
  await pass(AFTER)
  await idle()
  const [mail, ...more] = await mails()
  expect(more).toEqual([])
  expect(mail).toMatchObject({ to: ['ann@example.com'], subject: 'New messages from Northwind' })
  expect(mail?.text).toMatch(/Robin:\nOh no!\n\nRobin:\nWhich one is it\?\n/)
  expect(mail?.text).not.toContain('broken')
  expect(mail?.html).toMatch(/<a href="https:\/\/shop\.example\.com\/help"[^>]*>Answer in the chat<\/a>/)

  await answer(session, 'Still there?')
  await pass(AFTER)
  await expect.poll(() => smtp.mails).toHaveLength(2)
  const [, second] = await mails()
  expect(second?.text).toContain('Still there?')
  expect(second?.text).not.toContain('Oh no!')
})

it('[UM1] nothing is mailed that was read, deleted, or of a visitor without an address', async () => {
  const [read, deleted, nobody] = [
    await customer('ann@example.com'),
    await customer('bob@example.com'),
    await anonymous(),
  ]
  for (const session of [read, deleted, nobody]) {
    await write(session)
    await answer(session, 'Oh no!')
  }
  await storage.conversations.markRead(read.conversationId, 'visitor', 2)
  const event = { type: 'deleted', of: 2 } as const
  const body = { kind: 'event', text: '', event } as const
  stored(await storage.messages.append(textFrom({ kind: 'system' }, deleted.conversationId, '', { body })))
  await pass(AFTER)
  await idle()
  expect(smtp.mails).toEqual([])
})

it('[UM1] while a device is connected nothing is mailed, and it is looked again later each time', async () => {
  isOnline = true
  const session = await customer('ann@example.com')
  await write(session)
  await answer(session, 'Oh no!')
  for (const [passed, next] of [
    [10, 20],
    [10, 40],
    [20, 80],
  ] as const) {
    await pass(passed)
    await expect.poll(() => storage.jobs.nextDue(['unread-mail'], now + MINUTE)).toBe(START + next * MINUTE)
  }
  isOnline = false
  await pass(40)
  await idle()
  expect(smtp.mails).toHaveLength(1)
})

it('[UM1] [JB5] a mail that failed is tried again, and tells of the same messages under the same id', async () => {
  refusals = [refusal(451, 'try later')]
  const session = await customer('ann@example.com')
  await write(session)
  await answer(session, 'Oh no!')
  await pass(AFTER)
  await expect.poll(() => refusals).toEqual([])
  await answer(session, 'Which one is it?')
  await expect.poll(() => storage.jobs.nextDue(['unread-mail'], now)).toBeLessThanOrEqual(now + MINUTE)
  await pass(1)
  await expect.poll(() => smtp.mails).toHaveLength(1)
  const [mail] = await mails()
  expect(mail?.messageId).toBe(`<${session.conversationId}.2@shop.example.com>`)
  expect(mail?.text).not.toContain('Which one')
  await pass(AFTER)
  await idle()
  const [, second] = await mails()
  expect(second?.text).toContain('Which one')
  expect(second?.text).not.toContain('Oh no!')
})

it('[UM1] what is read between two tries of a mail is not mailed', async () => {
  refusals = [refusal(451, 'try later')]
  const session = await customer('ann@example.com')
  await write(session)
  await answer(session, 'Oh no!')
  await pass(AFTER)
  await expect.poll(() => refusals).toEqual([])
  await storage.conversations.markRead(session.conversationId, 'visitor', 2)
  await expect.poll(() => storage.jobs.nextDue(['unread-mail'], now)).toBeLessThanOrEqual(now + MINUTE)
  await pass(1)
  await idle()
  expect(smtp.mails).toEqual([])
})

describe('[UM2] the address', () => {
  it('is the verified claim of a customer, never one that was not verified', async () => {
    const claimed = await customer('4711', [
      { value: 'eve@example.com', verified: false },
      { value: 'ann@example.com', verified: true },
    ])
    const unverified = await customer('4712', [{ value: 'eve@example.com', verified: false }])
    for (const session of [claimed, unverified]) {
      await write(session)
      await answer(session, 'Oh no!')
    }
    await pass(AFTER)
    await idle()
    expect((await mails()).map(({ to }) => to)).toEqual([['ann@example.com']])
  })

  it('is the last one that was left in a form; to it goes what people wrote, and not what a bot did', async () => {
    const session = await anonymous()
    await write(session)
    await leave(session, 'bob@example.com')
    await leave(session, 'ann@example.com')
    await answer(session, 'You said: buy pills', { kind: 'bot' })
    await pass(AFTER)
    await idle()
    expect(smtp.mails).toEqual([])
    await answer(session, 'Oh no!')
    await pass(AFTER)
    await idle()
    const [mail] = await mails()
    expect(mail).toMatchObject({ to: ['ann@example.com'] })
    expect(mail?.text).toContain('Oh no!')
    expect(mail?.text).not.toContain('pills')
  })
})

describe('[UM3] the mail', () => {
  it('is in the language of the device that wrote last', async () => {
    const session = await customer('ann@example.com')
    await write(session, {}, 'de')
    await answer(session, 'Oh nein!')
    await pass(AFTER)
    await idle()
    const [mail] = await mails()
    expect(mail?.subject).toBe('Neue Nachrichten von Northwind')
    expect(mail?.html).toContain('lang="de"')
  })

  it('escapes what it quotes, in any direction, and leaves out what is too much', async () => {
    const evil = '<img src=x onerror=alert(1)>'
    const message = {
      kind: 'text',
      text: `${evil}${'x'.repeat(3_000)}`,
      author: { kind: 'agent', name: evil },
    }
    const { html, text } = unreadMail({
      ...{ appName: evil, page: 'https://shop.example.com/"><b>', unsubscribe: 'https://chat.example.com/u' },
      ...{ language: 'ar', messages: Array.from({ length: 12 }, () => message) as never },
    })
    expect(html).not.toContain('<img')
    expect(html).not.toContain('"><b>')
    expect(html).toContain('dir="rtl"')
    expect(html.split('onerror').length - 1).toBe(2 * 10 + 3)
    expect(text.length).toBeLessThan(10 * 2_200)
    expect(text).toContain('…')
  })
})

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><svg onload=alert(1)>',
  '</title></head><body onload=alert(1)>',
  '<meta http-equiv=refresh content="0;url=https://evil.example">',
  '--></main><iframe src="javascript:alert(1)">',
  '\r\nBcc: eve@example.com\r\n\r\n<b>x</b>',
]

describe('[UM3] nothing that somebody wrote becomes more than text', () => {
  /** The mail as a mail server has it, of every kind of message. */
  async function mailOf(words: string) {
    const agent = { kind: 'agent', name: words }
    const buttons = [{ label: words, url: 'https://shop.example.com/' }]
    const file = { id: 'f1', name: words, mediaType: 'text/html', size: 1 }
    const messages = [
      { ...contentOfBody({ text: words }), author: agent },
      { ...contentOfBody({ cards: [{ title: words, text: words, buttons }] }), author: agent },
      { ...contentOfBody({ login: { text: words, button: words } }), author: agent },
      { kind: 'file', text: words, caption: words, file, author: agent },
    ] as unknown as readonly Message[]
    const sender = createSmtpSender({ smtpUrl: smtp.url, from: 'Northwind <chat@shop.example.com>' })
    const content = unreadMail({
      ...{ appName: words, page: 'https://shop.example.com/help', unsubscribe: 'https://chat.example.com/u' },
      ...{ language: 'en', messages },
    })
    const { signal } = new AbortController()
    await sender.send({ to: 'ann@example.com', ...content, key: `${smtp.mails.length}`, signal })
    return await parseMail(smtp.mails.at(-1)?.raw ?? '')
  }

  it.each(HOSTILE)('%j', async (words) => {
    const [mail, plain] = [await mailOf(words), await mailOf('words')]
    const tags = (whole: string | undefined) => whole?.match(/<[^>]*>/g)
    expect(tags(mail.html)).toEqual(tags(plain.html))
    expect(mail.headers.map(({ key }) => key)).toEqual(plain.headers.map(({ key }) => key))
    expect(smtp.mails.map(({ to }) => to)).toEqual([['ann@example.com'], ['ann@example.com']])
  })
})

describe('[UM4] unsubscribing', () => {
  it('is one click, and holds for the address in the app', async () => {
    const session = await customer('ann@example.com')
    await write(session)
    await answer(session, 'Oh no!')
    await pass(AFTER)
    await idle()
    const [mail] = await mails()
    const headers = new Map(mail?.headers.map(({ key, value }) => [key, value]))
    const link = /^<(https:\/\/chat\.example\.com\/u\/shop\/([\w-]{44})\?lang=en)>$/.exec(
      headers.get('list-unsubscribe') ?? '',
    )
    expect(headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click')
    expect(mail?.text).toContain(link?.[1])
    expect(await unsubscribing.unsubscribe(SHOP, link?.[2] ?? '')).toBe(true)
    await answer(session, 'Still there?')
    await pass(AFTER)
    await idle()
    expect(smtp.mails).toHaveLength(1)
    expect(await unsubscribing.isUnsubscribed(SHOP, 'Ann@Example.com')).toBe(true)
    expect(await unsubscribing.isUnsubscribed('other' as never, 'ann@example.com')).toBe(false)
  })

  it('no other text is a link of the app', async () => {
    const token = unsubscribing.tokenOf(SHOP, 'ann@example.com')
    const changed = `${token[0] === 'a' ? 'b' : 'a'}${token.slice(1)}`
    for (const wrong of ['', changed, token.slice(1), `${token}a`])
      expect(await unsubscribing.unsubscribe(SHOP, wrong)).toBe(false)
    expect(await unsubscribing.unsubscribe('other' as never, token)).toBe(false)
    expect(await unsubscribing.isUnsubscribed(SHOP, 'ann@example.com')).toBe(false)
  })
})
