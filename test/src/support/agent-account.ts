/** Creates an agent's account by the command, as an operator does. */
import { runServerCommand, type ServerProcess } from './server-process.ts'

/** The password that `agent add` printed. */
export const printedPassword = (output: string): string => /^password: (\S+)$/m.exec(output)?.[1] ?? ''

export async function addAgent(
  server: ServerProcess,
  name = 'Grace',
): Promise<{ readonly name: string; readonly email: string; readonly password: string }> {
  const email = `${name.toLowerCase()}@example.com`
  const { code, stdout, stderr } = await runServerCommand([
    ...['agent', 'add', name, '--email', email],
    ...server.storageArgs,
  ])
  const password = printedPassword(stdout)
  if (code !== 0 || password === '') throw new Error(`agent add exited ${code}: ${stdout}${stderr}`)
  return { name, email, password }
}
