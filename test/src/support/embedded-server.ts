/** A server made by `createChatServer`, in the test's process, over an SQLite file of its own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AppOptions, createChatServer } from '@chat-widget/server'
import { onTestFinished } from 'vitest'
import { shopConfig } from './shop.ts'

export interface EmbeddedServer {
  readonly address: string
  readonly dataDir: string
}

/** Closed, and its data deleted, when the test ends. */
export async function startEmbeddedServer(): Promise<EmbeddedServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'chat-embedded-'))
  const { apps } = shopConfig() as { readonly apps: readonly AppOptions[] }
  const server = await createChatServer({ apps, port: 0, dataDir })
  onTestFinished(async () => {
    await server.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  return { address: await server.listen(), dataDir }
}
