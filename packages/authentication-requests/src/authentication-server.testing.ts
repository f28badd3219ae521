/** A small server that follows the SPEC on authentication requests, for tests; it can also be made to fail. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type AuthenticationRequestAnswer,
  type AuthenticationRequestBody,
  type AuthenticationRequestStatus,
  CREATOR_SECRET_HEADER,
} from '@chat-widget/protocol'
import { authenticationRequestBody } from '@chat-widget/protocol/schemas'
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'

export interface Call {
  readonly method: string
  readonly url: string
  readonly authorization: string | undefined
  readonly body: AuthenticationRequestBody | null
  /** The caller's own secret. */
  readonly secret: string | undefined
}

export interface Kept {
  readonly body: AuthenticationRequestBody
  readonly secret: string
  status: AuthenticationRequestStatus | 'on-hold'
  response: string | null
  endedAt: number | null
}

/** Ways in which a call fails. */
export type Failure =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  /** After the headers and half of the body. */
  | { readonly kind: 'hang-up'; readonly at: 'once' | 'middle' }
  | { readonly kind: 'body'; readonly text: string }
  | { readonly kind: 'redirect'; readonly to: string }
  /** The call has its effect; its answer does not arrive. */
  | { readonly kind: 'lost' }
  /** The call has no effect, and is never answered. */
  | { readonly kind: 'silence' }

export interface ServerOptions {
  readonly app?: string
  readonly apiKey?: string
  /** Milliseconds for each second of a wait, so that tests are short. Default 20. */
  readonly secondMs?: number
  readonly pageSize?: number
  /** Puts every outcome on its page twice. */
  readonly repeats?: boolean
}

export interface DecisionChange {
  readonly claims?: JWTPayload
  readonly status?: Kept['status']
  /** Signs with another key than the published one. */
  readonly key?: SigningKey
  readonly alg?: string
}

export interface SigningKey {
  readonly kid: string
  readonly privateKey: CryptoKey | Uint8Array
}

