/**
 * [ID4]–[ID10] by the clock: the built widget in a real browser, on a device whose clock is wrong, stops, jumps and
 * drifts.
 */
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { type HostSite, pageWithWidget, startHostSite } from './support/host-site.ts'
import { type IdentityPage, openIdentityPage } from './support/identity-page.ts'
import { awayAndBack, withKeptPage } from './support/page-cache.ts'
import { type ServerClock, startServerClock } from './support/server-clock.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'
import { shopConfig } from './support/shop.ts'
import { startTcpProxy } from './support/tcp-proxy.ts'
import { until } from './support/wait.ts'
import { isConnected, stateOf, widgetOn } from './support/widget-page.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE

const browser = useBrowser()
const keepingBrowser = useBrowser({ keepsPages: true })
let clock: ServerClock
let server: ServerProcess
let site: HostSite
beforeAll(async () => {
  clock = startServerClock()
  server = await startServer({ config: shopConfig(), env: clock.env })
  site = await startHostSite()
})
afterAll(async () => {
  await site?.close()
  await server?.close()
  clock?.close()
})

/** A visitor who has not signed in; contexts have this lifetime. */
const visitor = async (
  lifetimeSeconds: number,
  { aheadMs = 0, address = server.url, from = browser } = {},
): Promise<IdentityPage> =>
  openIdentityPage(await from.page(), { site, server: address, clock, lifetimeSeconds, aheadMs })

/** A customer who signed in. */
async function customer(...options: Parameters<typeof visitor>): Promise<IdentityPage> {
  const shop = await visitor(...options)
  await shop.signIn()
  return shop
}

const asked = (shop: IdentityPage, flags: readonly boolean[], timeout?: number) =>
  until(`the provider was called with ${flags}`, async () => `${await shop.flags()}` === `${flags}`, timeout)

/** Times between calls of the provider, by the device's clock. */
async function gaps(shop: IdentityPage): Promise<readonly number[]> {
  const times = (await shop.calls()).map(({ at }) => at)
  return times.slice(1).map((at, index) => at - times[index]!)
}

describe('[ID4] renewal goes by the server’s clock', () => {
  it.each([
    ['a day ahead', DAY],
    ['a day behind', -DAY],
  ])('on a device whose clock is %s', async (_what, aheadMs) => {
    const shop = await customer(60, { aheadMs })
    const { expiresAt } = await shop.identity()
    // A machine may stall for a moment, but not for a day.
    expect(Math.abs(expiresAt! - clock.now() - MINUTE)).toBeLessThan(30 * SECOND)
    await shop.pass(40 * SECOND)
    expect(await shop.flags()).toEqual([false])
    await shop.pass(10 * SECOND)
    await asked(shop, [false, true])
    await shop.pass(40 * SECOND)
    expect(await shop.flags()).toEqual([false, true])
    await shop.pass(10 * SECOND)
    await asked(shop, [false, true, true])
    for (const gap of await gaps(shop)) {
      expect(gap).toBeGreaterThan(46 * SECOND)
      expect(gap).toBeLessThan(55 * SECOND)
    }
    await shop.say('still here')
    expect((await shop.wire()).refused).toBe(0)
  })

  it('on a device whose clock is set ahead by a day while connected, and back by two', async () => {
    const shop = await customer(600)
    const turns = { stepMs: 15 * SECOND }
    for (const jumpMs of [DAY, -2 * DAY]) {
      await shop.pass(60 * SECOND, turns)
      await shop.page.clock.setSystemTime((await shop.page.evaluate(() => Date.now())) + jumpMs)
      await shop.say('what time is it?')
      await shop.pass(150 * SECOND, turns)
      expect(await shop.flags()).toEqual([false])
    }
    await shop.pass(80 * SECOND, turns)
    await asked(shop, [false, true])
    expect((await shop.wire()).refused).toBe(0)
  })

  it('on a device whose clock is a tenth too fast, and then a tenth too slow', async () => {
    const shop = await customer(60)
    await shop.pass(35 * SECOND, { deviceMs: 1.1 * 35 * SECOND })
    expect(await shop.flags()).toEqual([false])
    await shop.pass(20 * SECOND, { deviceMs: 1.1 * 20 * SECOND })
    await asked(shop, [false, true])
    // The second context was asked for up to 13 s ago.
    await shop.pass(25 * SECOND, { deviceMs: 0.9 * 25 * SECOND })
    expect(await shop.flags()).toEqual([false, true])
    await shop.pass(25 * SECOND, { deviceMs: 0.9 * 25 * SECOND })
    await asked(shop, [false, true, true])
    await shop.say('still here')
    expect((await shop.wire()).refused).toBe(0)
  })

  it('with 5 s to spare for a lifetime of 20 s', async () => {
    const shop = await customer(20)
    await shop.pass(10 * SECOND)
    expect(await shop.flags()).toEqual([false])
    await shop.pass(5 * SECOND)
    await asked(shop, [false, true])
  })

  it.each([
    ['30 days', 30],
    ['60 days, four fifths of which are longer than a timer can wait', 60],
  ])('in the last fifth of a lifetime of %s', async (_what, days) => {
    const lifetime = days * DAY
    const shop = await customer(lifetime / SECOND)
    const leap = async (ms: number) => {
      clock.move(ms)
      await shop.page.clock.fastForward(ms)
    }
    await shop.pass(30 * SECOND)
    expect(await shop.flags()).toEqual([false])
    await leap(0.8 * lifetime - 10 * MINUTE)
    await shop.say('still here')
    expect(await shop.flags()).toEqual([false])
    await leap(15 * MINUTE)
    await asked(shop, [false, true])
    expect((await shop.wire()).refused).toBe(0)
  })
})

