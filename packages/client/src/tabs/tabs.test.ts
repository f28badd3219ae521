import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createFakeLocks } from '../util/fake-locks.testing.ts'
import { createTabs, type Tabs } from './tabs.ts'

const open: Tabs[] = []
let name = ''

function openTab(owner: string | null): Tabs {
  const tabs = createTabs(name)
  open.push(tabs)
  tabs.join(owner)
  return tabs
}

beforeEach(() => {
  name = `tabs of ${crypto.randomUUID()}`
  vi.stubGlobal('document', {})
  vi.stubGlobal('navigator', { locks: createFakeLocks() })
})
afterEach(() => {
  for (const tabs of open.splice(0)) tabs.close()
  vi.unstubAllGlobals()
})

/** Resolves with whether the other tabs answered before the time was over. */
async function leave(asker: Tabs, withinMs = 60_000): Promise<boolean> {
  const begin = Date.now()
  await asker.ask('leave', 'departure', 'left', withinMs)
  return Date.now() - begin < withinMs
}
const LEFT = ['left', null] as const

it('[ID13] resolves when each other tab of the owner has answered, and not before', async () => {
  const [asker, quick, slow] = [openTab('ada'), openTab('ada'), openTab('ada')]
  let finish = () => {}
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  const left: string[] = []
  quick.on('leave', (departure) => {
    left.push(departure)
    return LEFT
  })
  slow.on('leave', () => finished.then(() => LEFT))
  const settled = vi.fn()
  const asked = leave(asker).then(settled)
  const heard = vi.fn()
  slow.on('failed', heard)
  asker.tell('failed', 'a note that comes after the question')
  await vi.waitFor(() => expect(heard).toHaveBeenCalled())
  expect(settled).not.toHaveBeenCalled()
  finish()
  await asked
  expect(left).toEqual(['departure'])
  expect(settled).toHaveBeenCalledWith(true)
})

it('[ID12] says nothing to the tabs of somebody else, and does not wait for them', async () => {
  const asker = openTab('ada')
  const other = openTab('bob')
  const nobody = openTab(null)
  const heard = vi.fn()
  for (const tab of [other, nobody]) tab.on('leave', heard)
  expect(await leave(asker)).toBe(true)
  expect(heard).not.toHaveBeenCalled()
})

it('[ID13] answers the owner it was asked about, though it is somebody else’s by then', async () => {
  const asker = openTab('ada')
  const other = openTab('ada')
  other.on('leave', async () => {
    other.join('anonymous')
    return LEFT
  })
  expect(await leave(asker)).toBe(true)
})

it('does not wait for ever for a tab that is frozen', async () => {
  const asker = openTab('ada')
  openTab('ada').on('leave', () => new Promise(() => {}))
  expect(await leave(asker, 20)).toBe(false)
})

it('waits a moment where the browser has no locks to count tabs by', async () => {
  vi.stubGlobal('navigator', {})
  const asker = openTab('ada')
  const heard = vi.fn(() => LEFT)
  openTab('ada').on('leave', heard)
  expect(await leave(asker)).toBe(true)
  expect(heard).toHaveBeenCalled()
})

it('is not counted while its page is away, and is there again afterwards', async () => {
  const asker = openTab('ada')
  const other = openTab('ada')
  const heard = vi.fn(() => LEFT)
  other.on('leave', heard)
  other.hide()
  await vi.waitFor(async () => expect((await navigator.locks.query()).held).toHaveLength(1))
  expect(await leave(asker)).toBe(true)
  expect(heard).not.toHaveBeenCalled()
  other.resume()
  expect(await leave(asker)).toBe(true)
  expect(heard).toHaveBeenCalledTimes(1)
})

it('is alone outside a page', async () => {
  vi.stubGlobal('document', undefined)
  const tabs = openTab('ada')
  expect(tabs.turn).toBeNull()
  expect(await leave(tabs)).toBe(true)
})
