/** A terminal in memory. */
import { PassThrough, Writable } from 'node:stream'
import type { Terminal, TerminalSignal } from './terminal.ts'

function collect() {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  return { stream, read: () => text }
}

export function createTestTerminal(options: { env?: Record<string, string>; isTTY?: boolean } = {}) {
  const stdout = collect()
  const stderr = collect()
  const stdin = Object.assign(new PassThrough(), { isTTY: options.isTTY ?? false, setRawMode: () => stdin })
  const listeners = new Set<(signal: TerminalSignal) => void>()
  const exits: number[] = []
  const terminal: Terminal = {
    env: { LOG_LEVEL: 'silent', ...options.env },
    stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
    onSignal(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    exit: (code) => exits.push(code),
  }
  return {
    terminal,
    stdin,
    exits,
    out: stdout.read,
    err: stderr.read,
    signal(name: TerminalSignal) {
      for (const listener of listeners) listener(name)
    },
    listens: () => listeners.size > 0,
  }
}
