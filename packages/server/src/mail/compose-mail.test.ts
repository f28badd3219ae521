import type { AppId } from '@chat-widget/protocol'
import { fastify } from 'fastify'
import { expect, it, onTestFinished } from 'vitest'
import { DeliveryRefused } from '../authentication-requests/authentication-requests.ts'
import { LINK_TOKEN, requestRecord } from '../authentication-requests/fake-requests.testing.ts'
import { createMailDelivery } from '../authentication-requests/mail-delivery.ts'
import type { AppConfig, ServerConfig } from '../config/config.ts'
import { composeMail } from './compose-mail.ts'
import { parseMail, startSmtpServer } from './smtp-server.testing.ts'

const LINK = `https://chat.example.com/a/${LINK_TOKEN}`
const { signal } = new AbortController()
const shop: AppConfig = {
  id: 'shop' as AppId,
  name: 'Nordwind',
  locale: 'de',
  origins: ['http://localhost:*'],
  login: { methods: ['host', 'email'], continueAsGuest: true },
  actions: {},
  apiKeyHashes: [],
}

async function compose({ apps = [shop], ...options }: Partial<Pick<ServerConfig, 'apps' | 'dev' | 'mail'>>) {
  const warnings: unknown[][] = []
  const logger = { warn: (...words: unknown[]) => void warnings.push(words) }
  const { sender, registerRoutes } = await composeMail({ dev: false, apps, ...options }, logger)
  const language = () => apps[0]?.locale ?? 'en'
  const delivery = createMailDelivery({ sender, appName: () => apps[0]?.name ?? '', language })
  return { delivery, registerRoutes, warnings }
}

it("sends by SMTP in the app's name and language", async () => {
  const server = await startSmtpServer()
  onTestFinished(() => server.close())
  const mail = { smtpUrl: server.url, from: 'chat@shop.example.com' }
  const { delivery, warnings } = await compose({ dev: true, mail })
  await delivery.deliver({ record: requestRecord(), link: LINK, signal })
  const { subject, text } = await parseMail(server.mails[0]!.raw)
  expect(subject).toBe('Sind Sie das? Anmeldung bei Nordwind')
  expect(text?.split('\n')).toContain(LINK)
  expect(warnings).toEqual([])
})

it('with dev and no SMTP address, mail arrives in the mailbox', async () => {
  const { delivery, registerRoutes } = await compose({ dev: true, apps: [{ ...shop, locale: 'en' }] })
  const http = fastify()
  onTestFinished(() => http.close())
  registerRoutes(http)
  await delivery.deliver({ record: requestRecord(), link: LINK, signal })
  const [mail] = JSON.parse((await http.inject('/dev/mailbox.json')).body)
  expect(mail).toMatchObject({ to: 'alex@example.com', subject: 'Is this you? Sign-in to Nordwind' })
  expect(mail.text.split('\n')).toContain(LINK)
})

it('without either, a request by email is refused, and the operator of an app that offers it is told at once', async () => {
  const { delivery, warnings } = await compose({})
  await expect(delivery.deliver({ record: requestRecord(), link: LINK, signal })).rejects.toThrow(
    DeliveryRefused,
  )
  expect(warnings).toEqual([[{ apps: ['shop'] }, 'login by email needs "mail" in the configuration']])
  expect(
    (await compose({ apps: [{ ...shop, login: { methods: ['host'], continueAsGuest: true } }] })).warnings,
  ).toEqual([])
})
