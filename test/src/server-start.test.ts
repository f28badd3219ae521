/** What the `chat-widget-server` command loads before it listens: each library costs every start. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { startServer } from './support/server-process.ts'
import { shopConfig } from './support/shop.ts'

/** Used for a setting of the configuration, or when somebody asks for it. */
const LATER = [
  ...['@aws-sdk/client-s3', '@tus/s3-store', '@tus/file-store', '@tus/server', 'file-type'],
  ...['@fastify/swagger', 'fastify-type-provider-zod', 'yaml'],
  ...['pg', 'ioredis', '@socket.io/postgres-adapter', '@socket.io/redis-adapter'],
  ...[
    'nodemailer',
    'openid-client',
    'oauth4webapi',
    'marked',
    '@fastify/ajv-compiler',
    '@fastify/fast-json-stringify-compiler',
    'ajv',
    'light-my-request',
  ],
]
const OWN_LATER = [
  'mail/smtp-sender.ts',
  'mail/mailbox-routes.ts',
  'http/dev-page.ts',
  'files/stores/s3-store.ts',
]

/** Names a module by its package; one of the server's own by its path below `src/`. */
function nameOf(path: string): string {
  const parts = path.split('node_modules/')
  if (parts.length === 1) return path.split('src/').at(-1) ?? path
  const [scope = '', name = ''] = parts.at(-1)?.split('/') ?? []
  return scope.startsWith('@') ? `${scope}/${name}` : scope
}

/** The modules of a file: itself and, in one that was built of many, those that its comments name. */
async function modulesIn(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8')
  const built = [...text.matchAll(/^\/\/(?:#region)? ?(\S+\.\w+)$/gm)].map(([, path = '']) => path)
  return [file, ...built].map(nameOf)
}

it('with a plain configuration, nothing is loaded that only others use', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chat-loaded-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const list = join(folder, 'files')
  const hook = new URL('./support/loaded-files.mjs', import.meta.url)
  const env = { NODE_OPTIONS: `--import ${hook}`, LOADED_FILES: list }
  const server = await startServer({ config: shopConfig(), env })
  await server.close()
  const files = (await readFile(list, 'utf8')).split('\n').filter((url) => url.startsWith('file:'))
  const names = new Set((await Promise.all(files.map((url) => modulesIn(fileURLToPath(url))))).flat())
  expect([...names]).toEqual(expect.arrayContaining(['fastify', 'socket.io', 'kysely', 'chat-server.ts']))
  expect([...LATER, ...OWN_LATER].filter((name) => names.has(name))).toEqual([])
  // Each is looked for, read and compiled by itself.
  expect(files.length).toBeLessThan(30)
})
