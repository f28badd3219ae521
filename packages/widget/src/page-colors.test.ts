import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import dusk from '../themes/dusk.css?raw'
import forest from '../themes/forest.css?raw'
import paper from '../themes/paper.css?raw'
import { pretend, recordSheets, seenBelow, still, tooFaint } from './contrast.testing.ts'
import { drawState } from './gallery/gallery-state.testing.ts'
import { STATES } from './gallery/states.testing.ts'
import { find, finishTransitions } from './looking.testing.ts'
import { cleanUp } from './widget.testing.ts'

beforeEach(async () => {
  await page.viewport(1280, 800)
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  recordSheets()
})
afterEach(cleanUp)

/**
 * Every kind of text, edge, sign and button, on every ground. The menu comes last, as it closes when it loses the focus.
 */
const KINDS = [
  ...['markdown', 'edited-and-deleted', 'older', 'read', 'failed', 'quick-replies', 'card-taken'],
  ...['form-problems', 'form-answered', 'login-failed', 'online', 'banner-expired-failed'],
  ...['conversations', 'rating', 'rated', 'files', 'sending-file', 'failed-file', 'chosen-files'],
  ...['sign-in-code-problem', 'preview', 'menu'],
]
/** Other states of the same colours. */
const MORE = [
  ...['long-texts', 'typing', 'carousel', 'login-waiting', 'login-signed-in', 'empty', 'away', 'badge'],
  ...['setup-problem', 'banner-offline', 'sign-in-wrong-address', 'sign-in-signing-in', 'not-loaded'],
  ...['conversations-offline', 'no-conversations', 'emoji', 'nearly-too-long'],
]

/** Draws states, those of a panel inside the page, so that all are seen at once. */
async function drawAll(names: readonly string[]) {
  const parent = document.createElement('main')
  document.body.append(parent)
  for (const shown of names) {
    const state = STATES.find(({ name }) => name === shown)!
    const isPanel = !state.closed && !state.unloadable
    await drawState(state, { parent, ...(isPanel && { attributes: { mode: 'inline' } }) })
  }
  still(parent)
  return parent
}

const panels = (parent: Element) =>
  [...parent.querySelectorAll('chat-widget')].flatMap((one) => find(one, '.panel') ?? [])

/** Returns a function that sets the page's colours, and the theme of all chats. */
function colorsOf(parent: Element) {
  const style = document.createElement('style')
  parent.append(style)
  return async (rule: string, theme: 'light' | 'dark') => {
    style.textContent = `chat-widget { ${rule} }`
    for (const element of parent.querySelectorAll('chat-widget')) element.theme = theme
    // Attributes are read a microtask later.
    await Promise.resolve()
  }
}

/** The code that adjusts colours is loaded with the first of the host's. */
const areAdjusted = (parent: Element) =>
  vi.waitFor(() => {
    for (const { style } of panels(parent)) expect(style.getPropertyValue('--_ring')).not.toBe('')
  })

/** At rest, and with the styles of a state on all elements. */
const LOOKS = [/(?!)/g, /:hover/g, /:focus-visible|:focus-within|:focus/g]
const THEMES = ['light', 'dark'] as const

const hex = (value: number) => `#${value.toString(16).padStart(6, '0')}`
const color = fc.integer({ min: 0, max: 0xffffff }).map(hex)

