import type { AppId } from '@chat-widget/protocol'
import type { SMTPServerOptions } from 'smtp-server'
import { expect, it, onTestFinished } from 'vitest'
import { createMailbox } from '../mail/mailbox.ts'
import { createSmtpSender } from '../mail/smtp-sender.ts'
import { headerNames, OUR_HEADERS, parseMail, refusal, startSmtpServer } from '../mail/smtp-server.testing.ts'
import type { AuthenticationRequestRecord } from '../storage/authentication-request-storage.ts'
import type { Language } from '../text/language.ts'
import { DeliveryRefused } from './authentication-requests.ts'
import { CREATED_AT, LINK_TOKEN, requestRecord } from './fake-requests.testing.ts'
import { createMailDelivery } from './mail-delivery.ts'

const LINK = `https://chat.example.com/a/${LINK_TOKEN}`
const { signal } = new AbortController()

interface Options {
  readonly record?: Parameters<typeof requestRecord>[0]
  readonly appName?: string
  readonly language?: Language
}

async function mailFor({ record, appName = 'Northwind', language = 'en' }: Options = {}) {
  const mailbox = createMailbox()
  const asked: AppId[] = []
  const delivery = createMailDelivery({
    sender: mailbox,
    appName: (app) => {
      asked.push(app)
      return appName
    },
    language: () => language,
    now: () => CREATED_AT + 5000,
  })
  await delivery.deliver({ record: requestRecord(record), link: LINK, signal })
  return { ...mailbox.mails[0]!, asked }
}

async function smtpServer(options?: SMTPServerOptions) {
  const server = await startSmtpServer(options)
  onTestFinished(() => server.close())
  return server
}

const deliverBy = (smtpUrl: string, record: AuthenticationRequestRecord, appName = 'Northwind') =>
  createMailDelivery({
    sender: createSmtpSender({ smtpUrl, from: 'chat@shop.example.com', timeoutMs: 5000 }),
    appName: () => appName,
    language: () => 'en',
    now: () => CREATED_AT,
  }).deliver({ record, link: LINK, signal })

it('[AR8] the mail reads like this', async () => {
  const { to, subject, text, asked } = await mailFor({
    record: { claims: { applicationTitle: 'Order desk' } },
  })
  expect(to).toBe('alex@example.com')
  expect(asked).toEqual(['shop'])
  expect(subject).toBe('Is this you? Sign-in to Northwind')
  expect(text.replaceAll('\u2060', '')).toBe(`Someone wants to sign in to Northwind as alex@example.com.

Asked: Nov 25, 2026, 2:41 PM UTC
Valid until: Nov 25, 2026, 2:56 PM UTC

What the requester says
Said by the requester, not verified.
  Application: Order desk
  Name: Alex Morgan
  IP address: 203.0.113.7
  Place or website: https://shop.example.com

Approve only if you started this yourself, just now. Approving signs in whoever asked.

Answer here:
${LINK}

The link is valid for 15 minutes.

You did not ask for this? Ignore this mail, and nobody is signed in. Or open the link and choose “I didn’t ask for this”.
`)
})