/** The lid is closed and opened again: nothing runs meanwhile. `pageClock`: true if the page's own clock goes on. */
async function sleep(
  shop: IdentityPage,
  ms: number,
  pageClock: 'stops' | 'goes on' = 'stops',
): Promise<void> {
  // Earlier requests are answered first.
  await shop.rests()
  clock.move(ms)
  if (pageClock === 'goes on') return shop.page.clock.fastForward(ms)
  await shop.page.clock.setSystemTime((await shop.page.evaluate(() => Date.now())) + ms)
}

describe('a laptop that slept', () => {
  it.each(['stops', 'goes on'] as const)(
    '[ID8] [ID4] [ID7] for less than the lifetime does not ask; beyond it asks before the first message, which goes once (page clock %s)',
    async (pageClock) => {
      const shop = await customer(30 * 60)
      await sleep(shop, 10 * MINUTE, pageClock)
      await shop.say('good morning')
      expect(await shop.flags()).toEqual([false])
      await sleep(shop, 40 * MINUTE, pageClock)
      await shop.say('good evening')
      expect(await shop.flags()).toEqual([false, true])
      const wire = await shop.wire()
      expect([wire.sent('good morning'), wire.sent('good evening'), wire.refused]).toEqual([1, 1, 0])
    },
  )

  it('[ID4] asks for a new context when the page is looked at, before anybody writes', async () => {
    const shop = await customer(60)
    await sleep(shop, 10 * MINUTE)
    await shop.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    // By itself the device would notice with the next head, within 25 s.
    await asked(shop, [false, true], 15_000)
  })
})

describe('a page that was frozen', () => {
  /** Chromium tells the page that it is frozen; the clock stops its timers, as the tools keep them running. */
  async function freeze(shop: IdentityPage, ms: number): Promise<void> {
    const tools = await shop.page.context().newCDPSession(shop.page)
    await tools.send('Page.setWebLifecycleState', { state: 'frozen' })
    await sleep(shop, ms, 'goes on')
    await tools.send('Page.setWebLifecycleState', { state: 'active' })
  }

  it('[ID8] [ID4] asks for a new context when the old one is over, and not before; each time it goes on within 3 s', async () => {
    const shop = await customer(30 * 60)
    for (const [text, minutes, flags] of [
      ['here again', 10, [false]],
      ['and once more', 40, [false, true]],
    ] as const) {
      await freeze(shop, minutes * MINUTE)
      await until('it goes on', async () => (await shop.identity()).status === 'identified', 3_000)
      await isConnected(shop.page)
      await shop.say(text)
      expect(await shop.flags()).toEqual(flags)
      expect((await shop.wire()).sent(text)).toBe(1)
    }
    expect((await shop.wire()).refused).toBe(0)
  })
})

