import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import {
  ALEX,
  createFakeClient,
  eventMessage,
  loginMessage,
  pending,
  stored,
  textMessage,
  VISITOR,
  withItems,
} from './engine/fake-client.testing.ts'
import { contrastOf, parseColor } from './engine/readable-colors.ts'
import { deepActive, find, findAll, finishTransitions } from './looking.testing.ts'
import { cleanUp, openWidget } from './widget.testing.ts'

beforeEach(async () => {
  await page.viewport(1280, 800)
})
afterEach(cleanUp)

const ITEMS = [
  stored(textMessage(1, ALEX, 'See https://example.com/a')),
  stored(eventMessage(2, { type: 'signed-in', userIdentifier: 'ada' })),
  stored(textMessage(3, VISITOR, 'Thanks, www.example.com')),
  stored(loginMessage(4)),
  pending('p-1', 'Lost', { status: 'failed', code: 'too-large' }),
]

/** Opens a chat that shows every kind of text at once, with the focus in the composer. */
async function openEverything() {
  const client = createFakeClient(
    withItems(ITEMS, {
      unread: 3,
      identity: { status: 'reauthentication-required', userIdentifier: 'ada', code: 'provider-failed' },
    }),
  )
  const { element } = await openWidget({ client })
  await vi.waitFor(() => expect(find(element, '[part=login-card]')).not.toBeNull())
  return element
}

const panelOf = (element: Element) => find(element, '.panel')!

/** Opens a chat whose colours are adjusted; the code for that is loaded with the first colour of the host. */
async function openAdjusted() {
  const element = await openEverything()
  element.style.setProperty('--chat-accent', '#ffd400')
  await vi.waitFor(() => expect(panelOf(element).style.getPropertyValue('--_ring')).not.toBe(''))
  return element
}

const parentOf = (element: Element) =>
  element.assignedSlot ?? element.parentElement ?? (element.getRootNode() as ShadowRoot).host ?? null

const isClear = (color: string) => /^rgba\(.*, 0\)$|\/ 0\)$/.test(color)

type Ground = (element: Element | null) => string

/** The colour behind an element. Answers are kept: elements share most of their ancestors. */
function grounds(): Ground {
  const known = new Map<Element, string>()
  const groundOf = (element: Element | null): string => {
    if (element === null) return 'rgb(255, 255, 255)'
    let ground = known.get(element)
    if (ground === undefined) {
      const { backgroundColor } = getComputedStyle(element)
      ground = isClear(backgroundColor) ? groundOf(parentOf(element)) : backgroundColor
      known.set(element, ground)
    }
    return ground
  }
  return groundOf
}

const hasText = (element: Element) =>
  [...element.childNodes].some((node) => node instanceof Text && node.data.trim() !== '')

const contrast = (one: string, other: string) => contrastOf(parseColor(one), parseColor(other))

/** What can be seen of an element, and has text or an icon. */
const shownIn = (element: Element) =>
  findAll(element, '*').filter(
    (one) =>
      !one.matches('style, .sr') && (hasText(one) || one.matches('svg')) && one.getClientRects().length > 0,
  )

/** Texts with a contrast below AA, described in words. */
function unreadable(element: Element, shown = shownIn(element)): readonly string[] {
  const found: string[] = []
  const groundOf = grounds()
  const hold = (what: string, color: string, ground: string, least: number) => {
    const ratio = contrast(color, ground)
    if (ratio < least) found.push(`${what}: ${color} on ${ground} is ${ratio.toFixed(2)}`)
  }
  for (const one of shown) {
    const { color } = getComputedStyle(one)
    if (hasText(one)) hold(`${one.localName}.${one.className}`, color, groundOf(one), 4.5)
    if (one.matches('svg')) hold('icon', color, groundOf(one), 3)
  }
  const box = find(element, '.box')!
  expect(deepActive()).toBe(find(element, 'textarea'))
  hold('focus ring', getComputedStyle(box).borderColor, groundOf(parentOf(box)), 3)
  hold('placeholder', getComputedStyle(find(element, 'textarea')!, '::placeholder').color, groundOf(box), 4.5)
  const send = find(element, '[part=send]')!
  hold('send', getComputedStyle(send).color, groundOf(send), 3)
  return found
}

const color = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)

describe('colours', () => {
  it.each(['light', 'dark'] as const)(
    'can be read as they are where the host chooses none: %s',
    async (theme) => {
      const element = await openEverything()
      element.theme = theme
      await Promise.resolve()
      finishTransitions()
      expect(unreadable(element)).toEqual([])
      expect(panelOf(element).style.length).toBe(0)
    },
  )

  it('can be read whatever accent, surface and text a host chooses, in both themes', async () => {
    const element = await openAdjusted()
    const properties = ['--chat-accent', '--chat-surface', '--chat-text']
    const check = (colors: readonly string[], theme: 'light' | 'dark') => {
      for (const [index, name] of properties.entries()) {
        element.style.removeProperty(name)
        element.style.removeProperty(`${name}-dark`)
        element.style.setProperty(theme === 'dark' ? `${name}-dark` : name, colors[index] ?? '')
      }
      element.theme = theme
    }
    const themes = ['light', 'dark'] as const
    const shown = shownIn(element)
    const palettes = fc.tuple(color, color, color)
    let seen = 0
    await fc.assert(
      fc.asyncProperty(palettes, async (colors) => {
        for (const theme of themes) {
          check(colors, theme)
          // Attributes are read a microtask later.
          await Promise.resolve()
          finishTransitions()
          expect(unreadable(element, shown), `${theme} ${colors.join(' ')}`).toEqual([])
          seen += 1
        }
      }),
      {
        numRuns: 200,
        examples: [
          [['#ffd400', '#ffffff', '#191c22']],
          [['#1f4d3f', '#16181d', '#f0f2f6']],
          [['#777777', '#777777', '#777777']],
        ],
      },
    )
    expect(seen).toBeGreaterThanOrEqual(400)
    expect(shownIn(element), 'no colour changed what is shown').toEqual(shown)
  })

  it('follow a page that changes its colours while the chat is open', async () => {
    const element = await openEverything()
    const style = document.createElement('style')
    style.textContent = 'chat-widget { --chat-accent: gold; --chat-surface: #102030 }'
    document.head.append(style)
    try {
      await vi.waitFor(() => expect(unreadable(element)).toEqual([]))
      expect(grounds()(find(element, '.box'))).toBe('rgb(16, 32, 48)')
    } finally {
      style.remove()
    }
  })
})
