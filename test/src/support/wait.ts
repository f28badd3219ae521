/** Waiting for what another process or page will do. */
import { expect } from 'vitest'

/** Resolves when `read` answers `true`; fails with what it is waiting for. */
export async function until(
  what: string,
  read: () => boolean | Promise<boolean>,
  timeout = 30_000,
): Promise<void> {
  await expect.poll(read, { timeout, interval: 50, message: what }).toBe(true)
}
