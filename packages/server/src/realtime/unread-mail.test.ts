import { afterAll, beforeAll, expect, it } from 'vitest'
import { createMailbox } from '../mail/mailbox.ts'
import { signIn, startRealtime, type TestRealtime } from './realtime.testing.ts'
import { newClientId, openVisitor } from './test-device.testing.ts'

const MINUTE = 60_000
const mailbox = createMailbox()
let passed = 0
let server: TestRealtime
beforeAll(async () => {
  server = await startRealtime({
    sender: mailbox,
    shop: { unreadMail: { afterMinutes: 1, page: 'https://shop.example.com/help' } },
    now: () => Date.now() + passed,
  })
  server.jobs.start()
})
afterAll(() => server.stop())

const wait = (ms: number) => {
  passed += ms
  server.jobs.wake()
}

it('[UM1] [UM3] a customer who left with an unread answer is mailed, and not while a device is connected', async () => {
  const { device } = await openVisitor(
    server.url,
    {},
    { extraHeaders: { 'accept-language': 'fr-CA,fr;q=0.9,en;q=0.8' } },
  )
  const { conversationId } = await signIn(device, { sub: 'ann@example.com' })
  await device.send(conversationId, 'My tent is broken')
  const { device: agent } = await server.agent()
  const body = { text: 'Oh no!' }
  await agent.ask('message:send', { conversationId, clientId: newClientId(), body })
  wait(MINUTE)
  // It was looked at: the next look is later.
  const isLater = async () =>
    ((await server.storage.jobs.nextDue(['unread-mail'], 0)) ?? 0) > Date.now() + passed + 45_000
  await expect.poll(isLater).toBe(true)
  expect(mailbox.mails).toEqual([])
  device.close()
  const { device: watching } = await server.agent('Ada')
  await expect
    .poll(
      async () => (await watching.ask<{ online: boolean }>('conversation:watch', { conversationId })).online,
    )
    .toBe(false)
  wait(2 * MINUTE)
  await expect.poll(() => mailbox.mails).toHaveLength(1)
  expect(mailbox.mails[0]).toMatchObject({
    to: 'ann@example.com',
    subject: 'Nouveaux messages de shop',
    text: expect.stringContaining('Grace:\nOh no!'),
    unsubscribe: expect.stringMatching(/^https:\/\/chat\.example\.com\/u\/shop\/[\w-]{44}\?lang=fr$/),
  })
})

it.each([
  ['of the chat, whatever the browser prefers', 'de-AT', 'fr', 'de'],
  ['of the browser, where the chat has another one', 'sv', 'fr-CA,fr;q=0.9', 'fr'],
  ['of the app, where neither is known', 'sv', 'sv', null],
])('[UM3] the language is that %s', async (_which, locale, accepted, language) => {
  const { device } = await openVisitor(
    server.url,
    { locale },
    { extraHeaders: { 'accept-language': accepted } },
  )
  const { conversationId } = await signIn(device, { sub: `${newClientId()}@example.com` })
  await device.send(conversationId, 'Hello')
  expect((await server.storage.conversations.find(conversationId))?.language).toBe(language)
})
