/** Work that matters only until a signal aborts. */

/** Resolves as `work` does, and rejects with the signal's reason as soon as it aborts. */
export async function during<Value>(signal: AbortSignal, work: Promise<Value>): Promise<Value> {
  let end = () => {}
  const ended = new Promise<never>((_resolve, reject) => {
    end = () => reject(signal.reason)
  })
  signal.addEventListener('abort', end)
  if (signal.aborted) end()
  try {
    return await Promise.race([work, ended])
  } finally {
    signal.removeEventListener('abort', end)
  }
}