describe('[HP16] colours', () => {
  it('can be read in every state where the host chooses none', async () => {
    const parent = await drawAll([...MORE, ...KINDS])
    const set = colorsOf(parent)
    const shown = seenBelow([parent])
    for (const look of LOOKS) {
      const undo = pretend(parent, look)
      for (const theme of THEMES) {
        await set('', theme)
        expect(tooFaint(shown), `${theme} ${look}`).toEqual([])
      }
      undo()
    }
    expect(
      panels(parent)
        .map(({ style }) => style.length)
        .filter((length) => length > 0),
    ).toEqual([])
  })

  it('can be read whatever accent, surface and text a host chooses, in both themes and in every state', async () => {
    const parent = await drawAll(KINDS)
    const set = colorsOf(parent)
    await set('--chat-accent: #ffd400', 'light')
    await areAdjusted(parent)
    const shown = seenBelow([parent])
    const check = async (values: readonly string[], theme: (typeof THEMES)[number]) => {
      const rule = ['accent', 'surface', 'text'].map(
        (name, index) => `--chat-${name}${theme === 'dark' ? '-dark' : ''}: ${values[index]};`,
      )
      await set(rule.join(''), theme)
      expect(tooFaint(shown), `${theme} ${values.join(' ')}`).toEqual([])
    }
    for (const look of LOOKS) {
      const undo = pretend(parent, look)
      await fc.assert(
        fc.asyncProperty(fc.tuple(color, color, color), async (values) => {
          for (const theme of THEMES) await check(values, theme)
        }),
        {
          // The states of hover and focus have few colours of their own. Each run of the suite has other palettes.
          numRuns: look === LOOKS[0] ? 9 : 3,
          examples: [
            [['#ffd400', '#ffffff', '#191c22']],
            [['#777777', '#777777', '#777777']],
            [['#ffffff', '#ffffff', '#ffffff']],
            [['#000000', '#000000', '#000000']],
            // Lets the page through, and in notations that are not of sRGB.
            [['rgb(255 212 0 / 0.5)', 'rgb(20 60 200 / 0.3)', 'rgb(0 0 0 / 0.4)']],
            [['oklch(0.7 0.3 140)', 'color(display-p3 0.2 0.9 0.3)', 'lab(60 40 20)']],
          ],
        },
      )
      undo()
    }
    expect(seenBelow([parent]), 'no colour changed what is shown').toEqual(shown)
  })

  it('of the ready themes are their own, and can be read', async () => {
    const parent = await drawAll(['talk', ...KINDS])
    const set = colorsOf(parent)
    const rgb = (color = '') =>
      `rgb(${color
        .match(/[^#]{2}/g)
        ?.map((part) => Number.parseInt(part, 16))
        .join(' ')})`
    await set('--chat-accent: gold', 'light')
    await areAdjusted(parent)
    // Colours are read again when the theme changes.
    for (const css of [dusk, forest, paper])
      for (const theme of ['dark', 'light'] as const) {
        const chosen = (name: string) => new RegExp(`--chat-${name}: (#.{6});`).exec(css)?.[1]
        await set(/{([^}]*)}/.exec(css)?.[1] ?? '', theme)
        expect(tooFaint(seenBelow([parent])), theme).toEqual([])
        const { style } = panels(parent)[0]!
        for (const name of ['accent', 'surface', 'text'])
          expect(style.getPropertyValue(`--_${name}`)).toBe(
            rgb(chosen(theme === 'dark' ? `${name}-dark` : name)),
          )
        expect(style.getPropertyValue('--_ring')).toBe(style.getPropertyValue('--_accent'))
      }
  })

  it('follow a page that changes its colours while the chat is open', async () => {
    const parent = document.createElement('main')
    document.body.append(parent)
    const talk = STATES.find(({ name }) => name === 'talk')!
    const { element } = await drawState(talk, { parent, attributes: { mode: 'inline' } })
    const style = document.createElement('style')
    parent.append(style)
    const surface = () => getComputedStyle(find(element, '.box')!).backgroundColor
    style.textContent = 'chat-widget { --chat-accent: gold; --chat-surface: #102030 }'
    await areAdjusted(parent)
    await vi.waitFor(() => expect(surface()).toBe('rgb(16, 32, 48)'))
    // The probe keeps the host's colours, which the frame's own are not any more.
    style.textContent = 'chat-widget { --chat-accent: gold; --chat-surface: rgb(255 0 0 / 0.5) }'
    await vi.waitFor(() => expect(surface()).toBe('rgb(255, 128, 128)'))
    style.textContent = 'chat-widget { --chat-accent: gold }'
    await vi.waitFor(() => expect(surface()).toBe('rgb(255, 255, 255)'))
    finishTransitions()
    expect(tooFaint(seenBelow([parent]))).toEqual([])
  })
})
