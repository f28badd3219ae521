import { ChatError } from '@chat-widget/protocol'
import { describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { button, client, open, set, useApp } from '../testing/app.testing.ts'
import { CODES, IDENTIFIER, newHere, ready } from '../testing/fixtures.testing.ts'
import { hasFocus, text } from '../testing/render.testing.ts'

useApp()

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
    await expect(document.body).to.be.accessible()
  })

  it('[AR11] that could not be done says nothing of other devices to who has none', async () => {
    await open(newHere)
    await userEvent.click(button(/^Set up this device/))
    client.failNext(new ChatError('conflict', ''))
    await userEvent.click(button('Set up'))
    await expect.element(page.getByText('Something went wrong. Try again.')).toBeVisible()
  })

  it('marks the field that is meant', async () => {
    await open(newHere)
    await userEvent.click(button(/^Recover with a printed code/))
    await userEvent.click(button('Recover'))
    await expect.element(page.getByLabelText('Identifier')).toHaveAttribute('aria-invalid', 'true')
    await userEvent.fill(page.getByLabelText('Identifier'), IDENTIFIER)
    await userEvent.click(button('Recover'))
    await expect.element(page.getByLabelText('Identifier')).toHaveAttribute('aria-invalid', 'false')
    await expect.element(page.getByLabelText('Recovery code')).toHaveAttribute('aria-invalid', 'true')
  })

  it('that is under way is not left by "Back"', async () => {
    let answer = () => {}
    await open(newHere, {
      prepare: (device) => {
        device.enroll = () =>
          new Promise((resolve) => {
            answer = resolve
          })
      },
    })
    await userEvent.click(button(/^Set up this device/))
    await userEvent.click(button('Set up'))
    const back = button('Back')
    await expect.element(back).toHaveAttribute('aria-disabled', 'true')
    ;(back.element() as HTMLElement).click()
    answer()
    await expect.element(back).toHaveAttribute('aria-disabled', 'false')
    await expect.element(page.getByRole('textbox', { name: 'Name of this device' })).toBeVisible()
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