it('[AR8] the HTML part says the same as the text, without images, scripts or anything from elsewhere', async () => {
  const { text, html } = await mailFor({ record: { binding: 'code' } })
  const words = html.replaceAll(/<[^>]+>/gu, ' ')
  const escaped = (line: string) => line.replaceAll('&', '&amp;').replaceAll("'", '&#39;')
  for (const line of text.split('\n'))
    for (const part of line.trim().split(/(?<=^[^:/]+): /u))
      if (part !== '' && part !== LINK) expect(words).toContain(escaped(part.replace(/:$/u, '')))
  expect(html).not.toMatch(/<img|<script|<link|<iframe|url\(|@import|\ssrc=/iu)
  expect([...html.matchAll(/href="([^"]*)"/gu)].map(([, href]) => href)).toEqual([LINK])
  expect(html).toContain('<html lang="en" dir="ltr">')
})

it('[AR2] with a code the mail says that one is needed, and has none', async () => {
  const { text } = await mailFor({ record: { binding: 'code' } })
  expect(text).toContain(
    'To approve you need the 6 digits that are shown where you asked. They are in no mail.',
  )
  expect((await mailFor()).text).not.toContain('digits')
})

it.each([
  ['de', 'ltr', 'Sind Sie das? Anmeldung bei Northwind', '25. Nov. 2026, 14:41 UTC', '15 Minuten'],
  ['ar', 'rtl', 'هل هذا أنت؟ تسجيل الدخول إلى Northwind', '25 نوفمبر 2026، 2:41 م UTC', '15 دقيقة'],
  ['pl', 'ltr', 'Czy to Ty? Logowanie w Northwind', '25 lis 2026, 14:41 UTC', 'ważny 15 minut.'],
] as const)('speaks the language of the app: %s', async (language, dir, subject, time, validity) => {
  const mail = await mailFor({ language })
  expect(mail.subject).toBe(subject)
  expect(mail.html).toContain(`<html lang="${language}" dir="${dir}">`)
  for (const part of [mail.text, mail.html]) {
    expect(part).toContain(time)
    expect(part).toContain(validity)
  }
})

it('[AR8] no word of the caller becomes a link in a mail program, nor stands in the subject', async () => {
  const lure = 'Your account is locked, see http://evil.example/x or mail help@evil.example, www.evil.example'
  const { subject, text, html } = await mailFor({
    record: { claims: { applicationTitle: lure, userName: lure, userOrigin: 'https://evil.example' } },
  })
  for (const part of [subject, text, html]) expect(part).not.toMatch(/evil\.example|:\/\/evil|@evil/u)
  expect(text.replaceAll('\u2060', '')).toContain(lure)
  expect(text, 'to be looked up').toContain('203.0.113.7')
})

it('[AR8] forged lines stay within the line of their claim, and markup is text', async () => {
  const attack =
    'x\r\n\r\nApproved by: your bank\u2028Valid until: 2099\u202E</dl><a href="http://evil.example">'
  const { text, html } = await mailFor({
    record: { claims: { applicationTitle: attack, userName: attack, userIp: attack, userOrigin: attack } },
    appName: attack,
  })
  const lines = text.split('\n')
  expect(lines.filter((line) => /^\s*(Approved|Valid until: 2099)/u.test(line))).toEqual([])
  expect(lines).toHaveLength((await mailFor()).text.split('\n').length)
  expect(text + html).not.toMatch(/[\u2028\u202E\r]/u)
  expect(html.match(/<a /gu)).toHaveLength(1)
})

it('[AR8] through every field, nothing gets into the headers or to another recipient', async () => {
  const attacks = [
    'x\r\nBcc: evil@example.org',
    'x\nX-Evil: 1\n\n<script>alert(1)</script>',
    'x\u2028Bcc: evil@example.org\u2029Reply-To: evil@example.org\u0085',
    '=?utf-8?Q?=0D=0ABcc:_evil@example.org?=',
    `${'W'.repeat(2000)}\r\nBcc: evil@example.org`,
  ]
  const server = await smtpServer()
  for (const attack of attacks) {
    server.mails.length = 0
    const claims = { applicationTitle: attack, userName: attack, userIp: attack, userOrigin: attack }
    await deliverBy(server.url, requestRecord({ claims }), attack)
    const [{ raw, to } = { raw: '', to: [] }] = server.mails
    expect(to).toEqual(['alex@example.com'])
    expect(headerNames(raw)).toEqual(OUR_HEADERS)
    const parsed = await parseMail(raw)
    expect(parsed.to).toEqual([{ name: '', address: 'alex@example.com' }])
    expect(parsed.from?.address).toBe('chat@shop.example.com')
    expect(parsed.subject).toMatch(/^Is this you\? Sign-in to [^\r\n]*$/u)
    expect(parsed.text?.split('\n')).toContain(LINK)
  }
  for (const attack of attacks) {
    const addressee = { kind: 'email', email: `alex@example.com${attack}` } as const
    await expect(deliverBy(server.url, requestRecord({ addressee }))).rejects.toThrow(DeliveryRefused)
  }
})

it('a recipient that is refused for good is not tried again, anything else is', async () => {
  const refusing = async (code: number) =>
    (
      await smtpServer({
        onRcptTo: (_address, _session, callback) => callback(refusal(code, `no ${LINK}`)),
      })
    ).url
  const permanent = deliverBy(await refusing(550), requestRecord())
  await expect(permanent).rejects.toThrow(DeliveryRefused)
  await expect(permanent).rejects.not.toThrow(LINK_TOKEN)
  const temporary = deliverBy(await refusing(451), requestRecord())
  await expect(temporary).rejects.not.toThrow(DeliveryRefused)
})

it('mails nobody for an identifier', async () => {
  const addressee = { kind: 'identifier', identifier: '1112223334' } as const
  await expect(mailFor({ record: { addressee } })).rejects.toThrow(DeliveryRefused)
})
