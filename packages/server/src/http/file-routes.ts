/** Files by HTTP: read by the devices, agents and keys that may ([FI7]), and uploaded in one piece by a key. */
import { Readable } from 'node:stream'
import { type AppId, ChatError, type ConversationId, type FileId } from '@chat-widget/protocol'
import { conversationId, fileId, restUploadQuery } from '@chat-widget/protocol/schemas'
import type { RateLimitOptions } from '@fastify/rate-limit'
import contentDisposition from 'content-disposition'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import parseRange from 'range-parser'
import { z } from 'zod'
import type { AppConfig } from '../config/config.ts'
import type { ConversationService } from '../conversations/conversation-service.ts'
import type { FileService } from '../files/file-service.ts'
import { isShown } from '../files/media-types.ts'
import type { ByteRange } from '../files/stores/file-store.ts'
import type { FileFacts } from '../storage/file-storage.ts'
import type { KeyLimits } from './api-key.ts'
import { allowOrigin } from './cross-origin.ts'
import type { ReaderOf } from './reader-of.ts'
import { errors, restFile } from './rest-schemas.ts'

export interface FileRoutesOptions {
  readonly apps: readonly AppConfig[]
  readonly keys: KeyLimits
  readonly conversations: Pick<ConversationService, 'find'>
  readonly files: FileService
  readonly readerOf: ReaderOf
  readonly rateLimit: RateLimitOptions
}

const documented = { tags: ['files'], security: [{ apiKey: [] }] }
const fileParams = z.strictObject({ app: z.string(), id: fileId })
const PATH = '/v1/apps/:app/files/:id'

export function registerFileRoutes(http: FastifyInstance, options: FileRoutesOptions): void {
  const { apps, keys, conversations, files, readerOf, rateLimit } = options
  const appOf = (id: string) => apps.find((app) => app.id === id)

  http.register(async (scope) => {
    const routes = scope.withTypeProvider<ZodTypeProvider>()
    const allow = (request: FastifyRequest, reply: FastifyReply) => {
      const { app } = request.params as { readonly app: string }
      allowOrigin(appOf(app), request, reply)
      reply.header('access-control-expose-headers', 'content-disposition, content-length, content-range')
    }

    routes.options(PATH, { config: { rateLimit }, schema: { hide: true } }, async (request, reply) => {
      allow(request, reply)
      return reply
        .header('access-control-allow-methods', 'GET, HEAD')
        .header('access-control-allow-headers', 'authorization, range, if-none-match')
        .header('access-control-max-age', '600')
        .code(204)
        .send()
    })

    routes.get(
      PATH,
      {
        config: { rateLimit },
        onRequest: async (request, reply) => allow(request, reply),
        schema: {
          ...documented,
          summary: 'The bytes of a file; `Range` is understood',
          params: fileParams,
          response: errors(404, 416),
        },
      },
      async (request, reply) => {
        const { app, id } = request.params
        const reader = await readerOf(request, appOf(app))
        return send(request, reply, id, await files.toRead(app, id, reader))
      },
    )
  })

  async function send(request: FastifyRequest, reply: FastifyReply, id: FileId, facts: FileFacts) {
    const { mediaType, name, size } = facts
    const etag = `"${id}"`
    reply
      .header('etag', etag)
      // Asked again each time, so that who may no longer read it does not.
      .header('cache-control', 'private, no-cache')
      .header('vary', 'Origin, Authorization, Cookie')
      .header('accept-ranges', 'bytes')
      .header('content-security-policy', "default-src 'none'; sandbox")
      .header(
        'content-disposition',
        contentDisposition(name, {
          type: isShown(mediaType) ? 'inline' : 'attachment',
          // ASCII alone, with the name itself beside it: programs read other bytes of a header each in their own way.
          fallback: name.replaceAll(/[^\x20-\x7e]/g, '?'),
        }),
      )
      .type(mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType)
    if (isHeld(request.headers['if-none-match'], etag)) return reply.code(304).send()
    // Of another version than the file's one, the caller has no part.
    const { range: asked, 'if-range': version = etag } = request.headers
    const range = rangeOf(version === etag ? asked : undefined, size)
    if (range === 'unsatisfiable') {
      reply.header('content-range', `bytes */${size}`)
      return reply.code(416).send()
    }
    if (range !== null) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`)
    reply.header('content-length', range === null ? size : range.end - range.start + 1)
    // A stream: of an answer without a body, Fastify says that its length is 0.
    if (request.method === 'HEAD') return reply.send(Readable.from([]))
    return reply.send(await files.read(id, range ?? undefined))
  }

  http.register(async (scope) => {
    // The body is a file's bytes, of any type.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _body, done) => done(null))
    const rest = scope.withTypeProvider<ZodTypeProvider>()
    rest.post(
      '/v1/apps/:app/conversations/:id/files',
      {
        config: { rateLimit },
        preParsing: async (request) => {
          const { app } = request.params as { readonly app: string }
          keys.authorize(app, request.headers.authorization)
        },
        schema: {
          ...documented,
          summary: 'Upload a file, as the raw body; send it by a message with `{ "file": { "id": … } }`',
          params: z.strictObject({ app: z.string(), id: conversationId }),
          querystring: restUploadQuery,
          response: { 201: restFile, ...errors(404, 413, 422) },
        },
      },
      async (request, reply) => {
        const { app, id } = request.params as { readonly app: AppId; readonly id: ConversationId }
        await conversations.find(id, app)
        const size = Number(request.headers['content-length'] ?? Number.NaN)
        if (!Number.isSafeInteger(size) || size < 1)
          throw new ChatError(
            'bad-request',
            'Content-Length: missing; the body is a file of at least one byte',
          )
        const announced = {
          app,
          uploader: { kind: 'app', conversationId: id },
          name: request.query.name,
          size,
        } as const
        return reply.code(201).send({ id: await files.take(announced, request.raw) })
      },
    )
  })
}

/** True if `If-None-Match` names the tag, also as a proxy weakens it that compresses the answer. */
const isHeld = (header: string | undefined, etag: string): boolean =>
  header !== undefined &&
  (header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag))

/** `null`: the whole file, also for several ranges. */
function rangeOf(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | null {
  if (header === undefined) return null
  // The last 500 bytes of a shorter file are all of it.
  const within = header.replace(/(?<==-)\d+$/, (last) => String(Math.min(Number(last), size)))
  const ranges = parseRange(size, within, { combine: true })
  if (ranges === -1) return 'unsatisfiable'
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return null
  return ranges[0] ?? null
}
