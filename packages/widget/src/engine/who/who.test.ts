import type { ChatState, TimelineItem } from '@chat-widget/client'
import type { AppAppearance, Message } from '@chat-widget/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { deepActive, find, findAll, finishTransitions, textOf } from '../../looking.testing.ts'
import { cleanUp, openWidget } from '../../widget.testing.ts'
import {
  CONNECTED,
  CONVERSATION,
  createFakeClient,
  eventMessage,
  pending,
  stored,
  textMessage,
  VISITOR,
} from '../fake-client.testing.ts'

/** A picture of one pixel that loads without a server. */
const PICTURE = 'data:image/gif;base64,R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs='
const MAYA = { kind: 'agent', name: 'Maya', avatar: PICTURE } as const
const APPEARANCE: AppAppearance = {
  accent: '#1f4d3f',
  greeting: 'How can we **help**?',
  quickReplies: [{ label: 'Where is my order?', value: 'order' }],
  replyTime: 'minutes',
}
const PRE_CHAT: AppAppearance['preChat'] = {
  title: 'Before we begin',
  fields: [{ name: 'name', label: 'Your name', type: 'text', required: true }],
  submit: 'Start',
}

beforeEach(() => page.viewport(1280, 800))
afterEach(cleanUp)

interface Setting {
  readonly appearance?: AppAppearance
  readonly items?: readonly (Message | TimelineItem)[]
  readonly state?: Partial<ChatState>
  readonly attributes?: Readonly<Record<string, string>>
}

function stateOf({ appearance = APPEARANCE, items = [], state = {} }: Setting): ChatState {
  const all = items.map((item) => ('seq' in item ? stored(item) : item))
  const headSeq = all.reduce((head, item) => (item.kind === 'stored' ? item.message.seq : head), 0)
  return {
    ...CONNECTED,
    app: { name: 'Northwind', login: { methods: ['host'], continueAsGuest: true }, appearance },
    conversation: { id: CONVERSATION, headSeq },
    timeline: { items: all, hasOlder: false, status: 'loaded' },
    ...state,
  }
}

async function open(setting: Setting = {}) {
  const client = createFakeClient(stateOf(setting))
  const { element } = await openWidget({
    client,
    ...(setting.attributes && { attributes: setting.attributes }),
  })
  const root = element.shadowRoot as ShadowRoot
  return {
    ...{ client, element, root },
    sent: () => client.calls.flatMap(([name, message]) => (name === 'send' ? [message] : [])),
    show: (next: Setting) => client.setState(stateOf(next)),
    has: (selector: string) =>
      vi.waitFor(() => {
        const found = find(root, selector)
        expect(found).not.toBeNull()
        return found as HTMLElement
      }),
    count: (selector: string) => findAll(root, selector).length,
  }
}

