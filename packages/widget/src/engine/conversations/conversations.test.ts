import type { ChatState } from '@chat-widget/client'
import type { ConversationId, Message, OwnConversation } from '@chat-widget/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { deepActive, find, findAll, textOf } from '../../looking.testing.ts'
import { cleanUp, openWidget } from '../../widget.testing.ts'
import {
  ALEX,
  CONVERSATION,
  createFakeClient,
  eventMessage,
  type FakeClient,
  stored,
  textMessage,
  VISITOR,
  withItems,
} from '../fake-client.testing.ts'

const OTHER = '00000000-0000-4000-8000-000000000002' as ConversationId
const OLD = '00000000-0000-4000-8000-000000000003' as ConversationId

const GRACE_ID = '00000000-0000-4000-8000-000000000004' as ConversationId
const BOT_ID = '00000000-0000-4000-8000-000000000005' as ConversationId
const PICTURE = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8" fill="teal"/></svg>')}`

beforeEach(() => page.viewport(1280, 800))
afterEach(cleanUp)

/** A conversation whose last message was written `ago` minutes before now. */
function own(
  id: ConversationId,
  text: string,
  ago: number,
  more: Partial<OwnConversation> = {},
): OwnConversation {
  const lastMessage: Message = {
    ...textMessage(3, ALEX, text),
    id: `${id}-${text}` as never,
    conversationId: id,
    createdAt: new Date(Date.now() - ago * 60_000).toISOString(),
  }
  return { id, status: 'open', unread: 0, lastMessage, ...more }
}

const history = Array.from({ length: 30 }, (_, index) =>
  stored(textMessage(index + 1, index % 2 ? ALEX : VISITOR, `Line ${index}`)),
)

function stateWith(conversations: readonly OwnConversation[], rest: Partial<ChatState> = {}): ChatState {
  const unread = conversations.reduce((sum, one) => sum + one.unread, 0)
  return withItems(history, { conversations, unread, ...rest })
}

const TWO = [own(CONVERSATION, 'Here', 2), own(OTHER, 'There', 1, { unread: 2 })]

async function open(
  state: ChatState = stateWith(TWO),
  attributes: Record<string, string> = {},
  prepare = (_client: FakeClient) => {},
) {
  const client = createFakeClient(state)
  prepare(client)
  const { element } = await openWidget({ client, attributes })
  const root = element.shadowRoot as ShadowRoot
  const has = <Kind extends HTMLElement = HTMLElement>(selector: string) =>
    vi.waitFor(() => {
      const found = find(root, selector)
      expect(found, selector).not.toBeNull()
      return found as Kind
    })
  const rows = () => findAll(root, '[part=conversation]')
  const goHome = async () => {
    await userEvent.click(await has('[part=conversations]'))
    await vi.waitFor(() => expect(rows().length).toBeGreaterThan(0))
  }
  return {
    client,
    element,
    root,
    has,
    rows,
    goHome,
    named: (selector: string) => find(root, selector)?.getAttribute('aria-label'),
  }
}

const wordsOf = (row: Element) => textOf(row).replaceAll(/\s+/g, ' ').trim()

