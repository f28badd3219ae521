/** Texts of strangers in all that the console shows around the messages. */
import type { ConversationList } from '@chat-widget/client/agent'
import type { Message } from '@chat-widget/protocol'
import { describe, expect, it } from 'vitest'
import { agent, openConversation, shop, summary, textMessage } from '../testing/fixtures.testing.ts'
import { HOSTILE_TEXTS, harmDone, hostileContents, mount, turnedNames } from '../testing/render.testing.ts'

/** Matches, however deep. */
function findAll(root: Element | ShadowRoot, selector: string): readonly Element[] {
  const deeper = [...root.querySelectorAll('*')].flatMap(({ shadowRoot }) =>
    shadowRoot === null ? [] : findAll(shadowRoot, selector),
  )
  return [...root.querySelectorAll(selector), ...deeper]
}

describe.each(HOSTILE_TEXTS)('[SH2] [AR8] with %j', (evil) => {
  const claims = [
    { label: evil, value: evil, verified: true },
    { label: 'Plan', value: evil, verified: false },
  ]
  const visitor = { verified: true, userIdentifier: evil, claims } as const
  const last = hostileContents(evil).map(
    (content, index) =>
      ({ ...textMessage(index + 1, evil), author: { kind: 'agent', name: evil }, ...content }) as Message,
  )
  const summaries = last.map((lastMessage, index) => summary(index + 1, { visitor, lastMessage, headSeq: 9 }))
  const isHarmless = (element: Element) => {
    const root = element.shadowRoot as ShadowRoot
    expect(root.textContent).not.toBe('')
    expect(harmDone((selector) => findAll(root, selector))).toEqual([])
    expect(turnedNames((selector) => findAll(root, selector))).toEqual([])
  }

  it('for a customer, in claims and as the last message, the list does no harm', async () => {
    const list: ConversationList = {
      filter: { status: 'open', app: null },
      status: 'loaded',
      conversations: summaries,
      hasMore: false,
    }
    isHarmless(await mount('conversation-list', { list, agent: { ...agent, name: evil }, apps: [shop] }))
  })

  it('nor does the conversation', async () => {
    const conversation = openConversation({
      summary: summary(1, { visitor }),
      items: last.map((message) => ({ kind: 'stored', message, delivery: null })),
      typing: { kind: 'agent', name: evil },
    })
    isHarmless(await mount('conversation-view', { conversation, agent, appName: 'Northwind' }))
  })

  it('nor do files and quick replies that are chosen', async () => {
    isHarmless(await mount('chosen-files', { files: [new File(['x'], evil, { type: 'image/svg+xml' })] }))
    isHarmless(await mount('quick-reply-editor', { replies: [{ label: evil, value: evil }] }))
  })
})
