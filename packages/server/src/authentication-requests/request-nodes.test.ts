import type { AppId } from '@chat-widget/protocol'
import { pino } from 'pino'
import { expect, it, onTestFinished, vi } from 'vitest'
import { DEFAULT_REQUEST_LIMITS } from '../config/authentication-request-limits.ts'
import { createJobQueue } from '../jobs/job-queue.ts'
import { say, startAskedServer } from './asked-server.testing.ts'
import type { AuthenticationRequestProvider } from './authentication-requests.ts'
import { createAuthenticationRequests } from './create-authentication-requests.ts'
import { createForwardingProvider } from './forwarding-provider.ts'
import {
  byKey,
  createOutbox,
  PUBLIC_URL,
  type Requests,
  SHOP,
  startRequests,
  wish,
} from './requests.testing.ts'

/** A second node on the same database; it tells the first one nothing. */
async function startOther(
  { storage, clock }: Requests,
  outbox = createOutbox(),
  providers?: ReadonlyMap<AppId, AuthenticationRequestProvider>,
) {
  const logger = pino({ level: 'silent' })
  const now = () => clock.now
  const jobs = createJobQueue({ jobs: storage.jobs, logger, now, tuning: { pollMs: 50 } })
  const service = await createAuthenticationRequests({
    ...{ storage, jobs, delivery: outbox, logger, now },
    ...(providers === undefined ? {} : { providers }),
    ...{ publicUrl: () => PUBLIC_URL, limitsOf: () => DEFAULT_REQUEST_LIMITS },
    deliveryTuning: { baseMs: 0, capMs: 0 },
  })
  jobs.start()
  onTestFinished(async () => {
    await service.close()
    await jobs.close()
  })
  return { service, jobs, outbox }
}

it('[JB2] of two nodes one mails; when it dies over that, the other one does, and the link is good', async () => {
  let fate: 'works' | 'hangs' = 'works'
  const mailed: string[] = []
  const requests = await startRequests({
    outbox: createOutbox(async () => {
      mailed.push('one')
      if (fate === 'hangs') await new Promise(() => undefined)
    }),
    jobTuning: { leaseMs: 300 },
  })
  const other = await startOther(requests)
  const states = () => requests.storage.jobs.count()
  for (const user of ['ann', 'bea', 'cas'])
    await requests.service.create(wish({ addressee: { kind: 'email', email: `${user}@example.com` } }))
  await expect.poll(states).toEqual([{ kind: 'request-expiry', pending: 3, failed: 0 }])
  expect(mailed.length + other.outbox.tokens.length).toBe(3)

  fate = 'hangs'
  vi.spyOn(requests.storage.jobs, 'renew').mockReturnValue(new Promise(() => undefined))
  const before = other.outbox.tokens.length
  const addressee = { kind: 'email', email: 'dan@example.com' } as const
  const { record } = await requests.service.create(wish({ addressee, creator: byKey }))
  await expect.poll(() => mailed.length + other.outbox.tokens.length).toBe(4)
  requests.clock.now += 400
  await expect.poll(() => other.outbox.tokens.length).toBe(before + 1)
  const decision = await requests.fromLink({}, other.outbox.tokens.at(-1))
  expect((await requests.service.decideByLink(decision)).kind).toBe('decided')
  expect((await other.service.find(SHOP, record.id))?.status).toBe('approved')
})

it('[AR2] the digits of another server are shown by each node, whichever asked it', async () => {
  const server = await startAskedServer()
  server.answer = (call) =>
    call.body.wait_for_response === 0 ? say(call, 'pending', null, { binding_code: '480251' }) : undefined
  const provider = createForwardingProvider({ kind: 'forward', url: server.url, app: 'shop' }, { paceMs: 1 })
  const providers = new Map([[SHOP, provider]])
  const requests = await startRequests({ providers })
  const { service } = await startOther(requests, createOutbox(), providers)
  const wanted = wish({ creator: byKey, binding: 'code' })
  const { record, bindingCode } = await requests.service.create(wanted)
  expect(bindingCode).toBe('480251')
  const there = await service.find(SHOP, record.id)
  expect(there && service.bindingCodeOf(there)).toBe('480251')
  expect(new Set(server.calls.map(({ body }) => body.authentication_request_id))).toEqual(
    new Set([record.id]),
  )
})
