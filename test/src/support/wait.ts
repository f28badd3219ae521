/** Waits for the work of another process or page. */
import { vi } from 'vitest'

/** Resolves when `read` returns `true`; rejects with the description of the wait. */
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
