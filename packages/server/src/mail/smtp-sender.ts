/** Sends mail by SMTP: one connection for each, so that one that hangs delays no other. */
import { readEmailAddress } from '@chat-widget/protocol'
import { createTransport } from 'nodemailer'
import { isLoopback } from '../config/urls.ts'
import { MailNotSent, type MailSender, RecipientRefused } from './mail-sender.ts'

export interface SmtpOptions {
  /** `smtp://user:password@host:587`; `smtps://` for TLS from the first byte. */
  readonly smtpUrl: string
  /** `Northwind <chat@example.com>`, or only the address. */
  readonly from: string
  /** Time for the connection, for the greeting, and for each silence after. Milliseconds, default 10000. */
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 10_000

export function createSmtpSender({ smtpUrl, from, timeoutMs = TIMEOUT_MS }: SmtpOptions): MailSender {
  const transport = createTransport({
    ...serverOf(smtpUrl),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    // nodemailer's log would contain whole mails.
    logger: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = /@([^\s>]+)/.exec(from)?.[1] ?? 'localhost'
  return {
    async send({ to, subject, text, html, unsubscribe, key, signal }) {
      // In its one spelling, which cannot be read as two addresses or as another one.
      if (readEmailAddress(to) !== to)
        throw new RecipientRefused('the address is none that mail can be sent to')
      try {
        await transport.sendMail({
          from,
          to: { name: '', address: to },
          subject: headerText(subject),
          text,
          html,
          // Prevents automatic answers, e.g. out of office.
          headers: {
            'Auto-Submitted': 'auto-generated',
            'X-Auto-Response-Suppress': 'All',
            ...(unsubscribe !== undefined && {
              'List-Unsubscribe': `<${unsubscribe}>`,
              'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
            }),
          },
          ...(key !== undefined && { messageId: `<${key}@${domain}>` }),
          signal,
        })
      } catch (error) {
        throw translated(error)
      }
    },
  }
}

function serverOf(smtpUrl: string) {
  const url = new URL(smtpUrl)
  const host = url.hostname.replaceAll(/^\[|\]$/g, '')
  const secure = url.protocol === 'smtps:'
  const server = { host, secure, ...(url.port === '' ? {} : { port: Number(url.port) }) }
  if (url.username === '') return server
  const auth = { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
  // Otherwise an attacker in between could remove STARTTLS and read the password.
  return { ...server, auth, requireTLS: !isLoopback(url.hostname) }
}

/** Text that looks like an encoded word would be sent as it is, and decoded into something else. */
const headerText = (text: string): string => text.replaceAll('=?', '= ?')

/** Commands whose refusal is permanent: the same mail would be refused again. */
const OF_THE_MAIL: ReadonlySet<string> = new Set(['MAIL FROM', 'RCPT TO', 'DATA'])

/** Replies that ask for authentication or encryption first: any mail would get them, at any command. */
const OF_THE_CONNECTION: ReadonlySet<number> = new Set([530, 534, 535, 538])

/** Keeps an error's kind, code and place; nodemailer's message also quotes the server. */
function translated(error: unknown): Error {
  const { code, responseCode, command } = (error ?? {}) as Readonly<Record<string, unknown>>
  const isPermanent =
    typeof responseCode === 'number' && responseCode >= 500 && !OF_THE_CONNECTION.has(responseCode)
  // About this mail: a wrong password or connection would fail for every mail.
  if (isPermanent && typeof command === 'string' && OF_THE_MAIL.has(command))
    return new RecipientRefused(`the mail server refuses the mail (${responseCode}, ${command})`)
  const facts = [code, responseCode, command].filter(
    (fact) => typeof fact === 'string' || typeof fact === 'number',
  )
  return new MailNotSent(`the mail was not sent${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`)
}