describe('[CV2] the list of conversations', () => {
  it('has the newest first, each with author, last message, time, state and what is unread', async () => {
    const state = stateWith([...TWO, own(OLD, 'Long ago', 3 * 24 * 60, { status: 'closed' })])
    const { goHome, rows, named } = await open(state, {}, (client) => {
      client.drafts.set(OLD, 'half a sentence')
      client.unsent = [{ entry: { conversationId: OTHER }, state: { status: 'waiting' } }]
    })
    await vi.waitFor(() => expect(named('[part=conversations]')).toBe('Conversations, 2 unread messages'))
    await goHome()
    expect(named('[part=conversations]')).toBe('Back to the conversation')
    await vi.waitFor(() => expect(rows().map(wordsOf).join()).toContain('Draft'))
    const [first, second, third] = rows().map(wordsOf)
    expect(first).toMatch(/Alex \d+:\d+ [AP]M There 1 message not sent yet 2 ?2 unread messages$/)
    expect(second).toMatch(/Alex \d+:\d+ [AP]M Here$/)
    expect(third).toMatch(/Alex \w+day Draft: half a sentence Closed$/)
    expect(rows().map((row) => row.getAttribute('aria-current'))).toEqual([null, 'true', null])
  })

  it('has the agent’s face and name, also where the visitor or the bot wrote last; else the app’s', async () => {
    const grace = { kind: 'agent', name: 'Grace', avatar: PICTURE } as const
    const helper = { kind: 'bot', name: 'Helper' } as const
    const by = (author: Message['author'], one: OwnConversation, more: Partial<OwnConversation> = {}) => ({
      ...one,
      lastMessage: { ...one.lastMessage, author },
      ...more,
    })
    const state = stateWith(
      [
        by(VISITOR, own(OTHER, 'Thank you', 1), { agent: grace }),
        by(helper, own(GRACE_ID, 'Anything else?', 2), { agent: grace }),
        by(VISITOR, own(OLD, 'Hello?', 3)),
        by(helper, own(BOT_ID, 'Hi!', 4)),
      ],
      {
        app: {
          name: 'Northwind',
          login: { methods: ['host'], continueAsGuest: true },
          appearance: { logo: PICTURE },
        },
      },
    )
    const { goHome, rows } = await open(state)
    await goHome()
    await vi.waitFor(() => expect(rows()).toHaveLength(4))
    expect(rows().map((row) => textOf(row.querySelector('b')!))).toEqual([
      'Grace',
      'Grace',
      'Northwind',
      'Helper',
    ])
    expect(rows().map((row) => textOf(row.querySelector('.text')!).trim())).toEqual([
      'You: Thank you',
      'Helper: Anything else?',
      'You: Hello?',
      'Hi!',
    ])
    const faces = rows().map((row) => row.querySelector<HTMLImageElement>('.face img'))
    expect(faces.map((face) => face?.className)).toEqual(['portrait', 'portrait', 'logo', 'logo'])
    expect(rows().map((row) => textOf(row.querySelector('.face')!).trim())).toEqual(['G', 'G', 'N', 'H'])
    await vi.waitFor(() => expect(faces.every((face) => face!.naturalWidth > 0)).toBe(true))
    await expect(document.body).to.be.accessible()
  })

  it('is accessible, in both directions, at 320 pixels', async () => {
    await page.viewport(320, 640)
    const { goHome, has } = await open(stateWith(TWO), { locale: 'ar' })
    await goHome()
    const home = await has('chat-widget-home')
    await expect(document.body).to.be.accessible()
    expect(home.scrollWidth).toBeLessThanOrEqual(320)
    for (const row of findAll(home, 'button'))
      expect(row.getBoundingClientRect().height).toBeGreaterThanOrEqual(24)
    await vi.waitFor(() => expect(textOf(home)).toContain('محادثة جديدة'))
    // Names and texts in Latin letters stand at the side of the others.
    expect(getComputedStyle(findAll(home, '.text > *')[0]!).textAlign).toBe('right')
  })

  it('a long text of another direction than its author’s is cut off at its own end', async () => {
    const one = own(CONVERSATION, 'Long ago and far away, '.repeat(20), 2)
    const state = stateWith([{ ...one, lastMessage: { ...one.lastMessage, author: VISITOR } }])
    const { goHome, rows } = await open(state, { locale: 'ar' })
    await goHome()
    await vi.waitFor(() => expect(wordsOf(rows()[0]!)).toContain('أنت: Long ago'))
    const said = rows()[0]!.querySelector('.text > [dir]')!
    expect(said.scrollWidth).toBeGreaterThan(said.clientWidth)
    expect(getComputedStyle(said).direction).toBe('ltr')
  })

  it('and back: focus stays on the button, and the conversation where it was scrolled', async () => {
    const { goHome, has, root } = await open()
    const scroller = await has('[part=messages]')
    await vi.waitFor(() => expect(scroller.scrollTop).toBeGreaterThan(0))
    scroller.scrollTop = 40
    await goHome()
    expect(getComputedStyle(find(root, 'chat-widget-message-list')!).visibility).toBe('hidden')
    expect(deepActive()).toBe(find(root, '[part=conversations]'))
    await userEvent.keyboard('{Enter}')
    await vi.waitFor(() =>
      expect(getComputedStyle(find(root, 'chat-widget-home')!).visibility).toBe('hidden'),
    )
    expect(deepActive()).toBe(find(root, '[part=conversations]'))
    expect(scroller.scrollTop).toBe(40)
  })

  it('leads to a conversation by keyboard, and then to its text field', async () => {
    const { goHome, client, root } = await open()
    await goHome()
    await userEvent.keyboard('{Tab}')
    while (!deepActive()?.matches('[part=conversation]')) await userEvent.keyboard('{Tab}')
    await userEvent.keyboard('{Enter}')
    expect(client.calls).toContainEqual(['showConversation', OTHER])
    await vi.waitFor(() => expect(deepActive()?.tagName).toBe('TEXTAREA'))
    expect(getComputedStyle(find(root, 'chat-widget-home')!).visibility).toBe('hidden')
  })

  it('follows what comes, keeps the focus on a conversation that moves, and says it', async () => {
    const { goHome, client, rows, has } = await open()
    await goHome()
    const here = rows()[1] as HTMLElement
    here.focus()
    client.setState(stateWith([own(CONVERSATION, 'News', 0, { unread: 1 }), TWO[1] as OwnConversation]))
    await vi.waitFor(() => expect(wordsOf(rows()[0] as Element)).toContain('News'))
    expect(deepActive()).toBe(rows()[0])
    expect(rows()[0]).toBe(here)
    expect(textOf((await has('chat-widget-home')).shadowRoot!.querySelector('[aria-live]')!)).toBe(
      'Alex: News',
    )
  })

  it('[HP2] nothing is read while it is in the conversation’s place', async () => {
    const { goHome, client } = await open(stateWith([own(CONVERSATION, 'Here', 2)]))
    await goHome()
    const before = client.calls.filter(([name]) => name === 'markRead').length
    client.setState({ unread: 1 })
    client.emit('unread-change', 1)
    await vi.waitFor(() => expect(client.getState().unread).toBe(1))
    expect(client.calls.filter(([name]) => name === 'markRead')).toHaveLength(before)
  })

  it('shows older ones when asked, and says where that fails', async () => {
    const { goHome, client, rows, has, root } = await open(stateWith(TWO), {}, (one) => {
      one.nextPage = [own(OLD, 'Long ago', 9_000)]
      one.refusal = 'rate-limited'
    })
    await goHome()
    const more = await has<HTMLButtonElement>('.more')
    await userEvent.click(more)
    await vi.waitFor(() => expect(textOf(root.host)).toContain('That did not work.'))
    client.refusal = null
    await userEvent.click(more)
    await vi.waitFor(() => expect(rows()).toHaveLength(3))
    expect(client.calls).toContainEqual(['conversations:list', { cursor: 'next' }])
    expect(find(root, '.more')).toBeNull()
  })

  it.each([
    [[], 'Your conversations appear here as soon as there is a connection.'],
    [TWO, 'No connection: there may be newer messages that are not shown here.'],
  ])('without a connection says what it cannot show', async (conversations, sentence) => {
    const { element, root } = await open(
      stateWith(conversations, { connection: { status: 'reconnecting', attempt: 1 } }),
    )
    await element.showConversations()
    await vi.waitFor(() => expect(textOf(root.host)).toContain(sentence))
    expect(find<HTMLButtonElement>(root, '.start')?.disabled).toBe(true)
  })

  it('is opened by the page, also with nothing in it', async () => {
    const { element, root } = await open(withItems([]))
    await element.showConversations()
    await vi.waitFor(() => expect(textOf(root.host)).toContain('You have no conversations yet.'))
    await vi.waitFor(() => expect(deepActive()).not.toBe(document.body))
  })

  it('[CV5] begins no other one where one may be open', async () => {
    const app = {
      name: 'Shop',
      login: { methods: ['host'], continueAsGuest: true },
      openConversations: 'one',
    } as const
    const { goHome, root, has, client } = await open(stateWith(TWO, { app }))
    await has('[part=menu-button]')
    expect(find(root, '[part=new-conversation]')).toBeNull()
    await goHome()
    expect(find(root, '.start')).toBeNull()
    client.setState(
      stateWith(
        TWO.map((one) => ({ ...one, status: 'closed' as const })),
        { app },
      ),
    )
    await has('.start')
  })
})

