/** Uploads by the tus protocol, each under a ticket that was asked for on the socket ([FI2]). */
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { ChatError, type FileId } from '@chat-widget/protocol'
import { fileId } from '@chat-widget/protocol/schemas'
import type { RateLimitOptions } from '@fastify/rate-limit'
import type { Server as TusServer } from '@tus/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { AppConfig } from '../config/config.ts'
import type { FileService } from '../files/file-service.ts'
import type { FileStore } from '../files/stores/file-store.ts'
import { allowOrigin } from './cross-origin.ts'
import { toHttpError } from './errors.ts'

export interface UploadRoutesOptions {
  readonly apps: readonly AppConfig[]
  readonly files: FileService
  readonly store: FileStore
  readonly rateLimit: RateLimitOptions
}

const params = z.strictObject({ app: z.string(), id: fileId })
const PATH = '/v1/apps/:app/uploads/:id'
/** Headers that the protocol's browsers send and read. */
const SENT = 'content-type, tus-resumable, upload-offset, upload-ticket'
const READ = 'tus-resumable, upload-length, upload-offset'

export function registerUploads(
  http: FastifyInstance,
  { apps, files, store, rateLimit }: UploadRoutesOptions,
): void {
  async function loadTus(): Promise<TusServer> {
    const { Server } = await import('@tus/server')
    return new Server({
      path: '/v1',
      datastore: await store.uploads(),
      getFileIdFromRequest: (_request, lastPath) => lastPath?.toLowerCase(),
      // The answer to the last piece says what was found.
      onUploadFinish: async (_request, { id }) => {
        await files.finish(id as FileId)
        return {}
      },
      onResponseError: (_request, error) => {
        if (!(error instanceof ChatError)) return undefined
        const { status, error: body } = toHttpError(error)
        return { status_code: status, body: JSON.stringify({ error: body }) }
      },
    })
  }
  let tus: Promise<TusServer> | undefined

  http.register(async (scope) => {
    // The body is a file's bytes.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/offset+octet-stream', (_request, _body, done) => done(null))

    const open = (request: FastifyRequest, reply: FastifyReply) => {
      const { app } = request.params as { readonly app: string }
      allowOrigin(
        apps.find(({ id }) => id === app),
        request,
        reply,
      )
      reply.header('access-control-expose-headers', READ)
    }

    scope.options(PATH, { config: { rateLimit }, schema: { hide: true } }, async (request, reply) => {
      open(request, reply)
      return reply
        .header('access-control-allow-methods', 'HEAD, PATCH, DELETE')
        .header('access-control-allow-headers', SENT)
        .header('access-control-max-age', '600')
        .code(204)
        .send()
    })

    scope.route({
      method: ['HEAD', 'PATCH', 'DELETE'],
      url: PATH,
      exposeHeadRoute: false,
      schema: { params, hide: true },
      config: { rateLimit },
      onRequest: async (request, reply) => {
        open(request, reply)
        // Before the schema is applied.
        const { success, data: named } = params.safeParse(request.params)
        if (!success) throw new ChatError('not-found', 'There is no such file.')
        const ticket = request.headers['upload-ticket']
        if (typeof ticket !== 'string')
          throw new ChatError('unauthenticated', 'give the ticket: Upload-Ticket')
        await files.admitUpload(named.app, named.id, ticket)
      },
      async handler(request, reply) {
        const { id } = request.params as { readonly id: FileId }
        if (request.method === 'DELETE') {
          await files.discard(id)
          return reply.code(204).header('tus-resumable', '1.0.0').send()
        }
        // Loaded by the first upload.
        tus ??= loadTus()
        const answer = await (await tus).handleWeb(asWebRequest(request))
        reply.code(answer.status)
        for (const [name, value] of answer.headers)
          if (!name.startsWith('access-control-') && name !== 'content-length') reply.header(name, value)
        const body = await answer.text()
        if (answer.status >= 400) reply.type(body.startsWith('{') ? 'application/json' : 'text/plain')
        return reply.send(body === '' ? undefined : body)
      },
    })
  })
}

function asWebRequest({ raw, method, url, headers }: FastifyRequest): Request {
  const gone = new AbortController()
  raw.once('close', () => {
    if (!raw.complete) gone.abort()
  })
  const given = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && !name.startsWith(':') ? [[name, value]] : [],
  )
  return new Request(new URL(url, 'http://localhost'), {
    method,
    headers: given,
    signal: gone.signal,
    ...(method === 'PATCH' && { body: Readable.toWeb(raw) as ReadableStream, duplex: 'half' }),
  } as RequestInit)
}
