/** The page behind a link in a mail: viewing it changes nothing, only its own form decides ([AR1]). */
import { createHash } from 'node:crypto'
import type { AppId } from '@chat-widget/protocol'
import formBody from '@fastify/formbody'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type {
  AuthenticationRequests,
  LinkView,
} from '../../authentication-requests/authentication-requests.ts'
import { type Outcome, type RequestStrings, stringsOf } from '../../authentication-requests/locale.ts'
import { requestFacts } from '../../authentication-requests/request-facts.ts'
import type { AuthenticationRequestRecord } from '../../storage/authentication-request-storage.ts'
import type { Html } from '../../text/html.ts'
import { type Language, languageFor } from '../../text/language.ts'
import { toHttpError } from '../errors.ts'
import { styles } from './approval-page.styles.ts'
import { type Mark, outcomePage, type PendingProblem, pendingPage } from './approval-views.ts'

export interface ApprovalPageOptions {
  readonly requests: Pick<AuthenticationRequests, 'viewLink' | 'decideByLink'>
  readonly appName: (app: AppId) => string
  /** The path below which the server answers. Default: none. */
  readonly basePath?: string
  /** Language for readers of none of the page's languages. */
  readonly defaultLocale: Language
  /** Default `Date.now`. */
  readonly now?: () => number
}

interface Answer {
  readonly status: number
  readonly page: (stylesheet: string) => Html
}

const PREFIX = '/a'
const STYLESHEET = `/approval-${createHash('sha256').update(styles).digest('hex').slice(0, 12)}.css`
const IMMUTABLE = 'public, max-age=31536000, immutable'

const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

const form = z.strictObject({
  nonce: z.string().min(1),
  decision: z.enum(['approve', 'deny', 'mute']),
  code: z.string().max(100).optional(),
})

type Form = z.infer<typeof form>

/** Registers `GET` and `POST /a/:token` in a scope of their own: no other route accepts forms. */
export function registerApprovalPage(http: FastifyInstance, options: ApprovalPageOptions): void {
  const { basePath = '', defaultLocale } = options
  const stylesheet = `${basePath}${PREFIX}${STYLESHEET}`
  http.register(
    async (scope) => {
      await scope.register(formBody)

      scope.addHook('onRequest', async (_request, reply) => {
        reply.headers({
          'content-security-policy': POLICY,
          'cache-control': 'no-store',
          'referrer-policy': 'no-referrer',
          'x-robots-tag': 'noindex',
        })
      })

      const stringsFor = (request: FastifyRequest) =>
        stringsOf(languageFor(request.headers['accept-language'], defaultLocale))
      const send = (reply: FastifyReply, { status, page }: Answer) =>
        reply
          .code(status)
          .type('text/html; charset=utf-8')
          .send(String(page(stylesheet)))

      scope.setNotFoundHandler((request, reply) => send(reply, unknown(stringsFor(request))))
      scope.setErrorHandler((error, request, reply) => {
        const { status } = toHttpError(error)
        if (status >= 500)
          request.log.error({ err: error, route: request.routeOptions.url }, 'request failed')
        const strings = stringsFor(request)
        return send(reply, status < 500 ? refused(status, strings) : failed(status, strings))
      })

      const hidden = { schema: { hide: true } }
      scope.get(STYLESHEET, hidden, (_request, reply) =>
        reply.header('cache-control', IMMUTABLE).type('text/css; charset=utf-8').send(styles),
      )

      scope.get<{ Params: { token: string } }>('/:token', hidden, async (request, reply) => {
        const view = await options.requests.viewLink(request.params.token)
        return send(reply, viewed(view, { ...options, strings: stringsFor(request) }))
      })

      scope.post<{ Params: { token: string }; Body: Form }>(
        '/:token',
        {
          schema: { hide: true, body: form },
          onRequest: async (request, reply) => {
            if (!comesFromOwnPage(request)) await send(reply, refused(403, stringsFor(request)))
          },
        },
        async (request, reply) => {
          const context = { ...options, strings: stringsFor(request) }
          return send(reply, await answered(request.params.token, request.body, context))
        },
      )
    },
    { prefix: PREFIX },
  )
}