describe('[CV8] a closed conversation', () => {
  const closedState = (rest: Partial<ChatState> = {}) =>
    stateWith([own(CONVERSATION, 'Bye', 1, { status: 'closed' }), ...(rest.conversations ?? [])], {
      ...rest,
      conversations: [own(CONVERSATION, 'Bye', 1, { status: 'closed' }), ...(rest.conversations ?? [])],
    })

  it('says so, and offers a new one in the composer’s place', async () => {
    const { root, client, has } = await open(closedState())
    const foot = await has('chat-widget-closed')
    expect(textOf(foot)).toContain('This conversation is closed.')
    expect(find(root, 'chat-widget-composer')).toBeNull()
    await expect(document.body).to.be.accessible()
    await userEvent.click(await has('.start'))
    expect(client.calls).toContainEqual(['newConversation'])
  })

  it('is written in again when the visitor wants to, or has begun a text', async () => {
    const { root, client, has } = await open(closedState())
    await has('chat-widget-closed')
    const again = findAll(root, 'button').find((button) => textOf(button).includes('Write here again'))
    await userEvent.click(again!)
    await vi.waitFor(() => expect(deepActive()?.tagName).toBe('TEXTAREA'))
    await userEvent.keyboard('Wait!{Enter}')
    expect(client.calls).toContainEqual(['send', 'Wait!'])
    cleanUp()
    const withDraft = await open(closedState(), {}, (one) => {
      one.draft = 'half'
    })
    await withDraft.has('chat-widget-closed')
    expect(find(withDraft.root, 'chat-widget-composer')).not.toBeNull()
  })

  it('[CV5] leads to the open one where one may be open', async () => {
    const app = {
      name: 'Shop',
      login: { methods: ['host'], continueAsGuest: true },
      openConversations: 'one',
    } as const
    const { root, client, has } = await open(closedState({ app, conversations: [own(OTHER, 'There', 5)] }))
    await has('chat-widget-closed')
    expect(textOf(root.host)).not.toContain('Write here again')
    await userEvent.click(await has('.start'))
    expect(client.calls).toContainEqual(['showConversation', OTHER])
  })

  it('[CV4] is rated by keyboard, with words, once', async () => {
    const { root, client, has } = await open(closedState())
    const stars = await vi.waitFor(() => {
      const found = findAll(root, 'input[type=radio]')
      expect(found).toHaveLength(5)
      return found as HTMLInputElement[]
    })
    expect(stars.map((star) => star.getAttribute('aria-label'))).toEqual([
      '1 of 5: very bad',
      '2 of 5: bad',
      '3 of 5: okay',
      '4 of 5: good',
      '5 of 5: very good',
    ])
    stars[2]?.focus()
    await userEvent.keyboard(' {ArrowRight}')
    const words = await has<HTMLTextAreaElement>('chat-widget-closed textarea, textarea')
    await userEvent.fill(words, 'Kind')
    client.refusal = 'unavailable'
    await userEvent.click(await has('[type=submit]'))
    await vi.waitFor(() => expect(textOf(root.host)).toContain('Your rating was not sent.'))
    client.refusal = null
    await userEvent.click(await has('[type=submit]'))
    await vi.waitFor(() => expect(textOf(root.host)).toContain('Thank you for your rating.'))
    expect(client.calls.filter(([name]) => name === 'conversation:rate').at(-1)).toEqual([
      'conversation:rate',
      { conversationId: CONVERSATION, rating: 4, text: 'Kind' },
    ])
    await vi.waitFor(() => expect(deepActive()?.className).toContain('start'))
  })

  it('[CV4] asks for no rating where it has one', async () => {
    const rated = eventMessage(31, { type: 'rated', rating: 5 })
    const state = closedState()
    const timeline = { ...state.timeline, items: [...history, stored(rated)] }
    const { root, has } = await open({ ...state, timeline })
    await has('chat-widget-closed')
    expect(findAll(root, 'input[type=radio]')).toEqual([])
    expect(find(root, '.given')?.getAttribute('aria-label')).toBe('5 of 5: very good')
    await expect(document.body).to.be.accessible()
  })
})

