/** A real SMTP server on a port of its own, which takes, refuses or swallows mail as the test says. */
import type { AddressInfo } from 'node:net'
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

interface Received {
  readonly from: string
  readonly to: readonly string[]
  /** As it came over the wire. */
  readonly raw: string
}

/** `port`: to come back where it was. Default: a free one, without TLS. */
export async function startSmtpServer({
  port = 0,
  ...options
}: SMTPServerOptions & { readonly port?: number } = {}) {
  const mails: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    // Nobody needs the name of whoever connects, and asking for it may take as long as a mail.
    disableReverseLookup: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 100,
    logger: false,
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          from: mailFrom === false || mailFrom === null ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString('utf8'),
        })
        callback()
      })
    },
    ...options,
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  // A client that gives up in the middle is what some tests are about.
  server.on('error', () => undefined)
  const listening = (server.server.address() as AddressInfo).port
  return {
    port: listening,
    url: `smtp://127.0.0.1:${listening}`,
    mails,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

/** The names of a raw mail's headers, in order of the alphabet. */
export function headerNames(raw: string): readonly string[] {
  const [head = ''] = raw.split('\r\n\r\n')
  return head
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .map((line) => (line.split(':')[0] ?? '').toLowerCase())
    .sort()
}

/** All that a mail of ours has. */
export const OUR_HEADERS: readonly string[] = [
  'auto-submitted',
  'content-type',
  'date',
  'from',
  'message-id',
  'mime-version',
  'subject',
  'to',
  'x-auto-response-suppress',
]

/** A refusal as `smtp-server` wants it. */
export const refusal = (responseCode: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode })

/** As a mail program reads it. */
export const parseMail = (raw: string) => PostalMime.parse(raw)