describe('the opening', () => {
  it('[WH3] shows the greeting with its quick replies in a conversation without messages, and stores nothing', async () => {
    const { sent, root, has, count, show } = await open()
    expect((await has('.rich strong')).textContent).toBe('help')
    expect(find(root, '.author')?.textContent).toBe('Northwind')
    expect(sent()).toEqual([])
    await userEvent.click(await has('[part=quick-reply]'))
    expect(sent()).toEqual([{ text: 'Where is my order?', reply: { to: 1, value: 'order' } }])
    const sending = pending('p-1', 'Where is my order?', { status: 'sending' })
    await show({
      items: [{ ...sending, body: { text: 'x', reply: { to: 1, value: 'order' } } } as TimelineItem],
    })
    await vi.waitFor(() => expect(count('[part=message]')).toBe(2))
    expect(count('[part=quick-reply]')).toBe(0)
    // What the server has stored is shown once.
    const greeting = { ...textMessage(1, { kind: 'bot', name: 'Northwind' }, 'How can we **help**?') }
    await show({ items: [greeting, textMessage(2, VISITOR, 'Where is my order?')] })
    await vi.waitFor(() =>
      expect(findAll(root, '[part=bubble]').map(textOf)).toEqual(['How can we help ?', 'Where is my order?']),
    )
  })

  it('[WH3] is shown neither in a conversation with messages nor while one is being loaded', async () => {
    const { root, has, show } = await open({ items: [textMessage(4, VISITOR, 'Hi')] })
    await has('.who')
    expect(findAll(root, '[part=bubble]').map(textOf)).toEqual(['Hi'])
    await show({ state: { timeline: { items: [], hasOlder: false, status: 'loading' } } })
    await vi.waitFor(() => expect(findAll(root, '[part=bubble]')).toEqual([]))
  })

  it('[WH4] asks the pre-chat form first: the composer comes with the answer', async () => {
    const appearance = { ...APPEARANCE, preChat: PRE_CHAT }
    const { sent, has, count, show } = await open({ appearance })
    await userEvent.fill(await has('input.input'), 'Ada')
    expect(count('chat-widget-composer')).toBe(0)
    await userEvent.click(await has('[part=card-button]'))
    expect(sent()).toEqual([{ to: 2, values: { name: 'Ada' } }])
    const answer = {
      ...pending('p-1', 'Ada', { status: 'sending' }),
      body: { to: 2, values: { name: 'Ada' } },
    }
    await show({ appearance, items: [answer as TimelineItem] })
    await has('chat-widget-composer')
    expect((await has('dd')).textContent).toBe('Ada')
  })

  it('[WH4] begins in the first field of the pre-chat form, also where the form is known later', async () => {
    const appearance = { ...APPEARANCE, preChat: PRE_CHAT }
    const { element, has, show } = await open({ appearance })
    await has('input.input')
    await vi.waitFor(() => expect(deepActive()?.className).toBe('input'))
    element.hide()
    element.show()
    await vi.waitFor(() => expect(deepActive()?.className).toBe('input'))
    await show({ appearance: APPEARANCE })
    ;(await has('textarea')).focus()
    await show({ appearance: { ...appearance } })
    await vi.waitFor(() => expect(deepActive()?.className).toBe('input'))
  })

  it('[WH4] asks no customer who is signed in, unless the app wants it, and not after a message', async () => {
    const identity = { status: 'identified', userIdentifier: 'ada', expiresAt: null } as const
    const appearance = { ...APPEARANCE, preChat: PRE_CHAT }
    const { has, count, show } = await open({ appearance, state: { identity } })
    await has('.rich strong')
    expect([count('chat-widget-form'), count('chat-widget-composer')]).toEqual([0, 1])
    await show({
      appearance: { ...appearance, preChat: { ...PRE_CHAT!, identified: true } },
      state: { identity },
    })
    await has('chat-widget-form')
    await show({ appearance, items: [pending('p-1', 'Hi', { status: 'sending' })] })
    await vi.waitFor(() => expect([count('chat-widget-form'), count('chat-widget-composer')]).toEqual([0, 1]))
  })
})

