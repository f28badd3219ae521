import dns from 'node:dns'
import { createServer, type RequestListener, type Server } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callJson, type OutboundCall } from './call-json.ts'

/** Addresses of names here; no test asks a real name server. */
const names = new Map([
  ['inside.example.com', ['127.0.0.1']],
  ['both.example.com', ['8.8.8.8', '127.0.0.1']],
])
const { lookup } = dns
const lookUpHere = (
  host: string,
  _options: object,
  callback: (error: Error | null, found: object[]) => void,
) => {
  const addresses = names.get(host)
  if (addresses === undefined) return callback(new Error('ENOTFOUND'), [])
  return callback(
    null,
    addresses.map((address) => ({ address, family: 4 })),
  )
}
/** Replaces `lookup` also for modules that imported it by name; other files of this process get the real one back. */
function useLookup(used: unknown): void {
  Object.assign(dns, { lookup: used })
  syncBuiltinESMExports()
}

let server: Server
let port: number
let asked = 0
let answer: RequestListener
const json = { 'content-type': 'application/json' }

beforeAll(async () => {
  server = createServer((request, response) => {
    asked += 1
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
  useLookup(lookUpHere)
})
afterAll(() => {
  useLookup(lookup)
  server.closeAllConnections()
  return new Promise((resolve) => server.close(resolve))
})

function call(options: Partial<OutboundCall> & { readonly host?: string } = {}) {
  const { host = '127.0.0.1', ...rest } = options
  const url = new URL(`http://${host}:${port}/path?query=1`)
  return callJson({ url, method: 'GET', headers: {}, allowPrivateAddress: false, ...rest })
}

describe('an outbound call', () => {
  it('sends JSON and resolves with status and parsed body, also of a refusal', async () => {
    answer = (request, response) => {
      expect(request.headers).toMatchObject({ ...json, 'x-key': 'k', 'content-length': '7' })
      response.writeHead(422, json).end('{"why":"so"}')
    }
    const sent = { method: 'POST', body: '{"a":1}', headers: { 'x-key': 'k' } } as const
    expect(await call(sent)).toEqual({ status: 422, body: { why: 'so' } })
  })

  it('takes no body for null, and what is no JSON for a failure unless it is a refusal anyway', async () => {
    answer = (_request, response) => response.writeHead(204).end()
    expect(await call()).toEqual({ status: 204, body: null })
    answer = (_request, response) => response.writeHead(401, { 'content-type': 'text/html' }).end('<p>')
    expect(await call()).toEqual({ status: 401, body: null })
    answer = (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>')
    await expect(call()).rejects.toMatchObject({ failure: 'not-json', status: 200 })
    answer = (_request, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('{}')
    await expect(call()).rejects.toMatchObject({ failure: 'not-json', status: 200 })
    answer = (_request, response) => response.writeHead(200, json).end('{')
    await expect(call()).rejects.toMatchObject({ failure: 'not-json' })
  })

  it('reads JSON of any type where the caller takes it', async () => {
    answer = (_request, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('{"a":1}')
    expect(await call({ anyType: true })).toEqual({ status: 200, body: { a: 1 } })
    answer = (_request, response) => response.end('ok')
    await expect(call({ anyType: true })).rejects.toMatchObject({ failure: 'not-json', status: 200 })
  })

  it('reads JSON behind a byte order mark', async () => {
    answer = (_request, response) => response.writeHead(200, json).end('\uFEFF{"a":1}')
    expect(await call()).toEqual({ status: 200, body: { a: 1 } })
  })

  it('reads what was compressed without being asked for, within the same bound', async () => {
    const respond =
      (encoding: string, body: Uint8Array): RequestListener =>
      (_request, response) =>
        response.writeHead(200, { ...json, 'content-encoding': encoding }).end(body)
    for (const [encoding, encode] of Object.entries({
      gzip: gzipSync,
      deflate: deflateSync,
      br: brotliCompressSync,
    })) {
      answer = respond(encoding, encode('{"a":"é"}'))
      expect(await call()).toEqual({ status: 200, body: { a: 'é' } })
      answer = respond(encoding, encode(`"${'x'.repeat(300 * 1024)}"`))
      await expect(call()).rejects.toMatchObject({ failure: 'too-large' })
      answer = respond(encoding, Buffer.from('{"a":1}'))
      await expect(call()).rejects.toMatchObject({ failure: 'not-json', status: 200 })
    }
    answer = respond('identity', Buffer.from('1'))
    expect((await call()).body).toBe(1)
  })

  it('does not follow redirects', async () => {
    asked = 0
    answer = (_request, response) => response.writeHead(302, { location: '/elsewhere' }).end()
    expect(await call()).toEqual({ status: 302, body: null })
    expect(asked).toBe(1)
  })

  it('stops reading beyond 256 KiB', async () => {
    answer = (_request, response) => response.writeHead(200, json).end(`"${'x'.repeat(256 * 1024)}"`)
    await expect(call()).rejects.toMatchObject({ failure: 'too-large' })
  })

  it('gives up when there is no answer in time, when nobody is there, and when the caller does', async () => {
    answer = () => {}
    await expect(call({ timeoutMs: 30 })).rejects.toMatchObject({ failure: 'timeout' })
    const gone = new AbortController()
    const waiting = call({ signal: gone.signal })
    gone.abort()
    await expect(waiting).rejects.toMatchObject({ failure: 'aborted' })
    const url = new URL('http://127.0.0.1:1')
    await expect(call({ url })).rejects.toMatchObject({ failure: 'unreachable' })
  })

  it('also when the body never ends', async () => {
    answer = (_request, response) => response.writeHead(200, json).write('"')
    await expect(call({ timeoutMs: 50 })).rejects.toMatchObject({ failure: 'timeout' })
  })

  describe('[BO2] line by line', () => {
    const ndjson = { 'content-type': 'application/x-ndjson' }
    const read = async (more: Partial<OutboundCall> = {}) => {
      const heard: unknown[] = []
      const lines = { mostMs: 10_000, onLine: (line: unknown) => heard.push(line) < 3 }
      const { body } = await call({ lines, ...more })
      return { heard, body }
    }

    it('hands over each line once, however they are cut, and resolves with the last', async () => {
      answer = (_request, response) => {
        const bytes = Buffer.from('{"a":"é"}\n\n{"b":1}')
        response.writeHead(200, ndjson)
        // Between the two bytes of one letter.
        response.write(bytes.subarray(0, 7), () => response.end(bytes.subarray(7)))
      }
      expect(await read()).toEqual({ heard: [{ a: 'é' }, { b: 1 }], body: { b: 1 } })
      answer = (_request, response) => response.writeHead(503, ndjson).end('{"b":1}')
      expect(await read()).toEqual({ heard: [], body: null })
    })

    it('fails where a line is no JSON, where there are too many bytes, and where the caller has enough', async () => {
      answer = (_request, response) => response.writeHead(200, ndjson).end('{"a":1}\nno')
      await expect(read()).rejects.toMatchObject({ failure: 'not-json', status: 200 })
      answer = (_request, response) => response.writeHead(200, ndjson).end(`"${'x'.repeat(256 * 1024)}`)
      await expect(read()).rejects.toMatchObject({ failure: 'too-large' })
      answer = (_request, response) => response.writeHead(200, ndjson).write('1\n2\n3\n')
      await expect(read()).rejects.toMatchObject({ failure: 'aborted' })
    })

    it('has its time between two lines, and a time in all', async () => {
      answer = (_request, response) => response.writeHead(200, ndjson).write('1\n')
      await expect(read({ timeoutMs: 50 })).rejects.toMatchObject({ failure: 'timeout' })
      const lines = { mostMs: 200, onLine: () => true }
      let timer: ReturnType<typeof setInterval> | undefined
      answer = (_request, response) => {
        response.writeHead(200, ndjson)
        timer = setInterval(() => response.write('\n'), 10)
      }
      await expect(read({ lines })).rejects.toMatchObject({ failure: 'timeout' })
      clearInterval(timer)
    })
  })

  it.each(['inside.example.com', 'both.example.com'])(
    '[ID16] never reaches a private address by the name %s',
    async (host) => {
      asked = 0
      await expect(call({ host })).rejects.toMatchObject({ failure: 'private-address' })
      expect(asked).toBe(0)
    },
  )
})
