import type { AppId } from '@chat-widget/protocol'
import { pino } from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import type { Language } from '../text/language.ts'
import { createUnsubscribing } from '../unread-mail/unsubscribing.ts'
import { createHttpServer } from './http-server.ts'
import { registerUnsubscribePage } from './unsubscribe-page.ts'

const SHOP = 'shop' as AppId
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

async function start(appLanguage?: Language) {
  const log: string[] = []
  const recipients = new Set<string>()
  const unsubscribing = await createUnsubscribing({
    mails: {
      isUnsubscribed: async (recipient) => recipients.has(recipient),
      unsubscribe: async (_app, recipient) => void recipients.add(recipient),
    },
    keys: { keep: async (_name, offered) => offered },
  })
  const http = createHttpServer(pino({ level: 'trace' }, { write: (line: string) => void log.push(line) }))
  registerUnsubscribePage(http, {
    ...{ unsubscribing, appName: () => '<b>Northwind</b>', basePath: '' },
    appLanguage: () => appLanguage,
  })
  await http.ready()
  onTestFinished(() => http.close())
  const token = unsubscribing.tokenOf(SHOP, 'ann@example.com')
  return { http, log, token, url: `/u/shop/${token}`, recipients }
}

it.each(['GET', 'HEAD'] as const)('[UM4] %s changes nothing, however often', async (method) => {
  const { http, url, recipients } = await start()
  for (const _ of [1, 2]) {
    const { statusCode, headers, body } = await http.inject({ method, url })
    expect(statusCode).toBe(200)
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'referrer-policy': 'no-referrer',
    })
    if (method === 'GET') expect(body).toContain('<button>Unsubscribe</button>')
    expect(body).not.toContain('<b>Northwind')
    expect(body).not.toContain('ann@')
  }
  expect(recipients.size).toBe(0)
})

it.each([
  ['the page’s form', FORM, ''],
  ['one click', FORM, 'List-Unsubscribe=One-Click'],
  [
    'one click, in parts',
    { 'content-type': 'multipart/form-data; boundary=x' },
    '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
  ],
  ['no body', {}, ''],
])('[UM4] POST of %s unsubscribes, and again changes nothing', async (_what, headers, payload) => {
  const { http, url, recipients, log, token } = await start()
  for (const _ of [1, 2]) {
    const { statusCode, body } = await http.inject({ method: 'POST', url, headers, payload })
    expect([statusCode, body]).toEqual([200, expect.stringContaining('You are unsubscribed')])
  }
  expect(recipients.size).toBe(1)
  expect(log.join('')).not.toContain(token)
})

it.each([
  ['that of the mail', '?lang=de', { 'accept-language': 'fr' }, 'de'],
  ['else the browser’s', '', { 'accept-language': 'fr-CA,en;q=0.5' }, 'fr'],
  ['also where the link names none of ours', '?lang=xx', { 'accept-language': 'fr' }, 'fr'],
  ['else the app’s', '?lang[]=de', {}, 'nl'],
  ['where the browser asks for none of ours, too', '', { 'accept-language': 'sv' }, 'nl'],
])('[UM3] the page is in one language: %s', async (_which, query, headers, language) => {
  const { http, url } = await start('nl')
  const { body } = await http.inject({ method: 'GET', url: url + query, headers })
  expect(body).toContain(`<html lang="${language}"`)
  expect((await http.inject({ method: 'POST', url: url + query, headers })).body).toContain(
    `<html lang="${language}"`,
  )
})

it('[UM4] a link that is none of ours changes nothing, and says so in the reader’s language', async () => {
  const { http, recipients } = await start()
  for (const method of ['GET', 'POST'] as const) {
    const url = `/u/shop/${'a'.repeat(44)}`
    const { statusCode, body } = await http.inject({ method, url, headers: { 'accept-language': 'he' } })
    expect(statusCode).toBe(404)
    expect(body).toContain('lang="he" dir="rtl"')
  }
  expect(recipients.size).toBe(0)
})
