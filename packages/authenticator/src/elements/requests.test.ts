import { fixtureSync, html } from '@open-wc/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { RequestEnd, RequestProgress } from '../device/device-state.ts'
import { createFakeClient, type FakeClient } from '../testing/fake-client.testing.ts'
import { incoming, ready, requestId, view } from '../testing/fixtures.testing.ts'
import { find, hasFocus, mount, settled, text } from '../testing/render.testing.ts'
import type { RequestCard } from './request-card.ts'

const ENDS: readonly RequestEnd[] = [
  'approved',
  'denied',
  'muted',
  'approved-elsewhere',
  'denied-elsewhere',
  'expired',
  'canceled',
  'locked',
  'gone',
]
const wrongCode: RequestProgress = { kind: 'open', problem: { kind: 'wrong-code' } }
const withCode = incoming(1, { binding: 'code', codesLeft: 5 })

let client: FakeClient

beforeEach(() => {
  client = createFakeClient(ready())
})

const mountCard = (request = incoming(1), progress?: RequestProgress): Promise<RequestCard> =>
  mount('request-card', { client, view: view(request, progress), settleMs: 0 })
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' })

describe('a request', () => {
  it('[AR8] renders who asks, what is only said, marked as such, and when', async () => {
    await mountCard()
    const card = page.getByRole('article', { name: 'Northwind Is this you?' })
    await expect.element(card).toBeVisible()
    const claims = page.getByRole('region', { name: 'What the requester says' })
    for (const said of [
      'Said by the requester, not verified.',
      'Northwind support',
      'Alex Kim',
      '192.0.2.7',
      'https://shop.example.com',
    ])
      await expect.element(claims).toHaveTextContent(said)
    await expect.element(card).toHaveTextContent(/Valid for 14:\d\d/)
  })

  it('[AR8] that this server saw itself is not called a claim', async () => {
    await mountCard(incoming(1, { claimedBy: 'server' }))
    const seen = page.getByRole('region', { name: 'What this server saw' })
    await expect.element(seen).toHaveTextContent('192.0.2.7')
    expect(text(find(document.querySelector('request-card')!, 'article'))).not.toContain('not verified')
  })

  it('[AR8] renders markup in claims as text', async () => {
    const hostile = '<img src=x onerror=alert(1)>'
    const card = await mountCard(
      incoming(1, {
        claims: { applicationTitle: hostile, userName: hostile, userIp: null, userOrigin: null },
      }),
    )
    expect(card.shadowRoot?.querySelector('img')).toBeNull()
    expect(text(card)).toContain(hostile)
    expect(text(card)).not.toContain('IP address')
  })

  it('[AR10] is accessible, in every state', async () => {
    const states: readonly (readonly [typeof withCode, RequestProgress])[] = [
      [incoming(1), { kind: 'open', problem: null }],
      [withCode, wrongCode],
      [incoming(1), { kind: 'open', problem: { kind: 'failed', code: 'server-unreachable' } }],
      [incoming(1), { kind: 'answering', answer: { decision: 'approved' } }],
      ...ENDS.map((end) => [incoming(1), { kind: 'over', end }] as const),
    ]
    for (const [request, progress] of states) {
      const card = await mountCard(request, progress)
      await expect(card, JSON.stringify(progress)).to.be.accessible()
    }
  })

  it('[AR10] is approved and denied by buttons of one size, the first two that the keyboard meets', async () => {
    const card = await mountCard()
    await userEvent.keyboard('{Tab}')
    expect(hasFocus(button('Approve'))).toBe(true)
    await userEvent.keyboard('{Tab}')
    expect(hasFocus(button('Deny'))).toBe(true)
    await userEvent.keyboard('{Enter}')
    expect(client.calls).toEqual([['answer', requestId(1), { decision: 'denied', mutes: false }]])
    const [approve, deny] = card.shadowRoot!.querySelectorAll('.answers button')
    expect(deny!.getBoundingClientRect().width).toBe(approve!.getBoundingClientRect().width)
    expect(getComputedStyle(deny!).fontWeight).toBe(getComputedStyle(approve!).fontWeight)
    expect(getComputedStyle(deny!).backgroundColor, 'filled, too').not.toBe('rgba(0, 0, 0, 0)')
  })

  it('[AR7] can be answered by "I didn’t ask for this"', async () => {
    await mountCard()
    await userEvent.click(button('I didn’t ask for this'))
    expect(client.calls).toEqual([['answer', requestId(1), { decision: 'denied', mutes: true }]])
  })

  it('takes no answer while the click may have been meant for what stood there before', async () => {
    await mount('request-card', { client, view: view(incoming(1)), settleMs: 60_000 })
    const approve = button('Approve')
    await expect.element(approve).toHaveAttribute('aria-disabled', 'true')
    ;(approve.element() as HTMLElement).click()
    expect(client.calls).toEqual([])
  })

  it('[AR2] asks for the code to approve, and only then', async () => {
    await mountCard(withCode)
    const code = page.getByRole('textbox', { name: 'Code shown where you asked' })
    await userEvent.click(button('Approve'))
    await expect.element(page.getByText('Enter the 6 digits that are shown where you asked.')).toBeVisible()
    expect(client.calls, 'what cannot be the code costs no try').toEqual([])
    expect(hasFocus(code)).toBe(true)
    await userEvent.fill(code, '١٢٣ 456')
    await userEvent.keyboard('{Enter}')
    expect(client.calls).toEqual([['answer', requestId(1), { decision: 'approved', code: '123456' }]])
    await userEvent.click(button('Deny'))
    expect(client.calls.at(-1)).toEqual(['answer', requestId(1), { decision: 'denied', mutes: false }])
  })

  it('[AR2] says how many tries are left, and goes back to the code', async () => {
    const card = await mountCard(withCode)
    await userEvent.fill(page.getByRole('textbox'), '000000')
    await userEvent.click(button('Approve'))
    card.view = view({ ...withCode, codesLeft: 1 }, wrongCode)
    await settled(card)
    await expect.element(page.getByRole('alert').last()).not.toBeNull()
    expect(text(card)).toContain('That is not the code. One try is left.')
    const code = page.getByRole('textbox')
    expect(hasFocus(code)).toBe(true)
    await expect.element(code).toHaveAttribute('aria-invalid', 'true')
  })

  it('that is over says so where the person answered, and nothing moves the focus of who did not', async () => {
    const card = await mountCard()
    await userEvent.click(button('Approve'))
    card.view = view(incoming(1), { kind: 'over', end: 'approved' })
    await settled(card)
    const end = page.getByRole('article', { name: 'Northwind Approved' })
    expect(hasFocus(end)).toBe(true)
    await expect
      .element(end)
      .toHaveAccessibleDescription('Go back to the device or window where you started.')
    await expect.element(button('Dismiss')).toHaveAccessibleDescription('Northwind Approved')

    const other = await mountCard()
    other.view = view(incoming(1), { kind: 'over', end: 'denied-elsewhere' })
    await settled(other)
    expect(document.activeElement).toBe(document.body)
  })
})

