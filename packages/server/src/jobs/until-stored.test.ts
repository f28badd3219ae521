import { expect, it } from 'vitest'
import { untilStored } from './until-stored.ts'

const HOUR_MS = 3_600_000

it('stores again what failed, and at a stop at once and for the last time', async () => {
  const stop = new AbortController()
  const options = { restMs: 0, signal: stop.signal, onFailure: () => undefined }
  let tries = 0
  const store = async () => {
    tries += 1
    if (tries < 3) throw new Error('away')
    return 'stored'
  }
  expect(await untilStored(store, options)).toBe('stored')

  tries = 0
  const resting = untilStored(() => Promise.reject(new Error(`away ${++tries}`)), {
    ...options,
    restMs: HOUR_MS,
    onFailure: () => queueMicrotask(() => stop.abort()),
  })
  await expect(resting).rejects.toThrow('away 2')
})
