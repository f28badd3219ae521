/** REST routes for operators and integrations, by an app's API key. */
import type { ConversationSummary } from '@chat-widget/protocol'
import {
  conversationId,
  restEditMessage,
  restHandler,
  restListQuery,
  restMessagesQuery,
  restPostMessage,
  restStartConversation,
} from '@chat-widget/protocol/schemas'
import type { RateLimitOptions } from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { AppConfig } from '../config/config.ts'
import type { ConversationService, PostBody } from '../conversations/conversation-service.ts'
import { withoutAbsent } from './absent.ts'
import type { KeyLimits } from './api-key.ts'
import { ignoreBodies } from './ignored-body.ts'
import {
  errors,
  restConversation,
  restConversationList,
  restMessage,
  restMessageList,
  restStarted,
} from './rest-schemas.ts'

export interface RestOptions {
  readonly keys: KeyLimits
  readonly conversations: ConversationService
  readonly rateLimit: RateLimitOptions
}

const appParams = z.strictObject({ app: z.string() })
const conversationParams = appParams.extend({ id: conversationId })
const messageParams = conversationParams.extend({ seq: z.coerce.number().int().positive() })
const documented = { tags: ['conversations'], security: [{ apiKey: [] }] }

/** Removes claims, which are for people to read: a program could take an unverified one for proven ([ID9]). */
function withoutClaims({ visitor, ...summary }: ConversationSummary) {
  if (!visitor.verified) return { ...summary, visitor }
  const { claims: _, ...identity } = visitor
  return { ...summary, visitor: identity }
}

/** False for a request without a message. */
const isMessage = (body: PostBody | Record<string, never>): body is PostBody => Object.keys(body).length > 0

export function registerRest(http: FastifyInstance, { keys, conversations, rateLimit }: RestOptions): void {
  const base = '/v1/apps/:app/conversations'
  const config = { rateLimit }
  http.register(async (scope) => {
    const rest = scope.withTypeProvider<ZodTypeProvider>()
    // After the limit by address, which counts wrong keys, and before the body is read: a caller without a key learns
    // nothing about it.
    rest.addHook('preParsing', async (request) => {
      const params = request.params as { readonly app?: string }
      keys.authorize(params.app ?? '', request.headers.authorization)
    })
    rest.addHook('preValidation', async (request) => {
      request.query = withoutAbsent(request.query)
    })
    const appOf = (id: string) => id as AppConfig['id']

    rest.get(
      base,
      {
        config,
        schema: {
          ...documented,
          summary:
            'Conversations of an app, newest first: by last message, or with `order=created` by creation',
          params: appParams,
          querystring: restListQuery,
          response: { 200: restConversationList, ...errors() },
        },
      },
      async ({ params, query: { status, order, cursor, limit } }) => {
        const page = await conversations.list({
          apps: [appOf(params.app)],
          limit,
          ...(status === undefined ? {} : { status }),
          ...(order === undefined ? {} : { order }),
          ...(cursor === undefined ? {} : { cursor }),
        })
        return { ...page, conversations: page.conversations.map(withoutClaims) }
      },
    )

    rest.post(
      base,
      {
        config,
        schema: {
          ...documented,
          summary:
            'Begin a conversation with a user, by a message or without one; the same `client_id` again answers with the one that began first',
          params: appParams,
          body: restStartConversation,
          response: { 201: restStarted, ...errors(409, 413, 415) },
        },
      },
      async ({ params, body: { clientId, author, userIdentifier, ...body } }, reply) => {
        const { conversationId, message } = await conversations.start({
          ...{ app: appOf(params.app), userIdentifier },
          ...(isMessage(body) && { body }),
          ...(clientId === undefined ? {} : { clientId }),
          ...(author === undefined ? {} : { author }),
        })
        const conversation = withoutClaims(await conversations.summary(conversationId))
        return reply.code(201).send({ conversation, message })
      },
    )

    rest.get(
      `${base}/:id/messages`,
      {
        config,
        schema: {
          ...documented,
          summary: 'Messages of a conversation beyond a seq, ascending',
          params: conversationParams,
          querystring: restMessagesQuery,
          response: { 200: restMessageList, ...errors(404) },
        },
      },
      async ({ params, query }) => {
        const { id } = await conversations.find(params.id, appOf(params.app))
        return conversations.messages({ conversationId: id, after: query.after, limit: query.limit })
      },
    )

    rest.post(
      `${base}/:id/messages`,
      {
        config,
        schema: {
          ...documented,
          summary:
            'Post a message of any kind; the same `client_id` again answers with the message stored first',
          params: conversationParams,
          body: restPostMessage,
          response: { 201: restMessage, ...errors(404, 409, 413, 415) },
        },
      },
      async ({ params, body: { clientId, author, ...body } }, reply) => {
        const message = await conversations.post({
          app: appOf(params.app),
          conversationId: params.id,
          body,
          ...(clientId === undefined ? {} : { clientId }),
          ...(author === undefined ? {} : { author }),
        })
        return reply.code(201).send({ message })
      },
    )

    rest.patch(
      `${base}/:id/messages/:seq`,
      {
        config,
        schema: {
          ...documented,
          summary: 'Replace the content of a text, cards or a form of the bot or an agent by one of its kind',
          params: messageParams,
          body: restEditMessage,
          response: { 200: restMessage, ...errors(404, 409, 413, 415) },
        },
      },
      async ({ params: { app, id, seq }, body: { clientId, ...body } }) => {
        const one = { app: appOf(app), conversationId: id, seq, body }
        return { message: await conversations.edit(clientId === undefined ? one : { ...one, clientId }) }
      },
    )

    rest.delete(
      `${base}/:id/messages/:seq`,
      {
        config,
        schema: {
          ...documented,
          summary: 'Remove the content of a message of the bot or an agent; idempotent',
          params: messageParams,
          response: { 200: restMessage, ...errors(404) },
        },
      },
      async ({ params: { app, id, seq } }) => ({
        message: await conversations.remove({ app: appOf(app), conversationId: id, seq }),
      }),
    )

    rest.register(async (inner) => {
      ignoreBodies(inner)
      const routes = inner.withTypeProvider<ZodTypeProvider>()
      routes.post(
        `${base}/:id/close`,
        {
          config,
          schema: {
            ...documented,
            summary: 'Close a conversation; idempotent',
            params: conversationParams,
            response: { 200: restConversation, ...errors(404) },
          },
        },
        async ({ params }) => {
          const { id } = await conversations.find(params.id, appOf(params.app))
          await conversations.close(id)
          return { conversation: withoutClaims(await conversations.summary(id)) }
        },
      )
    })

    rest.post(
      `${base}/:id/handler`,
      {
        config,
        schema: {
          ...documented,
          summary: 'Make the bot or the agents the handler',
          params: conversationParams,
          body: restHandler,
          response: { 200: restConversation, ...errors(400, 404) },
        },
      },
      async ({ params, body }) => {
        const { id } = await conversations.find(params.id, appOf(params.app))
        await conversations.setHandler(id, body.handler, 'company-asked')
        return { conversation: withoutClaims(await conversations.summary(id)) }
      },
    )
  })
}
