/** Waits for work, and no longer than a time. */

/**
 * Resolves when the work is done or the time is over; rejects as the work does before that. `late`: what it rejects with
 * where the time is over.
 */
export async function within(work: Promise<unknown>, ms: number, late?: () => Error): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>((resolve, reject) => {
    timer = setTimeout(() => (late === undefined ? resolve() : reject(late())), ms)
  })
  try {
    await Promise.race([work, over])
  } finally {
    clearTimeout(timer)
  }
}
