/**
 * Runs before each file of component tests: `expect(element).to.be.accessible()`, and nothing outlives its test or file,
 * for files share a page.
 */
import { fixtureCleanup } from '@open-wc/testing'
import 'axe-core/axe.min.js'
import { chaiA11yAxe } from 'chai-a11y-axe'
import { afterAll, afterEach, beforeAll, chai, vi } from 'vitest'
import { page } from 'vitest/browser'
import { finishTransitions } from '../packages/widget/src/looking.testing.ts'
import { RUN } from './axe-run.mjs'

chai.use(chaiA11yAxe)
// It passes on no such options, and words that are still fading in have too little contrast.
const { axe } = globalThis
const { run } = axe
axe.run = (context, options, done) => {
  finishTransitions()
  run(context, { ...options, ...RUN }, done)
}

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
