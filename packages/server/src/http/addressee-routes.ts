/** Routes for operators, by an app's API key: addressees that muted the app, and the data kept of a person. */
import type { Addressee, AppId } from '@chat-widget/protocol'
import { restAddressee, restMutedQuery } from '@chat-widget/protocol/schemas'
import type { RateLimitOptions } from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { OperatorUpkeep } from '../authentication-requests/request-upkeep.ts'
import { withoutAbsent } from './absent.ts'
import type { KeyLimits } from './api-key.ts'
import { errors, restForgotten, restMuted, restUnmuted } from './rest-schemas.ts'

export interface AddresseeRoutesOptions {
  readonly keys: KeyLimits
  readonly operators: OperatorUpkeep
  readonly rateLimit: RateLimitOptions
}

const appParams = z.strictObject({ app: z.string().describe('the id of an app') })
const documented = { tags: ['authentication requests'], security: [{ apiKey: [] }], params: appParams }

export function registerAddressees(http: FastifyInstance, options: AddresseeRoutesOptions): void {
  const { keys, operators, rateLimit } = options
  const config = { rateLimit }
  const appOf = (id: string) => id as AppId
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

    rest.get(
      '/v1/apps/:app/muted-addressees',
      {
        config,
        schema: {
          ...documented,
          summary: 'Who wants no authentication requests of the app, the latest first',
          querystring: restMutedQuery,
          response: { 200: restMuted, ...errors() },
        },
      },
      async ({ params, query }) => {
        const { muted, cursor } = await operators.muted(appOf(params.app), query.cursor ?? '')
        return {
          muted: muted.map(({ addressee: { kind: _, ...named }, creator, mutedAt }) => ({
            ...named,
            caller: CALLERS[creator],
            muted_at: new Date(mutedAt).toISOString(),
          })),
          cursor,
        }
      },
    )

    rest.post(
      '/v1/apps/:app/muted-addressees/unmute',
      {
        config,
        schema: {
          ...documented,
          summary: 'Unmute the app for a person; idempotent',
          body: restAddressee,
          response: { 200: restUnmuted, ...errors(413, 415) },
        },
      },
      async ({ params, body }) => ({ unmuted: await operators.unmute(appOf(params.app), addresseeOf(body)) }),
    )

    rest.post(
      '/v1/apps/:app/authentication-requests/forget',
      {
        config,
        schema: {
          ...documented,
          summary: 'Delete all requests to a person, cancelling pending ones; a mute stays',
          body: restAddressee,
          response: { 200: restForgotten, ...errors(413, 415) },
        },
      },
      async ({ params, body }) => ({ deleted: await operators.forget(appOf(params.app), addresseeOf(body)) }),
    )
  })
}

const CALLERS = { key: 'with_key', visitor: 'in_chat', anyone: 'without_key' } as const

const addresseeOf = ({ email, identifier = '' }: z.output<typeof restAddressee>): Addressee =>
  email === undefined ? { kind: 'identifier', identifier } : { kind: 'email', email }
