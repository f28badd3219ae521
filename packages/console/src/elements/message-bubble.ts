/** One message in the log, with its delivery state below. */

import type { AgentTimelineItem } from '@chat-widget/client/agent'
import { type AppId, type ClientMessageId, FATAL_SEND_CODES, type Message } from '@chat-widget/protocol'
import { html, nothing, type TemplateResult } from 'lit'
import { errorText } from '../format/error-text.ts'
import { clockTime, fullTime } from '../format/time.ts'
import { icons } from '../icons.ts'
import type { Answers } from '../kinds/answers.ts'
import { type ChangeableMessage, isChangeable } from '../kinds/changeable.ts'
import { fileError } from '../kinds/file-words.ts'
import { drawMessage, drawPending } from '../kinds/index.ts'
import { words } from '../words/words.ts'

export interface BubbleActions {
  readonly edit: (message: ChangeableMessage) => void
  readonly remove: (message: Message) => void
  readonly retry: (clientId: ClientMessageId) => void
  readonly discard: (clientId: ClientMessageId) => void
}

/** A message, stored or not yet. */
type MessageItem = Exclude<AgentTimelineItem, { kind: 'run' }>

export interface BubbleOptions extends BubbleActions {
  readonly item: MessageItem
  /** True at the end of a group: shows when the message was sent and if it was read. */
  readonly footer: boolean
  /** True for a message of the agent who looks at it, and may write. */
  readonly isOwn: boolean
  readonly app: AppId
  readonly answers: Answers
}

export function messageBubble({ footer, ...options }: BubbleOptions): TemplateResult {
  const { item } = options
  const hasFate = footer || item.kind === 'pending' || item.message.edited
  return html`<div class="entry">
      <div class="content">${content(options)}</div>
      ${tools(options)}
    </div>
    ${hasFate ? fate(item, options) : nothing}`
}

function content({ item, app, answers, discard }: Omit<BubbleOptions, 'footer'>): TemplateResult {
  if (item.kind === 'stored')
    return drawMessage(item.message, { sentAt: fullTime(item.message.createdAt), app, answers })
  const { body, createdAt, clientId, upload, state } = item
  const cancel = state.status === 'sending' ? () => discard(clientId) : undefined
  return drawPending(body, { sentAt: fullTime(createdAt), upload, cancel })
}

/** Buttons to edit and delete a message of one's own ([MK9]); what was answered stays as it was asked. */
function tools({ item, isOwn, answers, edit, remove }: Omit<BubbleOptions, 'footer'>) {
  if (!isOwn || item.kind !== 'stored' || item.message.deleted) return nothing
  const { message } = item
  if (!isChangeable(message) && message.kind !== 'file') return nothing
  const isOpen = isChangeable(message) && answers.to(message.seq) === undefined
  return html`<div class="tools">
    ${isOpen ? tool(icons.pencil, words().edit.edit, () => edit(message)) : nothing}
    ${tool(icons.bin, words().edit.delete, () => remove(message))}
  </div>`
}

const tool = (icon: TemplateResult, label: string, act: () => void) =>
  html`<button type="button" class="button quiet icon-only" aria-label=${label} title=${label} @click=${act}>${icon}</button>`

function fate(item: MessageItem, actions: BubbleActions): TemplateResult {
  if (item.kind === 'stored') {
    return html`<p class="fate">
      <time datetime=${item.message.createdAt}>${clockTime(item.message.createdAt)}</time> ${
        item.message.edited ? html`<span>${words().bubble.edited}</span>` : nothing
      }${receipt(item.delivery)}
    </p>`
  }
  const { state, clientId, body } = item
  const isFile = 'file' in body
  switch (state.status) {
    case 'sending':
      return html`<p class="fate">${icons.clock}${words().bubble.sending}</p>`
    case 'failed':
      return html`<p class="fate failed">${icons.warning}${words().bubble.failed(isFile ? fileError(state.code) : errorText(state.code))}</p>
        <p class="fate">
          ${
            isFile && FATAL_SEND_CODES.has(state.code)
              ? nothing
              : html`<button type="button" class="link" @click=${() => actions.retry(clientId)}>${words().tryAgain}</button>`
          }
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
