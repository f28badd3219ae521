/** The chat server's configuration for the shop, and the secrets both sides share. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from './shop/chat-tokens.ts'

export interface DemoSecrets {
  /** Signs the shop's chat tokens (HS256). */
  readonly tokenSecret: string
  /** Signs the bot's webhooks: `whsec_…`. */
  readonly botSecret: string
  /** Authorises the app's REST API. */
  readonly apiKey: string
}

/** Kept in the data folder, so that tokens of an earlier run stay valid after a restart. */
export async function loadSecrets(dataDir: string): Promise<DemoSecrets> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const file = join(dataDir, 'secrets.json')
  const stored = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (stored !== null) return JSON.parse(stored) as DemoSecrets
  const secrets: DemoSecrets = {
    tokenSecret: randomBytes(32).toString('base64url'),
    botSecret: `whsec_${randomBytes(32).toString('base64')}`,
    apiKey: randomBytes(32).toString('base64url'),
  }
  await writeFile(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 })
  return secrets
}

/** The variables that the configuration file names by `{ "env": … }`. */
export function secretsAsEnvironment(secrets: DemoSecrets): Readonly<Record<string, string>> {
  return { NORTHWIND_TOKEN_SECRET: secrets.tokenSecret, NORTHWIND_BOT_SECRET: secrets.botSecret }
}

/** Writes the file for `--config` and returns its path. It contains no secret. */
export async function writeServerConfig(
  dataDir: string,
  { shopUrl, apiKey }: { readonly shopUrl: string; readonly apiKey: string },
): Promise<string> {
  const config = {
    apps: [
      {
        id: 'shop',
        name: 'Northwind',
        // The shop by whatever name people type, and the chat server's own page.
        origins: [shopUrl, 'http://127.0.0.1:*', 'http://localhost:*'],
        context: {
          kind: 'jwt',
          tokenPath: 'Auth.Token',
          algorithms: ['HS256'],
          secret: { env: 'NORTHWIND_TOKEN_SECRET' },
          issuer: TOKEN_ISSUER,
          audience: TOKEN_AUDIENCE,
          display: { Name: { claim: 'name' }, Plan: { context: 'CustomerInfo.plan' } },
        },
        login: { methods: ['host', 'email', 'identifier'], continueAsGuest: true },
        appearance: {
          accent: '#1f4d3f',
          greeting: '**Welcome to Northwind.** Ask about an order or a return, or show us what broke.',
          quickReplies: [
            { label: 'Where is my order?', value: 'order' },
            { label: 'Send something back', value: 'send back' },
            { label: 'Talk to a person', value: 'human' },
          ],
          replyTime: 'minutes',
        },
        files: { maxBytes: 20 * 1024 * 1024, types: ['image/*', 'application/pdf', 'text/plain'] },
        actions: {
          orders: { url: `${shopUrl}/api/orders`, headers: { authorization: 'Bearer {Auth.Token}' } },
        },
        apiKeys: [`sha256:${createHash('sha256').update(apiKey).digest('hex')}`],
        bot: { url: `${shopUrl}/bot`, secret: { env: 'NORTHWIND_BOT_SECRET' } },
      },
    ],
  }
  const file = join(dataDir, 'chat-server.json')
  await writeFile(file, `${JSON.stringify(config, null, 2)}\n`)
  return file
}
