/** Tabs that share a socket, whatever becomes of the one that has it. */
import fc from 'fast-check'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type BrowserTab, BrowserWorld } from './browser-world.testing.ts'

const { setTimeout: ownTimers } = globalThis
let world: BrowserWorld
beforeAll(async () => {
  // Chunks of before: what is loaded late comes at once.
  await import('./sharing.ts')
})
beforeEach(() => {
  world = new BrowserWorld()
})
afterEach(async () => {
  await world.end()
  expect(globalThis.setTimeout, 'the timers are those of before').toBe(ownTimers)
})

const textsOf = ({ client }: BrowserTab) =>
  client.getState().timeline.items.map((item) => (item.kind === 'stored' ? item.message.text : item.text))
const stored = () => world.server.messages.map(({ text }) => text)
const say = ({ client, page }: BrowserTab, text: string) =>
  page.run(() => void client.send(text).catch(() => {}))

async function openTabs(count: number): Promise<BrowserTab[]> {
  const tabs: BrowserTab[] = []
  for (let index = 0; index < count; index += 1) {
    tabs.push(world.open())
    await world.pass(100)
  }
  return tabs
}

describe('five tabs', () => {
  it('[DL6] are one socket, and show what any of them wrote', async () => {
    const tabs = await openTabs(5)
    expect(world.server.sockets.size).toBe(1)
    for (const [index, tab] of tabs.entries()) say(tab, `from ${index}`)
    await world.pass(300)
    expect(stored()).toHaveLength(5)
    for (const tab of tabs) expect(textsOf(tab)).toEqual(stored())
  })
})

describe('a leader', () => {
  const FATES: readonly [string, number, (leader: BrowserTab) => void][] = [
    ['is closed', 300, ({ client, page }) => page.run(() => void client.close())],
    ['crashes', 300, ({ page }) => page.crash()],
    ['is frozen', 300, (leader) => world.freeze(leader)],
    // Without a word: only its silence says so.
    ['stands still', 2_000, ({ page }) => page.stand()],
  ]
  it.each(FATES)(
    '[DL6] that %s is replaced within %i ms, and what was on its way arrives once',
    async (_what, ms, befalls) => {
      const [leader, second, third] = (await openTabs(3)) as [BrowserTab, BrowserTab, BrowserTab]
      say(leader, 'of the leader')
      await world.pass(100)
      const [socket] = world.server.sockets
      befalls(leader)
      say(second, 'second')
      say(third, 'third')
      await world.pass(ms)
      expect([...world.server.sockets].filter((one) => one !== socket)).toHaveLength(1)
      await world.pass(1_000)
      expect(stored().toSorted()).toEqual(['of the leader', 'second', 'third'])
      for (const tab of [second, third]) expect(textsOf(tab)).toEqual(stored())
    },
  )

  it('[DL7] that is back, and is looked at in the same moment, is connected again at once', async () => {
    const [tab] = (await openTabs(1)) as [BrowserTab]
    world.freeze(tab)
    await world.pass(100)
    expect(world.server.sockets.size).toBe(0)
    world.thaw(tab)
    // It asks for the lock a second time while the first answer is under way.
    tab.page.run(() => tab.page.document.dispatchEvent(new Event('visibilitychange')))
    await world.pass(100)
    expect(tab.client.getState().connection.status).toBe('connected')
    expect(world.server.sockets.size).toBe(1)
  })

  it('[DL6] that stood still sends nothing by its old socket when it goes on', async () => {
    const [leader, other] = (await openTabs(2)) as [BrowserTab, BrowserTab]
    const [old] = world.server.sockets
    leader.page.stand()
    await world.pass(2_500)
    expect(world.server.sockets.size).toBe(2)
    const handle = vi.spyOn(world.server, 'handle')
    leader.page.goOn()
    say(leader, 'late')
    await world.pass(50)
    expect(world.server.sockets.has(old as never)).toBe(false)
    await world.pass(1_000)
    expect(handle).toHaveBeenCalledWith('message:send', expect.anything())
    expect(world.server.sockets.size).toBe(1)
    expect(stored()).toEqual(['late'])
    expect(textsOf(other)).toEqual(['late'])
  })
})

type Step =
  | { readonly what: 'open' | 'cut' }
  | { readonly what: 'say' | 'close' | 'crash' | 'freeze' | 'stand' | 'go on'; readonly which: number }
  | { readonly what: 'wait'; readonly ms: number }

const which = fc.nat({ max: 3 })
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ what: fc.constant('say' as const), which }) },
    {
      weight: 4,
      arbitrary: fc.record({ what: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 2_500 }) }),
    },
    { weight: 2, arbitrary: fc.record({ what: fc.constantFrom('open' as const, 'cut' as const) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        what: fc.constantFrom(
          'close' as const,
          'crash' as const,
          'freeze' as const,
          'stand' as const,
          'go on' as const,
        ),
        which,
      }),
    },
  ),
  { minLength: 3, maxLength: 25 },
)

/** Plays the steps, then lets everybody go on: nothing is lost, doubled or reordered, and one socket is left. */
async function play(script: readonly Step[]): Promise<void> {
  const running = new BrowserWorld()
  world = running
  const written = new Map<BrowserTab, string[]>()
  let count = 0
  try {
    await openTabs(2)
    for (const step of script) {
      if (step.what === 'wait') {
        await running.pass(step.ms)
        continue
      }
      if (!('which' in step)) {
        if (step.what === 'cut') for (const socket of running.server.sockets) socket.cut()
        else if (running.tabs.filter(({ page }) => !page.isGone).length < 4) running.open()
        continue
      }
      const alive = running.tabs.filter(({ page }) => !page.isGone)
      const tab = alive[step.which % Math.max(1, alive.length)]
      if (tab === undefined) continue
      const { page, client } = tab
      if (step.what === 'say' && page.isRunning) {
        count += 1
        const text = `message ${count}`
        written.set(tab, [...(written.get(tab) ?? []), text])
        say(tab, text)
        await running.pass(1)
      } else if (step.what === 'close') {
        page.run(() => void client.close())
        await running.pass(50)
        page.crash()
      } else if (step.what === 'crash') page.crash()
      else if (step.what === 'freeze' && page.isRunning) running.freeze(tab)
      else if (step.what === 'stand') page.stand()
      else if (step.what === 'go on' && !page.isRunning) running.thaw(tab)
    }
    for (const tab of running.tabs) if (!tab.page.isGone && !tab.page.isRunning) running.thaw(tab)
    running.open()
    await running.pass(30_000)
    const all = stored()
    expect(all.toSorted(), 'nothing is lost or doubled').toEqual([...written.values()].flat().toSorted())
    for (const own of written.values())
      expect(
        all.filter((text) => own.includes(text)),
        'in order',
      ).toEqual(own)
    const alive = running.tabs.filter(({ page }) => !page.isGone)
    for (const tab of alive) expect(textsOf(tab), 'every tab shows it').toEqual(all)
    expect(running.server.sockets.size, 'one socket').toBe(1)
    expect(running.server.sessions, 'one visitor').toBe(1)
  } finally {
    await running.end()
  }
}

it('[DL6] [DL4] nothing is lost, doubled or reordered, whatever becomes of the tabs', async () => {
  await world.end()
  await fc.assert(fc.asyncProperty(steps, play), { numRuns: Number(process.env.TABS_RUNS ?? 40) })
})
