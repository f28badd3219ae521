/** Creates an agent's account by the command, as an operator does. */
import { runCommandHere } from './server-here.ts'
import type { ServerProcess } from './server-process.ts'

/** The password that `agent add` printed. */
export const printedPassword = (output: string): string => /^password: (\S+)$/m.exec(output)?.[1] ?? ''

export async function addAgent(
  server: Pick<ServerProcess, 'storageArgs'>,
  name = 'Grace',
): Promise<{ readonly name: string; readonly email: string; readonly password: string }> {
  const email = `${name.toLowerCase()}@example.com`
  const { code, stdout, stderr } = await runCommandHere([
    ...['agent', 'add', name, '--email', email],
    ...server.storageArgs,
  ])
  const password = printedPassword(stdout)
  if (code !== 0 || password === '') throw new Error(`agent add exited ${code}: ${stdout}${stderr}`)
  return { name, email, password }
}
