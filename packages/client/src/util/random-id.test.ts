import { afterEach, expect, it, vi } from 'vitest'
import { randomId } from './random-id.ts'

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

afterEach(() => vi.unstubAllGlobals())

it('makes random UUIDs, also without a secure context', () => {
  expect(randomId()).toMatch(UUID_V4)
  const { crypto } = globalThis
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) })
  const ids = Array.from({ length: 50 }, () => randomId())
  for (const id of ids) expect(id).toMatch(UUID_V4)
  expect(new Set(ids).size).toBe(50)
  vi.stubGlobal('crypto', undefined)
  expect(randomId()).toMatch(UUID_V4)
  expect(randomId()).not.toBe(randomId())
})
