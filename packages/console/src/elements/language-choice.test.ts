import { createFormats } from '@chat-widget/protocol'
import { fixtureCleanup } from '@open-wc/testing'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { strings as english } from '../locales/en.ts'
import { LANGUAGES } from '../locales/languages.ts'
import { createFakeAgentClient } from '../testing/fake-agent-client.testing.ts'
import {
  actionRun,
  agentState,
  openConversation,
  stored,
  summary,
  textMessage,
} from '../testing/fixtures.testing.ts'
import { find, mount, settled, text } from '../testing/render.testing.ts'
import { chooseLanguage, loadLanguage, locale, words } from '../words/words.ts'

const summaryOf = summary(1, { headSeq: 3, lastMessage: textMessage(3, '…') })
const state = {
  list: { ...agentState().list, conversations: [summaryOf] },
  connection: { status: 'offline' } as const,
  conversation: openConversation({
    summary: summaryOf,
    items: [stored(textMessage(3, '…')), { kind: 'run' as const, run: actionRun(null) }],
  }),
}

beforeEach(async () => {
  await page.viewport(1280, 800)
})
afterEach(async () => {
  fixtureCleanup()
  await chooseLanguage('en')
  await chooseLanguage(null)
})

/** All that is read within an element, by eye or by ear. */
const readIn = (root: Element | ShadowRoot): string =>
  [...root.querySelectorAll('*')]
    .flatMap((element) => [
      ...[...element.childNodes].filter((node) => node instanceof Text).map(({ textContent }) => textContent),
      ...['aria-label', 'placeholder', 'title'].map((name) => element.getAttribute(name)),
      element.shadowRoot === null ? '' : readIn(element.shadowRoot),
    ])
    .map((part) => part?.trim())
    .filter(Boolean)
    .join('\n')

/** Texts of a table, by path. */
const textsOf = (table: object, path = ''): readonly (readonly [string, string])[] =>
  Object.entries(table).flatMap(([name, value]) => {
    if (typeof value === 'string') return [[`${path}.${name}`, value] as const]
    return typeof value === 'object' ? textsOf(value, `${path}.${name}`) : []
  })

it('renders every language by its own name, and is accessible', async () => {
  const element = await mount('language-choice')
  expect(find<HTMLSelectElement>(element, 'select').options).toHaveLength(Object.keys(LANGUAGES).length + 2)
  expect(text(element)).toMatch(/Deutsch.*日本語/)
  await expect(element).to.be.accessible()
})

it('turns the page to the chosen language at once, and keeps the choice', async () => {
  const form = await mount('sign-in-form')
  await userEvent.selectOptions(page.getByRole('combobox', { name: 'Language' }), 'he')
  await expect.poll(() => text(form)).toContain('התחברות לתיבה')
  expect(document.documentElement).toMatchObject({ lang: 'he', dir: 'rtl' })
  await loadLanguage()
  expect(locale()).toBe('he')
  await settled(form)
  await expect(form).to.be.accessible()
})

it('speaks English where the choice is not there any more', async () => {
  await chooseLanguage('xx')
  expect(words().signOut).toBe('Sign out')
})

it.each(Object.keys(LANGUAGES))('leaves no English in the inbox: %s', async (tag) => {
  const element = await mount('chat-console', { client: createFakeAgentClient(state) })
  await chooseLanguage(tag)
  await settled(element)
  const own = new Map(textsOf(words()))
  const lines = readIn(element.shadowRoot as ShadowRoot).split('\n')
  const left = textsOf(english(createFormats('en')))
    .filter(([path, word]) => own.get(path) !== word)
    .filter(([, word]) => lines.includes(word))
  expect(left).toEqual([])
})
