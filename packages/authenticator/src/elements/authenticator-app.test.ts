import { ChatError } from '@chat-widget/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { DeviceState } from '../device/device-state.ts'
import type { PageLink } from '../link.ts'
import type { Notices } from '../notices.ts'
import { loadStrings } from '../strings/load-strings.ts'
import { createFakeClient, type FakeClient } from '../testing/fake-client.testing.ts'
import {
  account,
  CODES,
  connectedApp,
  device,
  deviceId,
  IDENTIFIER,
  incoming,
  newHere,
  ready,
  requestId,
  shop,
  view,
} from '../testing/fixtures.testing.ts'
import { find, hasFocus, mount, settled, text, violations } from '../testing/render.testing.ts'
import type { AuthenticatorApp } from './authenticator-app.ts'

const connectLink: PageLink = { kind: 'connect', app: shop.id, callback: 'https://shop.example.com/back' }
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' })

let client: FakeClient

beforeEach(async () => {
  await page.viewport(1024, 800)
})

afterEach(() => {
  document.body.replaceChildren()
  document.documentElement.dir = 'ltr'
})

async function open(
  state: DeviceState,
  properties: Partial<AuthenticatorApp> = {},
): Promise<AuthenticatorApp> {
  client = createFakeClient(state)
  return mount('authenticator-app', { client, ...properties })
}

async function set(app: AuthenticatorApp, state: DeviceState): Promise<void> {
  client.set(state)
  await settled(app)
}

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
    expect(await violations(document.body)).toEqual([])
  })

  it.each(['de', 'ar'])('speaks %s, in its direction, and fits a small phone at 400 %', async (language) => {
    await page.viewport(320, 600)
    const strings = await loadStrings([`${language}-XX`, 'en'])
    document.documentElement.dir = strings.dir
    for (const state of Object.values(STATES)) {
      const app = await open(state, { strings })
      expect(text(app)).toContain(strings.title)
      expect(document.documentElement.scrollWidth, JSON.stringify(state)).toBe(320)
    }
    expect(document.documentElement.dir).toBe(language === 'ar' ? 'rtl' : 'ltr')
  })

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

describe('[AR13] a request that comes', () => {
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
  })
})

describe('[AR11] setting up', () => {
  it('asks for a name, then shows the recovery codes until they are said to be saved', async () => {
    const app = await open(newHere)
    await userEvent.click(button(/^Set up this device/))
    const name = page.getByRole('textbox', { name: 'Name of this device' })
    await expect.element(name).toHaveValue('Chrome on Linux')
    await userEvent.fill(name, '  My\tlaptop ')
    await userEvent.click(button('Set up'))
    expect(client.calls).toEqual([['enroll', 'My laptop']])
    await set(app, ready({ newCodes: CODES }))
    expect(page.getByRole('list', { name: 'Recovery codes' }).element().children).toHaveLength(8)
    await userEvent.click(button('Continue'))
    await expect.element(page.getByText('Save the codes first, then tick the box.')).toBeVisible()
    await userEvent.click(page.getByRole('checkbox', { name: 'I have saved them' }))
    await userEvent.click(button('Continue'))
    expect(client.calls.at(-1)).toEqual(['codesSaved'])
  })

  it('says in a sentence why it did not work', async () => {
    await open(newHere)
    await userEvent.click(button(/^Add to an existing identifier/))
    await userEvent.click(button('Add this device'))
    await expect.element(page.getByText('Enter the code.')).toBeVisible()
    expect(hasFocus(page.getByRole('textbox', { name: 'Link or code' }))).toBe(true)
    await userEvent.fill(
      page.getByRole('textbox', { name: 'Link or code' }),
      'https://chat.example.com/authenticator/#device=ABCD',
    )
    client.failNext(new ChatError('not-found', ''))
    await userEvent.click(button('Add this device'))
    expect(client.calls).toEqual([['join', 'ABCD', 'Chrome on Linux']])
    await expect.element(page.getByText(/is not valid, was used already, or has expired/)).toBeVisible()
    expect(await violations(document.body)).toEqual([])
  })

  it('comes back with a printed code', async () => {
    await open(newHere)
    await userEvent.click(button(/^Recover with a printed code/))
    await userEvent.fill(page.getByRole('textbox', { name: 'Identifier' }), '111 222 3334')
    await userEvent.fill(page.getByRole('textbox', { name: 'Recovery code' }), CODES[0]!)
    await userEvent.click(button('Recover'))
    expect(client.calls).toEqual([['recover', IDENTIFIER, CODES[0], 'Chrome on Linux']])
  })

  it('by a link of another device asks first whether one wants that', async () => {
    const app = await open(newHere, { link: { kind: 'join', code: 'ABCD-EFGH' } })
    await expect.element(page.getByText(/Go on only if that was you/)).toBeVisible()
    expect(client.calls).toEqual([])
    await userEvent.click(button('Add this device'))
    expect(client.calls).toEqual([['join', 'ABCD-EFGH', 'Chrome on Linux']])
    await set(app, ready())
    expect(text(app), 'the link is done').not.toContain('set up already')
  })

  it('by such a link on a device that is one already changes nothing', async () => {
    await open(ready(), { link: { kind: 'join', code: 'ABCD-EFGH' } })
    await expect.element(page.getByText('This device is set up already')).toBeVisible()
    await userEvent.click(button('Dismiss'))
    await expect.poll(() => page.getByText('This device is set up already').query()).toBeNull()
    expect(client.calls).toEqual([])
  })
})

