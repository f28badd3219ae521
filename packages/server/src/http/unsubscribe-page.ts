/** [UM4] The page behind a mail's link to unsubscribe: viewing it changes nothing, a POST does (RFC 8058). */
import { createHash } from 'node:crypto'
import { type AppId, createFormats, directionOf } from '@chat-widget/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { WORDS } from '../locales/languages.ts'
import { html } from '../text/html.ts'
import { htmlPage } from '../text/html-page.ts'
import { DEFAULT_LANGUAGE, type Language, languageFor, languageOf } from '../text/language.ts'
import { UNSUBSCRIBE_PREFIX, type Unsubscribing } from '../unread-mail/unsubscribing.ts'
import { styles } from './approval-page/approval-page.styles.ts'
import { outcomeMain } from './approval-page/approval-views.ts'
import { toHttpError } from './errors.ts'

export interface UnsubscribePageOptions {
  readonly unsubscribing: Unsubscribing
  readonly appName: (app: AppId) => string
  /** The app's own, if it has one. */
  readonly appLanguage: (app: AppId) => Language | undefined
  /** The path below which the server answers. */
  readonly basePath: string
}

const STYLESHEET = `/page-${createHash('sha256').update(styles).digest('hex').slice(0, 12)}.css`
const POLICY =
  "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

interface Link {
  readonly Params: { readonly app: AppId; readonly token: string }
}

/** Registers `GET` and `POST /u/:app/:token` in a scope of their own: no other route accepts such bodies. */
export function registerUnsubscribePage(
  http: FastifyInstance,
  { unsubscribing, appName, appLanguage, basePath }: UnsubscribePageOptions,
): void {
  /** That of the mail, else the browser's, else the app's. */
  const languageOfPage = ({ params, query, headers }: FastifyRequest): Language => {
    const { lang } = query as { readonly lang?: unknown }
    const { app } = params as Partial<Link['Params']>
    const fallback = (app === undefined ? undefined : appLanguage(app)) ?? DEFAULT_LANGUAGE
    return (
      (typeof lang === 'string' ? languageOf(lang) : undefined) ??
      languageFor(headers['accept-language'], fallback)
    )
  }
  const show = (
    reply: FastifyReply,
    request: FastifyRequest,
    status: number,
    say: (words: Words) => {
      readonly title: string
      readonly text: string
      /** Of the question; without it, the page is an outcome. */
      readonly button?: string
    },
  ) => {
    const { tag, strings } = WORDS[languageOfPage(request)]
    const { title, text, button } = say(strings(createFormats(tag)).unread)
    const stylesheet = `${basePath}${UNSUBSCRIBE_PREFIX}${STYLESHEET}`
    const page = htmlPage(
      { title, language: tag, dir: directionOf(tag), stylesheet },
      button === undefined
        ? outcomeMain({ title, text }, status === 200 ? 'good' : 'plain')
        : html`
    <main>
      <h1>${title}</h1>
      <p>${text}</p>
      <form method="post"><div class="answers"><button>${button}</button></div></form>
    </main>`,
    )
    return reply.code(status).type('text/html; charset=utf-8').send(String(page))
  }

  http.register(
    async (scope) => {
      // A form of the page, or `List-Unsubscribe=One-Click` in either encoding: what it says is not read.
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 1_024 }, (_request, _body, done) =>
        done(null, null),
      )
      scope.addHook('onRequest', async (_request, reply) => {
        reply.headers({
          'content-security-policy': POLICY,
          'cache-control': 'no-store',
          'referrer-policy': 'no-referrer',
          'x-robots-tag': 'noindex',
        })
      })
      scope.setErrorHandler((error, request, reply) => {
        const { status } = toHttpError(error)
        if (status >= 500)
          request.log.error({ err: error, route: request.routeOptions.url }, 'request failed')
        return show(reply, request, status, ({ failed }) => failed)
      })

      const hidden = { schema: { hide: true } }
      scope.get(STYLESHEET, hidden, (_request, reply) =>
        reply
          .header('cache-control', 'public, max-age=31536000, immutable')
          .type('text/css; charset=utf-8')
          .send(styles),
      )
      scope.get<Link>('/:app/:token', hidden, (request, reply) => {
        const { app, token } = request.params
        if (!unsubscribing.isToken(app, token)) return show(reply, request, 404, ({ unknown }) => unknown)
        return show(reply, request, 200, ({ question, explanation, button }) => ({
          ...{ title: question(appName(app)), text: explanation, button },
        }))
      })
      scope.post<Link>('/:app/:token', hidden, async (request, reply) => {
        const { app, token } = request.params
        if (!(await unsubscribing.unsubscribe(app, token)))
          return show(reply, request, 404, ({ unknown }) => unknown)
        return show(reply, request, 200, ({ done }) => ({ title: done.title, text: done.text(appName(app)) }))
      })
    },
    { prefix: UNSUBSCRIBE_PREFIX },
  )
}

type Words = ReturnType<(typeof WORDS)['en']['strings']>['unread']
