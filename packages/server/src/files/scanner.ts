/** Asks the configured virus scanner about a file. */
import { spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ChatError } from '@chat-widget/protocol'
import type { Logger } from 'pino'
import type { ScannerConfig } from '../config/config.ts'

/** Resolves with true for a clean file; rejects with `unavailable` if the scanner says neither yes nor no. */
export type Scanner = (content: Readable, size: number) => Promise<boolean>

export function createScanner(config: ScannerConfig, logger?: Pick<Logger, 'warn'>): Scanner {
  return async (content, size) => {
    try {
      const signal = AbortSignal.timeout(config.timeoutMs)
      return 'url' in config
        ? await byRequest(config.url, content, { size, signal })
        : await byCommand(config.command, content, signal)
    } catch (error) {
      logger?.warn(
        { reason: error instanceof Error ? error.message : typeof error },
        'a file was not scanned',
      )
      throw new ChatError('unavailable', 'The virus scanner cannot be asked right now.', {
        cause: error,
        retryAfterMs: 10_000,
      })
    } finally {
      content.destroy()
    }
  }
}

async function byCommand(
  [program = '', ...parameters]: readonly string[],
  content: Readable,
  signal: AbortSignal,
): Promise<boolean> {
  const child = spawn(program, parameters, {
    stdio: ['pipe', 'ignore', 'ignore'],
    signal,
    killSignal: 'SIGKILL',
  })
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const fed = pipeline(content, child.stdin).then(
    () => null,
    (error: unknown) => ({ error }),
  )
  const code = await exit
  const cut = await fed
  // It may end as soon as it has found something.
  if (code === 1) return false
  if (code !== 0) throw new Error(`the scanner ended with ${code}`)
  // Beyond a size of its own, clamdscan reads no further and says that all is well.
  if (cut !== null) throw new Error('the scanner did not read all of the file', { cause: cut.error })
  return true
}

async function byRequest(
  url: string,
  content: Readable,
  { size, signal }: { readonly size: number; readonly signal: AbortSignal },
): Promise<boolean> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', 'content-length': String(size) },
    body: Readable.toWeb(content) as ReadableStream,
    duplex: 'half',
    redirect: 'error',
    signal,
  })
  await response.body?.cancel()
  if (response.ok) return true
  if (response.status === 406 || response.status === 422) return false
  throw new Error(`the scanner answered ${response.status}`)
}
