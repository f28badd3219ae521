import { ChatError } from '@chat-widget/protocol'
import jsQR from 'jsqr'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { button, client, open, set, useApp } from '../testing/app.testing.ts'
import { account, connectedApp, device, deviceId, IDENTIFIER, ready } from '../testing/fixtures.testing.ts'
import { hasFocus, settled } from '../testing/render.testing.ts'

useApp()

// The CommonJS module's types nest the function a level deeper than the import does, or the other way round.
const decodeQr = ('default' in jsQR ? jsQR.default : jsQR) as typeof jsQR.default

/** Clicks before the next frame, with which the browser reports that a dialog was closed. */
async function clickInOneFrame(app: Element, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    ;(button(name).element() as HTMLElement).click()
    await settled(app)
  }
}

/** Reads the code in an `<svg>`, as a camera does. */
async function readQr(drawing: Element): Promise<string | undefined> {
  const image = new Image()
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(drawing))}`
  await image.decode()
  const context = new OffscreenCanvas(300, 300).getContext('2d')
  context?.drawImage(image, 0, 0, 300, 300)
  const pixels = context?.getImageData(0, 0, 300, 300)
  return pixels && decodeQr(pixels.data, 300, 300)?.data
}

afterEach(() => void vi.useRealTimers())

describe('devices, apps and codes', () => {
  it('[AR11] removes another device after asking, and never by "Cancel"', async () => {
    await open(ready())
    await userEvent.click(button('Remove Safari on iPhone'))
    await userEvent.click(button('Cancel'))
    expect(client.calls).toEqual([])
    await userEvent.click(button('Remove Safari on iPhone'))
    await expect.element(page.getByRole('dialog', { name: 'Remove Safari on iPhone?' })).toBeVisible()
    await expect(document.body).to.be.accessible()
    await userEvent.click(button('Remove'))
    await expect.poll(() => client.calls).toEqual([['removeDevice', deviceId(2)]])
    await userEvent.click(button('Remove Safari on iPhone'))
    await userEvent.keyboard('{Escape}')
    await expect.poll(() => page.getByRole('dialog').query()).toBeNull()
    // Once this is confirmed, any effect of Escape would be there.
    await userEvent.click(button('Remove Firefox on Linux'))
    await userEvent.click(button('Remove this device'))
    await expect.poll(() => client.calls.at(-1)).toEqual(['removeDevice', deviceId(1)])
    expect(client.calls).toHaveLength(2)
  })

  it('[AR11] asks again right after a "Cancel", and heeds the answer', async () => {
    const app = await open(ready())
    await clickInOneFrame(app, 'Remove Safari on iPhone', 'Cancel', 'Remove Safari on iPhone')
    await userEvent.click(button('Remove'))
    await expect.poll(() => client.calls).toEqual([['removeDevice', deviceId(2)]])
  })

  it('[AR11] that is invited right after the last one was not says when it came', async () => {
    const app = await open(ready())
    await clickInOneFrame(app, 'Add a device', 'Close', 'Add a device')
    await expect.element(page.getByRole('img', { name: 'QR code of the link' })).toBeVisible()
    await set(
      app,
      ready({ account: account({ devices: [device(1), device(2), device(3, { name: 'Pixel' })] }) }),
    )
    await expect.element(page.getByText('Pixel has been added.')).toBeVisible()
  })

  it('[AR11] shows link and QR code for one more device, and says when it came', async () => {
    const app = await open(ready())
    const now = Date.now()
    client.now = () => now
    client.invitation = { ...client.invitation, expiresAt: now + 600_000 }
    await userEvent.click(button('Add a device'))
    await expect
      .element(page.getByRole('textbox', { name: 'Link for the other device' }))
      .toHaveValue(`${new URL('.', location.href).href}#device=${client.invitation.code}`)
    const code = page.getByRole('img', { name: 'QR code of the link' })
    await expect.element(code).toBeVisible()
    expect(await readQr(code.element())).toContain(`#device=${client.invitation.code}`)
    await expect.element(page.getByRole('dialog')).toHaveTextContent('Works once, for 10:00')
    await expect(document.body).to.be.accessible()
    await set(
      app,
      ready({ account: account({ devices: [device(1), device(2), device(3, { name: 'Pixel' })] }) }),
    )
    await expect.element(page.getByText('Pixel has been added.')).toBeVisible()
  })

  it('[AR11] that could not be invited may be invited again', async () => {
    await open(ready())
    client.failNext(new ChatError('server-unreachable', ''))
    await userEvent.click(button('Add a device'))
    await expect.element(page.getByText('The server cannot be reached.')).toBeVisible()
    await userEvent.click(button('Make a new link'))
    await expect.element(page.getByRole('img', { name: 'QR code of the link' })).toBeVisible()
    expect(hasFocus(page.getByRole('heading', { name: 'Add a device' })), 'the button is gone').toBe(true)
  })

  it('[AR11] says that the link for one more device has expired', async () => {
    await open(ready())
    client.invitation = { ...client.invitation, expiresAt: Date.now() - 1 }
    await userEvent.click(button('Add a device'))
    const said = page.getByRole('dialog').getByRole('status')
    await expect.element(said).toHaveTextContent('This link has expired.')
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
    const app = await open(ready({ account: account({ apps: [connectedApp({ isMuted: true })] }) }))
    await userEvent.click(button('Unmute Northwind'))
    await set(app, ready())
    expect(hasFocus(page.getByRole('heading', { name: 'Connected apps' })), 'the button is gone').toBe(true)
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

  it('[AR11] says why no new codes were made, also where those of before may be good for nothing', async () => {
    const app = await open(ready())
    client.renewCodes = async () => {
      client.set(ready({ codesUnsaved: true }))
      await settled(app)
      throw new ChatError('server-unreachable', '')
    }
    await userEvent.click(button('New codes'))
    await userEvent.click(button('Make new codes'))
    await expect.element(page.getByText('Your recovery codes were not saved')).toBeVisible()
    await expect.element(page.getByText('The server cannot be reached.')).toBeVisible()
    expect(hasFocus(button('New codes'))).toBe(true)
  })

  it('[AR11] asks about recovery codes that nobody said were saved', async () => {
    const app = await open(ready({ codesUnsaved: true }))
    await expect.element(page.getByText('Your recovery codes were not saved')).toBeVisible()
    await expect(document.body).to.be.accessible()
    expect(page.getByText('8 of 8 left').query()).toBeNull()
    await userEvent.click(button('I have saved them'))
    expect(client.calls).toEqual([['codesSaved']])
    await set(app, ready())
    await expect.element(page.getByText('8 of 8 left')).toBeVisible()
  })

  it('copies the identifier without its gaps', async () => {
    await open(ready())
    // The message is shown for a while, which may be over before the test looks.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
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
    vi.advanceTimersByTime(2_500)
    await expect.element(button('Copy identifier')).toBeVisible()
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard })
  })

  it('starts over after it was removed', async () => {
    await open({ status: 'removed', identifier: IDENTIFIER })
    await userEvent.click(button('Set it up again'))
    expect(client.calls).toEqual([['startOver']])
  })
})
