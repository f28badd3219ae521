/** Waiting for what another process or page will do. */
import { vi } from 'vitest'

/** Resolves when `read` answers `true`; rejects with what it is waiting for. */
export async function until(
  what: string,
  read: () => boolean | Promise<boolean>,
  timeout = 30_000,
): Promise<void> {
  await vi.waitFor(
    async () => {
      if (!(await read())) throw new Error(`still waiting: ${what}`)
    },
    { timeout, interval: 50 },
  )
}
