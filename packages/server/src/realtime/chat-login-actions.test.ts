/** [AR15] Users whom the chat itself signed in: the company's API and the logs. */
import type { Authenticated, Message } from '@chat-widget/protocol'
import { pino } from 'pino'
import { afterEach, expect, it } from 'vitest'
import { bytesIn } from '../storage/dump.testing.ts'
import { outcome, runAction } from './agent-actions.testing.ts'
import { approved, claimOf, decide, newSecret, signedInByEmail } from './chat-logins.testing.ts'
import { type StartOptions, startRealtime, type TestRealtime } from './realtime.testing.ts'

const servers: TestRealtime[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

async function start(options: StartOptions = {}): Promise<TestRealtime> {
  const server = await startRealtime({
    methods: ['email'],
    actions: ({ url }) => ({
      orders: { url: `${url}/orders`, headers: { authorization: 'Bearer {Auth.Token}' } },
      opening: { url: `${url}/opening-hours` },
    }),
    ...options,
  })
  servers.push(server)
  return server
}

it('[AR15] [ID16] an action runs without values of a context, and asks no device for one', async () => {
  const server = await start()
  server.company.behaviour.api = () => ({ status: 200, body: { open: 'now' } })
  const { device, conversationId } = await signedInByEmail(server)
  const { device: agent } = await server.agent()
  const runId = await runAction(agent, conversationId, { name: 'opening' })
  expect(await outcome(agent, runId, 'result')).toMatchObject({ ok: true, body: { open: 'now' } })
  expect(device.all('context:needed')).toEqual([])
})

it('[AR15] [ID16] an action that needs a value of the context ends in a login card, and calls nobody', async () => {
  const server = await start()
  const { device, conversationId } = await signedInByEmail(server)
  const { device: agent } = await server.agent()
  const runId = await runAction(agent, conversationId)
  expect(await outcome(agent, runId, 'login-needed')).toEqual({ kind: 'login-needed' })
  await device.heard<Message>('message', ({ kind }) => kind === 'login')
  expect(server.company.apiCalls).toEqual([])
  expect(device.all('context:needed')).toEqual([])
})

it('[AR5] neither secret nor code nor the session’s secret is in a log or in the database', async () => {
  const lines: string[] = []
  const server = await start({
    logger: pino({ level: 'trace' }, { write: (line: string) => lines.push(line) }),
    ownFile: true,
  })
  const mine = await approved(server)
  const session = newSecret()
  await mine.device.refusal('identity:authenticate', {
    ...claimOf(mine, session),
    userIdentifier: 'somebody-else@example.com',
  })
  await mine.device.ask<Authenticated>('identity:authenticate', claimOf(mine, session))
  const denied = await approved(server)
  await decide(server, 'denied')
  const everything = [...bytesIn(server.folder), ...lines].join('\n')
  expect(everything).toContain(mine.address)
  const { secret, bindingCode } = mine.asked
  for (const handedOut of [secret, session, denied.asked.secret]) expect(everything).not.toContain(handedOut)
  // Digits standing alone: six digits also occur in times and ids.
  expect(lines.join('\n')).not.toMatch(new RegExp(`\\b${bindingCode}\\b`))
})
