/** The agent account that the chat server makes and prints when it runs with `--dev`. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface DemoAgent {
  readonly email: string
  readonly password: string
}

/** Finds the account in the server's output; a server that prints it once only is remembered in the data folder. */
export async function devAgent(dataDir: string, output: readonly string[]): Promise<DemoAgent> {
  const file = join(dataDir, 'agent.json')
  const printed = readDevAgent(output)
  if (printed !== null) {
    await writeFile(file, `${JSON.stringify(printed, null, 2)}\n`, { mode: 0o600 })
    return printed
  }
  const stored = await readFile(file, 'utf8').catch(() => null)
  if (stored === null) throw new Error(['The chat server printed no agent account.', ...output].join('\n'))
  return JSON.parse(stored) as DemoAgent
}

/** `null` when no line names an agent's email and password. */
export function readDevAgent(output: readonly string[]): DemoAgent | null {
  for (const line of output) {
    const found = /agent\b.*?([^\s<>"',;]+@[^\s<>"',;]+)[\s,;/|]+(?:password\W*\s)?(\S+)/i.exec(line)
    const [, email, password] = found ?? []
    if (email !== undefined && password !== undefined) return { email, password }
  }
  return null
}
