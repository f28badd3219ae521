/** Runs a command in this terminal; shared by the root scripts. */
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/** The path of a tool installed by the root package, e.g. `vitest`. */
export const tool = (name) => join(ROOT, 'node_modules', '.bin', name)

/** Types, by one checker for each project: of several, each checks again what all need. */
export const TYPES = ['-b', '--checkers', '1']

/**
 * Resolves with the exit code. Signals to this process are passed to the child, which decides what to do.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string | undefined>, cwd?: string, quiet?: boolean }} [options] cwd: default the
 *   repository's root; quiet: output only on failure
 * @returns {Promise<number>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? ROOT,
      stdio: options.quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      env: { ...process.env, ...options.env },
    })
    const output = []
    child.stdout?.on('data', (chunk) => output.push(chunk))
    child.stderr?.on('data', (chunk) => output.push(chunk))
    const forward = (signal) => child.kill(signal)
    process.on('SIGINT', forward)
    process.on('SIGTERM', forward)
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      process.off('SIGINT', forward)
      process.off('SIGTERM', forward)
      const failed = signal !== null || code !== 0
      if (options.quiet && failed) process.stderr.write(Buffer.concat(output))
      resolve(signal !== null ? 1 : (code ?? 1))
    })
  })
}