/**
 * Checks the request's origin, beside the nonce. `Sec-Fetch-Site: none` comes from the person, e.g. by a reload.
 * Browsers without that header send the origin `null` from a page without referrer, so `null` is accepted.
 */
function comesFromOwnPage({ headers, host }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const { origin } = headers
  return origin === undefined || origin === 'null' || (URL.canParse(origin) && new URL(origin).host === host)
}

type Context = ApprovalPageOptions & { readonly strings: RequestStrings }

async function answered(token: string, { nonce, decision, code }: Form, context: Context): Promise<Answer> {
  const { requests, strings } = context
  const again = async (problem: PendingProblem) => viewed(await requests.viewLink(token), context, problem)
  const outcome = await requests.decideByLink({
    token,
    nonce,
    decision: decision === 'approve' ? 'approved' : 'denied',
    code: decision === 'approve' ? (code ?? null) : null,
    mutes: decision === 'mute',
  })
  switch (outcome.kind) {
    case 'decided':
      return decided(outcome.record, decision === 'mute', context)
    case 'wrong-code':
      return again({ kind: 'code-wrong', codesLeft: outcome.codesLeft })
    case 'no-code':
      return again({ kind: 'code-missing' })
    case 'over':
      return isReplay(outcome.status, decision) ? already(outcome.status, strings) : over(outcome, strings)
    case 'unknown':
      // The link may be valid and only the nonce old.
      return again({ kind: 'outdated' })
  }
}

type Decided = 'approved' | 'denied'

/** True if a reload sent the form again with the decision that was made: no reason for an alarm. */
const isReplay = (status: string, decision: Form['decision']): status is Decided =>
  status === 'approved' ? decision === 'approve' : status === 'denied' && decision !== 'approve'

const already = (status: Decided, strings: RequestStrings): Answer =>
  outcome(200, strings.already[status], status === 'approved' ? 'good' : 'plain', strings)

function decided(record: AuthenticationRequestRecord, mutes: boolean, context: Context): Answer {
  const { appName, strings } = context
  switch (record.status) {
    case 'approved':
      return outcome(200, strings.approved, 'good', strings)
    case 'denied': {
      const { app } = requestFacts(record, appName(record.app))
      return outcome(
        200,
        mutes ? { ...strings.muted, text: strings.muted.text(app) } : strings.denied,
        'plain',
        strings,
      )
    }
    default:
      return over({ status: record.status, isLocked: false }, strings)
  }
}

function viewed(view: LinkView, context: Context, problem: PendingProblem | null = null): Answer {
  const { appName, strings, now = Date.now } = context
  switch (view.kind) {
    case 'unknown':
      return unknown(strings)
    case 'over':
      return over(view, strings)
    case 'pending':
      return {
        status: statusOf(problem),
        page: (stylesheet) =>
          pendingPage(view, {
            strings,
            stylesheet,
            appName: appName(view.record.app),
            now: now(),
            problem,
          }),
      }
  }
}

function statusOf(problem: PendingProblem | null): number {
  if (problem === null) return 200
  return problem.kind === 'outdated' ? 409 : 422
}

function over(
  { status, isLocked }: Pick<Extract<LinkView, { kind: 'over' }>, 'status' | 'isLocked'>,
  strings: RequestStrings,
): Answer {
  if (isLocked) return outcome(410, strings.over.locked, 'bad', strings)
  // A request cannot be over and pending at once; the page then says nothing that depends on it.
  if (status === 'pending') return unknown(strings)
  return outcome(410, strings.over[status], 'plain', strings)
}

const unknown = (strings: RequestStrings): Answer => outcome(404, strings.unknown, 'bad', strings)
const refused = (status: number, strings: RequestStrings): Answer =>
  outcome(status, strings.refused, 'bad', strings)
const failed = (status: number, strings: RequestStrings): Answer =>
  outcome(status, strings.failed, 'bad', strings)

const outcome = (status: number, said: Outcome, mark: Mark, strings: RequestStrings): Answer => ({
  status,
  page: (stylesheet) => outcomePage(said, mark, { strings, stylesheet }),
})
