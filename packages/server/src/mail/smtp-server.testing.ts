/** A real SMTP server on a port of its own, which accepts, refuses or swallows mail as the test says. */
import type { AddressInfo } from 'node:net'
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

interface Received {
  readonly from: string
  readonly to: readonly string[]
  /** As it came over the wire. */
  readonly raw: string
}

/** `port`: the one of an earlier server. Default: a free one, without TLS. */
export async function startSmtpServer({
  port = 0,
  ...options
}: SMTPServerOptions & { readonly port?: number } = {}) {
  const mails: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    // Looking up the client's host name is not needed, and may take as long as a mail.
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
  // Some tests are about clients that give up half-way.
  server.on('error', () => undefined)
  const listening = (server.server.address() as AddressInfo).port
  return {
    port: listening,
    url: `smtp://127.0.0.1:${listening}`,
    mails,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

/** Names of a raw mail's headers, sorted. */
export function headerNames(raw: string): readonly string[] {
  const [head = ''] = raw.split('\r\n\r\n')
  return head
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .map((line) => (line.split(':')[0] ?? '').toLowerCase())
    .sort()
}

/** All headers of our mails. */
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

/** Makes a refusal in the form that `smtp-server` expects. */
export const refusal = (responseCode: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode })

/** Parses a mail as a mail program does. */
export const parseMail = (raw: string) => PostalMime.parse(raw)
