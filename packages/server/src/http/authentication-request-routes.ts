/** QuantAuth's interface to authentication requests: JSON over HTTP, with and without an app's API key. */
import { randomUUID } from 'node:crypto'
import {
  type AppId,
  type Asked,
  type AuthenticationRequestAnswer,
  type AuthenticationRequestId,
  ChatError,
  CREATOR_SECRET_HEADER,
} from '@chat-widget/protocol'
import {
  authenticationRequestAnswer,
  authenticationRequestBody,
  authenticationRequestEvents,
  authenticationRequestEventsQuery,
  authenticationRequestId,
  creatorSecret,
} from '@chat-widget/protocol/schemas'
import type { RateLimitOptions } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { AuthenticationRequestService } from '../authentication-requests/authentication-request-service.ts'
import type { CreateRequest } from '../authentication-requests/authentication-requests.ts'
import type { AppConfig } from '../config/config.ts'
import type { AuthenticationRequestRecord, Creator } from '../storage/authentication-request-storage.ts'
import { withoutAbsent } from './absent.ts'
import { authorizeApp } from './api-key.ts'
import { ignoreBodies } from './ignored-body.ts'
import { hangUpSignal, type LongAnswerTuning, sendWhenReady } from './long-answer.ts'
import { errors } from './rest-schemas.ts'

export interface AuthenticationRequestRoutesOptions {
  readonly apps: readonly AppConfig[]
  /** The app of requests at the path without an app. Default: the first app. */
  readonly defaultApp: AppId | undefined
  readonly requests: AuthenticationRequestService
  readonly rateLimit: RateLimitOptions
  readonly longAnswer: LongAnswerTuning
}

type Body = z.output<typeof authenticationRequestBody>

const appParams = z.strictObject({ app: z.string().describe('the id of an app') })
const idParams = { id: authenticationRequestId }
const tags = ['authentication requests']
/** OpenAPI security: an API key, or none. */
const byAnyone = { tags, security: [{}, { apiKey: [] }] }
const byMaker = { tags, security: [{ apiKey: [] }, { creatorSecret: [] }] }
const byKey = { tags, security: [{ apiKey: [] }] }
const places = [
  ['/v1/authentication-request', z.strictObject({})],
  ['/v1/apps/:app/authentication-request', appParams],
] as const

