/** Runs before each file of component tests: `expect(element).to.be.accessible()`, and no fixture outlives its test. */
import { fixtureCleanup } from '@open-wc/testing'
import { chaiA11yAxe } from 'chai-a11y-axe'
import { afterEach, chai } from 'vitest'

chai.use(chaiA11yAxe)
afterEach(() => fixtureCleanup())
