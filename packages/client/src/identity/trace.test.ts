import {
  type ErrorCode,
  type IdentityStatus as Status,
  TRACE_KEPT,
  type TraceRequest,
  type VisitorId,
} from '@chat-widget/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Reply } from '../connection/event-maps.ts'
import { createIdentity } from './identity.testing.ts'
import type { Identity } from './run.ts'
import type { Cause } from './states.ts'
import { createTrace, type Trace } from './trace.ts'
import { createTraceReporter, type TraceReporter } from './trace-reporter.ts'

const OK: Reply<null> = { ok: true, value: null }
const refusal = (code: 'bad-request' | 'server-unreachable' | 'rate-limited'): Reply<null> => ({
  ok: false,
  error: { code, message: code },
})
const request = vi.fn<(name: 'identity:trace', payload: TraceRequest) => Promise<Reply<null>>>()
let trace: Trace
let reporter: TraceReporter

const add = (from: Status, to: Status, cause: Cause, code?: ErrorCode) =>
  trace.add({ at: new Date().toISOString(), from, to, cause, ...(code && { code }) })
/** Numbers of the transitions in each report. */
const told = () => request.mock.calls.map(([, { entries }]) => entries.map(({ seq }) => seq))
const soon = () => vi.advanceTimersByTimeAsync(1_000)
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)
const happen = (times = 1) => {
  for (const _ of range(0, times)) add('identified', 'refreshing', 'expired')
}
const leave = () => {
  add('identified', 'signing-out', 'sign-out')
  add('signing-out', 'anonymous', 'signed-out')
}

const stranger = { status: 'anonymous', visitorId: 'v1' as VisitorId } as const
const opened = () => reporter.opened()

