/** Sends every error as `{ "error": { "code", "message" } }` with a code of the protocol. */
import { ChatError, type ErrorCode, type WireError } from '@chat-widget/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Refusals } from '../telemetry/refusals.ts'

/** Statuses by code. Codes not listed arise in the client or in realtime only, and are `internal` here. */
const STATUS: Partial<Readonly<Record<ErrorCode, number>>> = {
  'bad-request': 400,
  unauthenticated: 401,
  'session-invalid': 401,
  'context-expired': 401,
  'origin-refused': 403,
  forbidden: 403,
  'not-found': 404,
  'client-id-reused': 409,
  'already-answered': 409,
  conflict: 409,
  'too-large': 413,
  'file-refused': 422,
  'rate-limited': 429,
  unavailable: 503,
}

export interface HttpError {
  readonly status: number
  readonly error: WireError
}

/** Registers the answers for errors and for unknown routes. */
export function registerErrors(http: FastifyInstance, refusals: Pick<Refusals, 'count'>): void {
  http.setErrorHandler((error, request, reply) => {
    const { status, error: body } = toHttpError(error)
    const route = request.routeOptions.url
    if (status >= 500) request.log.error({ err: error, route }, 'request failed')
    else refusals.count({ event: `${request.method} ${route ?? 'unmatched'}`, code: body.code })
    return sendError(reply, status, body)
  })
  http.setNotFoundHandler((_request: FastifyRequest, reply) =>
    sendError(reply, nothingHere.status, nothingHere.error),
  )
}

/** Answers an error of Fastify from before there is a route. */
export function sendFrameworkError(error: unknown, reply: FastifyReply): void {
  const { status, error: body } = toHttpError(error)
  sendError(reply, status, body)
}

function sendError(reply: FastifyReply, status: number, error: WireError): FastifyReply {
  if (error.retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(error.retryAfterMs / 1000))
  if (status === 401) reply.header('www-authenticate', 'Token')
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send({ error })
}

/** The part of an error that a caller may see. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof ChatError) {
    const status = STATUS[error.code]
    if (status === undefined) return internal
    return {
      status,
      error: {
        code: error.code as WireError['code'],
        message: error.message,
        ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
      },
    }
  }
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  // Fastify refuses some requests before a handler runs; those messages are written for the caller.
  if (error instanceof Error && typeof status === 'number' && status >= 400 && status < 500)
    return status === 403
      ? nothingHere // A path that leaves its folder.
      : {
          status,
          error: { code: codeOfStatus(status), message: status === 415 ? WRONG_TYPE : error.message },
        }
  return internal
}

function codeOfStatus(status: number): WireError['code'] {
  switch (status) {
    case 401:
      return 'unauthenticated'
    case 404:
      return 'not-found'
    case 413:
      return 'too-large'
    case 429:
      return 'rate-limited'
    default:
      return 'bad-request'
  }
}

/** Replaces Fastify's message, which does not name the type that is wanted. */
const WRONG_TYPE = 'the body must be JSON: Content-Type: application/json'

const internal: HttpError = {
  status: 500,
  error: { code: 'internal', message: 'the server failed; the request may be tried again' },
}

const nothingHere: HttpError = {
  status: 404,
  error: { code: 'not-found', message: 'there is nothing at this address' },
}