describe('[AR12] a link to connect', () => {
  it('asks first, then connects, and leads back', async () => {
    client = createFakeClient(ready())
    client.described = { ...shop, isConnected: false, callback: 'https://shop.example.com/back' }
    await mount('authenticator-app', { client, link: connectLink })
    await expect.element(page.getByRole('heading', { name: 'Connect to Northwind?' })).toBeVisible()
    expect(client.calls).toEqual([['describeApp', 'shop', 'https://shop.example.com/back']])
    expect(await violations(document.body)).toEqual([])
    await userEvent.click(button('Connect'))
    expect(client.calls.at(-1)).toEqual(['connectApp', 'shop'])
    await expect
      .element(page.getByRole('link', { name: 'Back to shop.example.com' }))
      .toHaveAttribute('href', 'https://shop.example.com/back')
    await userEvent.click(button('Done'))
    await expect.poll(() => page.getByText('Connected to Northwind').query()).toBeNull()
  })

  it('leads back nowhere that the server did not name, and to no address that is no page', async () => {
    client = createFakeClient(ready())
    client.described = { ...shop, isConnected: true, callback: null }
    await mount('authenticator-app', { client, link: connectLink })
    await expect.element(page.getByText('You are connected to Northwind')).toBeVisible()
    expect(page.getByRole('link').query()).toBeNull()
    client.described = { ...shop, isConnected: true, callback: 'javascript:alert(1)' }
    await mount('authenticator-app', { client, link: connectLink })
    await expect.element(page.getByText('You are connected to Northwind')).toBeVisible()
    expect(page.getByRole('link').query()).toBeNull()
  })

  it('to an app that is none says so', async () => {
    client = createFakeClient(ready())
    client.failNext(new ChatError('unknown-app', ''))
    await mount('authenticator-app', { client, link: connectLink })
    await expect.element(page.getByText('We don’t know this link')).toBeVisible()
  })

  it('waits for the device to be set up, and then for the connection', async () => {
    const app = await open(newHere, { link: connectLink })
    await expect.element(page.getByText(/First set up this device/)).toBeVisible()
    await set(app, ready({ isLive: false, connection: { status: 'reconnecting', attempt: 1 } }))
    expect(client.calls).toEqual([])
    await set(app, ready())
    await expect.element(page.getByRole('heading', { name: 'Connect to Northwind?' })).toBeVisible()
  })
})

