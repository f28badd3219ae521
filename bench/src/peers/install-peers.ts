/** Installs the other chats, as their lockfile has them. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** Their folder. It is a workspace of its own. */
export const PEERS = new URL('../../peers/', import.meta.url)

export async function installPeers(): Promise<void> {
  const child = spawn('npx', ['--yes', 'pnpm@12', 'install', '--frozen-lockfile'], {
    cwd: fileURLToPath(PEERS),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error('the other chats could not be installed from the registry')
}
