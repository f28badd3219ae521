/** One HTTP call to another server: no redirects, a time limit, a size limit, JSON only. */
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { type Duplex, pipeline } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { lookupPublic, namesPrivateAddress, PrivateAddressError } from './private-address.ts'

export interface OutboundCall {
  readonly url: URL
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  /** JSON text. */
  readonly body?: string
  readonly signal?: AbortSignal
  /** Milliseconds. Default 10 000. For lines, between two of them. */
  readonly timeoutMs?: number
  /** False: a name that resolves to a private address is refused; a literal one in the URL never is. */
  readonly allowPrivateAddress: boolean
  /** Accepts JSON under any `Content-Type`. Default: under those of JSON. */
  readonly anyType?: boolean
  /** A success under `application/x-ndjson` is read line by line; its body is the last one. */
  readonly lines?: {
    /** Called with each line as it comes. False ends the call, as `aborted`. */
    readonly onLine: (value: unknown) => boolean
    /** Milliseconds from the first to the last. */
    readonly mostMs: number
  }
}

export interface OutboundAnswer {
  readonly status: number
  /** Parsed JSON; `null` if there was no body, or a refusal's body is not JSON. */
  readonly body: unknown
}

export type OutboundFailure =
  /** No answer in time, or no connection. */
  | 'unreachable'
  | 'timeout'
  | 'private-address'
  /** Over 256 KiB. */
  | 'too-large'
  | 'not-json'
  /** The caller's signal aborted. */
  | 'aborted'

/** `status` is set if the server answered. The message contains neither headers nor bodies. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError'
  readonly failure: OutboundFailure
  readonly status: number

  constructor(failure: OutboundFailure, status: number, cause?: unknown) {
    super(`the call failed: ${failure}`, { cause })
    this.failure = failure
    this.status = status
  }
}

const TIMEOUT_MS = 10_000
const LINES_TYPE = /^application\/(x-)?ndjson\b/i
const ANSWER_BYTES = 256 * 1024

/** Rejects with `OutboundError`. Any status resolves, but a success has to be JSON or empty. */
export async function callJson(call: OutboundCall): Promise<OutboundAnswer> {
  const late = new AbortController()
  const timeout = setTimeout(() => late.abort(), call.timeoutMs ?? TIMEOUT_MS)
  let most: ReturnType<typeof setTimeout> | undefined
  const signal = call.signal === undefined ? late.signal : AbortSignal.any([call.signal, late.signal])
  let status = 0
  try {
    const response = await send(call, signal)
    status = response.statusCode ?? 0
    const { lines } = call
    if (lines === undefined || status >= 300 || !LINES_TYPE.test(response.headers['content-type'] ?? '')) {
      const text = await readText(response)
      return { status, body: parse(text, response, call.anyType ?? false) }
    }
    most = setTimeout(() => late.abort(), lines.mostMs)
    let body: unknown = null
    await readText(response, (line) => {
      timeout.refresh()
      // An empty one says that more will come.
      if (line.trim() === '') return
      body = parseLine(line, status)
      if (!lines.onLine(body)) throw new OutboundError('aborted', status)
    })
    return { status, body }
  } catch (error) {
    if (error instanceof OutboundError) throw error
    if (error instanceof PrivateAddressError) throw new OutboundError('private-address', 0)
    if (call.signal?.aborted === true) throw new OutboundError('aborted', status)
    if (late.signal.aborted) throw new OutboundError('timeout', status)
    if (isDecodingError(error)) throw new OutboundError('not-json', status, error)
    throw new OutboundError('unreachable', status, error)
  } finally {
    clearTimeout(timeout)
    clearTimeout(most)
  }
}

function send(call: OutboundCall, signal: AbortSignal): Promise<IncomingMessage> {
  const request = call.url.protocol === 'https:' ? requestHttps : requestHttp
  const guarded = !call.allowPrivateAddress && !namesPrivateAddress(call.url.hostname)
  return new Promise((resolve, reject) => {
    const outgoing = request(call.url, {
      method: call.method,
      signal,
      // A pooled connection would have been checked by another call's rules.
      agent: false,
      headers: {
        accept: 'application/json',
        ...(call.body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(call.body) }),
        ...call.headers,
      },
      ...(guarded ? { lookup: lookupPublic } : {}),
    })
    outgoing.once('response', resolve)
    outgoing.once('error', reject)
    outgoing.end(call.body)
  })
}

const DECODERS: ReadonlyMap<string, () => Duplex> = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
])

/** The body as its server wrote it: some servers, and proxies before them, compress also for those who did not ask. */
function decoded(response: IncomingMessage): AsyncIterable<Buffer> {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? ''
  const decoder = DECODERS.get(encoding)?.()
  // The reader of the last stream is told of an error in any.
  return decoder === undefined ? response : pipeline(response, decoder, () => undefined)
}

const isDecodingError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(Z_|ERR__?ERROR_FORMAT|ERR_BROTLI)/.test(String(error.code))

/** Resolves with the text, without those lines that `onLine` was handed. */
async function readText(response: IncomingMessage, onLine?: (line: string) => void): Promise<string> {
  // Decodes without the byte order mark that some servers send, which `JSON.parse` refuses.
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of decoded(response)) {
    bytes += chunk.length
    // Leaving the loop destroys the response, and with it the connection.
    if (bytes > ANSWER_BYTES) throw new OutboundError('too-large', response.statusCode ?? 0)
    text += decoder.decode(chunk, { stream: true })
    if (onLine === undefined) continue
    const lines = text.split('\n')
    text = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  }
  text += decoder.decode()
  if (text !== '') onLine?.(text)
  return text
}

function parseLine(line: string, status: number): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw new OutboundError('not-json', status)
  }
}

function parse(text: string, { headers, statusCode = 0 }: IncomingMessage, anyType: boolean): unknown {
  if (text.trim() === '') return null
  const isJson = anyType || /^application\/([\w.-]+\+)?json\b/i.test(headers['content-type'] ?? '')
  try {
    if (isJson) return JSON.parse(text)
  } catch {}
  // A refusal is often an HTML page; only its status counts.
  if (statusCode >= 400) return null
  throw new OutboundError('not-json', statusCode)
}
