/** Many callers that wait at once for one server's authentication requests, which are then decided in random order. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import type { AuthenticationRequestAnswer } from '@chat-widget/protocol'
import { type Answer, createHttpClient, type HttpClient } from '../http.ts'
import { inFlight } from '../in-flight.ts'
import { requireOpenFiles } from '../open-files.ts'
import { drawn, shuffled } from '../seeded.ts'
import { type MeasuredServer, startMeasuredServer } from '../server-process.ts'

export interface WaitingOptions {
  readonly callers: number
  /** Calls, decisions and bare requests under way at a time. */
  readonly inFlight: number
  readonly seed: number
  /** Time after which the measurement fails. Milliseconds. */
  readonly timeoutMs: number
}

/** Times are milliseconds, memory is bytes. */
export interface WaitingFigures {
  readonly callers: number
  readonly approved: number
  readonly denied: number
  /** Callers whose answer is not their decision. */
  readonly wronglyAnswered: number
  /** Callers that had their answer before the decision. */
  readonly answeredEarly: number
  /** Time until all were waiting and all links were delivered. */
  readonly acceptMs: number
  readonly decideMs: number
  /** From the whole answer to the decision's POST to the caller's whole answer; 0 if the caller's came first. */
  readonly fromDecided: readonly number[]
  /** From sending that POST. */
  readonly fromSent: readonly number[]
  /** As `fromSent`, with only `FEW` callers waiting, to show what grows with their number. */
  readonly fromSentOfFew: readonly number[]
  /** Times of the decision's POST itself. */
  readonly decisions: readonly number[]
  /** Times of `GET /healthz`, with all callers waiting and as many under way as decisions later. */
  readonly bare: readonly number[]
  readonly memoryPerCaller: number
}

interface Caller {
  readonly id: string
  readonly link: string
  readonly answer: Promise<Answer>
  isAnswered: boolean
}

const FEW = 100

export async function measureWaiting(options: WaitingOptions): Promise<WaitingFigures> {
  const { callers: count, seed } = options
  requireOpenFiles(count + options.inFlight)
  const signal = AbortSignal.timeout(options.timeoutMs)
  setMaxListeners(0, signal)
  const apiKey = `key_${randomBytes(24).toString('base64url')}`
  const server = await startMeasuredServer(
    new URL('./server-main.js', import.meta.url),
    { apiKeyHash: createHash('sha256').update(apiKey).digest('hex'), allowed: 10 * count + 10_000 },
    signal,
  )
  const waiting = createHttpClient(count, signal)
  const deciding = createHttpClient(options.inFlight, signal)
  try {
    const bench: Bench = { server, apiKey, waiting, deciding, inFlight: options.inFlight, seed }
    const few = Math.min(FEW, count)
    // Not measured: code is being compiled and caches are being filled.
    await decideAll(bench, await ask(bench, few))
    const decidedOfFew = await decideAll(bench, await ask(bench, few))

    const memoryBefore = await server.memory()
    const asked = performance.now()
    const callers = await ask(bench, count)
    const acceptMs = performance.now() - asked
    const memoryWith = await server.memory()
    const bare = await bareRequests(bench, count)
    const answeredEarly = callers.filter(({ isAnswered }) => isAnswered).length
    const began = performance.now()
    const decided = await decideAll(bench, shuffled(callers, seed))
    return {
      callers: count,
      approved: decided.filter(({ told }) => told === 'approved').length,
      denied: decided.filter(({ told }) => told === 'denied').length,
      wronglyAnswered: decided.filter(({ told, decision }) => told !== decision).length,
      answeredEarly,
      acceptMs,
      decideMs: performance.now() - began,
      fromDecided: decided.map(({ toldAt, decidedAt }) => Math.max(0, toldAt - decidedAt)),
      fromSent: decided.map(sentToTold),
      fromSentOfFew: decidedOfFew.map(sentToTold),
      decisions: decided.map(({ decidedAt, sentAt }) => decidedAt - sentAt),
      bare,
      memoryPerCaller: (memoryWith - memoryBefore) / count,
    }
  } finally {
    waiting.close()
    deciding.close()
    await server.close()
  }
}