describe('the header', () => {
  it('[WH2] says how soon somebody answers, or when', async () => {
    const { root, has, show } = await open()
    await has('.who')
    const line = () => textOf(find(root, '.who')!)
    expect(line()).toBe('Usually replies in a few minutes')
    await show({ appearance: { availability: { status: 'online' } } })
    await vi.waitFor(() => expect(line()).toBe('Online'))
    await show({ appearance: { ...APPEARANCE, availability: { status: 'away' } } })
    await vi.waitFor(() => expect(line()).toBe('Away'))
    const opensAt = new Date(2030, 0, 7, 9).getTime()
    await show({ appearance: { availability: { status: 'away', opensAt } } })
    await vi.waitFor(() => expect(line()).toMatch(/^Away · back Mon\s9:00\sAM$/))
  })

  it('[WH5] shows the agent who wrote last, by name and picture, and their picture beside what they write', async () => {
    const { element, root, has, show } = await open()
    const agents: unknown[] = []
    element.addEventListener('agent-joined', ({ detail }) => agents.push(detail))
    const items = [textMessage(2, VISITOR, 'Hi'), textMessage(3, MAYA, 'Hello')]
    await show({ items })
    expect((await has('.author img')).getAttribute('src')).toBe(PICTURE)
    const line = () => textOf(find(root, '.who')!)
    await vi.waitFor(() => expect(line()).toBe('Maya'))
    const panel = find(root, 'chat-widget-panel')!
    await vi.waitFor(() => expect(panel.querySelector('img')?.src).toBe(PICTURE))
    expect(panel.querySelector('.mark')?.checkVisibility()).toBe(false)
    expect(agents).toEqual([])
    await show({ items, appearance: { ...APPEARANCE, availability: { status: 'online' } } })
    await vi.waitFor(() => expect(line()).toBe('Maya · Online'))
  })

  it('[WH5] tells the page of an agent who joins', async () => {
    const { client, element } = await open()
    const agents: unknown[] = []
    element.addEventListener('agent-joined', ({ detail }) => agents.push(detail))
    const agent = { name: 'Maya', avatar: PICTURE }
    client.emit('message-received', eventMessage(3, { type: 'joined', agent }))
    client.emit('message-received', eventMessage(4, { type: 'closed' }))
    expect(agents).toEqual([{ conversationId: CONVERSATION, agent }])
  })

  it('[WH1] keeps the letter where the picture cannot be loaded, and a logo of the page', async () => {
    const { root, has, show } = await open({
      appearance: { ...APPEARANCE, logo: 'data:image/png;base64,AAAA' },
    })
    await has('.who')
    const panel = find(root, 'chat-widget-panel')!
    expect(panel.querySelector('img')).toBeNull()
    expect(panel.querySelector('.mark')?.checkVisibility()).toBe(true)
    await show({ appearance: { ...APPEARANCE, logo: PICTURE } })
    await vi.waitFor(() => expect(panel.querySelector('img')?.src).toBe(PICTURE))
    await show({ appearance: APPEARANCE })
    await vi.waitFor(() => expect(panel.querySelector('.mark')?.checkVisibility()).toBe(true))
    cleanUp()
    const own = await open({ appearance: APPEARANCE })
    own.element.innerHTML = '<b slot="header-logo">N</b>'
    await own.show({ appearance: { ...APPEARANCE, logo: PICTURE } })
    await own.has('.who')
    expect(find(own.root, 'chat-widget-panel')!.querySelector('img')).toBeNull()
  })

  it('[WH1] takes the app’s accent, and the page’s own before it', async () => {
    const { element, root, has, show } = await open()
    await has('.who')
    const launcher = () => getComputedStyle(find(root, '.launcher')!).backgroundColor
    await vi.waitFor(() => {
      finishTransitions()
      expect(launcher()).toBe('rgb(31, 77, 63)')
    })
    await show({ appearance: { ...APPEARANCE, accent: '#ffdd00' } })
    await vi.waitFor(() => expect(launcher()).toBe('rgb(255, 221, 0)'))
    cleanUp()
    const own = await open({ appearance: {} })
    own.element.style.setProperty('--chat-accent', '#ff0000')
    await own.show({ appearance: APPEARANCE })
    await own.has('.who')
    expect(getComputedStyle(element).getPropertyValue('--chat-accent')).not.toBe('#ff0000')
    expect(getComputedStyle(own.element).getPropertyValue('--chat-accent')).toBe('#ff0000')
  })
})

describe('everything together', () => {
  const everything: Setting = {
    appearance: {
      ...APPEARANCE,
      logo: PICTURE,
      preChat: PRE_CHAT,
      availability: { status: 'away', opensAt: Date.now() + 1e9 },
    },
  }

  it.each([
    ['left to right', {}],
    ['right to left', { locale: 'ar' }],
    ['dark', { theme: 'dark' }],
  ])('[WH1] is accessible: %s', async (_title, attributes) => {
    const { has } = await open({ ...everything, attributes })
    await has('.who')
    await has('chat-widget-form')
    await expect(document.body).to.be.accessible()
  })

  it('[WH1] fits 320 pixels', async () => {
    await page.viewport(320, 568)
    const { root, has } = await open(everything)
    const line = await has('.who')
    await has('chat-widget-form')
    for (const selector of ['.scroller', '.header', 'h2'])
      expect(find(root, selector)!.scrollWidth, selector).toBeLessThanOrEqual(
        find(root, selector)!.clientWidth,
      )
    expect(line.getBoundingClientRect().right).toBeLessThanOrEqual(320)
  })
})
