/** `/dev/mailbox`: mails of `--dev`, with their links, so for this machine only. */

import { ChatError } from '@chat-widget/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isLoopback } from '../config/urls.ts'
import { type Html, html } from '../text/html.ts'
import type { Mailbox, ReceivedMail } from './mailbox.ts'

/** Beside the page, wherever a proxy puts it. */
const STYLESHEET = 'mailbox.css'
const POLICY =
  "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

export function registerMailbox(http: FastifyInstance, mailbox: Mailbox): void {
  const options = {
    schema: { hide: true },
    onRequest: async (request: FastifyRequest) => {
      if (!isFromThisMachine(request)) throw new ChatError('not-found', 'there is nothing at this address')
    },
  }
  http.get('/dev/mailbox.json', options, () => mailbox.mails)
  http.get(`/dev/${STYLESHEET}`, options, (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(styles),
  )
  http.get('/dev/mailbox', options, (_request, reply) =>
    reply
      .header('content-security-policy', POLICY)
      .type('text/html; charset=utf-8')
      .send(String(page(mailbox.mails))),
  )
}

/**
 * Checks the host name too, as it was sent and as a proxy forwards it: a page whose DNS name was pointed here could
 * read everything, and may set `X-Forwarded-Host`.
 */
function isFromThisMachine({ ip, hostname, headers }: FastifyRequest): boolean {
  const sent = `http://${headers.host}`
  return [ip.replace(/^::ffff:/, ''), hostname, URL.canParse(sent) ? new URL(sent).hostname : ''].every(
    isLoopback,
  )
}

function page(mails: readonly ReceivedMail[]): Html {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Mailbox (${mails.length})</title>
    <link rel="stylesheet" href="${STYLESHEET}">
  </head>
  <body>
    <main>
      <h1>Mailbox</h1>
      <p>Nothing is sent in development without an SMTP server. The newest mail comes first.
        <a href="mailbox">Reload</a></p>
      ${mails.length === 0 && html`<p>No mail yet.</p>`}
      ${mails.map(
        ({ to, subject, text, at }) => html`<article>
        <h2><bdi>${subject}</bdi></h2>
        <p>To ${to}, <time datetime="${at}">${at}</time></p>
        <pre dir="auto">${linked(text)}</pre>
      </article>`,
      )}
    </main>
  </body>
</html>
`
}

/** Makes links of lines that consist of a URL alone, as a mail program would. */
function linked(text: string): readonly (string | Html)[] {
  return text
    .split('\n')
    .map((line) => (/^https?:\/\/\S+$/u.test(line) ? html`<a href="${line}">${line}</a>\n` : `${line}\n`))
}

const styles = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; color: CanvasText; background: Canvas; }
body { margin: 0 auto; max-width: 44rem; padding: 1rem; overflow-wrap: anywhere; }
article { margin-block: 1.5rem; padding: 1rem 1.25rem; border: 1px solid #8888; border-radius: .5rem; }
h2 { margin: 0; font-size: 1.125rem; }
article p { margin: .25rem 0 1rem; }
pre { margin: 0; font: inherit; white-space: pre-wrap; }
`
