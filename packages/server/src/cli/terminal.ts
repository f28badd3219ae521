/** The parts of the process that a command uses, so that tests can run commands. */
import type { Readable, Writable } from 'node:stream'
import type { Environment } from '../config/flags.ts'

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
export type TerminalSignal = (typeof SIGNALS)[number]

export interface Terminal {
  readonly env: Environment
  readonly stdin: Readable & { readonly isTTY?: boolean }
  /** For output that a program may read. */
  readonly stdout: Writable
  /** For logs, prompts and errors. */
  readonly stderr: Writable
  /** Calls back on each of these signals. Returns the unsubscribe. */
  onSignal(listener: (signal: TerminalSignal) => void): () => void
  /** Ends the process without waiting for anything. */
  exit(code: number): void
}

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