describe('[DL7] a page in the back/forward cache', () => {
  /** Leaves the page and comes back. */
  const leaves = (page: Page, meanwhile?: () => unknown) =>
    awayAndBack(page, site.page('/elsewhere', '<!doctype html><title>Elsewhere</title>'), meanwhile)

  const goesOn = (page: Page) =>
    until('it goes on', async () => (await stateOf(page)).connection.status === 'connected', 3_000)

  it('[ID8] [ID4] asks for a new context when the old one is over, and not before; each time it goes on within 3 s', () =>
    withKeptPage(async () => {
      const shop = await customer(30 * 60, { from: keepingBrowser })
      await shop.say('one moment')
      for (const [text, minutes, flags] of [
        ['here again', 0, [false]],
        ['and once more', 40, [false, true]],
      ] as const) {
        await leaves(shop.page, () => clock.move(minutes * MINUTE))
        await goesOn(shop.page)
        await shop.say(text)
        expect(await shop.flags()).toEqual(flags)
        expect((await shop.wire()).sent(text)).toBe(1)
      }
      expect((await shop.wire()).refused).toBe(0)
    }))

  it('[ID3] comes back to a provider that is still thinking', () =>
    withKeptPage(async () => {
      const shop = await customer(60, { from: keepingBrowser })
      await shop.answer('hangs')
      clock.move(50 * SECOND)
      await shop.page.clock.runFor(50 * SECOND)
      await asked(shop, [false, true])
      await leaves(shop.page)
      await shop.answerLate()
      await until('it is signed in', async () => (await shop.identity()).status === 'identified')
      expect(await shop.flags()).toEqual([false, true])
      await shop.say('here again')
    }))

  it('[ID1] an anonymous visitor’s goes on', () =>
    withKeptPage(async () => {
      const page = await keepingBrowser.page()
      await page.goto(site.page('/anonymous', pageWithWidget(server.url)))
      await widgetOn(page).open()
      await isConnected(page)
      await leaves(page)
      await goesOn(page)
    }))

  it('[ID1] lets go of the lock that a visitor without a session holds while it waits for the server', () =>
    withKeptPage(async () => {
      const network = await startTcpProxy(() => server.url)
      onTestFinished(() => network.close())
      const page = await keepingBrowser.page()
      await page.goto(site.page('/anonymous', pageWithWidget(network.url)))
      const isLocked = () =>
        page.evaluate(async () =>
          ((await navigator.locks.query()).held ?? []).some(({ name }) =>
            name?.startsWith('chat-widget-session'),
          ),
        )
      network.stallAfter('"sid"')
      await widgetOn(page).open()
      await until('it waits for its session', isLocked)
      network.cut()
      await until('it noticed', async () => (await stateOf(page)).connection.status === 'reconnecting')
      await until('it waits again', isLocked)

      network.stallAfter(null)
      const other = await page.context().newPage()
      await other.goto(site.page('/other', pageWithWidget(network.url)))
      await leaves(page, async () => {
        await widgetOn(other).open()
        await goesOn(other)
      })
      await goesOn(page)
    }))
})

describe('[ID8] a connection that breaks', () => {
  it('again and again does not call the provider while the context is valid', async () => {
    const network = await startTcpProxy(() => server.url)
    onTestFinished(() => network.close())
    const shop = await customer(3_600, { address: network.url })
    for (let drop = 0; drop < 8; drop += 1) {
      if (drop % 2 === 0) network.cut()
      else {
        await shop.page.context().setOffline(true)
        await shop.page.context().setOffline(false)
      }
      await until('it came back', async () => {
        // Skips the pauses between retries.
        await shop.tick(SECOND)
        return (await shop.wire()).connections > drop + 1
      })
      await isConnected(shop.page)
    }
    await shop.say('still here')
    expect(await shop.flags()).toEqual([false])
    expect(await shop.statuses()).toEqual(['authenticating', 'identified'])
  })
})

describe('a provider', () => {
  /** Lets time pass until the host has to act, at most as long as three tries take. */
  const givesUp = (shop: IdentityPage) =>
    until('reauthentication is required', async () => {
      await shop.tick(SECOND)
      return (await shop.identity()).status === 'reauthentication-required'
    })

  it('[ID6] [ID9] the host is told what was wrong each time that it sets the user: expired, invalid, mismatch, failed', async () => {
    const shop = await visitor(3_600)
    const told: string[] = []
    const flags: boolean[] = []
    for (const [code, answer, tries] of [
      ['context-expired', 'expired', [false, true, true]],
      ['context-invalid', 'invalid', [false, true, true]],
      ['context-mismatch', 'mismatch', [false]],
      ['provider-failed', 'throws', [false, false, false]],
    ] as const) {
      await shop.answer(answer)
      await shop.setUser()
      await givesUp(shop)
      told.push(code)
      flags.push(...tries)
      expect(await shop.codes()).toEqual({ errors: told, states: told })
      expect(await shop.flags()).toEqual(flags)
    }
  })

  it('[ID5] [ID6] that hangs is told to stop after 30 s, three times; the host is told provider-timeout, and what comes late is dropped', async () => {
    const shop = await visitor(3_600)
    await shop.answer('hangs')
    await shop.setUser()
    await asked(shop, [false])
    await shop.page.clock.runFor(31 * SECOND)
    await givesUp(shop)
    const calls = await shop.calls()
    expect(calls).toMatchObject(Array(3).fill({ needsRefresh: false, stoppedAfter: expect.any(Number) }))
    for (const { stoppedAfter } of calls) {
      expect(stoppedAfter).toBeGreaterThan(29 * SECOND)
      expect(stoppedAfter).toBeLessThan(40 * SECOND)
    }
    expect(await shop.codes()).toEqual({ errors: ['provider-timeout'], states: ['provider-timeout'] })

    await shop.answerLate()
    await shop.page.clock.runFor(10 * SECOND)
    expect(await shop.identity()).toMatchObject({ status: 'reauthentication-required' })
    expect((await shop.wire()).authentications).toBe(0)
  })
})
