/** Waits for work, up to a time limit. */

/**
 * Resolves when the work is done or the time is over; rejects as the work does before that. `late`: makes the error to
 * reject with when the time is over.
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
