/** `{ "env": "NAME" }` anywhere, secrets as lists, and every problem of a file at once. */
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signWebhook } from '../outbound/sign-webhook.ts'
import { ConfigurationError } from './configuration-error.ts'
import { loadConfig } from './load-config.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chat-secrets-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function load(content: object, env: Record<string, string> = {}) {
  const path = join(folder, `${crypto.randomUUID()}.json`)
  writeFileSync(path, JSON.stringify(content))
  return loadConfig(['--config', path], env)
}
function linesOf(content: object): readonly string[] {
  try {
    load(content)
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split('\n')
    throw error
  }
  throw new Error('was accepted')
}

const webhookSecret = (fill: number) => `whsec_${Buffer.alloc(24, fill).toString('base64')}`
const sharedSecret = (fill: string) => fill.repeat(32)
const hash = (digit: string) => `sha256:${digit.repeat(64)}`
const jwt = { kind: 'jwt', algorithms: ['HS256'], issuer: 'shop', audience: 'chat' }
const introspect = { kind: 'introspect', url: 'https://shop.example.com/verify' }
const app = (changes: object) => ({
  apps: [{ id: 'shop', origins: ['https://shop.example.com'], ...changes }],
})

/** Every key whose value is a string, or a list of them, stands in one of the two. */
const FULL = {
  apps: [
    {
      id: 'shop',
      name: 'Northwind',
      locale: 'de',
      origins: ['https://shop.example.com', 'http://localhost:*'],
      context: {
        ...jwt,
        tokenPath: 'Auth.Token',
        secret: [sharedSecret('n'), sharedSecret('o')],
        display: { Name: { claim: 'name' }, Plan: { context: 'CustomerInfo.plan' } },
      },
      contextStyle: 'asapp',
      login: { methods: ['host', 'email'] },
      actions: {
        orders: {
          url: 'https://shop.example.com/orders',
          method: 'POST',
          headers: { authorization: 'Bearer {Auth.Token}', accept: 'application/json' },
        },
      },
      apiKeys: [hash('a'), hash('b')],
      bot: { url: 'https://shop.example.com/bot', secret: webhookSecret(1) },
      authenticationRequests: {
        provider: {
          kind: 'forward',
          url: 'https://ask.example.com',
          apiKey: 'key',
          app: 'shop',
          jwksUrl: 'https://ask.example.com/keys',
          issuer: 'https://ask.example.com',
          audience: 'shop',
          algorithm: 'RS256',
        },
      },
    },
    {
      id: 'blog',
      origins: ['https://blog.example.com'],
      context: { ...introspect, secret: [webhookSecret(2), webhookSecret(3)] },
    },
    {
      id: 'forum',
      origins: ['https://forum.example.com'],
      context: { ...jwt, kind: 'jwks', algorithms: ['RS256'], url: 'https://forum.example.com/jwks' },
    },
  ],
  defaultApp: 'blog',
  publicUrl: 'https://example.com/chat',
  trustedProxies: ['loopback', '10.0.0.0/8'],
  mail: { smtpUrl: 'smtp://user:password@mail.example.com:587', from: 'chat@example.com' },
}

/** Replaces each string by a variable; returns their values. */
function intoVariables(content: object) {
  const env: Record<string, string> = {}
  const replace = (value: unknown): unknown => {
    if (typeof value === 'string') {
      const name = `VALUE_${Object.keys(env).length}`
      env[name] = value
      return { env: name }
    }
    if (Array.isArray(value)) return value.map(replace)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item)]))
  }
  return { content: replace(content) as object, env }
}

describe('[OP6] a string', () => {
  it('comes from the environment, wherever it stands', () => {
    const { content, env } = intoVariables(FULL)
    expect(Object.keys(env).length).toBeGreaterThan(50)
    expect(load(content, env)).toEqual(load(FULL))
  })

  it('whose variable is not set is named, each of them', () => {
    expect(linesOf(app({ name: { env: 'NAME' }, apiKeys: [hash('a'), { env: 'KEY' }] }))).toEqual([
      'configuration: apps[0].name: the environment variable NAME is not set',
      'configuration: apps[0].apiKeys[1]: the environment variable KEY is not set',
    ])
  })
})