export async function startAuthenticationServer(options: ServerOptions = {}) {
  const { app = 'shop', apiKey = 'key-of-shop', secondMs = 20, pageSize = 100, repeats = false } = options
  const requests = new Map<string, Kept>()
  const outcomes: string[] = []
  const changed = new Set<() => void>()
  const calls: Call[] = []
  const failures: Failure[] = []
  const keys = new Map<string, object>()
  let disturb: (call: Call) => Failure | null = () => failures.shift() ?? null
  /** A clock unrelated to the client's. */
  const now = () => Date.now() + 86_400_000
  let http: Server
  let port = 0

  async function addKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
    const pair = await generateKeyPair(alg)
    keys.set(kid, { ...(await exportJWK(pair.publicKey)), kid, alg, use: 'sig' })
    return { kid, privateKey: pair.privateKey }
  }
  let current = await addKey('first')

  const origin = () => `http://127.0.0.1:${port}`

  const answerOf = (cid: string, isCreator: boolean): AuthenticationRequestAnswer => {
    const kept = requests.get(cid)!
    return {
      authentication_request_id: cid,
      authentication_request_status: kept.status,
      authentication_request_response: kept.response,
      ...(isCreator && kept.status === 'pending' && kept.body.binding === 'code'
        ? { binding_code: '123456' }
        : {}),
    } as AuthenticationRequestAnswer
  }

  const wakeUp = () => {
    for (const wake of [...changed]) wake()
  }

  /** Resolves when something changed, the time is over, or the connection closed. */
  const wait = (ms: number, response: ServerResponse) =>
    new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer)
        changed.delete(end)
        response.off('close', end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      changed.add(end)
      response.once('close', end)
    })

  /** Sends white space, and the answer once `isReady`, or when the time is over. */
  const hold = async (
    response: ServerResponse,
    headers: Record<string, string>,
    seconds: number,
    isReady: () => boolean,
    json: () => unknown,
  ) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers })
    response.flushHeaders()
    const endsAt = performance.now() + seconds * secondMs
    while (!isReady() && !response.closed && performance.now() < endsAt) {
      response.write(' \n')
      await wait(Math.max(0, Math.min(endsAt - performance.now(), 2 * secondMs)), response)
    }
    response.end(JSON.stringify(json()))
  }

  const refuse = (
    response: ServerResponse,
    status: number,
    code: string,
    headers: Record<string, string> = {},
  ) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify({ error: { code, message: `refused: ${code}` } }))
  }

  const post = async (call: Call, response: ServerResponse) => {
    if (!authenticationRequestBody.safeParse(call.body).success) return refuse(response, 400, 'bad-request')
    const { wait_for_response: seconds = 900, ...body } = call.body!
    const cid = body.authentication_request_id ?? crypto.randomUUID()
    let kept = requests.get(cid)
    const isWhole = body.application_title !== undefined
    if (!isWhole && kept === undefined) return refuse(response, 404, 'not-found')
    if (isWhole && kept !== undefined && JSON.stringify(kept.body) !== JSON.stringify(body))
      return refuse(response, 409, 'conflict')
    const headers: Record<string, string> = {}
    if (kept === undefined) {
      const secret = call.secret ?? crypto.randomUUID()
      kept = { body, secret, status: 'pending', response: null, endedAt: null }
      requests.set(cid, kept)
      headers[CREATOR_SECRET_HEADER] = kept.secret
    }
    const { status } = kept
    await hold(
      response,
      headers,
      seconds,
      () => requests.get(cid)?.status !== status || status !== 'pending',
      () => answerOf(cid, true),
    )
  }

  const events = async (call: Call, response: ServerResponse) => {
    if (call.authorization !== `Token ${apiKey}`) return refuse(response, 401, 'unauthenticated')
    const query = new URL(call.url, origin()).searchParams
    const ago = query.get('ago')
    const since = ago === null ? Number.NaN : now() - Number(ago)
    const first = outcomes.findIndex((cid) => (requests.get(cid)?.endedAt ?? 0) >= since)
    const start = first === -1 ? outcomes.length : first
    const after = ago === null ? Number(query.get('after') || 0) : start
    await hold(
      response,
      {},
      Number(query.get('wait')),
      () => outcomes.length > after,
      () => {
        const page = outcomes.slice(after, after + pageSize)
        return {
          events: page.flatMap((cid, index) => {
            const ended_at = new Date(requests.get(cid)?.endedAt ?? 0).toISOString()
            const event = { ...answerOf(cid, false), cursor: String(after + index + 1), ended_at }
            return repeats ? [event, event] : [event]
          }),
          cursor: String(after + page.length),
          server_time: new Date(now()).toISOString(),
        }
      },
    )
  }

  const route = async (call: Call, response: ServerResponse) => {
    const { pathname } = new URL(call.url, origin())
    if (pathname === '/.well-known/jwks.json')
      return response.end(JSON.stringify({ keys: [...keys.values()] }))
    const path = pathname.replace(`/v1/apps/${app}/`, '/v1/')
    if (path === '/v1/authentication-request-events') return events(call, response)
    const [, cid, action] = /^\/v1\/authentication-request\/(?:([0-9a-f-]{36})(\/cancel)?)?$/.exec(path) ?? []
    if (cid === undefined) {
      return call.method === 'POST' && call.body ? post(call, response) : refuse(response, 404, 'not-found')
    }
    const kept = requests.get(cid)
    const isOpen = [`Token ${apiKey}`, `Secret ${kept?.secret}`].includes(call.authorization ?? '')
    if (kept === undefined || !isOpen) return refuse(response, 404, 'not-found')
    if (action !== undefined && kept.status === 'pending') end(cid, 'canceled')
    response.end(JSON.stringify(answerOf(cid, true)))
  }

  const fail = (failure: Failure, call: Call, response: ServerResponse) => {
    switch (failure.kind) {
      case 'status':
        return refuse(
          response,
          failure.status,
          'internal',
          failure.retryAfter === undefined ? {} : { 'retry-after': failure.retryAfter },
        )
      case 'body':
        return response.end(failure.text)
      case 'redirect':
        return response.writeHead(307, { location: failure.to }).end()
      case 'lost':
        response.end = () => response.destroy()
        return route(call, response)
      case 'silence':
        return
      case 'hang-up':
        if (failure.at === 'once') return response.destroy()
        response.writeHead(200, { 'content-length': '500' })
        response.write('  {"authentication_request_status": "appr', () => response.destroy())
        return
    }
  }

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const call: Call = {
      method: request.method ?? '',
      url: request.url ?? '',
      authorization: request.headers.authorization,
      secret: request.headers[CREATOR_SECRET_HEADER]?.toString(),
      body: text === '' ? null : (JSON.parse(text) as AuthenticationRequestBody),
    }
    calls.push(call)
    const failure = disturb(call)
    if (failure === null) await route(call, response)
    else await fail(failure, call, response)
  }

  const listen = async (on: number) => {
    http = createServer((request, response) => void handle(request, response).catch(() => response.destroy()))
    http.listen(on, '127.0.0.1')
    await once(http, 'listening')
    port = (http.address() as AddressInfo).port
  }

  const stop = async () => {
    const closed = once(http, 'close')
    http.close()
    http.closeAllConnections()
    await closed
  }

  const end = (cid: string, status: Kept['status'], response: string | null = null, agoMs = 0) => {
    const kept = requests.get(cid)!
    kept.status = status
    kept.response = response
    kept.endedAt = now() - agoMs
    outcomes.push(cid)
    wakeUp()
  }

  await listen(0)
  return {
    app,
    apiKey,
    calls,
    requests,
    get url() {
      return origin()
    },
    /** Decides as the person. */
    async decide(cid: string, decision: 'approved' | 'denied', change: DecisionChange = {}) {
      const { body } = requests.get(cid)!
      const { kid, privateKey } = change.key ?? current
      const claims = {
        iss: origin(),
        aud: app,
        jti: cid,
        decision,
        decided_at: new Date().toISOString(),
        subject: body.email?.toLowerCase() ?? body.identifier,
        ...change.claims,
      }
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: change.alg ?? 'ES256', kid })
        .setIssuedAt()
        .sign(privateKey)
      end(cid, change.status ?? decision, token)
    },
    /** Ends a request without a decision, or seems to. */
    end,
    /** Makes the next calls fail like this. */
    failNext: (...next: readonly Failure[]) => void failures.push(...next),
    /** Makes calls fail. */
    disturb(by: (call: Call) => Failure | null) {
      disturb = by
    },
    /** Signs with a new key from now on. */
    async rotateKey(kid: string) {
      keys.clear()
      current = await addKey(kid)
    },
    /** Publishes one more key. */
    addKey,
    /** Number of calls that are held open. */
    held: () => changed.size,
    stop,
    start: () => listen(port),
    /** Cuts every connection and starts again at the same address with its data. */
    async restart() {
      await stop()
      await listen(port)
    },
    /** Ids of requests, in order of creation. */
    cids: () => [...requests.keys()],
    close: stop,
  }
}
