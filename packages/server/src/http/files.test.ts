import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startHttp, WIDGET_SCRIPT } from './http-server.testing.ts'

let server: Awaited<ReturnType<typeof startHttp>>
beforeAll(async () => {
  server = await startHttp()
})
afterAll(() => server.stop())

const get = (url: string, headers: Record<string, string> = {}) => server.http.inject({ url, headers })

describe('the widget’s files', () => {
  it.each(['/chat-widget.js', '/embed.js', '/chat-widget.manifest.json'])(
    '%s is asked for again each time, and answered 304 when unchanged',
    async (url) => {
      const response = await get(url)
      expect(response.statusCode).toBe(200)
      expect(response.headers['cache-control']).toBe('no-cache')
      const etag = response.headers.etag
      expect(etag).toEqual(expect.any(String))
      const again = await get(url, { 'if-none-match': String(etag) })
      expect(again.statusCode).toBe(304)
      expect(again.headers['access-control-allow-origin']).toBe('*')
    },
  )

  it('with a hash in the name are kept for a year', async () => {
    const response = await get('/assets/panel-a1b2c3.js')
    expect(response.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  })

  it('may be loaded by pages of any origin', async () => {
    for (const url of ['/chat-widget.js', '/assets/panel-a1b2c3.js'])
      expect((await get(url)).headers).toMatchObject({
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        'timing-allow-origin': '*',
        'content-type': expect.stringContaining('javascript'),
        'x-content-type-options': 'nosniff',
      })
  })

  it.each([
    ['br, gzip', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['gzip;q=1, br;q=0', 'gzip', gunzipSync],
    ['identity', undefined, (bytes: Buffer) => bytes],
  ] as const)('accept-encoding %s: %s', async (accepted, encoding, decode) => {
    const response = await get('/chat-widget.js', { 'accept-encoding': accepted })
    expect(response.headers['content-encoding']).toBe(encoding)
    expect(response.headers.vary).toBe('accept-encoding')
    expect(response.headers['content-type']).toContain('javascript')
    expect(decode(response.rawPayload).toString()).toBe(WIDGET_SCRIPT)
  })

  it.each([
    '/assets/none-000000.js',
    '/assets/',
    '/assets/../../secret.txt',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/..%2fchat-widget.js',
    '/assets/x/..%2f..%2fchat-widget.js',
    '/assets/.%2fpanel-a1b2c3.js',
    '/assets/%2fpanel-a1b2c3.js',
    '/console/assets/..%2findex.html',
    '/console/%2e%2e%2fchat-widget.js',
    '/authenticator/assets/..%2findex.html',
    '/assets/..%5cchat-widget.js',
    '/assets/%00',
  ])('%s is 404, and not kept', async (url) => {
    const response = await get(url)
    expect(response.statusCode).toBe(404)
    expect(response.json().error.code).toBe('not-found')
    expect(response.headers['cache-control']).toBe('no-store')
  })
})

describe.each([
  ['console', 'main-d4e5f6.js', 'Console', "'self' data: blob: https:"],
  ['authenticator', 'main-a7b8c9.js', 'Authenticator', "'self' data:"],
] as const)('the %s', (name, script, title, pictures) => {
  it('is under a strict policy, stands in no frame, and sends no referrer', async () => {
    const response = await get(`/${name}/`, { host: 'chat.example.com' })
    expect(response.statusCode).toBe(200)
    expect(response.headers['content-type']).toContain('text/html')
    expect(response.headers['cache-control']).toBe('no-cache')
    expect(String(response.headers['content-security-policy']).split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self' ws://chat.example.com wss://chat.example.com",
      `img-src ${pictures}`,
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ])
    expect(response.headers['referrer-policy']).toBe('no-referrer')
    expect(response.headers['access-control-allow-origin']).toBeUndefined()
    expect(response.body).toContain(`<title>${title}</title>`)
  })

  it('takes nothing into the policy that is no host', async () => {
    const response = await get(`/${name}/`, { host: "a; script-src 'unsafe-inline'" })
    expect(response.headers['content-security-policy']).not.toContain('unsafe-inline')
  })

  it('is found without its slash', async () => {
    const response = await get(`/${name}`)
    expect([response.statusCode, response.headers.location]).toEqual([302, `/${name}/`])
  })

  it('has immutable assets', async () => {
    const response = await get(`/${name}/assets/${script}`, { 'accept-encoding': 'br' })
    expect(response.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'br',
    })
  })
})

it('names the command to run where nothing was built', async () => {
  const bare = await startHttp({ built: false })
  try {
    for (const url of ['/chat-widget.js', '/console/', '/authenticator/']) {
      const response = await bare.http.inject({ url })
      expect(response.statusCode).toBe(503)
      expect(response.body).toContain('pnpm build')
      expect(response.headers['cache-control']).toBe('no-store')
    }
  } finally {
    await bare.stop()
  }
})
