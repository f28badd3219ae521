/** Asks the configured virus scanner about a file. */
import { spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ChatError } from '@chat-widget/protocol'
import type { ScannerConfig } from '../config/config.ts'

/** Resolves with true for a clean file; rejects with `unavailable` if the scanner says neither yes nor no. */
export type Scanner = (content: Readable, size: number) => Promise<boolean>

export function createScanner(config: ScannerConfig): Scanner {
  return async (content, size) => {
    try {
      const signal = AbortSignal.timeout(config.timeoutMs)
      return 'url' in config
        ? await byRequest(config.url, content, { size, signal })
        : await byCommand(config.command, content, signal)
    } catch (error) {
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
  // A scanner may end as soon as it knows, without reading all.
  const fed = pipeline(content, child.stdin).catch(() => undefined)
  const code = await exit
  await fed
  if (code === 0) return true
  if (code === 1) return false
  throw new Error(`the scanner ended with ${code}`)
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
