import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigurationError } from './configuration-error.ts'
import { loadConfig } from './load-config.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chat-config-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const SECRET = 'x'.repeat(32)
const WEBHOOK_SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
const jwt = {
  kind: 'jwt',
  algorithms: ['HS256'],
  secret: SECRET,
  issuer: 'https://shop.example.com',
  audience: 'chat',
}
const app = { id: 'shop', origins: ['https://shop.example.com'] }

function write(content: unknown): string {
  const path = join(folder, `${crypto.randomUUID()}.json`)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}
const load = (content: unknown, env: Record<string, string> = {}, flags: string[] = []) =>
  loadConfig(['--config', write(content), ...flags], env)
const loadApp = (extra: object, env: Record<string, string> = {}) =>
  load({ apps: [{ ...app, ...extra }] }, env)

/** Keys of a message's lines, in order. */
const keysOf = (message: string) =>
  message.split('\n').map((line) => /^configuration: (\S+): /.exec(line)?.[1])

function messageOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message
    throw error
  }
  throw new Error('was accepted')
}

describe('a good file', () => {
  it('is JSON with comments and trailing commas', () => {
    const config = load(
      '{ // ours\n "apps": [{ "id": "shop", "origins": ["http://localhost:*"], }], /* end */ }',
    )
    expect(config.apps[0]?.id).toBe('shop')
  })

  it('has its defaults filled in', () => {
    expect(loadApp({ context: jwt })).toEqual({
      host: '127.0.0.1',
      port: 8080,
      dataDir: './data',
      dev: false,
      apps: [
        {
          id: 'shop',
          name: 'shop',
          origins: ['https://shop.example.com'],
          context: { ...jwt, tokenPath: 'Auth.Token' },
          login: { methods: ['host'], continueAsGuest: true },
          actions: {},
          apiKeyHashes: [],
        },
      ],
    })
  })

  it('may say everything', () => {
    const [shop] = loadApp({
      name: 'Northwind',
      contextStyle: 'asapp',
      context: { kind: 'introspect', url: 'https://shop.example.com/verify' },
      login: { methods: ['email'], continueAsGuest: false },
      actions: {
        orders: {
          url: 'https://shop.example.com/orders?user={Auth.User}',
          headers: { authorization: 'Bearer {Auth.Token}' },
        },
      },
      apiKeys: [`sha256:${'A'.repeat(64)}`, { key: `sha256:${'B'.repeat(64)}`, requestsPerMinute: 60 }],
      bot: { url: 'http://10.0.0.5/bot', secret: WEBHOOK_SECRET },
    }).apps
    expect(shop).toMatchObject({
      name: 'Northwind',
      contextStyle: 'asapp',
      login: { methods: ['email'], continueAsGuest: false },
      actions: { orders: { method: 'GET', allowPrivateAddress: false } },
      apiKeyHashes: ['a'.repeat(64), 'b'.repeat(64)],
      apiKeyRates: { ['b'.repeat(64)]: 60 },
      bot: { secret: WEBHOOK_SECRET },
    })
  })

  it('takes any string from the environment', () => {
    const [shop] = loadApp(
      { context: { ...jwt, kind: { env: 'KIND' }, secret: { env: 'JWT' } }, origins: [{ env: 'ORIGIN' }] },
      { KIND: 'jwt', JWT: SECRET, ORIGIN: 'http://localhost:3000' },
    ).apps
    expect(shop).toMatchObject({ context: { secret: SECRET }, origins: ['http://localhost:3000'] })
  })

  it('writes origins as browsers send them', () => {
    const origins = [
      'HTTPS://Shop.Example.com:443',
      'http://localhost:*',
      'https://*.example.com',
      'http://[::1]:80',
      'Capacitor://localhost',
    ]
    expect(loadApp({ origins }).apps[0]?.origins).toEqual([
      'https://shop.example.com',
      'http://localhost:*',
      'https://*.example.com',
      'http://[::1]',
      'capacitor://localhost',
    ])
  })

  it('pins a public key, as PEM or as JWK, to algorithms that fit it', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const pem = publicKey.export({ type: 'spki', format: 'pem' })
    const jwk = JSON.stringify(publicKey.export({ format: 'jwk' }))
    for (const secret of [pem, jwk])
      expect(loadApp({ context: { ...jwt, algorithms: ['ES256'], secret } }).apps[0]?.context).toMatchObject({
        secret,
      })
  })

  it('reaches identity endpoints by plain http on this machine, and elsewhere with --dev only', () => {
    const context = { ...jwt, kind: 'jwks', algorithms: ['RS256'], secret: undefined }
    expect(loadApp({ context: { ...context, url: 'http://127.0.0.1:9000/jwks' } }).apps).toHaveLength(1)
    const remote = { apps: [{ ...app, context: { ...context, url: 'http://shop.example.com/jwks' } }] }
    expect(load(remote, {}, ['--dev']).dev).toBe(true)
    expect(messageOf(() => load(remote))).toBe('configuration: apps[0].context.url: must be https')
  })
})

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const context = (change: object) => ({ context: { ...jwt, ...change } })
const orders = (change: object) => ({ actions: { orders: { url: 'https://shop.example.com/', ...change } } })

