/** Transcripts by HTTP: of a visitor's own conversation by the device's session, of any by an agent or a key of the app. */
import { Readable } from 'node:stream'
import { ChatError } from '@chat-widget/protocol'
import { conversationId } from '@chat-widget/protocol/schemas'
import contentDisposition from 'content-disposition'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { AppConfig } from '../config/config.ts'
import type { ConversationService } from '../conversations/conversation-service.ts'
import { ownerOf, sameOwner } from '../storage/records.ts'
import { DEFAULT_LANGUAGE } from '../text/language.ts'
import { TRANSCRIPT_FORMATS, type TranscriptFormat, writeTranscript } from '../transcripts/transcript.ts'
import { TRANSCRIPT_POLICY } from '../transcripts/transcript-writer.ts'
import { allowOrigin } from './cross-origin.ts'
import type { ReaderOf } from './reader-of.ts'
import { errors } from './rest-schemas.ts'

export interface TranscriptRoutesOptions {
  readonly apps: readonly AppConfig[]
  readonly conversations: Pick<ConversationService, 'find' | 'messages'>
  readonly readerOf: ReaderOf
}

/** Transcripts per minute and address: each reads a whole history. */
const RATE = { max: 60, timeWindow: 60_000 }

const TYPES: Readonly<Record<TranscriptFormat, readonly [mediaType: string, ending: string]>> = {
  text: ['text/plain; charset=utf-8', 'txt'],
  html: ['text/html; charset=utf-8', 'html'],
  json: ['application/json; charset=utf-8', 'json'],
}

const isLocale = (tag: string): boolean => succeeds(() => new Intl.DateTimeFormat(tag))
const isTimeZone = (timeZone: string): boolean => succeeds(() => new Intl.DateTimeFormat('en', { timeZone }))

function succeeds(make: () => unknown): boolean {
  try {
    make()
    return true
  } catch {
    return false
  }
}

const query = z.strictObject({
  format: z.enum(TRANSCRIPT_FORMATS).default('text'),
  locale: z
    .string()
    .max(60)
    .refine(isLocale, 'must be a BCP 47 tag')
    .optional()
    .describe('language of the words and dates; default: the app’s'),
  time_zone: z
    .string()
    .max(60)
    .refine(isTimeZone, 'must be an IANA time zone')
    .default('UTC')
    .describe('e.g. `Europe/Berlin`'),
})
const params = z.strictObject({ app: z.string(), id: conversationId })
const PATH = '/v1/apps/:app/conversations/:id/transcript'

export function registerTranscripts(
  http: FastifyInstance,
  { apps, conversations, readerOf }: TranscriptRoutesOptions,
): void {
  const appOf = (id: string) => apps.find((app) => app.id === id)
  const allow = (request: FastifyRequest, reply: FastifyReply) => {
    const { app } = request.params as { readonly app: string }
    allowOrigin(appOf(app), request, reply)
    reply.header('access-control-expose-headers', 'content-disposition')
  }

  http.register(async (scope) => {
    const routes = scope.withTypeProvider<ZodTypeProvider>()
    routes.options(PATH, { config: { rateLimit: RATE }, schema: { hide: true } }, async (request, reply) => {
      allow(request, reply)
      return reply
        .header('access-control-allow-methods', 'GET, HEAD')
        .header('access-control-allow-headers', 'authorization')
        .header('access-control-max-age', '600')
        .code(204)
        .send()
    })
    routes.get(
      PATH,
      {
        config: { rateLimit: RATE },
        onRequest: async (request, reply) => allow(request, reply),
        schema: {
          tags: ['conversations'],
          security: [{ apiKey: [] }],
          summary: 'The whole conversation as a document: text, a page to print, or JSON',
          params,
          querystring: query,
          response: errors(404),
        },
      },
      async (request, reply) => {
        const { id, app: appId } = request.params
        const app = appOf(appId)
        const reader = await readerOf(request, app)
        const conversation = await conversations.find(id, appId as AppConfig['id'])
        if (
          app === undefined ||
          (reader.kind === 'session' && !sameOwner(conversation.owner, ownerOf(reader.session)))
        )
          throw new ChatError('not-found', 'There is no such conversation.')
        const { format, locale = app.locale ?? DEFAULT_LANGUAGE, time_zone: timeZone } = request.query
        const day = new Date(conversation.createdAt).toISOString().slice(0, 10)
        const document = writeTranscript(conversations, { app, conversation, format, locale, timeZone })
        // Within the sandbox of its policy a page can do nothing, so agents read it without saving it first.
        const isOpened = reader.kind === 'agent' && format === 'html'
        return send(reply, { format, day, isOpened }, document)
      },
    )
  })
}

interface Sent {
  readonly format: TranscriptFormat
  readonly day: string
  /** True if the browser shows it, and does not save it. */
  readonly isOpened: boolean
}

function send(reply: FastifyReply, { format, day, isOpened }: Sent, document: AsyncIterable<string>) {
  const [mediaType, ending] = TYPES[format]
  const type = isOpened ? 'inline' : 'attachment'
  return reply
    .header('content-disposition', contentDisposition(`transcript-${day}.${ending}`, { type }))
    .header('content-security-policy', `${TRANSCRIPT_POLICY}; sandbox`)
    .header('vary', 'Origin, Authorization, Cookie')
    .type(mediaType)
    .send(Readable.from(document))
}
