import { describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { DeviceState } from '../device/device-state.ts'
import { LANGUAGES } from '../locales/languages.ts'
import type { Notices } from '../notices.ts'
import { loadStrings } from '../strings/load-strings.ts'
import { button, open, set, useApp } from '../testing/app.testing.ts'
import {
  account,
  CODES,
  connectedApp,
  IDENTIFIER,
  incoming,
  newHere,
  ready,
  requestId,
  view,
} from '../testing/fixtures.testing.ts'
import { find, hasFocus, text } from '../testing/render.testing.ts'

useApp()

const STATES: Readonly<Record<string, DeviceState>> = {
  starting: { status: 'starting' },
  insecure: { status: 'unable', reason: 'insecure' },
  'without storage': { status: 'unable', reason: 'storage' },
  new: newHere,
  known: { status: 'known', connection: { status: 'connecting' }, identifier: IDENTIFIER },
  ready: ready({ account: account({ apps: [connectedApp({ isMuted: true })], recoveryCodesLeft: 1 }) }),
  'with codes': ready({ newCodes: CODES }),
  asked: ready({
    connection: { status: 'reconnecting', attempt: 2 },
    requests: [view(incoming(1)), view(incoming(2), { kind: 'over', end: 'locked' })],
  }),
  removed: { status: 'removed', identifier: IDENTIFIER },
}

describe('the page', () => {
  it.each(Object.entries(STATES))('renders and is accessible: %s', async (_name, state) => {
    const app = await open(state)
    expect(text(app)).toContain('Authenticator')
    await expect(document.body).to.be.accessible()
  })

  it.each(Object.keys(LANGUAGES))(
    'speaks %s, in its direction, and fits a small phone at 400 %',
    async (language) => {
      await page.viewport(320, 600)
      const strings = await loadStrings([`${language}-XX`, 'en'])
      document.documentElement.dir = strings.dir
      for (const state of Object.values(STATES)) {
        const app = await open(state, { strings })
        expect(text(app)).toContain(strings.title)
        expect(document.documentElement.scrollWidth, JSON.stringify(state)).toBe(320)
      }
      expect(document.documentElement.dir).toBe(['ar', 'he'].includes(language) ? 'rtl' : 'ltr')
    },
  )

  it('has targets of 24 pixels at least', async () => {
    const app = await open(
      ready({ requests: [view(incoming(1)), view(incoming(2), { kind: 'over', end: 'gone' })] }),
    )
    const targets = [...everyElement(app)].filter((element) => element.matches('button, a, input'))
    expect(targets.length).toBeGreaterThan(10)
    for (const target of targets) {
      const { width, height } = target.getBoundingClientRect()
      if (width > 0) expect(Math.min(width, height), target.outerHTML).toBeGreaterThanOrEqual(24)
    }
  })

  it('says when it is not connected, or out of date', async () => {
    const app = await open(ready({ connection: { status: 'offline' } }))
    await expect.element(page.getByText('You are offline. Requests come when you are back.')).toBeVisible()
    await set(app, ready({ connection: { status: 'closed', reason: 'protocol-version' } }))
    await expect.element(page.getByText('This page is out of date. Reload it.')).toBeVisible()
  })
})

describe('what the page is doing', () => {
  it.each([{ status: 'offline' }, { status: 'closed', reason: 'protocol-version' }] as const)(
    'is not called connecting while it is not: $status',
    async (connection) => {
      const app = await open({ status: 'known', connection, identifier: IDENTIFIER })
      expect(text(app)).not.toContain('Connecting')
      await expect.element(page.getByText('Your identifier')).toBeVisible()
    },
  )

  it('[AR11] is told when the device is removed elsewhere, and the focus is kept on the page', async () => {
    const app = await open(ready())
    ;(button('Copy identifier').element() as HTMLElement).focus()
    await set(app, { status: 'removed', identifier: IDENTIFIER })
    expect(find(app, '[role="alert"]').textContent).toBe('This device was removed')
    expect(hasFocus(page.getByRole('main'))).toBe(true)
    await userEvent.click(button('Set it up again'))
    await set(app, newHere)
    expect(hasFocus(page.getByRole('main'))).toBe(true)
  })
})

describe('[AR13] a request that comes', () => {
  it('[AR2] keeps the code that is being typed while other parts of the page come and go', async () => {
    const requests = [view(incoming(1, { binding: 'code', codesLeft: 5 }))]
    const app = await open(ready({ newCodes: CODES, requests }))
    await userEvent.fill(page.getByLabelText('Code shown where you asked'), '123')
    await set(app, ready({ requests }))
    await expect.element(page.getByLabelText('Code shown where you asked')).toHaveValue('123')
    expect(page.getByRole('list', { name: 'Recovery codes' }).query()).toBeNull()
  })

  it('is announced also when the one before said the same, and so is its end', async () => {
    const app = await open(ready({ requests: [view(incoming(1))] }))
    const over = (number: number) => view(incoming(number), { kind: 'over', end: 'canceled' })
    const announced = find(app, '[role="alert"]').firstElementChild
    await set(app, ready({ requests: [over(1), view(incoming(2))] }))
    expect(find(app, '[role="alert"]').textContent).toBe(announced?.textContent)
    expect(find(app, '[role="alert"]').firstElementChild, 'what is read out is what is new').not.toBe(
      announced,
    )
    const ended = find(app, '.visually-hidden[role="status"]').firstElementChild
    await set(app, ready({ requests: [over(1), over(2)] }))
    expect(find(app, '.visually-hidden[role="status"]').firstElementChild).not.toBe(ended)
  })

  it('is announced once, shown in the title, and moves no focus', async () => {
    const app = await open(ready())
    const copy = button('Copy identifier')
    ;(copy.element() as HTMLElement).focus()
    await set(app, ready({ requests: [view(incoming(1))] }))
    const alert = find(app, '[role="alert"]')
    expect(alert.textContent).toBe('Northwind asks whether it is you who wants to sign in.')
    expect(document.title).toBe('(1) Authenticator')
    expect(hasFocus(copy)).toBe(true)
    let changes = 0
    const observer = new MutationObserver(() => {
      changes += 1
    })
    observer.observe(alert, { childList: true, characterData: true, subtree: true })
    await set(app, ready({ requests: [view(incoming(1))] }))
    expect(observer.takeRecords().length + changes).toBe(0)
    await set(app, ready({ requests: [view(incoming(1), { kind: 'over', end: 'denied-elsewhere' })] }))
    expect(document.title).toBe('Authenticator')
    expect(find(app, ':scope > [role="status"], .visually-hidden[role="status"]').textContent).toBe(
      'Northwind: Denied elsewhere',
    )
  })

  it('is told to who looks elsewhere, without what the requester claims', async () => {
    const told: unknown[] = []
    const notices: Notices = {
      permission: 'allowed',
      ask: async () => 'allowed',
      show: (...notice) => told.push(notice),
      hide: (id) => told.push(['hide', id]),
    }
    const app = await open(ready(), { notices })
    await set(app, ready({ requests: [view(incoming(1))] }))
    await set(app, ready({ requests: [view(incoming(1))] }))
    await set(app, ready({ requests: [view(incoming(1), { kind: 'over', end: 'canceled' })] }))
    expect(told).toEqual([
      [requestId(1), { title: 'Is this you?', text: 'Someone wants to sign in to Northwind.' }],
      ['hide', requestId(1)],
    ])
  })

  it('asks for notifications by a tap only', async () => {
    let asked = 0
    const notices: Notices = {
      permission: 'askable',
      async ask() {
        asked += 1
        return 'blocked'
      },
      show: () => {},
      hide: () => {},
    }
    await open(ready(), { notices })
    expect(asked).toBe(0)
    await userEvent.click(button('Notify me'))
    await expect
      .element(page.getByText('Notifications are blocked in this browser’s settings.'))
      .toBeVisible()
    expect(asked).toBe(1)
    await expect.poll(() => hasFocus(page.getByText('Notifications are blocked'))).toBe(true)
  })
})

function* everyElement(root: Element): Generator<Element> {
  for (const element of root.shadowRoot?.querySelectorAll('*') ?? []) {
    yield element
    yield* everyElement(element)
  }
}