describe('bad configuration is one line that names the key', () => {
  const cases: [title: string, extra: object, key: string, problem: RegExp][] = [
    ['unknown key', { contxt: {} }, 'apps[0].contxt', /unknown key/],
    ['unknown key, deeper', context({ algs: [] }), 'apps[0].context.algs', /unknown key/],
    ['missing key', context({ audience: undefined }), 'apps[0].context.audience', /missing/],
    ['wrong type', { login: { continueAsGuest: 'yes' } }, 'apps[0].login.continueAsGuest', /boolean/],
    ['app id with a slash', { id: 'a/b' }, 'apps[0].id', /letters/],
    ['no origin', { origins: [] }, 'apps[0].origins', /at least one/],
    ['origin with a path', { origins: ['https://a.example/x'] }, 'apps[0].origins[0]', /not an origin/],
    ['any origin', { origins: ['https://b.example', '*'] }, 'apps[0].origins[1]', /not an origin/],
    ['origin null', { origins: ['null'] }, 'apps[0].origins[0]', /not an origin/],
    ['wildcard inside', { origins: ['https://a.*.example'] }, 'apps[0].origins[0]', /not an origin/],
    [
      'wildcard of a whole top-level domain',
      { origins: ['https://*.com'] },
      'apps[0].origins[0]',
      /every site/,
    ],
    ['origin port', { origins: ['http://localhost:99999'] }, 'apps[0].origins[0]', /port/],
    ['unknown kind', context({ kind: 'magic' }), 'apps[0].context.kind', /jwt, jwks or introspect/],
    ['unsigned tokens', context({ algorithms: ['none'] }), 'apps[0].context.algorithms[0]', /unsigned/],
    [
      'unsigned tokens, shouted',
      context({ algorithms: ['NONE'] }),
      'apps[0].context.algorithms[0]',
      /unsigned/,
    ],
    ['unknown algorithm', context({ algorithms: ['HS257'] }), 'apps[0].context.algorithms[0]', /HS256/],
    ['no algorithm', context({ algorithms: [] }), 'apps[0].context.algorithms', /at least one/],
    ['mixed algorithms', context({ algorithms: ['HS256', 'ES256'] }), 'apps[0].context.algorithms', /mixes/],
    [
      'short HS256 secret',
      context({ secret: 'x'.repeat(31) }),
      'apps[0].context.secret',
      /31 bytes.*32.*openssl rand/,
    ],
    [
      'short HS512 secret',
      context({ algorithms: ['HS256', 'HS512'], secret: 'x'.repeat(63) }),
      'apps[0].context.secret',
      /HS512 needs at least 64/,
    ],
    ['empty secret', context({ secret: '' }), 'apps[0].context.secret', /./],
    [
      'secret of white space',
      context({ secret: ' \t\n'.repeat(20) }),
      'apps[0].context.secret',
      /0 bytes.*32/,
    ],
    ['padded secret', context({ secret: `${'x'.repeat(31)}   ` }), 'apps[0].context.secret', /31 bytes.*32/],
    [
      'secret with the line break of its file',
      context({ secret: `${SECRET}\n` }),
      'apps[0].context.secret',
      /white space/,
    ],
    ['issuer of white space', context({ issuer: ' ' }), 'apps[0].context.issuer', /must not be empty/],
    ['empty audience', context({ audience: '' }), 'apps[0].context.audience', /must not be empty/],
    ['padded audience', context({ audience: 'chat\n' }), 'apps[0].context.audience', /white space/],
    [
      'address with a line break',
      { context: { kind: 'introspect', url: 'https://shop.example.com/\n' } },
      'apps[0].context.url',
      /white space/,
    ],
    [
      'internationalised origin',
      { origins: ['https://*.MÜNCHEN.example:8443'] },
      'apps[0].origins[0]',
      /punycode; write https:\/\/\*\.xn--mnchen-3ya\.example:8443$/,
    ],
    ['origin of a file', { origins: ['file://localhost'] }, 'apps[0].origins[0]', /not an origin/],
    [
      'own scheme with a path',
      { origins: ['capacitor://localhost/'] },
      'apps[0].origins[0]',
      /not an origin/,
    ],
    [
      'JWK as shared secret',
      context({ secret: JSON.stringify(publicKey.export({ format: 'jwk' })) }),
      'apps[0].context.secret',
      /JWK/,
    ],
    ['public key as shared secret', context({ secret: publicPem }), 'apps[0].context.secret', /PEM/],
    [
      'private key',
      context({ algorithms: ['ES256'], secret: privatePem }),
      'apps[0].context.secret',
      /private/,
    ],
    [
      'private JWK',
      context({ algorithms: ['ES256'], secret: JSON.stringify(privateKey.export({ format: 'jwk' })) }),
      'apps[0].context.secret',
      /private/,
    ],
    ['no key', context({ algorithms: ['ES256'] }), 'apps[0].context.secret', /public key/],
    [
      'key of another algorithm',
      context({ algorithms: ['ES384'], secret: publicPem }),
      'apps[0].context.secret',
      /not a key for ES384/,
    ],
    [
      'symmetric algorithm for a JWKS',
      context({ kind: 'jwks', secret: undefined, url: 'https://a.example/' }),
      'apps[0].context.algorithms[0]',
      /not one of/,
    ],
    ['unknown context style', { contextStyle: 'intercom' }, 'apps[0].contextStyle', /asapp/],
    ['token path', context({ tokenPath: 'Auth..Token' }), 'apps[0].context.tokenPath', /dots/],
    [
      'introspection by plain http',
      { context: { kind: 'introspect', url: 'http://shop.example.com/' } },
      'apps[0].context.url',
      /https/,
    ],
    ['unknown login method', { login: { methods: ['sms'] } }, 'apps[0].login.methods[0]', /host/],
    ['no login method', { login: { methods: [] } }, 'apps[0].login.methods', /at least one/],
    ['action address', orders({ url: 'ftp://a' }), 'apps[0].actions.orders.url', /http/],
    [
      'action host from the context',
      orders({ url: 'https://{Auth.Host}/' }),
      'apps[0].actions.orders.url',
      /query only/,
    ],
    ['action method', orders({ method: 'PUT' }), 'apps[0].actions.orders.method', /GET/],
    [
      'action header',
      orders({ headers: { 'bad name': 'x' } }),
      'apps[0].actions.orders.headers.bad name',
      /header/,
    ],
    [
      'action header with two lines',
      orders({ headers: { a: 'x\r\ny: z' } }),
      'apps[0].actions.orders.headers.a',
      /one line/,
    ],
    [
      'action placeholder',
      orders({ headers: { a: '{Auth.Token' } }),
      'apps[0].actions.orders.headers.a',
      /placeholder/,
    ],
    ['plain API key', { apiKeys: ['s3cret'] }, 'apps[0].apiKeys[0]', /sha256/],
    [
      'bot secret without its prefix',
      { bot: { url: 'https://a.example', secret: 'hunter2' } },
      'apps[0].bot.secret',
      /whsec_/,
    ],
    [
      'introspection secret',
      { context: { kind: 'introspect', url: 'https://a.example', secret: 'hunter2' } },
      'apps[0].context.secret',
      /whsec_/,
    ],
    [
      'short bot secret',
      { bot: { url: 'https://a.example', secret: 'whsec_AAAA' } },
      'apps[0].bot.secret',
      /24 bytes/,
    ],
    [
      'password in an address',
      { bot: { url: 'https://u:p@a.example', secret: WEBHOOK_SECRET } },
      'apps[0].bot.url',
      /password/,
    ],
    ['days of nothing', { keepDays: { conversations: 0 } }, 'apps[0].keepDays.conversations', /1/],
    [
      'unknown event of a webhook',
      { webhooks: [{ url: 'https://a.example', secret: WEBHOOK_SECRET, events: ['message.deleted'] }] },
      'apps[0].webhooks[0].events[0]',
      /message\.created/,
    ],
    [
      'webhook without events',
      { webhooks: [{ url: 'https://a.example', secret: WEBHOOK_SECRET, events: [] }] },
      'apps[0].webhooks[0].events',
      /at least one/,
    ],
    [
      'webhook twice',
      {
        webhooks: [
          { url: 'https://a.example', secret: WEBHOOK_SECRET, events: ['message.created'] },
          { url: 'https://a.example', secret: WEBHOOK_SECRET, events: ['user.identified'] },
        ],
      },
      'apps[0].webhooks[1].url',
      /twice/,
    ],
    ['variable not set', context({ secret: { env: 'NOPE' } }), 'apps[0].context.secret', /NOPE is not set/],
  ]

  it.each(cases)('%s', (_title, extra, key, problem) => {
    const message = messageOf(() => loadApp(extra))
    expect(message.startsWith(`configuration: ${key}: `), message).toBe(true)
    expect(message).toMatch(problem)
    expect(message).not.toContain('\n')
  })

  it.each<[title: string, file: object, keys: readonly string[]]>([
    [
      'secret and issuer',
      { apps: [{ ...app, ...context({ secret: 'short', issuer: '' }) }] },
      ['apps[0].context.issuer', 'apps[0].context.secret'],
    ],
    [
      'an action',
      {
        apps: [
          {
            ...app,
            actions: { a: { url: 'ftp://a.example', metod: 'GET', headers: { host: 'x', b: '{' } } },
          },
        ],
      },
      [
        'apps[0].actions.a.url',
        'apps[0].actions.a.headers.b',
        'apps[0].actions.a.headers.host',
        'apps[0].actions.a.metod',
      ],
    ],
    [
      'app twice, beside others',
      { apps: [app, { ...app, foo: 1 }], defaultApp: 'nope' },
      ['apps[1].foo', 'apps[1].id', 'defaultApp'],
    ],
    [
      'hours',
      {
        apps: [
          {
            ...app,
            hours: { timeZone: 'Mars', open: { xxx: '09:00-17:00', mon: '9-17' }, closed: ['2026-02-30'] },
          },
        ],
      },
      [
        'apps[0].hours.timeZone',
        'apps[0].hours.open.mon',
        'apps[0].hours.open.xxx',
        'apps[0].hours.closed[0]',
      ],
    ],
    [
      'files',
      {
        apps: [{ ...app, foo: 1 }],
        files: { folder: 'f', s3: { bucket: 'abc', region: 'r', accessKeyId: 'k' } },
      },
      ['apps[0].foo', 'files.s3.secretAccessKey', 'files.s3'],
    ],
    [
      'a page of no origin',
      { apps: [{ ...app, foo: 1, unreadMail: { page: 'https://other.example' } }] },
      ['apps[0].foo', 'apps[0].unreadMail.page'],
    ],
    [
      'variables that are not set',
      { apps: [{ ...app, name: { env: 'NOPE' }, foo: 1 }], publicUrl: { env: 'NOPE' } },
      ['apps[0].name', 'publicUrl', 'apps[0].foo'],
    ],
    [
      'the provider of requests',
      {
        apps: [
          {
            ...app,
            authenticationRequests: {
              provider: {
                kind: 'forward',
                url: 'https://a.example',
                trustUnsigned: true,
                algorithm: 'ES256',
                foo: 1,
              },
            },
          },
        ],
      },
      ['apps[0].authenticationRequests.provider.foo', 'apps[0].authenticationRequests.provider.algorithm'],
    ],
    ['sign-in', { apps: [app], signIn: { passwords: 'owners', foo: 1 } }, ['signIn.foo', 'signIn.passwords']],
  ])('is a line for each key: %s', (_title, file, keys) => {
    expect(keysOf(messageOf(() => load(file)))).toEqual(keys)
  })

  it('a key that stands twice, of which one would be overlooked', () => {
    const twice = JSON.stringify({ apps: [app] }).replace('"id"', '"origins": [], "id"')
    expect(messageOf(() => load(`// ours\n${twice}`))).toBe(
      'configuration: apps[0].origins: stands twice, again in line 2',
    )
    expect(keysOf(messageOf(() => load('{ "apps": [], "__proto__": { "apps": [] }, }')))).toEqual([
      '__proto__',
      'apps',
    ])
    // The same key of two objects.
    expect(load({ apps: [app, { ...app, id: 'other' }] }).apps).toHaveLength(2)
  })

  it('duplicate app', () => {
    expect(messageOf(() => load({ apps: [app, app] }))).toBe('configuration: apps[1].id: shop is used twice')
  })

  it('no app, no object, unknown top-level key', () => {
    expect(messageOf(() => load({ apps: [] }))).toMatch(/^configuration: apps: must list at least one app$/)
    expect(messageOf(() => load([]))).toMatch(/^configuration: --config: .*expected object/)
    expect(messageOf(() => load({ apps: [app], ports: 1 }))).toBe('configuration: ports: unknown key')
  })

  it('mail', () => {
    const mail = { smtpUrl: 'http://mail', from: 'a@b.example' }
    expect(messageOf(() => load({ apps: [app], mail }))).toMatch(/^configuration: mail.smtpUrl: .*smtp/)
    for (const smtpUrl of [
      'smtp://',
      'smtp://mail?logger=true',
      'smtp://mail/path',
      'smtp://chat:hun#ter2@mail',
      'smtp://chat:hunter%2@mail',
      'smtp://mail:99999',
    ]) {
      const message = messageOf(() => load({ apps: [app], mail: { ...mail, smtpUrl } }))
      expect(message).toMatch(/^configuration: mail\.smtpUrl: /)
      expect(message).not.toContain('hun')
    }
    const good = { ...mail, smtpUrl: 'smtps://chat%40shop:p%40ss@[2001:db8::1]:465' }
    expect(load({ apps: [app], mail: good }).mail).toEqual(good)
  })

  it('the language of mails', () => {
    expect(load({ apps: [{ ...app, locale: 'de' }] }).apps[0]?.locale).toBe('de')
    expect(load({ apps: [{ ...app, locale: 'de-AT' }] }).apps[0]?.locale).toBe('de')
    expect(messageOf(() => loadApp({ locale: 'xx' }))).toMatch(
      /^configuration: apps\[0\]\.locale: must be one of en, ar, de\b/,
    )
  })

  it('never repeats a secret', () => {
    const message = messageOf(() => loadApp({ bot: { url: 'https://a.example', secret: 'hunter2' } }))
    expect(message).not.toContain('hunter2')
    const url = messageOf(() => loadConfig(['--dev'], { CHAT_WIDGET_DATABASE_URL: 'mysql://u:hunter2@h/' }))
    expect(url).toMatch(/^configuration: CHAT_WIDGET_DATABASE_URL: must be a postgres:\/\/ URL$/)
  })

  it('malformed JSON tells line and column', () => {
    const path = write('{\n  "apps": [}\n')
    expect(messageOf(() => loadConfig(['--config', path], {}))).toBe(
      `configuration: --config: ${path}:2:12: value expected`,
    )
  })

  it('values in values in values', () => {
    const path = write(`{"apps": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`)
    expect(messageOf(() => loadConfig(['--config', path], {}))).toBe(
      `configuration: --config: ${path} is nested too deeply`,
    )
  })

  it('missing file', () => {
    expect(messageOf(() => loadConfig(['--config', '/nowhere.json'], {}))).toBe(
      'configuration: --config: cannot read /nowhere.json: no such file',
    )
  })
})

