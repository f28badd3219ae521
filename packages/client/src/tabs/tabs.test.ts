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
  // A test advances the time that a tab waits for others; their messages do not wait for it.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  name = `tabs of ${crypto.randomUUID()}`
  vi.stubGlobal('document', {})
  vi.stubGlobal('navigator', { locks: createFakeLocks() })
})
afterEach(() => {
  for (const tabs of open.splice(0)) tabs.close()
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const WITHIN_MS = 60_000
/** Resolves when the other tabs have answered, or the time is over. */
const leave = (asker: Tabs) => asker.ask('leave', 'departure', 'left', WITHIN_MS)
const LEFT = ['left', null] as const

/** A tab that does not answer. Resolves when it has received the question. */
function heardBySilent(tabs: Tabs): Promise<void> {
  return new Promise((resolve) => {
    tabs.on('leave', () => {
      resolve()
      return new Promise(() => {})
    })
  })
}

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
  await expect.poll(() => heard.mock.calls).toHaveLength(1)
  expect(settled).not.toHaveBeenCalled()
  finish()
  await asked
  expect(left).toEqual(['departure'])
  expect(settled).toHaveBeenCalled()
})

it('[ID12] says nothing to the tabs of somebody else, and does not wait for them', async () => {
  const asker = openTab('ada')
  const other = openTab('bob')
  const nobody = openTab(null)
  const heard = vi.fn()
  for (const tab of [other, nobody]) tab.on('leave', heard)
  await leave(asker)
  expect(heard).not.toHaveBeenCalled()
})

it('[ID13] answers the owner it was asked about, though it is somebody else’s by then', async () => {
  const asker = openTab('ada')
  const other = openTab('ada')
  other.on('leave', async () => {
    other.join('anonymous')
    return LEFT
  })
  await leave(asker)
})

it('does not wait for ever for a tab that is frozen', async () => {
  const asker = openTab('ada')
  const heard = heardBySilent(openTab('ada'))
  const settled = vi.fn()
  const asked = leave(asker).then(settled)
  await heard
  await vi.advanceTimersByTimeAsync(WITHIN_MS - 1)
  expect(settled).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  await asked
})

it('[ID3] [ID13] a page that stood still until the time was over hears the answers all the same', async () => {
  const [asker, other] = [openTab('ada'), openTab('ada')]
  const left = vi.fn()
  asker.on('left', left)
  other.on('leave', () => LEFT)
  const post = BroadcastChannel.prototype.postMessage
  vi.spyOn(BroadcastChannel.prototype, 'postMessage').mockImplementationOnce(function (
    this: BroadcastChannel,
    note: unknown,
  ) {
    post.call(this, note)
    // Due timers run before messages of other tabs.
    vi.runOnlyPendingTimers()
  })
  await leave(asker)
  expect(left).toHaveBeenCalledTimes(1)
})

it('waits a moment where the browser has no locks to count tabs by', async () => {
  vi.stubGlobal('navigator', {})
  const asker = openTab('ada')
  const heard = heardBySilent(openTab('ada'))
  const asked = leave(asker)
  await heard
  await vi.advanceTimersByTimeAsync(300)
  await asked
})

it('is not counted while its page is away, and is there again afterwards', async () => {
  const asker = openTab('ada')
  const page = new EventTarget()
  vi.stubGlobal('window', page)
  vi.stubGlobal('document', new EventTarget())
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  const other = openTab('ada')
  const heard = vi.fn(() => LEFT)
  other.on('leave', heard)
  page.dispatchEvent(new Event('pagehide'))
  other.hide()
  await expect.poll(async () => (await navigator.locks.query()).held).toHaveLength(1)
  await leave(asker)
  expect(heard).not.toHaveBeenCalled()
  page.dispatchEvent(new Event('pageshow'))
  await leave(asker)
  expect(heard).toHaveBeenCalledTimes(1)
})

it('is alone outside a page', async () => {
  vi.stubGlobal('document', undefined)
  const tabs = openTab('ada')
  expect(tabs.turn).toBeNull()
  await leave(tabs)
})
