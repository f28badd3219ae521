/** What a command has of its process, so that commands can be run by a test. */
import type { Readable, Writable } from 'node:stream'
import type { Environment } from '../config/flags.ts'

export interface Terminal {
  readonly env: Environment
  readonly stdin: Readable & { readonly isTTY?: boolean }
  /** For answers a program may read. */
  readonly stdout: Writable
  /** For logs, prompts and errors. */
  readonly stderr: Writable
  /** Calls back on each SIGTERM and SIGINT. Returns the unsubscribe. */
  onSignal(listener: (signal: 'SIGTERM' | 'SIGINT') => void): () => void
  /** Ends the process without waiting for anything. */
  exit(code: number): void
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

export function processTerminal(): Terminal {
  return {
    env: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    onSignal(listener) {
      for (const signal of SIGNALS) process.on(signal, listener)
      return () => {
        for (const signal of SIGNALS) process.off(signal, listener)
      }
    },
    exit: (code) => process.exit(code),
  }
}

export const printLine = (stream: Writable, line: string): void => {
  stream.write(`${line}\n`)
}
