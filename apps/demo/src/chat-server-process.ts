/** The chat server as a process, started by its command as an operator starts it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const COMMAND = fileURLToPath(
  new URL('../node_modules/@chat-widget/server/bin/chat-widget-server.js', import.meta.url),
)
const START_TIMEOUT_MS = 60_000
/** Time between SIGTERM and SIGKILL. */
const STOP_TIMEOUT_MS = 10_000

export interface ChatServerOptions {
  /** The file Node runs. Default: the built `chat-widget-server` command. */
  readonly command?: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Each line the server writes. */
  readonly onOutput?: (line: string) => void
  /** Called when the listening process has ended, by `stop()` or by itself. */
  readonly onExit?: (end: ServerEnd) => void
}

export interface ServerEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface ChatServerProcess {
  readonly pid: number
  /** The port of its ready line. */
  readonly port: number
  /** Its output until then. */
  readonly startOutput: readonly string[]
  isRunning(): boolean
  /** Sends the signal. Default SIGTERM. Resolves when the process has ended; idempotent. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

/** Resolves when the server listens; rejects with its output if it ends or stays silent instead. */
export async function startChatServer(options: ChatServerOptions): Promise<ChatServerProcess> {
  const child = spawn(process.execPath, [options.command ?? COMMAND, ...options.args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
    // In a group of its own: a terminal sends Ctrl-C to its whole process group, so the server would get it besides our
    // SIGTERM, and a second signal makes it exit without draining.
    detached: process.stdin.isTTY === true,
  })
  const exited = new Promise<ServerEnd>((resolve, reject) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', reject)
  })
  // Killing the demo must not leave a server behind.
  const killWithParent = () => void child.kill('SIGKILL')
  process.once('exit', killWithParent)
  let listened = false
  exited.then(
    (end) => {
      process.off('exit', killWithParent)
      if (listened) options.onExit?.(end)
    },
    () => process.off('exit', killWithParent),
  )

  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    if (!isRunning(child)) return
    child.kill(signal)
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
    await exited
    clearTimeout(timer)
  }

  try {
    const started = await waitForAddress(child, exited, options.onOutput)
    listened = true
    return { ...started, pid: child.pid ?? 0, isRunning: () => isRunning(child), stop }
  } catch (error) {
    await stop('SIGKILL')
    throw error
  }
}

const isRunning = (child: ChildProcess) =>
  child.pid !== undefined && child.exitCode === null && child.signalCode === null

function waitForAddress(child: ChildProcess, exited: Promise<ServerEnd>, onOutput?: (line: string) => void) {
  const startOutput: string[] = []
  return new Promise<{ port: number; startOutput: readonly string[] }>((resolve, reject) => {
    const fail = (reason: string) => {
      clearTimeout(timer)
      reject(new Error([`The chat server ${reason}.`, ...startOutput].join('\n')))
    }
    const timer = setTimeout(
      () => fail(`did not listen within ${START_TIMEOUT_MS / 1_000} s`),
      START_TIMEOUT_MS,
    )
    let listening = false

    const read = (line: string) => {
      onOutput?.(line)
      if (listening) return
      startOutput.push(line)
      const port = /listening on https?:\/\/\S+:(\d+)/.exec(line)?.[1]
      if (port === undefined) return
      listening = true
      clearTimeout(timer)
      resolve({ port: Number(port), startOutput })
    }
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', read)
    }

    exited.then(
      async ({ code, signal }) => {
        // The last lines, with the reason, may still be in the pipe.
        if (!listening && child.stderr?.readableEnded === false) await once(child.stderr, 'end')
        fail(`ended (${signal ?? `exit ${code}`}) before it listened`)
      },
      (error: Error) => fail(`could not be started: ${error.message}`),
    )
  })
}
