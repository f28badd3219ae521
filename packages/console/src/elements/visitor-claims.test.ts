import type { VisitorClaim } from '@chat-widget/protocol'
import { beforeEach, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { find, mount, text } from '../testing/render.testing.ts'

const NAME: VisitorClaim = { label: 'Name', value: 'Ada Lovelace', verified: true }
const PLAN: VisitorClaim = { label: 'Plan', value: 'gold', verified: false }

beforeEach(() => page.viewport(390, 844))

const show = (...claims: readonly VisitorClaim[]) => mount('visitor-claims', { claims })
const unverified = (value: string) => show({ ...PLAN, value })

it('[ID9] renders each claim with its proof, or with the words that there is none', async () => {
  const element = await show(NAME, PLAN)
  expect(text(element)).toBe(
    'Name Ada Lovelace Verified Plan gold Not verified: the visitor’s browser says so, and nobody has checked it',
  )
  await expect.element(page.getByText('Not verified', { exact: true })).toBeVisible()
  const [proven, claimed] = element.shadowRoot?.querySelectorAll('.claim') ?? []
  expect(proven?.getAttribute('title')).toBe('Name: Ada Lovelace\nVerified')
  expect(claimed?.getAttribute('title')).toMatch(/^Plan: gold\nNot verified: the visitor’s browser/)
})

it('is accessible, with many long claims as well', async () => {
  const long = Array.from({ length: 12 }, (_, index): VisitorClaim => {
    return {
      label: `A label of forty characters at most ${index}`,
      value: 'long '.repeat(40),
      verified: index % 2 === 0,
    }
  })
  for (const claims of [[], [NAME, PLAN], long])
    await expect(await mount('visitor-claims', { claims })).to.be.accessible()
  // The conversation keeps its space, however much a browser sends.
  expect(find(document.querySelector('visitor-claims')!, '.scroll').clientHeight).toBeLessThan(844 / 5)
})

it.each([
  ['one word', 'w'.repeat(200)],
  ['many words', 'Verified ✓ '.repeat(18)],
  ['marks upon marks', `g${'\u0301'.repeat(199)}`],
  ['writing from right to left', 'مُوَثَّق '.repeat(25)],
])('[ID9] keeps the mark beside the value and on the screen: %s', async (_title, value) => {
  const element = await unverified(value)
  const mark = find(element, '.mark').getBoundingClientRect()
  const shown = find(element, '.value').getBoundingClientRect()
  expect(mark.right).toBeLessThanOrEqual(390)
  expect(mark.left).toBeGreaterThanOrEqual(shown.right)
  expect(shown.height).toBeLessThanOrEqual(2 * mark.height + 1)
  expect(find(element, '.scroll').scrollWidth).toBeLessThanOrEqual(390)
})

it('[ID9] shows markup as text, and isolates its direction', async () => {
  const value = '<img src=x onerror=alert(1)> <b>Verified</b>'
  const element = await unverified(value)
  const shown = find(element, 'bdi.value')
  expect(shown.textContent).toBe(value)
  expect(shown.childElementCount).toBe(0)
})
