/** The beginning of a conversation, shown before it is stored: the greeting, and the pre-chat form ([WH3], [WH4]). */
import type { ChatState, TimelineItem } from '@chat-widget/client'
import type { AppAppearance, AppInfo, ConversationId, Message } from '@chat-widget/protocol'

type StoredItem = Extract<TimelineItem, { readonly kind: 'stored' }>

export interface Opening {
  /** All items of the conversation, with those of the opening. */
  readonly items: readonly TimelineItem[]
  /** True while the form has to be answered first. */
  readonly isAsking: boolean
}

interface Shown {
  readonly id: ConversationId | undefined
  readonly greeting: StoredItem | null
  readonly form: StoredItem | null
}

/** The same items as long as the server tells the same: rows are drawn again for others. */
const shown = new WeakMap<AppAppearance, Shown>()

/** `null` for a conversation with messages. */
export function openingOf({ app, conversation, identity, timeline }: ChatState): Opening | null {
  const { items, status } = timeline
  const isStored = (conversation?.headSeq ?? 0) > 0 || items.some(({ kind }) => kind === 'stored')
  if (!app?.appearance || status === 'loading' || isStored) return null
  const { preChat } = app.appearance
  const { greeting, form } = shownOf(app, app.appearance, conversation?.id)
  // A text that was sent all the same comes without the form.
  const isAsked = preChat && (identity.status === 'anonymous' || preChat.identified) && items.every(isAnswer)
  const opening = [greeting, isAsked ? form : null].filter((item) => item !== null)
  const isAnswered = items.some((item) => item.kind === 'pending' && item.state.status !== 'failed')
  return { items: [...opening, ...items], isAsking: isAsked === true && !isAnswered }
}

const isAnswer = (item: TimelineItem) =>
  item.kind === 'pending' && typeof item.body !== 'string' && 'values' in item.body

function shownOf(app: AppInfo, appearance: AppAppearance, id: ConversationId | undefined): Shown {
  const known = shown.get(appearance)
  if (known?.id === id && known !== undefined) return known
  const { greeting: text, quickReplies, preChat } = appearance
  const item = (name: string, seq: number, content: object): StoredItem => ({
    kind: 'stored',
    message: {
      ...{ id: `${name} ${id}`, clientId: name, conversationId: id ?? '', seq },
      author: { kind: 'bot', name: app.name },
      createdAt: new Date().toISOString(),
      ...content,
    } as Message,
    delivery: null,
  })
  const hasGreeting = text !== undefined
  const made = {
    id,
    greeting: hasGreeting
      ? item('greeting', 1, { kind: 'text', text, ...(quickReplies && { quickReplies }) })
      : null,
    form: preChat
      ? item('pre-chat', hasGreeting ? 2 : 1, { kind: 'form', text: preChat.title ?? '', form: preChat })
      : null,
  }
  shown.set(appearance, made)
  return made
}
