/** One conversation in the list: visitor, time, last message, handler, unread count. */
import type { Agent } from '@chat-widget/client/agent'
import type { ConversationSummary } from '@chat-widget/protocol'
import { html, nothing, type TemplateResult } from 'lit'
import { messagePreview } from '../format/describe-message.ts'
import { fullTime, shortAge } from '../format/time.ts'
import { badgeText, unreadCount } from '../format/unread.ts'
import { visitorLabel } from '../format/visitor-label.ts'
import { icons } from '../icons.ts'
import { words } from '../words/words.ts'

export interface ConversationRowOptions {
  readonly summary: ConversationSummary
  readonly agent: Agent | null
  /** Set if the agent serves several apps. */
  readonly appName: string | null
  readonly selected: boolean
  /** True for the one row in the tab order; arrow keys reach the others. */
  readonly tabbable: boolean
  readonly now: Date
}

/** The button's content is its accessible name, so everything in it is text or hidden. */
export function conversationRow(options: ConversationRowOptions): TemplateResult {
  const { summary, agent, appName, selected, tabbable, now } = options
  const label = visitorLabel(summary)
  const preview = messagePreview(summary.lastMessage, agent)
  const unread = unreadCount(summary)
  return html`<button
    type="button"
    class=${unread > 0 ? 'row unread' : 'row'}
    data-id=${summary.id}
    aria-current=${selected ? 'true' : nothing}
    tabindex=${tabbable ? '0' : '-1'}
  >
    <visitor-avatar .visitor=${summary.visitor} .online=${summary.online}></visitor-avatar>
    <span class="body">
      <span class="line">
        <bdi class="name">${label.name}</bdi>
        ${label.shortId === null ? nothing : html`<span class="short-id">${label.shortId}</span>`}
        ${
          summary.visitor.verified
            ? html`<span class="verified">${icons.shield}<span class="verified-text">${words().row.verified}</span></span>`
            : nothing
        }
        ${summary.online ? html`<span class="visually-hidden">${words().row.online}</span>` : nothing}
        <time datetime=${summary.updatedAt} title=${fullTime(summary.updatedAt)}
          >${shortAge(summary.updatedAt, now)}</time
        >
      </span>
      <span class="line">
        <span class="preview"
          >${preview.author === null ? nothing : html`<span class="author">${preview.author}:</span> `}<span
            class="said"
            dir="auto"
            >${preview.text}</span
          ></span
        >
        ${
          unread === 0
            ? nothing
            : html`<span class="count" title=${words().row.unread(unread)}
                ><span aria-hidden="true">${badgeText(unread)}</span
                ><span class="visually-hidden">${words().row.unread(unread)}</span></span
              >`
        }
      </span>
      ${
        appName === null && summary.handler !== 'bot'
          ? nothing
          : html`<span class="line chips"
              >${appName === null ? nothing : html`<span class="chip">${appName}</span>`}${
                summary.handler === 'bot'
                  ? html`<span class="chip bot">${icons.bot}${words().row.bot}</span>`
                  : nothing
              }</span
            >`
      }
    </span>
  </button>`
}