describe('[CV9] the menu', () => {
  it('has the transcript above the switches, and is accessible', async () => {
    const { root, has, element } = await open()
    const button = await has('[part=menu-button]')
    button.focus()
    await userEvent.keyboard('{Enter}')
    await vi.waitFor(() => expect(textOf(deepActive()!)).toBe('As text'))
    expect(find(root, '[part=menu-button]')?.getAttribute('aria-expanded')).toBe('true')
    expect(find(root, '[role=group]')?.getAttribute('aria-label')).toBe('Download transcript')
    await expect(document.body).to.be.accessible()
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}')
    expect(textOf(deepActive()!)).toBe('Sound for new messages')
    await userEvent.keyboard('{Escape}')
    await vi.waitFor(() => expect(find(root, '[part=menu]')).toBeNull())
    expect(deepActive()).toBe(find(root, '[part=menu-button]'))
    expect(element.open).toBe(true)
  })

  it('[CV6] says where a transcript cannot be downloaded, until it is opened again', async () => {
    const { root, has } = await open()
    await userEvent.click(await has('[part=menu-button]'))
    await userEvent.click(await has('[role=menuitem]'))
    const isSaid = () => textOf(root.host).includes('The transcript could not be downloaded.')
    await vi.waitFor(() => expect(isSaid()).toBe(true))
    await expect(document.body).to.be.accessible()
    await userEvent.keyboard('{Escape}')
    await userEvent.click(await has('[part=menu-button]'))
    await has('[part=menu]')
    expect(isSaid()).toBe(false)
  })

  it('has no transcript of what is not there', async () => {
    const { root, has, goHome } = await open()
    await goHome()
    await userEvent.click(await has('[part=menu-button]'))
    await has('[role=menuitemcheckbox]')
    expect(find(root, '[role=menuitem]')).toBeNull()
  })
})

it('[CV7] tells the page that a conversation was closed', async () => {
  const { client, element } = await open(stateWith([...TWO, own(OLD, 'Long ago', 90, { status: 'closed' })]))
  const ended: unknown[] = []
  element.addEventListener('conversation-end', ({ detail }) => ended.push(detail))
  const closed = { ...(TWO[1] as OwnConversation), status: 'closed' } as const
  client.setState(stateWith([TWO[0] as OwnConversation, closed]))
  await vi.waitFor(() => expect(ended).toEqual([{ conversationId: OTHER }]))
  client.setState(stateWith([closed]))
  await vi.waitFor(() => expect(element.getState().conversations).toHaveLength(1))
  expect(ended).toHaveLength(1)
})
