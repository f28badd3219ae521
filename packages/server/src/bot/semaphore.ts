/** Lets a limited number run at a time; the rest wait in order. */
export interface Semaphore {
  run<Value>(work: () => Promise<Value>): Promise<Value>
}

export function createSemaphore(limit: number): Semaphore {
  let free = limit
  const waiting: (() => void)[] = []

  async function acquire(): Promise<void> {
    if (free > 0) {
      free -= 1
      return
    }
    await new Promise<void>((resolve) => waiting.push(resolve))
  }

  function release(): void {
    const next = waiting.shift()
    if (next === undefined) free += 1
    else next()
  }

  return {
    async run(work) {
      await acquire()
      try {
        return await work()
      } finally {
        release()
      }
    },
  }
}
