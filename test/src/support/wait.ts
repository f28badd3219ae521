/** Waits for the work of another process or page. */
import { inject, vi } from 'vitest'

/** Resolves when `read` returns `true`; rejects with the description of the wait. */
export async function until(
  what: string,
  read: () => boolean | Promise<boolean>,
  timeout = inject('patienceMs'),
): Promise<void> {
  await vi.waitFor(
    async () => {
      if (!(await read())) throw new Error(`still waiting: ${what}`)
    },
    { timeout, interval: 50 },
  )
}

/** Resolves with what `read` finds, once it is there. */
export function found<T>(what: string, read: () => Promise<T | null>): Promise<T> {
  return vi.waitFor(
    async () => {
      const value = await read()
      if (value === null) throw new Error(`still waiting: ${what}`)
      return value
    },
    { interval: 50 },
  )
}

/**
 * Marks what is awaited after further steps: where one of them fails, the page it waits for is closed, and its rejection
 * would be an error outside of any test.
 */
export function later<T>(waiting: Promise<T>): Promise<T> {
  waiting.catch(() => {})
  return waiting
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Time limit of waits, from `vite.config.ts`. */
    patienceMs: number
  }
}