describe('[OP6] a list of secrets', () => {
  const pem = () =>
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' })

  it.each([
    ['shared secrets of jwt', { context: { ...jwt, secret: [sharedSecret('n'), sharedSecret('o')] } }],
    ['public keys of jwt', { context: { ...jwt, algorithms: ['ES256'], secret: [pem(), pem()] } }],
    ['introspect', { context: { ...introspect, secret: [webhookSecret(1), webhookSecret(2)] } }],
    ['the bot', { bot: { url: 'https://shop.example.com/', secret: [webhookSecret(1), webhookSecret(2)] } }],
    ['API keys', { apiKeys: [hash('a'), hash('b')] }],
  ])('is taken for %s', (_title, changes) => {
    expect(load(app(changes)).apps).toHaveLength(1)
  })

  it.each([
    [
      'a short one',
      { context: { ...jwt, secret: [sharedSecret('n'), 'x'] } },
      'context.secret[1]: has 1 bytes',
    ],
    ['a number', { context: { ...jwt, secret: [7] } }, 'context.secret[0]: '],
    ['none', { context: { ...jwt, secret: [] } }, 'context.secret: must list at least one secret'],
    [
      'too many',
      { context: { ...jwt, secret: Array(11).fill(sharedSecret('n')) } },
      'context.secret: must list at most',
    ],
    [
      'none for the bot',
      { bot: { url: 'https://a.example', secret: [] } },
      'bot.secret: must list at least one',
    ],
    [
      'a bad one for the bot',
      { bot: { url: 'https://a.example', secret: ['x'] } },
      'bot.secret[0]: must be whsec_',
    ],
    [
      'a bad one',
      { context: { ...introspect, secret: [webhookSecret(1), 'x'] } },
      'context.secret[1]: must be whsec_',
    ],
    ['another type', { bot: { url: 'https://a.example', secret: 7 } }, 'bot.secret: '],
  ])('with %s is refused by its key', (_title, changes, problem) => {
    const [line, ...more] = linesOf(app(changes))
    expect(line).toContain(`configuration: apps[0].${problem}`)
    expect(more).toEqual([])
  })

  it('signs with each, the first one first, so that a receiver may know any', () => {
    const secrets = [webhookSecret(1), webhookSecret(2)]
    const message = { id: 'msg_1', body: '{"a":1}', at: Date.now() }
    const headers = signWebhook(secrets, message)
    for (const secret of secrets) expect(new Webhook(secret).verify(message.body, headers)).toEqual({ a: 1 })
    expect(() => new Webhook(webhookSecret(3)).verify(message.body, headers)).toThrow()
    const [first] = headers['webhook-signature']?.split(' ') ?? []
    expect(first).toBe(signWebhook([webhookSecret(1)], message)['webhook-signature'])
  })
})

describe('a file with several mistakes', () => {
  it('has a line for each key that is wrong', () => {
    expect(
      linesOf({
        ...app({ origins: ['*'], colour: 'red', size: 3, context: { ...jwt, secret: 'short' } }),
        publicUrl: 'https://example.com/?a',
        trustedProxies: ['everybody'],
      }).map((line) => line.split(': ')[1]),
    ).toEqual([
      'apps[0].origins[0]',
      'apps[0].context.secret',
      'apps[0].colour',
      'apps[0].size',
      'publicUrl',
      'trustedProxies[0]',
    ])
  })

  it.each([
    ['a query', 'https://example.com/?a'],
    ['an encoded path', 'https://example.com/ch%C3%A4t'],
    ['an empty part', 'https://example.com//chat'],
  ])('has no publicUrl with %s', (_title, publicUrl) => {
    expect(linesOf({ ...app({}), publicUrl })[0]).toMatch(
      /^configuration: publicUrl: must (have a path|not have)/,
    )
  })
})
