/** The approval page in Chromium, over a real listener: accessible, without a script, and as people use it. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContextOptions, Page } from 'playwright'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { BINDING_CODE, NONCE } from '../../authentication-requests/fake-requests.testing.ts'
import { useChromium, violations } from '../../text/chromium.testing.ts'
import { LINK_PATH, startApprovalPage } from './approval-page.testing.ts'

type Options = Parameters<typeof startApprovalPage>[0]

const browser = useChromium()

const complaints: string[] = []
afterEach(() => {
  // The console shows an error for anything that the page's own policy refuses.
  expect(complaints.splice(0)).toEqual([])
})

async function openLink(options: Options = {}, context: BrowserContextOptions = {}) {
  const server = await startApprovalPage(options)
  const address = await server.http.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => server.close())
  const page = await browser.page({ javaScriptEnabled: false, ...context })
  page.on('console', (message) => {
    if (/content security policy/iu.test(message.text())) complaints.push(message.text())
  })
  await page.goto(address + LINK_PATH)
  return { server, page, address, button: (name: string) => page.getByRole('button', { name, exact: true }) }
}

const withCode: Options = { record: { binding: 'code' } }
const heading = (page: Page) => page.getByRole('heading', { level: 1 })
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

// The markup is the same in each language, and so are the colours; German has the longest words, Arabic other places.
describe.each([
  [
    'en-US',
    [
      ['light', undefined],
      ['dark', ['color-contrast']],
    ],
  ],
  ['de-DE', []],
  ['ar', [['dark', ['html-has-lang', 'html-lang-valid', 'valid-lang', 'target-size']]]],
] as const)('in %s', (locale, looks) => {
  it('[AR10] has no violation in any state, and is no wider than 320 px', async () => {
    const { server, page, address } = await openLink(withCode, {
      locale,
      javaScriptEnabled: true,
      viewport: { width: 320, height: 640 },
    })
    const check = async (state: string) => {
      for (const [colorScheme, rules] of looks) {
        await page.emulateMedia({ colorScheme })
        expect(await violations(page, rules), `${state}, ${colorScheme}`).toEqual([])
      }
      expect(await overflow(page), state).toBe(0)
    }
    const answer = async (decision: string, code = '') => {
      await page.goto(address + LINK_PATH)
      await page.locator('#code').fill(code)
      await page.locator(`button[value=${decision}]`).click()
    }
    await check('pending')
    await answer('approve')
    await check('code missing')
    await answer('approve', '111111')
    await check('wrong code')
    await page.locator('input[name=nonce]').evaluate((input) => input.setAttribute('value', 'old'))
    await page.locator('button[value=deny]').click()
    await check('out of date')
    await page.locator('input[name=nonce]').evaluate((input) => input.setAttribute('value', ''))
    await page.locator('button[value=deny]').click()
    await check('refused')
    await answer('approve', BINDING_CODE)
    await check('approved')
    for (const status of ['approved', 'denied', 'expired', 'canceled', 'unauthorized', 'errored'] as const) {
      server.fake.setRecord({ status })
      await page.goto(address + LINK_PATH)
      await check(status)
    }
    for (const decision of ['deny', 'mute']) {
      server.fake.setRecord({ status: 'pending' })
      await answer(decision)
      await check(decision)
    }
    server.fake.setRecord({ status: 'pending' })
    server.fake.lock()
    await page.goto(address + LINK_PATH)
    await check('locked')
    await page.goto(`${address}/a/unknown`)
    await check('unknown')
    server.fake.state.failure = new Error('the database is gone')
    await page.goto(address + LINK_PATH)
    await check('failed')
  })
})

describe('without a script', () => {
  it('[AR10] by keyboard alone: the code, then Approve, Deny, "I didn\'t ask for this"', async () => {
    const { page, server, button } = await openLink(withCode)
    const focused = page.locator(':focus')
    const stops: string[] = []
    for (let count = 0; count < 4; count += 1) {
      await page.keyboard.press('Tab')
      stops.push((await focused.getAttribute('id')) ?? (await focused.textContent()) ?? '')
    }
    expect(stops).toEqual(['code', 'Approve', 'Deny', 'I didn’t ask for this'])
    await expect
      .poll(() => focused.evaluate((element) => getComputedStyle(element).outlineStyle))
      .toBe('solid')
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Enter')
    await expect.poll(() => heading(page).textContent()).toBe('Denied')
    expect(server.fake.record.status).toBe('denied')
    expect(await button('Approve').count()).toBe(0)
  })

  it('[AR10] Enter in the code approves', async () => {
    const { page, server } = await openLink(withCode)
    await page.getByLabel('Code shown where you asked').fill(BINDING_CODE)
    await page.keyboard.press('Enter')
    await expect.poll(() => heading(page).textContent()).toBe('Approved')
    expect(server.fake.record.status).toBe('approved')
  })

  it('[AR10] after a wrong code focus is on what is wrong, which leads to the field that says it too', async () => {
    const { page, button } = await openLink(withCode)
    await page.getByLabel('Code shown where you asked').fill('111111')
    await button('Approve').click()
    await expect.poll(() => page.title()).toMatch(/^Error: /u)
    const alert = page.getByRole('alert')
    await expect.poll(() => page.locator(':focus').getAttribute('role')).toBe('alert')
    await alert.getByRole('link', { name: 'That is not the code. 4 tries are left.' }).click()
    await expect.poll(() => page.locator(':focus').getAttribute('id')).toBe('code')
    const field = page.getByRole('textbox', {
      name: 'Code shown where you asked',
      description: /^That is not the code\. 4 tries are left\. 6 digits,/u,
    } as { name: string })
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    expect(await field.inputValue()).toBe('')
  })

  it('approves, denies and mutes by a tap, and a reload decides nothing anew', async () => {
    for (const [name, said, status, again] of [
      ['Approve', 'Approved', 'approved', 'You have approved this already'],
      ['Deny', 'Denied', 'denied', 'You have denied this already'],
      ['I didn’t ask for this', 'Denied, and no more requests', 'denied', 'You have denied this already'],
    ] as const) {
      const { page, server, button } = await openLink()
      await button(name).click()
      await expect.poll(() => heading(page).textContent()).toBe(said)
      expect(server.fake.record.status).toBe(status)
      await page.reload()
      await expect.poll(() => heading(page).textContent()).toBe(again)
    }
  })
})

describe.each([
  ['a desktop', { width: 1280, height: 800 }],
  ['a phone', { width: 390, height: 844 }],
  ['400 % zoom', { width: 320, height: 256 }],
])('on %s', (_what, viewport) => {
  it('[AR10] Deny is as large, as bold and as clearly a button as Approve', async () => {
    const { button } = await openLink({}, { viewport, javaScriptEnabled: true })
    const looks = await Promise.all(
      ['Approve', 'Deny'].map(async (name) => {
        const box = await button(name).boundingBox()
        const style = await button(name).evaluate((element) => {
          const { fontSize, fontWeight, color, backgroundColor, opacity } = getComputedStyle(element)
          return { fontSize, fontWeight, color, opacity, filled: backgroundColor !== 'rgba(0, 0, 0, 0)' }
        })
        return { width: box?.width, height: box?.height, ...style }
      }),
    )
    expect(looks[1]).toEqual(looks[0])
    expect(looks[0]?.height).toBeGreaterThanOrEqual(44)
    expect(looks[0]?.filled).toBe(true)
  })
})

it('[AR10] with forced colours every button keeps a border', async () => {
  const { page } = await openLink({}, { forcedColors: 'active', javaScriptEnabled: true })
  const borders = await page
    .getByRole('button')
    .evaluateAll((buttons) => buttons.map((button) => getComputedStyle(button).borderTopColor))
  expect(borders).toHaveLength(3)
  for (const border of borders) expect(border).not.toMatch(/^rgba\(.*, 0\)$/u)
})

it('[AR8] long words from the caller stay inside the page', async () => {
  const long = 'W'.repeat(120)
  const { page } = await openLink(
    {
      record: { claims: { applicationTitle: long, userName: long, userOrigin: `https://${long}` } },
      appName: long,
    },
    { viewport: { width: 320, height: 640 }, javaScriptEnabled: true },
  )
  expect(await overflow(page)).toBe(0)
})

it('[AR1] a page of another site can neither answer nor frame it, even with link and nonce', async () => {
  const { page, address, server } = await openLink()
  const evil = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<iframe src="${address}${LINK_PATH}"></iframe>
      <form method="post" action="${address}${LINK_PATH}">
      <input name="nonce" value="${NONCE}"><button name="decision" value="approve">Win</button></form>`)
  })
  await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    evil.closeAllConnections()
    evil.close()
  })
  await page.goto(`http://localhost:${(evil.address() as AddressInfo).port}/`)
  await expect.poll(() => complaints.splice(0).join()).toMatch(/frame-ancestors 'none'/u)
  for (const frame of page.frames()) expect(await frame.content()).not.toContain('Is this you?')
  await page.getByRole('button', { name: 'Win' }).click()
  await expect.poll(() => heading(page).textContent()).toBe('Nothing has been decided')
  expect(server.fake.decisions).toEqual([])
})