describe('flags and environment', () => {
  it.each([
    [['--prot', '1'], 'configuration: --prot: unknown flag'],
    [['-p', '1'], 'configuration: -p: unknown flag'],
    [['-port', '1'], 'configuration: -port: unknown flag'],
    [['--port', 'x'], 'configuration: --port: must be a number from 0 to 65535'],
    [['--port', '65536'], 'configuration: --port: must be a number from 0 to 65535'],
    [['--port'], 'configuration: --port: needs a value: --port N'],
    [['--port', '--dev'], 'configuration: --port: needs a value: --port N'],
    [['--port', '1', '--port', '2'], 'configuration: --port: given twice'],
    [['--dev=yes'], 'configuration: --dev: takes no value'],
    [['--no-dev'], 'configuration: --no-dev: unknown flag'],
    [['start'], 'configuration: start: unknown argument'],
    [['--dev', '--redis-url', 'localhost'], 'configuration: --redis-url: must be a redis:// URL'],
    [
      [],
      'configuration: --config: missing; give a file (chat-widget-server init writes one), or --dev to try things out',
    ],
  ])('%j', (argv, message) => {
    expect(messageOf(() => loadConfig(argv, {}))).toBe(message)
  })

  it('each flag has a variable, and wins over it', () => {
    const env = {
      CHAT_WIDGET_CONFIG: write({ apps: [app] }),
      CHAT_WIDGET_PORT: '1234',
      CHAT_WIDGET_HOST: '::1',
      CHAT_WIDGET_DATA: '/var/chat',
      CHAT_WIDGET_DATABASE_URL: 'postgres://db/chat',
      CHAT_WIDGET_REDIS_URL: 'redis://cache',
      CHAT_WIDGET_DEV: '1',
    }
    expect(loadConfig([], env)).toMatchObject({
      port: 1234,
      host: '::1',
      dataDir: '/var/chat',
      databaseUrl: 'postgres://db/chat',
      redisUrl: 'redis://cache',
      dev: true,
      apps: [{ id: 'shop' }],
    })
    expect(loadConfig(['--port=0', '--data', 'd'], env)).toMatchObject({ port: 0, dataDir: 'd', host: '::1' })
  })

  it('names the variable that is wrong', () => {
    expect(messageOf(() => loadConfig([], { CHAT_WIDGET_DEV: 'maybe' }))).toBe(
      'configuration: CHAT_WIDGET_DEV: must be 1 or 0',
    )
    expect(messageOf(() => loadConfig(['--dev'], { CHAT_WIDGET_PORT: '-1' }))).toBe(
      'configuration: CHAT_WIDGET_PORT: must be a number from 0 to 65535',
    )
  })

  it.each([
    [['--port', 'x', '--redis-url', 'localhost'], {}, ['--port', '--redis-url']],
    [['--prot', '1', '--hots=::1'], {}, ['--prot', '--hots']],
    [
      ['--dev'],
      { CHAT_WIDGET_PORT: 'x', CHAT_WIDGET_TRUSTED_PROXIES: 'x' },
      ['CHAT_WIDGET_PORT', 'CHAT_WIDGET_TRUSTED_PROXIES'],
    ],
    [
      ['--port', 'x', '--config', 'FILE'],
      { CHAT_WIDGET_DEV: 'maybe' },
      ['CHAT_WIDGET_DEV', '--port', 'ports'],
    ],
  ])('tells of all that is wrong: %j %j', (argv, env, keys) => {
    const file = write({ apps: [app], ports: 1 })
    const given = argv.map((argument) => (argument === 'FILE' ? file : argument))
    expect(keysOf(messageOf(() => loadConfig(given, env)))).toEqual(keys)
  })

  it('has an app ready with --dev alone', () => {
    const { apps, dev } = loadConfig(['--dev'], {})
    expect(dev).toBe(true)
    expect(apps).toMatchObject([{ id: 'demo', origins: ['http://localhost:*', 'http://127.0.0.1:*'] }])
  })
})
