/** Runs the documentation's `curl` commands, as a shell would. */
import { spawn } from 'node:child_process'

export interface CurlOptions {
  /** Replaces `$BASE` in the command. */
  readonly base: string
}

export interface RunningCurl {
  /** Its output so far; with `-N` all that it has received. */
  readonly output: () => string
  /** Resolves with its output; rejects if curl failed. */
  readonly printed: Promise<string>
}

export const curl = (command: string, options: CurlOptions): Promise<string> =>
  startCurl(command, options).printed

export function startCurl(command: string, { base }: CurlOptions): RunningCurl {
  const child = spawn('/bin/sh', ['-c', `exec ${command}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, BASE: base },
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const printed = new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      process.off('exit', kill)
      if (code === 0) resolve(stdout)
      else reject(new Error(`curl ended with ${code}: ${stderr}`))
    })
  })
  return { output: () => stdout, printed }
}
