/**
 * Runs before each file of component tests: `expect(element).to.be.accessible()`, and nothing outlives its test or file,
 * for files share a page.
 */
import { fixtureCleanup } from '@open-wc/testing'
import { chaiA11yAxe } from 'chai-a11y-axe'
import { afterAll, afterEach, beforeAll, chai, vi } from 'vitest'
import { page } from 'vitest/browser'

chai.use(chaiA11yAxe)

const root = document.documentElement
let title = ''
let attributes = []
beforeAll(async () => {
  // Vitest's own default.
  await page.viewport(414, 896)
  title = document.title
  attributes = [...root.attributes].map(({ name, value }) => [name, value])
})
afterEach(() => fixtureCleanup())
afterAll(() => {
  vi.useRealTimers()
  document.title = title
  document.body.replaceChildren()
  for (const name of root.getAttributeNames()) root.removeAttribute(name)
  for (const [name, value] of attributes) root.setAttribute(name, value)
})
