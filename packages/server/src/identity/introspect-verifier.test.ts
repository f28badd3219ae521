import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Caller } from '../outbound/caller-breaker.ts'
import { createIntrospectVerifier, type IntrospectOptions } from './introspect-verifier.ts'

const SECRET = `whsec_${Buffer.from('a secret that both sides know').toString('base64')}`
const CONTEXT = { Auth: { Token: 't' } }
let server: Server
let answer: RequestListener
let requests: { readonly headers: Record<string, string>; readonly body: Buffer }[] = []

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    requests.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(chunks) })
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(resolve))
})

const answering =
  (status: number, body: unknown): RequestListener =>
  (_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
const yes = answering(200, { userIdentifier: 'ada' })

function setUp(listener: RequestListener, options: Partial<IntrospectOptions> & { secret?: string } = {}) {
  answer = listener
  requests = []
  const { secret, ...rest } = options
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/verify`
  const verifier = createIntrospectVerifier(
    { kind: 'introspect', url, ...(secret === undefined ? {} : { secret }) },
    { now: Date.now, ...rest },
  )
  return (signal = new AbortController().signal, caller: Caller = ADA, userIdentifier = 'ada') =>
    verifier.verify({ userIdentifier, context: CONTEXT, signal }, caller)
}
const ADA: Caller = { visitor: 'ada', network: '192.0.2.1' }
const SIGNAL = new AbortController().signal
const UNAVAILABLE = { code: 'verifier-unavailable' }

describe('the company', () => {
  it('is asked, signed where there is a secret, and names the subject', async () => {
    const expiresAt = Date.now() + 60_000
    const told = { sub: 'ada', expiresAt, plan: { name: 'gold' } }
    const signed = setUp(answering(200, told), { secret: SECRET })
    expect(await signed()).toEqual({ userIdentifier: 'ada', expiresAt, claims: told })
    const [{ headers, body } = { headers: {}, body: Buffer.of() }] = requests
    expect(new Webhook(SECRET).verify(body, headers)).toEqual({ userIdentifier: 'ada', context: CONTEXT })

    expect(await setUp(yes)()).toMatchObject({ userIdentifier: 'ada', expiresAt: null })
    expect(requests[0]?.headers).not.toHaveProperty('webhook-signature')
  })

  it('may answer as token introspection does, whose end counts too', async () => {
    const soon = Math.floor(Date.now() / 1_000) + 60
    const introspected = { active: true, sub: 'ada', exp: soon, scope: 'chat', expiresAt: null }
    expect(await setUp(answering(200, introspected))()).toMatchObject({
      userIdentifier: 'ada',
      expiresAt: soon * 1_000,
    })
  })

  it('may name the subject by a number, as databases do', async () => {
    const answer = answering(200, { userIdentifier: 42 })
    expect(await setUp(answer)(SIGNAL, ADA, '42')).toMatchObject({ userIdentifier: '42' })
    await expect(setUp(answer)()).rejects.toMatchObject({ code: 'context-mismatch' })
  })

  it.each([
    ['an end of another type', answering(200, { sub: 'ada', exp: '1' }), 'exp: '],
    ['a subject of another type', answering(200, { userIdentifier: ['ada'] }), 'userIdentifier: '],
    ['a page', ((_request, response) => response.end('<p>hello ada')) satisfies RequestListener, 'JSON'],
  ])('that answers with %s is told what is wrong, without a value', async (_title, listener, problem) => {
    const error = await setUp(listener)().catch((refusal: Error) => refusal)
    expect(error).toMatchObject({ code: 'context-invalid', message: expect.stringContaining(problem) })
    expect(error).not.toMatchObject({ message: expect.stringContaining('ada') })
  })

  it.each([
    ['another subject', 200, { sub: 'grace' }, 'context-mismatch'],
    ['two subjects', 200, { userIdentifier: 'ada', sub: 'grace' }, 'context-mismatch'],
    ['nobody', 200, {}, 'context-invalid'],
    ['an inactive token', 200, { active: false, sub: 'ada' }, 'context-invalid'],
    ['a refusal', 401, {}, 'context-invalid'],
    ['a subject in a refusal', 403, { sub: 'ada' }, 'context-invalid'],
    ['an end that is over', 200, { sub: 'ada', expiresAt: 1 }, 'context-expired'],
    ['an end in seconds', 200, { sub: 'ada', exp: 1 }, 'context-expired'],
    ['a subject that is no text', 200, { sub: ['ada'] }, 'context-invalid'],
    ['a fraction', 200, { sub: 4.2 }, 'context-invalid'],
    ['an end that is no number', 200, { sub: 'ada', expiresAt: '2999-01-01' }, 'context-invalid'],
    ['something truthy', 200, { active: 'yes', sub: 'ada' }, 'context-invalid'],
    ['no object', 200, ['ada'], 'context-invalid'],
    ['a redirect', 307, { sub: 'ada' }, 'verifier-unavailable'],
    ['a limit', 429, {}, 'verifier-unavailable'],
    ['an outage', 503, { sub: 'ada' }, 'verifier-unavailable'],
  ])('[ID9] answering with %s identifies nobody', async (_title, status, body, code) => {
    await expect(setUp(answering(status, body))()).rejects.toMatchObject({ code })
    expect(requests).toHaveLength(1)
  })

  it('[ID9] answering too late identifies nobody', async () => {
    // On a stalled machine, real time could run out even for an immediate answer.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    let late: (() => void) | undefined
    const verify = setUp((request, response) => (late = () => yes(request, response)), { timeoutMs: 20_000 })
    const verifying = expect(verify()).rejects.toMatchObject(UNAVAILABLE)
    await expect.poll(() => late).toBeDefined()
    await vi.advanceTimersByTimeAsync(20_000)
    await verifying
    vi.useRealTimers()
    late?.()
    answer = answering(401, {})
    await expect(verify()).rejects.toMatchObject({ code: 'context-invalid' })
  })
})

describe('[ID9] a company in trouble', () => {
  const caller = (n: number): Caller => ({ visitor: `visitor-${n}`, network: `192.0.2.${n}` })
  const failing = async (verify: ReturnType<typeof setUp>, by: readonly Caller[]) => {
    for (const one of by) await expect(verify(SIGNAL, one)).rejects.toMatchObject(UNAVAILABLE)
  }
  const FIVE = [1, 2, 3, 4, 5].map(caller)

  it('is left alone for ten seconds after five networks in a row got nothing', async () => {
    const clock = { time: 0 }
    const verify = setUp(answering(500, {}), { elapsed: () => clock.time })
    await failing(verify, [...FIVE, caller(6), caller(7), ADA])
    expect(requests).toHaveLength(5)
    clock.time += 10_000
    // Each once, and five at most.
    await failing(verify, [caller(1), caller(1), caller(2), caller(3), caller(4), caller(5), caller(6)])
    expect(requests).toHaveLength(10)
    answer = yes
    clock.time += 10_000
    expect(await verify()).toMatchObject({ userIdentifier: 'ada' })
    expect(await verify()).toMatchObject({ userIdentifier: 'ada' })
  })

  it('is not asked for one visitor who got nothing five times in a row, and goes on for all others', async () => {
    const clock = { time: 0 }
    const verify = setUp(answering(500, {}), { elapsed: () => clock.time })
    await failing(
      verify,
      Array.from({ length: 8 }, () => caller(1)),
    )
    expect(requests).toHaveLength(5)
    answer = yes
    expect(await verify(SIGNAL, { visitor: 'grace', network: caller(1).network })).toMatchObject({})
    expect(await verify(SIGNAL, caller(2))).toMatchObject({ userIdentifier: 'ada' })
    await failing(verify, [caller(1)])
    clock.time += 10_000
    expect(await verify(SIGNAL, caller(1))).toMatchObject({ userIdentifier: 'ada' })
  })

  it('is back for all, though one who makes it fail is always the first to try', async () => {
    const clock = { time: 0 }
    const verify = setUp(answering(500, {}), { elapsed: () => clock.time })
    await failing(verify, FIVE)
    clock.time += 10_000
    await failing(verify, [caller(1), caller(1)])
    answer = yes
    expect(await verify(SIGNAL, caller(9))).toMatchObject({ userIdentifier: 'ada' })
  })

  it('is not what bad contexts and devices that leave make of it', async () => {
    const verify = setUp(answering(401, {}))
    const six = [...FIVE, caller(6)]
    for (const bad of [answering(401, {}), answering(200, { sub: ['ada'] })]) {
      answer = bad
      for (const one of six)
        await expect(verify(SIGNAL, one)).rejects.toMatchObject({ code: 'context-invalid' })
    }
    answer = () => {}
    for (const one of six) {
      const gone = new AbortController()
      const leaving = verify(gone.signal, one)
      gone.abort()
      await expect(leaving).rejects.toMatchObject(UNAVAILABLE)
    }
    answer = yes
    expect(await verify()).toMatchObject({ userIdentifier: 'ada' })
  })
})
