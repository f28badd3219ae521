/** A draft in two tabs. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createMemoryStorage } from '../storage/memory-storage.ts'
import { createResilientStorage } from '../storage/resilient-storage.ts'
import { Draft } from './draft.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Time until a draft is sent to the other tabs. */
const aWhile = () => vi.advanceTimersByTimeAsync(1_000)

/** Two tabs of one visitor; messages of one arrive when `arrive` is called. */
function twoTabs() {
  const storage = createResilientStorage(createMemoryStorage(), { onFailure() {}, onRecovery() {} })
  const onTheWay: (() => void)[] = []
  const tell = (to: () => Draft) => (text: string) => onTheWay.push(() => to().follow(text))
  const one: Draft = new Draft(
    storage,
    'anonymous',
    tell(() => other),
  )
  const other: Draft = new Draft(
    storage,
    'anonymous',
    tell(() => one),
  )
  const arrive = () => {
    for (const deliver of onTheWay.splice(0)) deliver()
  }
  return { one, other, arrive }
}

it('[DL6] is what another tab wrote', async () => {
  const { one, other, arrive } = twoTabs()
  one.text = 'half a thought'
  await aWhile()
  arrive()
  expect(other.text).toBe('half a thought')
})

it('[DL6] stays what is being written here while word of an older one comes in, and is then the other’s, too', async () => {
  const { one, other, arrive } = twoTabs()
  one.text = 'sent from there'
  one.text = ''
  await aWhile()
  other.text = 'begun here'
  arrive()
  expect(other.text).toBe('begun here')
  await aWhile()
  arrive()
  expect([one.text, other.text]).toEqual(['begun here', 'begun here'])
})
