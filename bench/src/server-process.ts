/** The measured server, as seen from the measuring process. */
import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FromServer, ServerLoad, ServerSetup, ToServer } from './messages.ts'

export interface MeasuredServer {
  readonly url: string
  /** The approval link of a request, once it is delivered. */
  linkOf(id: string): Promise<string>
  /** Resident set, after a garbage collection by default. Bytes. */
  memory(collect?: boolean): Promise<number>
  load(): Promise<ServerLoad>
  /** Lets the server drain, and deletes its data. */
  close(): Promise<void>
}

/** `main`: the module that the server's process runs. */
export async function startMeasuredServer(
  main: URL,
  setup: Omit<ServerSetup, 'dataDir'>,
  signal: AbortSignal,
): Promise<MeasuredServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'chat-bench-'))
  const child = fork(fileURLToPath(main), [JSON.stringify({ ...setup, dataDir } satisfies ServerSetup)], {
    execArgv: ['--expose-gc'],
    signal,
    killSignal: 'SIGKILL',
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const failed = new Promise<never>((_resolve, reject) => {
    // Not `once`: an unhandled error event ends this process.
    child.on('error', reject)
    child.once('exit', (code, by) => reject(new Error(`the server ended with ${code ?? by}`)))
  })
  // Callers that wait for the server get the rejection; there may be none.
  failed.catch(() => undefined)

  const links = new Map<string, WithResolver<string>>()
  const listening = withResolver<string>()
  let remembered = withResolver<number>()
  let loaded = withResolver<ServerLoad>()
  const linkFor = (id: string) => {
    const link = links.get(id) ?? withResolver<string>()
    links.set(id, link)
    return link
  }
  child.on('message', (message: FromServer) => {
    switch (message.kind) {
      case 'listening':
        return listening.resolve(message.url)
      case 'link':
        return linkFor(message.id).resolve(message.link)
      case 'memory':
        return remembered.resolve(message.bytes)
      case 'load':
        return loaded.resolve(message.load)
    }
  })
  const tell = (message: ToServer) => child.send(message)

  async function close(): Promise<void> {
    if (child.connected) tell({ kind: 'close' })
    await ended
    await rm(dataDir, { recursive: true, force: true })
  }

  try {
    return {
      url: await Promise.race([listening.promise, failed]),
      linkOf: (id) => Promise.race([linkFor(id).promise, failed]),
      memory(collect = true) {
        remembered = withResolver<number>()
        tell({ kind: 'memory', collect })
        return Promise.race([remembered.promise, failed])
      },
      load() {
        loaded = withResolver<ServerLoad>()
        tell({ kind: 'load' })
        return Promise.race([loaded.promise, failed])
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

interface WithResolver<Value> {
  readonly promise: Promise<Value>
  readonly resolve: (value: Value) => void
}

function withResolver<Value>(): WithResolver<Value> {
  let resolve: (value: Value) => void = () => undefined
  const promise = new Promise<Value>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
