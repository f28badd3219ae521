import { type AppId, ChatError, type DescribedApp } from '@chat-widget/protocol'
import { describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { PageLink } from '../link.ts'
import { button, client, open, set, useApp } from '../testing/app.testing.ts'
import { newHere, ready, requestId, shop } from '../testing/fixtures.testing.ts'
import { find, hasFocus, settled, text } from '../testing/render.testing.ts'

useApp()

const connectLink: PageLink = {
  kind: 'connect',
  app: shop.id,
  request: null,
  callback: 'https://shop.example.com/back',
}

describe('[AR12] a link to connect', () => {
  it('asks first, then connects, and leads back', async () => {
    await open(ready(), {
      link: connectLink,
      prepare: (device) => {
        device.described = { ...shop, isConnected: false, callback: 'https://shop.example.com/back' }
      },
    })
    await expect.element(page.getByRole('heading', { name: 'Connect to Northwind?' })).toBeVisible()
    expect(client.calls).toEqual([['describeApp', 'shop', 'https://shop.example.com/back']])
    await expect(document.body).to.be.accessible()
    await userEvent.click(button('Connect'))
    expect(client.calls.at(-1)).toEqual(['connectApp', 'shop'])
    await expect
      .element(page.getByRole('link', { name: 'Back to shop.example.com' }))
      .toHaveAttribute('href', 'https://shop.example.com/back')
    await userEvent.click(button('Done'))
    await expect.poll(() => page.getByText('Connected to Northwind').query()).toBeNull()
  })

  it('leads back nowhere that the server did not name, and to no address that is no page', async () => {
    for (const callback of [null, 'javascript:alert(1)']) {
      await open(ready(), {
        link: connectLink,
        prepare: (device) => {
          device.described = { ...shop, isConnected: true, callback }
        },
      })
      await expect.element(page.getByText('You are connected to Northwind')).toBeVisible()
      expect(page.getByRole('link').query()).toBeNull()
    }
  })

  it.each([true, false])(
    'shows the request that it names, once the app is connected (already: %s)',
    async (isConnected) => {
      const link: PageLink = { kind: 'connect', app: shop.id, request: requestId(7), callback: null }
      const app = await open(ready(), {
        link,
        prepare: (device) => {
          device.described = { ...shop, isConnected, callback: null }
        },
      })
      if (!isConnected) await userEvent.click(button('Connect'))
      await expect.poll(() => client.calls.at(-1)).toEqual(['openRequest', requestId(7)])
      await expect.poll(() => app.link).toBeNull()
    },
  )

  it('says so where the request that it names is over, or somebody else’s', async () => {
    const link: PageLink = { kind: 'connect', app: shop.id, request: requestId(7), callback: null }
    await open(ready(), { link })
    await expect.element(page.getByRole('heading', { name: 'Connect to Northwind?' })).toBeVisible()
    client.openRequest = () => Promise.reject(new ChatError('not-found', ''))
    await userEvent.click(button('Connect'))
    await expect.element(page.getByText('This request is not for you, or is over')).toBeVisible()
    await expect(document.body).to.be.accessible()
  })

  it('to an app that is none says so', async () => {
    await open(ready(), {
      link: connectLink,
      prepare: (device) => device.failNext(new ChatError('unknown-app', '')),
    })
    await expect.element(page.getByText('We don’t know this link')).toBeVisible()
  })

  it('that could not be looked up says why, and may be looked up again', async () => {
    const app = await open(ready(), {
      link: connectLink,
      prepare: (device) => device.failNext(new ChatError('unavailable', '')),
    })
    await expect.element(page.getByText('This link could not be checked')).toBeVisible()
    expect(text(find(app, 'connect-panel')), 'it is not looking').not.toContain('Looking')
    await expect(document.body).to.be.accessible()
    client.failNext(new ChatError('server-unreachable', ''))
    await userEvent.click(button('Try again'))
    await expect.element(page.getByText('The server cannot be reached.')).toBeVisible()
    await expect
      .poll(() => hasFocus(page.getByRole('heading', { name: 'This link could not be checked' })))
      .toBe(true)
    await set(app, ready({ isLive: false }))
    await set(app, ready())
    await expect.element(page.getByRole('heading', { name: 'Connect to Northwind?' })).toBeVisible()
    expect(client.calls).toHaveLength(3)
  })

  it('that is another one by the time of the answer is asked about, and not the first', async () => {
    const app = await open(ready(), { link: connectLink })
    await expect.element(page.getByRole('heading', { name: 'Connect to Northwind?' })).toBeVisible()
    client.described = { id: 'travel' as AppId, name: 'Contoso', isConnected: false, callback: null }
    const connected = client.connectApp
    client.connectApp = async (id) => {
      app.link = { kind: 'connect', app: 'travel' as AppId, request: null, callback: null }
      await settled(app)
      await connected(id)
    }
    await userEvent.click(button('Connect'))
    await expect.element(page.getByRole('heading', { name: 'Connect to Contoso?' })).toBeVisible()
    expect(client.calls.at(-1)).toEqual(['connectApp', 'shop'])
    expect(page.getByText('Connected to').query()).toBeNull()
  })

  it('that was looked up too late does not take the place of the next one', async () => {
    let answer = (_app: DescribedApp) => {}
    const app = await open(ready(), {
      link: connectLink,
      prepare: (device) => {
        const describeApp = device.describeApp.bind(device)
        device.describeApp = () => {
          device.describeApp = describeApp
          return new Promise((resolve) => {
            answer = resolve
          })
        }
      },
    })
    client.described = { id: 'travel' as AppId, name: 'Contoso', isConnected: false, callback: null }
    app.link = { kind: 'connect', app: 'travel' as AppId, request: null, callback: null }
    await expect.element(page.getByRole('heading', { name: 'Connect to Contoso?' })).toBeVisible()
    answer({ ...shop, isConnected: false, callback: null })
    await settled(app)
    await expect.element(page.getByRole('heading', { name: 'Connect to Contoso?' })).toBeVisible()
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
