/** Each state of the gallery draws, and can be read and used, in light and dark. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { find, finishTransitions, longestMovement } from '../looking.testing.ts'
import { cleanUp } from '../widget.testing.ts'
import { drawState } from './gallery-state.testing.ts'
import { STATES } from './states.testing.ts'

beforeEach(() => page.viewport(1280, 800))
afterEach(cleanUp)

/** In the dark only colours differ. Axe is loaded by its first run. */
const COLOURS_ALONE = () => {
  const { axe } = globalThis as unknown as { axe: { getRules(): readonly { readonly ruleId: string }[] } }
  const rules = axe.getRules().map(({ ruleId }) => ruleId)
  expect(rules).toContain('color-contrast')
  return { ignoredRules: rules.filter((rule) => rule !== 'color-contrast') }
}

it.each(STATES)(
  '[HP17] [HP18] $name has no violation, and stands still after five seconds',
  async (state) => {
    const failed = vi.spyOn(console, 'error')
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { element } = await drawState(state, { parent: document.body })
    expect(longestMovement()).toBeLessThanOrEqual(5_000)
    for (const theme of ['light', 'dark'] as const) {
      element.theme = theme
      await Promise.resolve()
      await expect(document.body).to.be.accessible(theme === 'dark' ? COLOURS_ALONE() : {})
    }
    expect(failed).not.toHaveBeenCalled()
  },
)

it('[HP18] the launcher of a chat that takes long to load stands still, too', async () => {
  const [state] = STATES.filter(({ name }) => name === 'launcher')
  const { element } = await drawState(state!, { parent: document.body })
  finishTransitions()
  find(element, '[part~=launcher]')!.ariaBusy = 'true'
  expect(longestMovement()).toBe(4_000)
})