describe('devices, apps and codes', () => {
  it('[AR11] removes another device after asking, and never by "Cancel"', async () => {
    await open(ready())
    await userEvent.click(button('Remove Safari on iPhone'))
    await userEvent.click(button('Cancel'))
    expect(client.calls).toEqual([])
    await userEvent.click(button('Remove Safari on iPhone'))
    await expect.element(page.getByRole('dialog', { name: 'Remove Safari on iPhone?' })).toBeVisible()
    expect(await violations(document.body)).toEqual([])
    await userEvent.click(button('Remove'))
    await expect.poll(() => client.calls).toEqual([['removeDevice', deviceId(2)]])
    await userEvent.click(button('Remove Safari on iPhone'))
    await userEvent.keyboard('{Escape}')
    await expect.poll(() => page.getByRole('dialog').query()).toBeNull()
    // By the time this is confirmed, what Escape did would have been done.
    await userEvent.click(button('Remove Firefox on Linux'))
    await userEvent.click(button('Remove this device'))
    await expect.poll(() => client.calls.at(-1)).toEqual(['removeDevice', deviceId(1)])
    expect(client.calls).toHaveLength(2)
  })

  it('[AR11] shows link and QR code for one more device, and says when it came', async () => {
    const app = await open(ready())
    await userEvent.click(button('Add a device'))
    await expect
      .element(page.getByRole('textbox', { name: 'Link for the other device' }))
      .toHaveValue(`${location.origin}/authenticator/#device=${client.invitation.code}`)
    await expect.element(page.getByRole('img', { name: 'QR code of the link' })).toBeVisible()
    await expect.element(page.getByRole('dialog')).toHaveTextContent(/Works once, for (10:00|9:5\d)/)
    expect(await violations(document.body)).toEqual([])
    await set(
      app,
      ready({ account: account({ devices: [device(1), device(2), device(3, { name: 'Pixel' })] }) }),
    )
    await expect.element(page.getByText('Pixel has been added.')).toBeVisible()
  })

  it('[AR11] changes the key, and says whether it did', async () => {
    await open(ready())
    client.failNext(new ChatError('server-unreachable', ''))
    await userEvent.click(button('Change this device’s key'))
    await expect.element(page.getByText('The server cannot be reached.')).toBeVisible()
    await userEvent.click(button('Change this device’s key'))
    await expect.element(page.getByText('The key was changed.')).toBeVisible()
  })

  it('[AR7] [AR12] unmutes and disconnects an app', async () => {
    await open(ready({ account: account({ apps: [connectedApp({ isMuted: true })] }) }))
    await userEvent.click(button('Unmute Northwind'))
    await userEvent.click(button('Disconnect Northwind'))
    await userEvent.click(button('Disconnect'))
    await expect
      .poll(() => client.calls)
      .toEqual([
        ['unmuteApp', 'shop'],
        ['disconnectApp', 'shop'],
      ])
  })

  it('makes new recovery codes after asking', async () => {
    await open(ready())
    await userEvent.click(button('New codes'))
    await userEvent.click(button('Make new codes'))
    await expect.poll(() => client.calls).toEqual([['renewCodes']])
  })

  it('copies the identifier without its gaps', async () => {
    await open(ready())
    let copied = ''
    const { clipboard } = navigator
    Object.defineProperty(navigator, 'clipboard', {
      configurable: true,
      value: {
        async writeText(text: string) {
          copied = text
        },
      },
    })
    await userEvent.click(button('Copy identifier'))
    await expect.element(button('Copied')).toBeVisible()
    expect(copied).toBe(IDENTIFIER)
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard })
  })

  it('starts over after it was removed', async () => {
    await open({ status: 'removed', identifier: IDENTIFIER })
    await userEvent.click(button('Set it up again'))
    expect(client.calls).toEqual([['startOver']])
  })
})

function* everyElement(root: Element): Generator<Element> {
  for (const element of root.shadowRoot?.querySelectorAll('*') ?? []) {
    yield element
    yield* everyElement(element)
  }
}
