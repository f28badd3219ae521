/** The agent account that the chat server creates and prints with `--dev`. */

export interface DemoAgent {
  readonly email: string
  readonly password: string
}

/** Throws if the server printed none before it listened. Each start gives the account a new password. */
export function readDevAgent(output: readonly string[]): DemoAgent {
  for (const line of output) {
    const [, email, password] = /^agent: (\S+@\S+) \/ (\S+)$/.exec(line) ?? []
    if (email !== undefined && password !== undefined) return { email, password }
  }
  throw new Error(['The chat server printed no agent account.', ...output].join('\n'))
}
