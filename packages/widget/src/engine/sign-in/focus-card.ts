/** Moves the focus when the sheet is removed. */
import type { MessageId } from '@chat-widget/protocol'
import type { ChatLoginCard } from '../elements/chat-login-card.ts'
import type { PanelElement } from '../elements/panel-element.ts'

/** Focuses the tapped card, or "Sign in again" if it was not a card; else the composer. */
export async function focusCard(panelRoot: ShadowRoot, messageId: MessageId | null): Promise<void> {
  const find = (tag: string) => panelRoot.querySelector<PanelElement>(`chat-widget-${tag}`)
  const holder = find(messageId === null ? 'banner' : 'message-list')
  if (holder === null) return
  await holder.updateComplete
  const cards = holder.renderRoot.querySelectorAll<ChatLoginCard>('chat-widget-login-card')
  const card = [...cards].find(({ message }) => message?.id === messageId)
  await card?.updateComplete
  const root = card?.renderRoot ?? holder.renderRoot
  const target =
    root.querySelector<HTMLElement>(card === undefined ? 'button.button' : 'button') ??
    card?.renderRoot.querySelector<HTMLElement>('.card') ??
    (panelRoot.host as HTMLElement)
  target.focus()
}