describe('the list of requests', () => {
  const over = (number: number) => view(incoming(number), { kind: 'over', end: 'expired' })

  it('renders a calm word where nobody asks', async () => {
    const list = await mount('request-list', { client })
    expect(text(list)).toContain('Nobody is asking right now')
    await expect(list).to.be.accessible()
  })

  it('[AR13] takes away what is over after a while', async () => {
    await mount('request-list', { client, views: [view(incoming(1)), over(2)], lingerMs: 10 })
    const elsewhere = document.createElement('p')
    elsewhere.textContent = 'elsewhere'
    fixtureSync(html`${elsewhere}`)
    await userEvent.hover(elsewhere)
    await expect.poll(() => client.calls).toEqual([['dismiss', requestId(2)]])
  })

  it('takes nothing away from under the pointer: the next click would meet what moved up', async () => {
    const views = [view(incoming(1)), view(incoming(2))]
    const list = await mount('request-list', { client, views, lingerMs: 1 })
    await userEvent.hover(page.getByRole('article').first())
    list.views = [over(1), view(incoming(2))]
    await settled(list)
    const other = document.createElement('request-list')
    Object.assign(other, { client, views: [over(3)], lingerMs: 5 })
    fixtureSync(html`${other}`)
    await expect.poll(() => client.calls).toEqual([['dismiss', requestId(3)]])
  })

  it('keeps the focus on the page when what had it goes', async () => {
    const list = await mount('request-list', { client, views: [over(1)], lingerMs: 60_000 })
    await userEvent.click(button('Dismiss'))
    expect(client.calls).toEqual([['dismiss', requestId(1)]])
    list.views = []
    await settled(list)
    expect(hasFocus(page.getByRole('heading', { name: 'Requests' }))).toBe(true)
  })
})
