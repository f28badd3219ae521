import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { AuthenticationResponse } from './authentication-client-api.ts'
import { startAuthenticationServer } from './authentication-server.testing.ts'
import { createQuietLogger } from './clients.testing.ts'
import { createTunedClient } from './create-authentication-client.ts'

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('ask' as const), whom: fc.nat(3) }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('end' as const), which: fc.nat(9), how: fc.nat(2) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('server restarts' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('process restarts' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('time passes' as const) }) },
)

const trouble = fc.record({
  failures: fc.array(
    fc.option(
      fc.oneof(
        fc.constant({ kind: 'hang-up', at: 'once' } as const),
        fc.constant({ kind: 'hang-up', at: 'middle' } as const),
        fc.constant({ kind: 'status', status: 503 } as const),
        fc.constant({ kind: 'status', status: 429, retryAfter: '0' } as const),
        fc.constant({ kind: 'body', text: 'null' } as const),
      ),
      { freq: 2 },
    ),
    { minLength: 1, maxLength: 12 },
  ),
  pageSize: fc.integer({ min: 1, max: 4 }),
  repeats: fc.boolean(),
})

it('whatever breaks off, repeats or restarts, a subscriber that keeps the cursor hears each outcome once, in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), trouble, async (steps, { failures, ...rest }) => {
      const server = await startAuthenticationServer({ secondMs: 1, ...rest })
      let calls = 0
      // Only the subscription's calls fail.
      server.disturb(({ url }) =>
        url.includes('events') ? (failures[calls++ % failures.length] ?? null) : null,
      )
      const heard: AuthenticationResponse[] = []
      const connect = () =>
        createTunedClient(
          { server: server.url, app: server.app, apiKey: server.apiKey, logger: createQuietLogger() },
          { leastMs: 1, retryDelay: () => 1, tries: 100 },
        )
      const subscribe = () => {
        const client = connect()
        client.authentication().subscribe((response) => void heard.push(response), {
          after: heard.at(-1)?.cursor ?? '',
        })
        return client
      }
      const asker = connect()
      let subscriber = subscribe()
      const open: string[] = []
      const expected: string[] = []
      try {
        for (const each of steps) {
          switch (each.kind) {
            case 'ask': {
              const { cid } = await asker
                .authentication()
                .request({ email: `person-${each.whom}@example.com` }, { async: true })
              open.push(cid)
              break
            }
            case 'end': {
              const [cid] = open.splice(each.which % Math.max(1, open.length), 1)
              if (cid === undefined) break
              const status = (['approved', 'denied', 'expired'] as const)[each.how]!
              expected.push(`${cid} ${status}`)
              if (status === 'expired') server.end(cid, status)
              else await server.decide(cid, status)
              break
            }
            case 'server restarts':
              await server.restart()
              break
            case 'process restarts':
              subscriber.close()
              subscriber = subscribe()
              break
            case 'time passes':
              await new Promise((resolve) => setImmediate(resolve))
          }
        }
        // If every call failed, nothing could ever arrive.
        if (failures.every((failure) => failure !== null)) server.disturb(() => null)
        await expect
          .poll(() => heard.map(({ cid, status }) => `${cid} ${status}`), { interval: 2 })
          .toEqual(expected)
      } finally {
        subscriber.close()
        asker.close()
        await server.close()
      }
    }),
    { numRuns: 60 },
  )
})