interface Bench {
  readonly server: MeasuredServer
  readonly apiKey: string
  /** A connection for each caller. */
  readonly waiting: HttpClient
  readonly deciding: HttpClient
  readonly inFlight: number
  readonly seed: number
}

/** Resolves when all of them wait and every link is delivered. */
async function ask(
  { server, apiKey, waiting, inFlight: limit }: Bench,
  count: number,
): Promise<readonly Caller[]> {
  const callers: Caller[] = []
  const headers = { 'content-type': 'application/json', authorization: `Token ${apiKey}` }
  await inFlight(Array.from({ length: count }, randomUUID), limit, async (id) => {
    const body = {
      email: `${id}@example.com`,
      application_title: 'Bench',
      authentication_request_id: id,
    }
    const answer = waiting.post(`${server.url}/v1/authentication-request/`, JSON.stringify(body), headers)
    const refused = answer.then(({ status, text }) => {
      throw new Error(`a caller was answered at once, with ${status}: ${text}`)
    })
    const link = await Promise.race([server.linkOf(id), refused])
    const caller: Caller = { id, link, answer, isAnswered: false }
    const answered = () => {
      caller.isAnswered = true
    }
    // A failed call fails where its answer is awaited.
    answer.then(answered, answered)
    refused.catch(() => undefined)
    callers.push(caller)
  })
  return callers
}

async function bareRequests({ server, deciding, inFlight: limit }: Bench, count: number): Promise<number[]> {
  const times: number[] = []
  await inFlight(Array.from({ length: count }), limit, async () => {
    const sentAt = performance.now()
    const { status, at } = await deciding.get(`${server.url}/healthz`)
    if (status !== 200) throw new Error(`/healthz answered ${status}`)
    times.push(at - sentAt)
  })
  return times
}

interface Decided {
  readonly decision: 'approved' | 'denied'
  /** The caller's answer; `null` if it was for another request. */
  readonly told: AuthenticationRequestAnswer['authentication_request_status'] | null
  readonly sentAt: number
  readonly decidedAt: number
  readonly toldAt: number
}

const sentToTold = ({ toldAt, sentAt }: Decided): number => toldAt - sentAt

/** Resolves when every caller has its answer. */
async function decideAll(bench: Bench, callers: readonly Caller[]): Promise<readonly Decided[]> {
  const answered: Promise<Decided>[] = []
  const jobs = [...callers.entries()]
  await inFlight(jobs, bench.inFlight, async ([index, caller]) => {
    const decision: Decided['decision'] = drawn(bench.seed, `decision ${index}`) < 0.5 ? 'approved' : 'denied'
    const nonce = await openPage(bench, caller.link)
    const body = new URLSearchParams({ nonce, decision: decision === 'approved' ? 'approve' : 'deny' })
    const sentAt = performance.now()
    const { status, at: decidedAt } = await bench.deciding.post(caller.link, String(body), {
      'content-type': 'application/x-www-form-urlencoded',
    })
    if (status !== 200) throw new Error(`a decision was answered with ${status}`)
    const told = caller.answer.then((answer) => ({
      decision,
      told: toldOf(caller, answer),
      sentAt,
      decidedAt,
      toldAt: answer.at,
    }))
    // Rejections are handled where all are awaited; if a decision fails first, nobody awaits this one.
    told.catch(() => undefined)
    answered.push(told)
  })
  return Promise.all(answered)
}

async function openPage({ deciding }: Bench, link: string): Promise<string> {
  const { status, text } = await deciding.get(link)
  const nonce = /name="nonce" value="([^"]+)"/.exec(text)?.[1]
  if (nonce === undefined) throw new Error(`the approval page answered ${status} and has no nonce`)
  return nonce
}

function toldOf({ id }: Caller, { status, text }: Answer): Decided['told'] {
  const answer = JSON.parse(text) as AuthenticationRequestAnswer
  const isProven = answer.authentication_request_response !== null
  return status === 200 && answer.authentication_request_id === id && isProven
    ? answer.authentication_request_status
    : null
}
