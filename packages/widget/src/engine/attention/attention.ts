/**
 * Draws the visitor's attention to unread messages: in the page's title, beside the launcher, and, where they chose so, by
 * a sound and a notification; and to messages of theirs that failed. Loaded with the first unread message, or with one that
 * is being sent while the chat is closed.
 */
import type { ChatState, TimelineItem } from '@chat-widget/client'
import type { Message } from '@chat-widget/protocol'
import type { EngineHost, WidgetConfig } from '../../engine-contract.ts'
import { authorName } from '../elements/author-name.ts'
import { plainText } from '../elements/message-row.ts'
import type { Words } from '../load-strings.ts'
import type { PanelRequest } from '../panel-request.ts'
import { createPageTitle } from './page-title.ts'
import { createPreview, type Preview } from './preview.ts'
import { createRinging } from './ringing.ts'

export interface AttentionView {
  /** Unread messages; 0 while the visitor sees them come. */
  readonly unread: number
  readonly state: ChatState
  readonly config: WidgetConfig
  readonly words: Words
  /** True if the panel is open, on the screen or not. */
  readonly isOpen: boolean
}

export interface Attention {
  /** Call it after each change. */
  update(view: AttentionView): void
  /** Removes all of it. */
  close(): void
}

const isNews = ({ kind, author }: Message) => kind !== 'event' && author.kind !== 'visitor'

/** The newest message that asks for attention, in any of the visitor's conversations. */
function newestUnread({ conversation, conversations, timeline }: ChatState): Message | undefined {
  const newest = timeline.items.findLast((item) => item.kind === 'stored' && isNews(item.message))
  const candidates = conversations.flatMap(({ id, unread, lastMessage }) => {
    if (unread === 0) return []
    // What follows the newest message of the other side may be an event.
    const isCurrent = id === conversation?.id && newest?.kind === 'stored'
    return [isCurrent ? newest.message : lastMessage]
  })
  return candidates.filter(isNews).sort((one, other) => (one.createdAt < other.createdAt ? 1 : -1))[0]
}

const previewOf = (message: Message, { strings }: Words): Preview => ({
  id: message.id,
  title: authorName(message.author, strings),
  avatar: message.author.avatar,
  text: plainText({ kind: 'stored', message, delivery: null }, strings),
})

type PendingItem = Extract<TimelineItem, { readonly kind: 'pending' }>

const isFailed = (item: TimelineItem): item is PendingItem =>
  item.kind === 'pending' && item.state.status === 'failed'

/** The visitor's newest message that could not be sent. Whoever lost it has to know, whatever `alerts` says. */
function failedIn({ timeline }: ChatState, { strings }: Words): Preview | undefined {
  const item = timeline.items.findLast(isFailed)
  return item && { id: item.clientId, title: strings.failed, text: plainText(item, strings), isFailed: true }
}

/** `ask`: a request as the panel's own elements make it. */
export function createAttention(
  { launcher, element }: EngineHost,
  ask: (request: PanelRequest) => void,
): Attention {
  const title = createPageTitle()
  const preview = createPreview(launcher.frame)
  const ringing = createRinging()
  let heard: string | undefined
  let dismissed: string | undefined

  return {
    update({ unread, state, config, words, isOpen }) {
      title.setCount(config.pageTitle === 'unread' ? unread : 0)
      const message = unread > 0 && config.alerts !== 'off' ? newestUnread(state) : undefined
      const open = () => {
        const id = message?.conversationId
        if (id !== undefined && id !== state.conversation?.id)
          ask({ type: 'use', use: (client) => void client.showConversation(id).catch(() => {}) })
        ask({ type: 'conversations', shown: false })
        element.show()
      }
      const news = message === undefined ? failedIn(state, words) : previewOf(message, words)
      if (news === undefined || isOpen || news.id === dismissed) preview.hide()
      else
        preview.show(news, words, {
          open,
          dismiss() {
            dismissed = news.id
            preview.hide()
            launcher.focus()
          },
        })
      if (message === undefined) ringing.stop()
      else if (message.id !== heard) ringing.ring(message, { config, words, state, open })
      heard = message?.id ?? heard
    },
    close() {
      title.setCount(0)
      preview.hide()
      ringing.stop()
    },
  }
}
