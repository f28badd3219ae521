/**
 * The built server's `serve` command in the process of the test: it costs no start of a process. For tests that neither
 * kill their server nor change its clock; the others take server-process.ts.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { SERVE_MODULE } from './paths.ts'
import { READY } from './server-process.ts'

export interface ServerHere {
  readonly url: string
  /** SIGTERM; deletes the folder. Idempotent. */
  close(): Promise<void>
}

interface ServeModule {
  serve(argv: readonly string[], terminal: object): Promise<number>
}

/** Resolves when the server said that it listens. */
export async function startServerHere(config: object): Promise<ServerHere> {
  const folder = await mkdtemp(join(tmpdir(), 'chat-server-'))
  const file = join(folder, 'config.json')
  await writeFile(file, JSON.stringify(config))
  const { serve } = (await import(/* @vite-ignore */ SERVE_MODULE)) as ServeModule
  let stop = () => {}
  const close = async () => {
    stop()
    stop = () => {}
    await running?.catch(() => undefined)
    await rm(folder, { recursive: true, force: true })
  }
  let running: Promise<number> | undefined
  const listening = new Promise<string>((resolve, reject) => {
    let said = ''
    const stdout = new Writable({
      write(chunk, _encoding, done) {
        said += chunk
        const address = READY.exec(said)?.[1]
        if (address !== undefined) resolve(address)
        done()
      },
    })
    running = serve(['--config', file, '--data', join(folder, 'data'), '--port', '0'], {
      ...{ env: {}, stdin: new PassThrough(), stdout, stderr: new PassThrough().resume() },
      onSignal(listener: (signal: string) => void) {
        stop = () => listener('SIGTERM')
        return () => {}
      },
      exit: () => {},
    })
    running.then((code) => reject(new Error(`the server ended with ${code}`)), reject)
  })
  try {
    return { url: await listening, close }
  } catch (error) {
    await close()
    throw error
  }
}
