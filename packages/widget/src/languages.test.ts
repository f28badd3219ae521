/** Every language in the chat: its own words everywhere, its direction, and room for them on a narrow phone. */
import type { ChatState, LoginRequest } from '@chat-widget/client'
import type { LoginRequestId } from '@chat-widget/protocol'
import { createFormats, directionOf } from '@chat-widget/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { mount } from './engine/elements/element.testing.ts'
import {
  createFakeClient,
  eventMessage,
  loginMessage,
  pending,
  stored,
  textMessage,
  VISITOR,
  withItems,
} from './engine/fake-client.testing.ts'
import { ENGLISH_WORDS, loadWords, type Words } from './engine/load-strings.ts'
import type { ChatSignIn } from './engine/sign-in/chat-sign-in.ts'
import './engine/sign-in/chat-sign-in.ts'
import { waiting } from './engine/sign-in/fake-login.testing.ts'
import { LANGUAGES } from './locales/languages.ts'
import { english as signIn } from './locales/parts/sign-in.ts'
import { find, findAll, textOf } from './looking.testing.ts'
import { cleanUp, openWidget } from './widget.testing.ts'

const NARROW_PX = 320
const LOCALES = Object.keys(LANGUAGES)
const ENGLISH: Readonly<Record<string, unknown>> = {
  ...ENGLISH_WORDS.strings,
  ...signIn(createFormats('en')),
}

const CARD = { ...loginMessage(1, '…'), login: { button: '…', reason: 'message' } } as const
const failed: LoginRequest = {
  requestId: 'r-1' as LoginRequestId,
  reason: 'message',
  conversationId: CARD.conversationId,
  messageId: CARD.id,
  state: { status: 'failed', reason: '' },
}

const STATES: Readonly<Record<string, ChatState>> = {
  empty: withItems([]),
  messages: withItems(
    [
      stored(CARD),
      stored(eventMessage(2, { type: 'handed-to-agents', cause: 'bot-asked' })),
      stored(textMessage(3, VISITOR, '1', new Date().toISOString())),
      stored(eventMessage(4, { type: 'closed' })),
      pending('c-5', '2', { status: 'failed', code: 'internal' }),
    ],
    { logins: [failed], connection: { status: 'offline' } },
  ),
  ended: withItems([], {
    identity: { status: 'reauthentication-required', userIdentifier: '3', code: 'provider-failed' },
  }),
  unavailable: withItems([], { connection: { status: 'closed', reason: 'unknown-app' } }),
}

/** All that is read, by eye or by ear. */
const readIn = (element: Element): string =>
  [
    textOf(element),
    ...findAll(element, '[aria-label], [placeholder]').flatMap((one) => [
      one.getAttribute('aria-label') ?? '',
      one.getAttribute('placeholder') ?? '',
    ]),
  ].join('\n')

/** English texts that the language has other words for. */
function englishIn(text: string, { strings }: Words): readonly unknown[] {
  const own: Readonly<Record<string, unknown>> = { ...strings }
  return Object.entries(ENGLISH)
    .filter(([name, word]) => typeof word === 'string' && own[name] !== word)
    .map(([, word]) => word as string)
    .filter((word) => {
      const pattern = word.replaceAll(/[.?()]/g, '\\$&')
      return new RegExp(`(?<!\\p{L})${pattern}(?!\\p{L})`, 'u').test(text)
    })
}

const tooWide = (element: Element): readonly (string | null)[] =>
  findAll(element, 'button, p, h3, strong, span:not(.sr)')
    .filter(({ scrollWidth, clientWidth }) => clientWidth > 1 && scrollWidth > clientWidth + 1)
    .map(({ textContent }) => textContent)

beforeEach(async () => {
  await page.viewport(NARROW_PX, 640)
})
afterEach(cleanUp)

describe.each(LOCALES)('%s', (locale) => {
  it('is the language of the chat in every state, from its own side, and fits 320 px', async () => {
    const words = await loadWords(locale, {}, () => {})
    const client = createFakeClient(STATES.empty)
    const { element } = await openWidget({ client, attributes: { locale } })
    const panel = find(element, 'chat-widget-panel') as HTMLElement
    expect(getComputedStyle(panel).direction).toBe(directionOf(locale))
    for (const [name, state] of Object.entries(STATES)) {
      client.setState(state)
      const sentence = name === 'ended' ? words.strings.reauthenticate : ''
      await vi.waitFor(() => expect(textOf(panel)).toContain(sentence))
      // Code of cards and of buttons comes with the first of them.
      if (name === 'messages' || name === 'ended')
        await vi.waitFor(() => expect(find(panel, '[part=login-button]')).not.toBeNull())
      expect(englishIn(readIn(element), words), name).toEqual([])
      expect(tooWide(panel), name).toEqual([])
    }
  })

  it('is the language of the sign-in sheet, which fits 320 px', async () => {
    const words = await loadWords(locale, {}, () => {})
    for (const state of [{ status: 'idle', problem: null } as const, waiting()]) {
      const { element, frame } = mount<ChatSignIn>('chat-widget-sign-in', {
        words,
        state,
        methods: ['email', 'identifier'],
      })
      frame.style.inlineSize = `${NARROW_PX}px`
      frame.dir = directionOf(locale)
      await element.updateComplete
      expect(englishIn(readIn(element), words), state.status).toEqual([])
      expect(tooWide(element), state.status).toEqual([])
    }
  })
})

it('has no violation from right to left', async () => {
  const { element } = await openWidget({
    client: createFakeClient(STATES.messages),
    attributes: { locale: 'he' },
  })
  await vi.waitFor(() => expect(find(element, '[part=login-button]')).not.toBeNull())
  await expect(document.body).to.be.accessible()
})
