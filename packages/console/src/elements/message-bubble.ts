/** One message in the log, with its delivery state below. */
import type { ClientMessageId } from '@chat-widget/protocol'
import { html, nothing, type TemplateResult } from 'lit'
import { errorText } from '../format/error-text.ts'
import type { MessageItem } from '../format/log-entries.ts'
import { clockTime, fullTime } from '../format/time.ts'
import { icons } from '../icons.ts'
import { drawMessage, drawPending } from '../kinds/index.ts'
import { words } from '../words/words.ts'

export interface BubbleActions {
  readonly retry: (clientId: ClientMessageId) => void
  readonly discard: (clientId: ClientMessageId) => void
}

export interface BubbleOptions extends BubbleActions {
  readonly item: MessageItem
  /** True at the end of a group: shows when the message was sent and if it was read. */
  readonly footer: boolean
}

export function messageBubble({ item, footer, ...actions }: BubbleOptions): TemplateResult {
  return html`${content(item)}${item.kind === 'pending' || footer ? fate(item, actions) : nothing}`
}

function content(item: MessageItem): TemplateResult {
  return item.kind === 'stored'
    ? drawMessage(item.message, fullTime(item.message.createdAt))
    : drawPending(item.body, fullTime(item.createdAt))
}

function fate(item: MessageItem, actions: BubbleActions): TemplateResult {
  if (item.kind === 'stored') {
    return html`<p class="fate">
      <time datetime=${item.message.createdAt}>${clockTime(item.message.createdAt)}</time>${receipt(item.delivery)}
    </p>`
  }
  const { state, clientId } = item
  switch (state.status) {
    case 'sending':
      return html`<p class="fate">${icons.clock}${words().bubble.sending}</p>`
    case 'failed':
      return html`<p class="fate failed">${icons.warning}${words().bubble.failed(errorText(state.code))}</p>
        <p class="fate">
          <button type="button" class="link" @click=${() => actions.retry(clientId)}>${words().tryAgain}</button>
          <button type="button" class="link" @click=${() => actions.discard(clientId)}>${words().bubble.discard}</button>
        </p>`
    default:
      state satisfies never
      return html``
  }
}

function receipt(delivery: 'sent' | 'delivered' | 'read' | null): TemplateResult | typeof nothing {
  switch (delivery) {
    case 'read':
      return html`<span class="read">${icons.doubleCheck}${words().bubble.read}</span>`
    case 'delivered':
      return html`<span>${icons.doubleCheck}${words().bubble.delivered}</span>`
    case 'sent':
      return html`<span>${icons.check}${words().bubble.sent}</span>`
    case null:
      return nothing
    default:
      delivery satisfies never
      return nothing
  }
}
