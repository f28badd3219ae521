/** The page at `/` with `--dev`: the chat itself, the way to the console, and the tag to copy. */
import { ChatError } from '@chat-widget/protocol'
import type { FastifyInstance } from 'fastify'
import type { AppConfig, ServerConfig } from '../config/config.ts'
import { originAllowed } from '../network/origins.ts'
import { type Html, html } from '../text/html.ts'
import { pagePolicy } from './page-files.ts'

export function registerDevPage(
  http: FastifyInstance,
  { apps, publicUrl }: Pick<ServerConfig, 'apps' | 'publicUrl'>,
): void {
  const hidden = { schema: { hide: true } }
  http.get('/', hidden, (request, reply) => {
    const address = publicUrl ?? `${request.protocol}://${request.host}`
    if (!URL.canParse(address)) throw new ChatError('bad-request', 'Host: is no host')
    return reply
      .header('content-security-policy', pagePolicy(request.headers.host))
      .type('text/html; charset=utf-8')
      .send(String(page(apps[0], address)))
  })
  http.get('/dev.css', hidden, (_request, reply) => reply.type('text/css; charset=utf-8').send(styles))
}

function page(config: AppConfig | undefined, server: string): Html {
  const app = config?.id ?? ''
  const url = new URL(server)
  const { origin } = url
  const mayChat = (address: string) => originAllowed(address, config?.origins ?? [])
  const isAllowed = mayChat(origin)
  url.hostname = 'localhost'
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Chat server</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="dev.css">
    <script type="module" src="chat-widget.js"></script>
  </head>
  <body>
    <main>
      <h1>Your chat server runs</h1>
      ${
        isAllowed
          ? html`<p>Write something in the chat, and answer it in
              <a href="console/" target="_blank">the agents’ console</a>: the terminal has its password.</p>`
          : html`<p>To try the chat here, add <code>${origin}</code> to the <code>origins</code> of the app
              <code>${app}</code>${
                mayChat(url.origin) &&
                html`, or open <a href="${url.href}">${url.origin}</a> on the
              server’s own machine`
              }.
              <a href="console/" target="_blank">The agents’ console</a>: the terminal has its password.</p>`
      }
      <p>On a page of your own:</p>
      <pre tabindex="0"><code>&lt;script async src="${server}/embed.js" data-app="${app}"&gt;&lt;/script&gt;</code></pre>
      <p>With npm (<code>npm install @chat-widget/widget</code>):</p>
      <pre tabindex="0"><code>import '@chat-widget/widget'

&lt;chat-widget app="${app}" server="${server}"&gt;&lt;/chat-widget&gt;</code></pre>
      <p>This page is here with <code>--dev</code> only. <code>chat-widget-server --help</code> lists the rest;
        <code>chat-widget-server init</code> writes a configuration for your site.</p>
    </main>
    ${isAllowed && html`<chat-widget app="${app}" open></chat-widget>`}
  </body>
</html>
`
}

const styles = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; color: CanvasText; background: Canvas; }
body { margin: 0; padding: 1rem 1.5rem; }
main { max-width: 40rem; }
pre { padding: .75rem 1rem; font-size: .85rem; border: 1px solid #8888; border-radius: .5rem; overflow-x: auto; }
`
