/** Texts of strangers in all that the chat shows around the messages: header, list, preview, typing, what is chosen. */
import { HOSTILE_TEXTS, harmDone, hostileContents, turnedNames } from '@chat-widget/page-parts/testing'
import type { Message, MessageAuthor } from '@chat-widget/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { CONVERSATION, eventMessage, textMessage } from './engine/fake-client.testing.ts'
import { appWith, chat, conversation, ownConversation } from './gallery/fixtures.testing.ts'
import { drawState } from './gallery/gallery-state.testing.ts'
import { findAll } from './looking.testing.ts'
import { cleanUp } from './widget.testing.ts'

afterEach(cleanUp)

describe.each(HOSTILE_TEXTS)('[SH2] [AR8] with %j', (evil) => {
  it('nothing around the messages does harm', async () => {
    const author: MessageAuthor = { kind: 'agent', name: evil }
    const messages = hostileContents(evil).map(
      (content) => (seq: number) => ({ ...textMessage(seq, author, evil), ...content }) as Message,
    )
    const joined = (seq: number) => eventMessage(seq, { type: 'joined', agent: { name: evil } })
    const state = {
      ...chat(conversation(joined, ...messages), {
        app: appWith({ replyTime: 'hours', availability: { status: 'online' } }),
        typing: author,
        unread: 1,
      }),
      conversations: messages.map((make, index) =>
        ownConversation(index === 0 ? CONVERSATION : `other-${index}`, make(20 - index), index === 0 ? 1 : 0),
      ),
    }
    const isHarmless = (element: Element) => {
      expect(harmDone((selector) => findAll(element, selector))).toEqual([])
      expect(turnedNames((selector) => findAll(element, selector))).toEqual([])
    }
    const { element, has } = await drawState(
      { ...{ name: 'hostile', title: 'Hostile', state, closed: true }, shows: '[part=preview]' },
      { parent: document.body },
    )
    isHarmless(element)
    element.show()
    await has('.typing')
    await has('.who')
    await has('[part=file]')
    isHarmless(element)
    element.showConversations()
    await has('[part=conversation]')
    isHarmless(element)
  })
})
