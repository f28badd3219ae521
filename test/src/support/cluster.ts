/** The demo on three servers as `pnpm cluster` starts it, in a folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEMO_MODULE } from './paths.ts'

interface ClusterNode {
  readonly url: string
  readonly pid: number
  stop(signal?: NodeJS.Signals): Promise<void>
  start(): Promise<void>
}

export interface Cluster {
  readonly shopUrl: string
  readonly chatUrl: string
  readonly consoleUrl: string
  readonly agent: { readonly email: string; readonly password: string }
  readonly apiKey: string
  readonly nodes: readonly ClusterNode[]
  close(): Promise<void>
}

interface ClusterModule {
  startCluster(options: {
    readonly dataDir: string
    readonly ports: { readonly shop: number; readonly chat: number }
  }): Promise<Cluster>
}

/** `close()` also deletes the folder. */
export async function openCluster(): Promise<Cluster> {
  const dataDir = await mkdtemp(join(tmpdir(), 'chat-cluster-'))
  const module = new URL('cluster.js', new URL(DEMO_MODULE, 'file:')).href
  const { startCluster } = (await import(/* @vite-ignore */ module)) as ClusterModule
  const cluster = await startCluster({ dataDir, ports: { shop: 0, chat: 0 } })
  return {
    ...cluster,
    async close() {
      await cluster.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** The server that holds the one visitor's connection. */
export async function nodeOfVisitor({ nodes }: Cluster): Promise<ClusterNode | null> {
  for (const node of nodes) {
    const text = await fetch(`${node.url}/metrics`).then(
      (response) => response.text(),
      () => '',
    )
    if (Number(/^chat_sockets\{kind="visitor"\} (\d+)$/m.exec(text)?.[1] ?? 0) > 0) return node
  }
  return null
}
