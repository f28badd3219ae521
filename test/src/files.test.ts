/** Files that the server serves to browsers and operators: the widget, health, metrics, the OpenAPI document. */
import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ServerHere, startServerHere } from './support/server-here.ts'
import { shopConfig } from './support/shop.ts'

let server: ServerHere
let manifest: Manifest
interface Manifest {
  readonly version: string
  readonly files: Readonly<Record<string, { readonly integrity: string; readonly brotli: number }>>
  readonly launcher: readonly string[]
  readonly chat: readonly string[]
}
beforeAll(async () => {
  server = await startServerHere(shopConfig())
  manifest = (await (await fetch(`${server.url}/chat-widget.manifest.json`)).json()) as Manifest
})
afterAll(() => server?.close())

interface Raw {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** Fetches without the decompression that `fetch` does. */
function raw(path: string, headers: Record<string, string> = {}): Promise<Raw> {
  return new Promise((resolve, reject) => {
    request(`${server.url}${path}`, { headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
      )
    })
      .on('error', reject)
      .end()
  })
}

describe("the widget's files", () => {
  it('are compressed ahead of time, in what the browser accepts', async () => {
    const plain = await raw('/chat-widget.js')
    const br = await raw('/chat-widget.js', { 'accept-encoding': 'gzip, deflate, br' })
    const gz = await raw('/chat-widget.js', { 'accept-encoding': 'gzip' })
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(plain.headers['content-type']).toMatch(/^(text|application)\/javascript/)
    expect(br.headers['content-encoding']).toBe('br')
    expect(gz.headers['content-encoding']).toBe('gzip')
    expect(brotliDecompressSync(br.body)).toEqual(plain.body)
    expect(gunzipSync(gz.body)).toEqual(plain.body)
    expect(br.headers.vary).toMatch(/accept-encoding/i)
  })

  it('are kept for good where the name holds a hash, and asked for again where it does not', async () => {
    const hashed = Object.keys(manifest.files).filter((name) => name.startsWith('assets/'))
    expect(hashed.length).toBeGreaterThan(0)
    for (const name of hashed) {
      const { status, headers } = await raw(`/${name}`)
      expect(status, name).toBe(200)
      expect(headers['cache-control'], name).toMatch(/max-age=31536000.*immutable/)
    }
    for (const name of ['chat-widget.js', 'embed.js']) {
      const { headers } = await raw(`/${name}`)
      expect(headers['cache-control']).toMatch(/no-cache|max-age=0/)
      const again = await raw(`/${name}`, { 'if-none-match': String(headers.etag) })
      expect(again.status).toBe(304)
    }
  })

  it('[HP9] are kept for good at an address that names the version, and are the same there', async () => {
    for (const name of ['chat-widget.js', 'embed.js']) {
      const versioned = await raw(`/${name}?v=${manifest.version}`)
      expect(versioned.headers['cache-control'], name).toMatch(/max-age=31536000.*immutable/)
      expect(versioned.body, name).toEqual((await raw(`/${name}`)).body)
    }
  })

  it('may be loaded by any page and match the integrity values of the manifest', async () => {
    expect(Object.keys(manifest.files)).toEqual(expect.arrayContaining(['chat-widget.js', 'embed.js']))
    for (const [name, { integrity }] of Object.entries(manifest.files)) {
      const { status, headers, body } = await raw(`/${name}`, { origin: 'https://anyone.example.com' })
      expect(status, name).toBe(200)
      expect(headers['access-control-allow-origin'], name).toBe('*')
      const [algorithm = '', digest] = integrity.split(/-(.*)/s)
      expect(algorithm).toMatch(/^sha(256|384|512)$/)
      expect(createHash(algorithm).update(body).digest('base64'), name).toBe(digest)
    }
  })

  it('do not lead out of their folder', async () => {
    for (const path of [
      '/assets/../chat-widget.manifest.json',
      '/assets/%2e%2e/%2e%2e/package.json',
      '/assets/..%2f..%2fpackage.json',
      '/console/../../package.json',
      '/console/%2e%2e/%2e%2e/package.json',
    ]) {
      const { status, body } = await raw(path)
      expect(body.includes('"@chat-widget/'), path).toBe(false)
      expect(status, path).not.toBe(500)
    }
  })
})

describe('for operators', () => {
  it('says whether it lives and whether it can store', async () => {
    for (const path of ['/healthz', '/readyz']) expect((await raw(path)).status, path).toBe(200)
  })

  it('counts, in the format of Prometheus', async () => {
    const { status, headers, body } = await raw('/metrics')
    expect(status).toBe(200)
    expect(headers['content-type']).toMatch(/^text\/plain/)
    expect(body.toString()).toMatch(/^chat_sockets\{kind="visitor"\} \d+$/m)
  })

  it('describes the REST interface as OpenAPI', async () => {
    const description = JSON.parse((await raw('/openapi.json')).body.toString())
    expect(description.openapi).toMatch(/^3\./)
    const paths = Object.keys(description.paths)
    expect(paths).toEqual(
      expect.arrayContaining([
        '/v1/apps/{app}/conversations',
        '/v1/apps/{app}/conversations/{id}/messages',
        '/v1/apps/{app}/conversations/{id}/close',
        '/v1/apps/{app}/conversations/{id}/handler',
      ]),
    )
  })

  it('serves the console with a policy that allows its own scripts only, and in no frame', async () => {
    const { status, headers, body } = await raw('/console/')
    expect(status).toBe(200)
    expect(headers['content-type']).toMatch(/^text\/html/)
    const policy = String(headers['content-security-policy'])
    expect(policy).toMatch(/script-src 'self'/)
    expect(policy).toMatch(/frame-ancestors 'none'/)
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval/)
    expect(body.toString()).not.toMatch(/<script(?![^>]*src=)/)
  })
})