export function registerAuthenticationRequests(
  http: FastifyInstance,
  { apps, defaultApp, requests, rateLimit, longAnswer }: AuthenticationRequestRoutesOptions,
): void {
  const config = { rateLimit }

  /** Returns the path's app, else the default one. */
  function appOf(request: FastifyRequest): AppId {
    const { app } = request.params as { readonly app?: string }
    const wanted = app ?? defaultApp ?? apps[0]?.id
    const found = apps.find(({ id }) => id === wanted)
    if (found === undefined) throw new ChatError('not-found', 'there is no such app')
    return found.id
  }

  /** Throws for a wrong key, or for a secret where none is used, rather than treat the caller as one without. */
  function creatorOf(request: FastifyRequest, app: AppId): Creator {
    const { authorization } = request.headers
    if (authorization === undefined) return { kind: 'anyone', ip: request.ip }
    authorizeApp(apps, app, authorization)
    return { kind: 'key', ip: request.ip }
  }

  async function isMaker(request: FastifyRequest, app: AppId, record: AuthenticationRequestRecord) {
    const { authorization = '' } = request.headers
    const secret = /^Secret +([\x21-\x7e]{1,512})$/i.exec(authorization)?.[1]
    if (secret !== undefined) return requests.isCreator(app, record.id, secret)
    try {
      return authorizeApp(apps, app, authorization).id === app
    } catch {
      return false
    }
  }

  /** [AR3] Answers 404 for another creator's request and for none alike. */
  async function ownRequest(request: FastifyRequest, id: AuthenticationRequestRecord['id']) {
    const app = appOf(request)
    const record = await requests.find(app, id)
    if (record === null || !(await isMaker(request, app, record))) throw noSuchRequest()
    return record
  }

  function answerOf(record: AuthenticationRequestRecord): AuthenticationRequestAnswer {
    const code = requests.bindingCodeOf(record)
    return {
      authentication_request_id: record.id,
      authentication_request_status: record.status,
      authentication_request_response: record.response,
      ...(code === null ? {} : { binding_code: code }),
    }
  }

  async function decided({ id }: AuthenticationRequestRecord, ms: number, reply: FastifyReply) {
    return answerOf(await requests.wait(id, ms, hangUpSignal(reply)))
  }

  /** Makes a request, or attaches to the one with the body's id, for which the id is enough. */
  async function ask(request: FastifyRequest, body: Body, app: AppId, creator: Creator) {
    const { application_title: title, authentication_request_id: id } = body
    // Anyone who sees the code knows the id, which must not reveal who answered.
    if (body.scan && creator.kind !== 'key') throw new ChatError('bad-request', 'scan: needs an API key')
    const newId = id ?? (randomUUID() as string as AuthenticationRequestId)
    const addressee = askedBy(body, newId)
    if (addressee !== null && title !== undefined)
      return requests.create(
        wishOf(body, { app, creator, id: newId, addressee, title, secret: secretOf(request) }),
      )
    const record = id === undefined ? null : await requests.attach(app, id, creator, addressee)
    if (record === null) throw noSuchRequest()
    return { record, creatorSecret: null }
  }

  async function make(request: FastifyRequest, body: Body, reply: FastifyReply) {
    const app = appOf(request)
    const creator = creatorOf(request, app)
    const waitMs = body.wait_for_response * 1_000
    // Checked before the request is made: a caller that may not wait must not have asked anybody.
    const release = waitMs > 0 ? requests.holdWait(app, creator) : () => undefined
    const { record, creatorSecret } = await ask(request, body, app, creator).catch((error) => {
      release()
      throw error
    })
    if (creatorSecret !== null) reply.header(CREATOR_SECRET_HEADER, creatorSecret)
    return sendWhenReady(reply, decided(record, waitMs, reply).finally(release), longAnswer)
  }

  http.register(async (scope) => {
    const routes = scope.withTypeProvider<ZodTypeProvider>()
    for (const [base, params] of places) {
      for (const path of [base, `${base}/`])
        routes.post(
          path,
          {
            config,
            preValidation: async (request) => {
              request.body = withoutAbsent(request.body) as typeof request.body
            },
            schema: {
              ...byAnyone,
              hide: path === base,
              summary: 'Ask a person to confirm a sign-in; answers at their decision, or when the wait ends',
              params,
              body: authenticationRequestBody,
              response: { 200: authenticationRequestAnswer, ...errors(404, 409, 413, 415) },
            },
          },
          (request, reply) => make(request, request.body, reply),
        )

      for (const path of [`${base}/:id`, `${base}/:id/`])
        routes.get(
          path,
          {
            config,
            schema: {
              ...byMaker,
              hide: path.endsWith('/'),
              summary: 'State of a request, for its creator',
              params: params.extend(idParams),
              response: { 200: authenticationRequestAnswer, ...errors(404) },
            },
          },
          async (request) => answerOf(await ownRequest(request, request.params.id)),
        )
    }

    routes.get(
      '/v1/apps/:app/authentication-request-events',
      {
        config,
        // After the limit by address and before the query is read: a caller without a key learns nothing about it.
        preParsing: async (request) => {
          authorizeApp(apps, (request.params as { app: string }).app, request.headers.authorization)
        },
        schema: {
          ...byKey,
          summary: 'Outcomes of an app’s requests, in the order in which they were reached',
          params: appParams,
          querystring: authenticationRequestEventsQuery,
          response: { 200: authenticationRequestEvents, ...errors() },
        },
      },
      async (request, reply) => {
        const { after, ago, wait } = request.query
        const app = appOf(request)
        const from = ago === undefined ? after : await requests.cursorBefore(app, ago)
        const page = requests.events(app, from, wait * 1_000, hangUpSignal(reply))
        const answer = page.then(({ events, cursor, at }) => ({
          events: events.map(({ record, cursor }) => ({
            ...answerOf(record),
            cursor,
            ended_at: new Date(record.endedAt ?? at).toISOString(),
          })),
          cursor,
          server_time: new Date(at).toISOString(),
        }))
        return sendWhenReady(reply, answer, longAnswer)
      },
    )
  })

  http.register(async (scope) => {
    // A body must not leave a person with an open question.
    ignoreBodies(scope)
    const routes = scope.withTypeProvider<ZodTypeProvider>()
    for (const [base, params] of places)
      for (const path of [`${base}/:id/cancel`, `${base}/:id/cancel/`])
        routes.post(
          path,
          {
            config,
            schema: {
              ...byMaker,
              hide: path.endsWith('/'),
              summary: 'Cancel a request; a decided one stays as it is',
              params: params.extend(idParams),
              response: { 200: authenticationRequestAnswer, ...errors(404, 413) },
            },
          },
          async (request) =>
            answerOf(await requests.cancel((await ownRequest(request, request.params.id)).id)),
        )
  })

  // For verifiers of decisions anywhere; not for pages, so no CORS.
  http.get('/.well-known/jwks.json', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .header('cache-control', `public, max-age=${KEYS_CACHED_SECONDS}`)
      .type('application/json; charset=utf-8')
      .send(requests.keySet),
  )
}

const KEYS_CACHED_SECONDS = 300

const noSuchRequest = () => new ChatError('not-found', 'there is no such authentication request')

/** Reads the secret that the caller made, which a lost answer cannot lose. */
function secretOf({ headers }: FastifyRequest): string | undefined {
  const given = headers[CREATOR_SECRET_HEADER]
  if (given === undefined) return undefined
  const parsed = creatorSecret.safeParse(given)
  if (parsed.success) return parsed.data
  throw new ChatError('bad-request', `${CREATOR_SECRET_HEADER}: ${parsed.error.issues[0]?.message}`)
}

function askedBy({ email, identifier, scan }: Body, requestId: AuthenticationRequestId): Asked | null {
  if (email !== undefined) return { kind: 'email', email }
  if (scan) return { kind: 'scan', requestId }
  return identifier === undefined ? null : { kind: 'identifier', identifier }
}

interface Wish extends Pick<CreateRequest, 'app' | 'creator' | 'id' | 'addressee' | 'secret'> {
  readonly title: string
}

function wishOf(body: Body, { title, ...wish }: Wish): CreateRequest {
  return {
    ...wish,
    claims: {
      applicationTitle: title,
      userName: body.user_name ?? null,
      userIp: body.user_ip ?? null,
      userOrigin: body.user_origin ?? null,
    },
    binding: body.binding,
    lifetimeSeconds: body.expires_in,
  }
}
