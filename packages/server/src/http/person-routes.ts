/** REST routes about all that is kept of a customer ([PD1], [PD4]). */
import { Readable } from 'node:stream'
import { type AppId, LIMITS } from '@chat-widget/protocol'
import type { RateLimitOptions } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { PersonService } from '../persons/person-service.ts'
import type { KeyLimits } from './api-key.ts'
import { errors } from './rest-schemas.ts'

export interface PersonRoutesOptions {
  readonly keys: KeyLimits
  readonly persons: PersonService
  readonly rateLimit: RateLimitOptions
}

const params = z.strictObject({ app: z.string() })
/** In a body, because URLs are logged. */
const body = z.strictObject({
  userIdentifier: z.string().min(1).max(LIMITS.userIdentifierLength),
  method: z
    .enum(['host', 'email', 'identifier'])
    .default('host')
    .describe('how they sign in: as the host says, or inside the chat; namesakes are different people'),
})
const erasing = body.extend({
  whole: z
    .boolean()
    .default(false)
    .describe('also delete texts of agents, which are left by default, in conversations of nobody'),
})
const restErased = z.object({
  erased: z
    .record(z.string(), z.int().positive())
    .describe('number of rows by table that were deleted or emptied; empty: nothing was kept'),
})
const documented = { tags: ['users'], security: [{ apiKey: [] }], params, body }
const BY_KEY = { kind: 'key' } as const

export function registerPersons(
  http: FastifyInstance,
  { keys, persons, rateLimit }: PersonRoutesOptions,
): void {
  const config = { rateLimit }
  http.register(async (scope) => {
    const rest = scope.withTypeProvider<ZodTypeProvider>()
    rest.addHook('preParsing', async (request) => {
      const { app = '' } = request.params as { readonly app?: string }
      keys.authorize(app, request.headers.authorization)
    })
    rest.post(
      '/v1/apps/:app/users/export',
      {
        config,
        schema: {
          ...documented,
          summary: 'All that is kept of a user, as one JSON document; files stand in it by their addresses',
          response: errors(404, 415),
        },
      },
      async (request, reply) => {
        const person = { app: request.params.app as AppId, ...request.body }
        return sendExport(reply, await persons.export(person, BY_KEY))
      },
    )
    rest.post(
      '/v1/apps/:app/users/erase',
      {
        config,
        schema: {
          ...documented,
          body: erasing,
          summary:
            'Delete all that is kept of a user: conversations, files, sessions, requests, traces; idempotent',
          response: { 200: restErased, ...errors(415) },
        },
      },
      async ({ params: { app }, body: { whole, ...person } }) => ({
        erased: await persons.erase({ app: app as AppId, ...person }, BY_KEY, { whole }),
      }),
    )
  })
}

const sendExport = (reply: FastifyReply, document: AsyncIterable<string>) =>
  reply
    .header('content-disposition', 'attachment; filename="person.json"')
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(Readable.from(document))
