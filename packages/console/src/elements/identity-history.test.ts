import { fixtureCleanup } from '@open-wc/testing'
import { afterEach, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { deviceEntry, serverEntry } from '../testing/fixtures.testing.ts'
import { find, hasFocus, mount, settled, text } from '../testing/render.testing.ts'

const entries = [
  deviceEntry({ from: 'anonymous', to: 'authenticating', cause: 'user-set' }),
  deviceEntry({ from: 'authenticating', to: 'identified', cause: 'authenticated' }),
  deviceEntry({
    to: 'reauthentication-required',
    cause: 'failed',
    code: 'provider-timeout',
    tab: '3f9a04c1',
  }),
  serverEntry({ from: 'signing-out', to: 'anonymous', cause: 'signed-out-everywhere' }),
]
const loaded = { status: 'loaded', entries } as const

async function opened(trace: (typeof loaded | { status: 'loading' } | null) | object) {
  const element = await mount('identity-history', { trace: trace as typeof loaded })
  element.show()
  await settled(element)
  return element
}
const rows = (element: Element) =>
  [...(element.shadowRoot?.querySelectorAll('li') ?? [])].map((row) =>
    (row.textContent ?? '').replace(/\s+/g, ' ').trim(),
  )

afterEach(async () => {
  fixtureCleanup()
  await page.viewport(1280, 800)
})

it('[ID17] tells each change in words: when, from what to what, why, by what code, in which tab, on whose word', async () => {
  const element = await opened(loaded)
  await expect.element(page.getByRole('dialog', { name: 'Identity history' })).toBeVisible()
  const [newest = '', failed = '', verified = '', begun = ''] = rows(element)
  expect(newest).toMatch(/Signing out.*Anonymous.*Every session.*Seen by the server$/)
  expect(failed).toMatch(/^\d+:\d\d:\d\d/)
  expect(failed).toMatch(/Signed in.*Sign-in needed.*provider-timeout.*Told by the device.*Tab 3f9a04c1$/)
  expect(verified).toMatch(/Signing in.*Signed in.*verified/)
  expect(begun).toMatch(/Anonymous.*Signing in.*named its customer/)
  expect(text(element)).toContain('Today')
})

it('[ID17] names the day of what is older, and the device’s clock where that is wrong', async () => {
  const at = new Date(Date.now() - 24 * 3_600_000)
  const deviceAt = new Date(at.getTime() - 3_600_000).toISOString()
  const element = await opened({
    status: 'loaded',
    entries: [deviceEntry({ at: at.toISOString(), deviceAt }), serverEntry()],
  })
  expect(text(element)).toMatch(/Today.*Yesterday.*Device’s clock/)
  expect(rows(element)[0]).not.toContain('Device’s clock')
})

it('shows a cause that this build does not know as it was told, and never as markup', async () => {
  const element = await opened({ status: 'loaded', entries: [deviceEntry({ cause: '<b>new</b>' })] })
  expect(rows(element)[0]).toContain('<b>new</b>')
})

it('is accessible in every state', async () => {
  const states = [
    null,
    { status: 'loading' },
    { status: 'failed', code: 'server-unreachable' },
    { status: 'loaded', entries: [] },
    loaded,
  ]
  for (const state of states) {
    const element = await opened(state)
    await expect(element).to.be.accessible()
  }
})

it('says that there is nothing, that it loads, and why it cannot', async () => {
  expect(text(await opened({ status: 'loaded', entries: [] }))).toContain('Nothing yet.')
  expect(text(await opened(null))).toContain('Loading the history…')
  expect(text(await opened({ status: 'failed', code: 'server-unreachable' }))).toContain(
    'The server cannot be reached.',
  )
})

it('[ID17] shows what happens while it is open', async () => {
  const element = await opened(loaded)
  element.trace = { status: 'loaded', entries: [...entries, serverEntry({ cause: 'grace-over' })] }
  await settled(element)
  expect(rows(element)).toHaveLength(5)
  expect(rows(element)[0]).toContain('not renewed in time')
})

it('is opened, read and closed by keyboard, says when somebody looks, and keeps Escape to itself', async () => {
  const shown = vi.fn()
  const outside = vi.fn()
  const element = await mount('identity-history', { trace: loaded })
  element.addEventListener('identity-trace-show', (event) => shown(event.detail.shown))
  element.addEventListener('keydown', outside)
  element.show()
  await expect.poll(() => hasFocus(page.getByRole('button', { name: 'Close identity history' }))).toBe(true)
  await userEvent.keyboard('{Tab}')
  expect(hasFocus(page.getByRole('region', { name: 'Identity history' }))).toBe(true)
  outside.mockClear()
  await userEvent.keyboard('{Escape}')
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
  await expect.poll(() => shown.mock.calls).toEqual([[true], [false]])
  expect(outside).not.toHaveBeenCalled()
})

it('[ID17] is looked at where it is opened again before the browser says that it was closed', async () => {
  const shown = vi.fn()
  const element = await opened(loaded)
  element.addEventListener('identity-trace-show', (event) => shown(event.detail.shown))
  const said = new Promise((resolve) => find(element, 'dialog').addEventListener('close', resolve))
  find<HTMLDialogElement>(element, 'dialog').close()
  element.show()
  await said
  expect(shown).not.toHaveBeenCalledWith(false)
  await userEvent.keyboard('{Escape}')
  await expect.poll(() => shown.mock.calls.at(-1)).toEqual([false])
})

it.each([320, 390])('fits a screen of %i px, with long codes', async (width) => {
  await page.viewport(width, 844)
  const code = 'verifier-unavailable'
  const element = await opened({
    status: 'loaded',
    entries: Array.from({ length: 200 }, () => deviceEntry({ code })),
  })
  const scroll = find(element, '.scroll')
  expect(scroll.scrollWidth).toBeLessThanOrEqual(scroll.clientWidth)
  expect(scroll.scrollHeight).toBeGreaterThan(scroll.clientHeight)
  expect(find(element, 'dialog').getBoundingClientRect().width).toBe(width)
})
