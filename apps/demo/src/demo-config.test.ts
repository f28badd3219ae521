import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadSecrets, secretsAsEnvironment, writeServerConfig } from './demo-config.ts'

let dataDir: string

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'northwind-'))
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

describe('the demo’s secrets', () => {
  it('are kept, so that a restart understands what an earlier run signed', async () => {
    const folder = join(dataDir, 'new', 'folder')

    const first = await loadSecrets(folder)

    expect(await loadSecrets(folder)).toEqual(first)
    expect(await loadSecrets(join(dataDir, 'other'))).not.toEqual(first)
  })

  it('can be read by their owner alone', async () => {
    await loadSecrets(dataDir)

    expect((await stat(join(dataDir, 'secrets.json'))).mode & 0o077).toBe(0)
  })

  it('never reach the configuration file, which names them by environment variable', async () => {
    const secrets = await loadSecrets(dataDir)

    const text = await readFile(
      await writeServerConfig(dataDir, { shopUrl: 'http://127.0.0.1:4173', apiKey: secrets.apiKey }),
      'utf8',
    )

    for (const secret of Object.values(secrets)) expect(text).not.toContain(secret)
    for (const name of Object.keys(secretsAsEnvironment(secrets))) expect(text).toContain(`"env": "${name}"`)
  })
})

it('[AR14] the demo’s app lets the chat sign people in as well', async () => {
  const file = await writeServerConfig(dataDir, { shopUrl: 'http://127.0.0.1:4173', apiKey: 'a-key' })

  const { apps } = JSON.parse(await readFile(file, 'utf8'))

  expect(apps[0].login.methods).toEqual(['host', 'email', 'identifier'])
})