beforeEach(() => {
  vi.useFakeTimers()
  request.mockReset().mockImplementation(async () => OK)
  reporter = createTraceReporter(request)
  trace = createTrace(reporter)
})
afterEach(() => {
  reporter.closed()
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

describe('a trace', () => {
  it('[ID17] keeps the last 200 transitions, each with time, cause, tab and code', () => {
    happen(TRACE_KEPT)
    add('refreshing', 'reauthentication-required', 'failed', 'provider-timeout')
    expect(trace.entries()).toHaveLength(200)
    expect(trace.entries().at(-1)).toEqual({
      at: new Date().toISOString(),
      from: 'refreshing',
      to: 'reauthentication-required',
      cause: 'failed',
      code: 'provider-timeout',
      tab: expect.stringMatching(/^[0-9a-f]{8}$/),
    })
  })

  it('[ID17] names its tab by one id that no other tab has', () => {
    happen(2)
    const tabs = trace.entries().map(({ tab }) => tab)
    expect(new Set(tabs).size).toBe(1)
    const others = range(0, 50).map(() => {
      const other = createTrace()
      other.add({ at: '', from: 'anonymous', to: 'authenticating', cause: 'user-set' })
      return other.entries()[0]?.tab
    })
    expect(new Set([...tabs, ...others]).size).toBe(51)
    for (const tab of others) expect(tab).toMatch(/^[0-9a-f]{8}$/)
  })
})

describe('telling the server', () => {
  it('[ID17] happens soon after, what happened together in one call, with the device’s time', async () => {
    opened()
    happen()
    await vi.advanceTimersByTimeAsync(10)
    happen()
    expect(request).not.toHaveBeenCalled()
    await soon()
    const [one, two] = trace.entries()
    expect(request.mock.calls).toEqual([
      [
        'identity:trace',
        {
          sentAt: expect.any(String),
          entries: [
            { ...one, seq: 1 },
            { ...two, seq: 2 },
          ],
        },
      ],
    ])
    const { sentAt } = request.mock.calls[0]![1]
    expect(Date.parse(sentAt) - Date.parse(one!.at)).toBe(260)
  })

  it('[ID17] is done once for each transition, 20 in a call', async () => {
    happen(45)
    opened()
    await soon()
    opened()
    happen()
    await soon()
    expect(told()).toEqual([range(1, 21), range(21, 41), range(41, 46), [46]])
  })

  it('[ID17] waits for a connection on which the device holds a conversation', async () => {
    happen()
    await soon()
    expect(request).not.toHaveBeenCalled()
    opened()
    reporter.closed()
    await soon()
    expect(request).not.toHaveBeenCalled()
    opened()
    await soon()
    expect(told()).toEqual([[1]])
  })

  it.each(['server-unreachable', 'rate-limited'] as const)(
    '[ID17] is repeated on the next connection, and not before, after %s',
    async (code) => {
      request.mockImplementationOnce(async () => refusal(code))
      opened()
      happen()
      await soon()
      happen()
      await soon()
      opened()
      await soon()
      expect(told()).toEqual([[1], [2]])
      reporter.closed()
      opened()
      await soon()
      expect(told()).toEqual([[1], [2], [1]])
      reporter.closed()
      opened()
      await soon()
      expect(told()).toHaveLength(3)
    },
  )

  it('[ID17] is not repeated when the server calls it malformed', async () => {
    request.mockImplementationOnce(async () => refusal('bad-request'))
    opened()
    happen()
    await soon()
    reporter.closed()
    opened()
    await soon()
    expect(told()).toEqual([[1]])
  })

  it('[ID17] is repeated for the last 200 only', async () => {
    happen(250)
    opened()
    await soon()
    expect(told().flat()).toEqual(range(51, 251))
  })

  it('[ID17] of a sign-out goes ahead of the request that ends the session', () => {
    opened()
    happen()
    add('identified', 'signing-out', 'sign-out')
    expect(told()).toEqual([[1, 2]])
  })

  it('[ID17] [ID13] leaves nothing of who signed out for the session that comes next', async () => {
    request.mockImplementation(async () => refusal('server-unreachable'))
    opened()
    happen(3)
    leave()
    await soon()
    request.mockClear().mockImplementation(async () => OK)
    reporter.closed()
    opened()
    add('anonymous', 'authenticating', 'user-set')
    await soon()
    expect(told()).toEqual([[6]])
  })

  it('[ID17] [ID13] does not begin for the next user on the connection of the one before', async () => {
    opened()
    leave()
    request.mockClear()
    add('anonymous', 'authenticating', 'user-set')
    await soon()
    expect(request).not.toHaveBeenCalled()
    opened()
    await soon()
    expect(told()).toEqual([[3]])
  })
})

describe('an identity', () => {
  const identified = (userIdentifier: string) =>
    ({ serverTime: Date.now(), identity: { status: 'identified', userIdentifier, expiresAt: null } }) as const
  let identity: Identity
  beforeEach(() => {
    identity = createIdentity({
      authenticate: async () => ({ ok: false, error: { code: 'server-unreachable', message: '' } }),
      request,
    })
    void identity
      .follow({ userIdentifier: 'ada', requestContextProvider: () => new Promise(() => {}) })
      .catch(() => {})
  })
  afterEach(() => identity.close())

  it('[ID17] tells what happened before on the connection that knows it', async () => {
    identity.ready(identified('ada'))
    await soon()
    expect(told()).toEqual([[1, 2]])
  })

  it('[ID17] [ID14] tells nothing on a connection that is somebody else’s, or nobody’s', async () => {
    identity.ready(identified('eve'))
    await soon()
    identity.disconnected()
    const byMail = { status: 'identified', userIdentifier: 'ada', method: 'email', expiresAt: null } as const
    identity.ready({ serverTime: Date.now(), identity: byMail })
    await soon()
    identity.disconnected()
    identity.ready({ serverTime: Date.now(), identity: { status: 'unidentified' } })
    await soon()
    expect(request).not.toHaveBeenCalled()
  })

  it('[ID17] keeps what the end of its session leads to for the next connection', async () => {
    identity.ready(identified('ada'))
    await soon()
    identity.sessionEnded({ code: 'session-invalid', message: '' })
    identity.disconnected()
    await soon()
    expect(told()).toEqual([[1, 2]])
    identity.ready({ serverTime: Date.now(), identity: stranger })
    await soon()
    expect(told()).toEqual([[1, 2], [3]])
  })

  it('[ID17] tells nothing after it was closed', async () => {
    identity.ready(identified('ada'))
    identity.close()
    await soon()
    expect(request).not.toHaveBeenCalled()
  })
})
