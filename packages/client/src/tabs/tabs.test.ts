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

it('[ID13] resolves when each other tab of the owner has answered, and not before', async () => {
  const [asker, quick, slow] = [openTab('ada'), openTab('ada'), openTab('ada')]
  let finish = () => {}
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  quick.on('leave', (departure) => departure)
  slow.on('leave', () => finished)
  const settled = vi.fn()
  const asked = asker.ask('leave', 'departure 1', 60_000).then(settled)
  const heard = vi.fn()
  slow.on('failed', heard)
  asker.tell('failed', 'a note that comes after the question')
  await vi.waitFor(() => expect(heard).toHaveBeenCalled())
  expect(settled).not.toHaveBeenCalled()
  finish()
  await asked
  expect(settled.mock.calls[0]?.[0]).toContain('departure 1')
})

it('[ID12] says nothing to the tabs of somebody else, and does not wait for them', async () => {
  const asker = openTab('ada')
  const other = openTab('bob')
  const nobody = openTab(null)
  const heard = vi.fn()
  for (const tab of [other, nobody]) tab.on('leave', heard)
  expect(await asker.ask('leave', 'departure', 60_000)).toEqual([])
  expect(heard).not.toHaveBeenCalled()
})

it('is content with the first answer that is enough', async () => {
  const asker = openTab('ada')
  openTab('ada').on('session', () => 'yes')
  openTab('ada').on('session', () => new Promise(() => {}))
  expect(await asker.ask('session', undefined, 60_000, (answer) => answer === 'yes')).toEqual(['yes'])
})

it('does not wait for ever for a tab that is frozen', async () => {
  const asker = openTab('ada')
  openTab('ada').on('leave', () => new Promise(() => {}))
  expect(await asker.ask('leave', 'departure', 20)).toEqual([])
})

it('waits a moment where the browser has no locks to count tabs by', async () => {
  vi.stubGlobal('navigator', {})
  const asker = openTab('ada')
  openTab('ada').on('leave', () => 'left')
  expect(await asker.ask('leave', 'departure', 60_000)).toEqual(['left'])
})

it('is not counted while its page is away, and is there again afterwards', async () => {
  const asker = openTab('ada')
  const other = openTab('ada')
  other.on('leave', () => 'left')
  other.hide()
  await vi.waitFor(async () => expect((await navigator.locks.query()).held).toHaveLength(1))
  expect(await asker.ask('leave', 'departure', 60_000)).toEqual([])
  other.resume()
  expect(await asker.ask('leave', 'departure', 60_000)).toEqual(['left'])
})

it('is alone outside a page', async () => {
  vi.stubGlobal('document', undefined)
  const tabs = openTab('ada')
  expect(tabs.turn).toBeNull()
  expect(await tabs.ask('leave', 'departure', 60_000)).toEqual([])
})
