/** The app of the fault run: its configuration, its servers, its key, and tokens of its customers. */
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChatServers, startChatServers } from '../../../scripts/chat-servers.mjs'

const APP = 'bench'
const SECRET = randomBytes(32).toString('base64url')
const ISSUER = 'https://shop.example.com'
const AUDIENCE = 'chat'
const LIFETIME_SECONDS = 24 * 3_600
export const API_KEY = `key_${randomBytes(24).toString('base64url')}`
export { APP }

const config = {
  apps: [
    {
      id: APP,
      name: 'Bench',
      origins: ['http://localhost:*'],
      context: {
        kind: 'jwt',
        tokenPath: 'Auth.Token',
        algorithms: ['HS256'],
        ...{ secret: SECRET, issuer: ISSUER, audience: AUDIENCE },
      },
      apiKeys: [`sha256:${createHash('sha256').update(API_KEY).digest('hex')}`],
    },
  ],
  // All clients of the run have one address.
  limits: { socketsPerAddress: 20_000, newVisitorsPerMinute: 60_000, requestsPerSecond: 20_000 },
}

/** Servers in a temporary folder, with the app's configuration. */
export async function startBenchServers(count: number, broker: 'redis' | 'postgres'): Promise<ChatServers> {
  const { dataDir, configFile, remove } = await makeBenchFolder()
  const servers = await startChatServers({ count, configFile, dataDir, broker, env: { LOG_LEVEL: 'error' } })
  return {
    ...servers,
    async close() {
      await servers.close()
      await remove()
    },
  }
}

/** A temporary folder with the app's configuration. */
export async function makeBenchFolder() {
  const dataDir = await mkdtemp(join(tmpdir(), 'chat-bench-'))
  const configFile = join(dataDir, 'config.json')
  await writeFile(configFile, JSON.stringify({ ...config, files: { folder: join(dataDir, 'files') } }))
  return { dataDir, configFile, remove: () => rm(dataDir, { recursive: true, force: true }) }
}

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A user that the client can be given. */
export const customer = (userIdentifier: string) => ({
  userIdentifier,
  async requestContextProvider() {
    const iat = Math.floor(Date.now() / 1_000)
    const claims = { sub: userIdentifier, iss: ISSUER, aud: AUDIENCE, iat, exp: iat + LIFETIME_SECONDS }
    const signed = `${base64({ alg: 'HS256' })}.${base64(claims)}`
    const signature = createHmac('sha256', SECRET).update(signed).digest('base64url')
    return { Auth: { Token: `${signed}.${signature}` } }
  },
})
