/** Reads a password: from a hidden prompt or standard input, or generates one. */
import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { LIMITS } from '@chat-widget/protocol'
import { ConfigurationError } from '../config/configuration-error.ts'
import type { Terminal } from './terminal.ts'

const MAX_LENGTH = 1024

export interface ChosenPassword {
  readonly password: string
  readonly generated: boolean
}

export async function choosePassword(
  terminal: Terminal,
  { fromStdin }: { readonly fromStdin: boolean },
): Promise<ChosenPassword> {
  if (fromStdin)
    return { password: check((await text(terminal.stdin)).replace(/\r?\n$/, '')), generated: false }
  if (terminal.stdin.isTTY !== true) return generate()
  const password = await askHidden(terminal, 'Password (leave empty to have one made): ')
  if (password === '') return generate()
  if ((await askHidden(terminal, 'Again: ')) !== password)
    throw new ConfigurationError('password', 'the two are not the same')
  return { password: check(password), generated: false }
}

const generate = (): ChosenPassword => ({ password: randomBytes(15).toString('base64url'), generated: true })

function check(password: string): string {
  if (password.length < LIMITS.passwordLength || password.length > MAX_LENGTH)
    throw new ConfigurationError('password', `must have ${LIMITS.passwordLength} to ${MAX_LENGTH} characters`)
  return password
}

/** Readline edits the line as usual, but its echo is discarded. */
function askHidden({ stdin, stderr }: Terminal, prompt: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: stdin, output: nowhere, terminal: true })
  stderr.write(prompt)
  return new Promise((resolve, reject) => {
    lines.once('SIGINT', () => lines.close())
    lines.once('close', () => {
      stderr.write('\n')
      reject(new ConfigurationError('password', 'none given'))
    })
    lines.once('line', (line) => {
      resolve(line)
      lines.close()
    })
  })
}
